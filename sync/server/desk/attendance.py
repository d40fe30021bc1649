"""Whether anybody looks after alarms: a worker must not be told that she is protected when not.

Each desk that could carry an alarm says so whenever it has looked for some. An office that was
started to have a desk, and has not heard that for a while, takes no alarm: the device goes on
showing NOT PROTECTED, and tries again.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update

from sync.server.desk.desk import Desk
from sync.server.desk.spans import MINUTE_MS, SECOND_MS
from sync.server.desk.tables import phases, providers
from sync.server.dialects import insert_if_missing

LASTS_MS: Final = 2 * MINUTE_MS
"""So long it counts: four times the longest that a desk may let pass between two looks."""
_AGAIN_MS: Final = 15 * SECOND_MS
"""No oftener than this is it written down, for it is looked every few seconds."""
_NEVER: Final = 0
_ROW: Final = b"alarms attended\x00"
"""Stands among the devices that have to be heard from, and is the id of none."""


def begin(connection: Connection) -> None:
    """From now on an alarm is taken only while somebody looks after alarms."""
    insert_if_missing(connection, phases, [{"device": _ROW, "at": _NEVER}])


def attend(desk: Desk) -> int:
    """Say that this desk has just looked, and could have told somebody."""
    with desk.database.writing() as connection:
        now = desk.now()
        if not _can_tell(desk, connection, now):
            return 0
        connection.execute(
            update(phases)
            .where(phases.c.device == _ROW, phases.c.at < now - _AGAIN_MS)
            .values(at=now)
        )
    return 1


def is_attended(connection: Connection, now: int) -> bool:
    """Whether an alarm left now would be rung. True in an office that never began to ask."""
    at = connection.execute(select(phases.c.at).where(phases.c.device == _ROW)).scalar_one_or_none()
    return at is None or at >= now - LASTS_MS


def _can_tell(desk: Desk, connection: Connection, now: int) -> bool:
    """Whether there is a provider whose account is in order."""
    names = {each.name for each in desk.providers.values()}
    ailing = connection.execute(
        select(providers.c.provider).where(providers.c.provider.in_(names), providers.c.until > now)
    ).scalars()
    return bool(names - set(ailing))
