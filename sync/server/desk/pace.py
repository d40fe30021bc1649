"""A provider's limit, shared by all processes: turns are taken from one row in the database.

Several at a time, so that the row is asked a few times a second and not for every message.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from sqlalchemy import select, update

from storage.clock import Clock, milliseconds
from sync.server.database import Database
from sync.server.desk import accounts
from sync.server.desk.providers.base import Provider
from sync.server.desk.spans import SECOND_MS
from sync.server.desk.tables import providers

_AT_A_TIME_S: Final = 0.2
_FAR_MS: Final = 10 * SECOND_MS


class Pace:
    """The turns that this process has taken and not used yet."""

    def __init__(self) -> None:
        self._slots: dict[str, deque[float]] = {}
        self._turn = threading.Lock()

    def turn(self, database: Database, clock: Clock, provider: Provider) -> None:
        """Wait until this provider may be handed one more message."""
        if provider.per_second is None:
            return
        with self._turn:
            mine = self._slots.setdefault(provider.name, deque())
            late = clock.monotonic() - 1
            while mine and mine[0] < late:
                mine.popleft()  # a turn not taken in its time is lost, and not saved up
            if not mine:
                mine.extend(_taken(database, clock, provider.name, provider.per_second))
            slot = mine.popleft()
        time.sleep(max(0.0, slot - clock.monotonic()))


def _taken(database: Database, clock: Clock, name: str, per_second: float) -> list[float]:
    """Turns for the next moment, by this process's monotonic clock."""
    many = max(1, int(per_second * _AT_A_TIME_S))
    step = SECOND_MS / per_second
    with database.writing() as connection:
        accounts.known(connection, name)
        following = connection.execute(
            select(providers.c.next_slot).where(providers.c.provider == name).with_for_update()
        ).scalar_one()
        now = milliseconds(clock.now())
        # A machine whose clock is far ahead must not make all others wait.
        first = max(now, following) if following <= now + _FAR_MS else now
        connection.execute(
            update(providers)
            .where(providers.c.provider == name)
            .values(next_slot=first + int(many * step + 0.999))
        )
    start = clock.monotonic() + (first - now) / SECOND_MS
    return [start + index * step / SECOND_MS for index in range(many)]
