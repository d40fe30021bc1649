"""What is the matter with each provider: written down once, for all processes and the pages.

A wrong key fails every message alike, so the first to meet it holds the others back; the person
who can act reads why. Must not know what is being sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from sync.server.desk import reasons
from sync.server.desk.providers.base import Refused
from sync.server.desk.spans import MINUTE_MS, SECOND_MS
from sync.server.desk.tables import providers
from sync.server.dialects import insert_if_missing

BEARABLE: Final = 5
"""So often in a row a provider may be out of reach before everybody waits for it."""
_FIRST_WAIT: Final = 30 * SECOND_MS
_LONGEST_WAIT: Final = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Trouble:
    """A provider that cannot be used, since when, and when it may be tried again."""

    provider: str
    reason: str
    since: int
    until: int

    @property
    def sentence(self) -> str:
        return reasons.IN_WORDS.get(self.reason, self.reason)


def known(connection: Connection, name: str) -> None:
    """Make sure that there is a row for this provider."""
    row = {"provider": name, "until": 0, "failures": 0, "next_slot": 0}
    insert_if_missing(connection, providers, [row])


def refused(connection: Connection, name: str, outcome: Refused, now: int) -> None:
    """It refused everybody alike: nobody tries again before it says."""
    _hold(connection, name, outcome.reason, now, now + (outcome.again_s or 0) * SECOND_MS)


def out_of_reach(connection: Connection, name: str, reason: str, now: int) -> None:
    """It could not be reached, failed, or asked for patience. Once is weather; often in a row,
    everybody waits."""
    known(connection, name)
    failures = connection.execute(
        update(providers)
        .where(providers.c.provider == name)
        .values(failures=providers.c.failures + 1)
        .returning(providers.c.failures)
    ).scalar_one()
    if failures >= BEARABLE:
        wait = min(_FIRST_WAIT * 2 ** min(failures - BEARABLE, 10), _LONGEST_WAIT)
        _hold(connection, name, reason, now, now + wait)


def works(connection: Connection, name: str) -> None:
    """It took something."""
    connection.execute(
        update(providers)
        .where(providers.c.provider == name, (providers.c.failures > 0) | (providers.c.until > 0))
        .values(failures=0, until=0, reason=None, since=None)
    )


def troubles(connection: Connection) -> tuple[Trouble, ...]:
    """What somebody should see to."""
    rows = connection.execute(
        select(providers).where(providers.c.reason.is_not(None)).order_by(providers.c.provider)
    )
    return tuple(Trouble(row.provider, row.reason, row.since, row.until) for row in rows)


def _hold(connection: Connection, name: str, reason: str, now: int, until: int) -> None:
    known(connection, name)
    row = connection.execute(
        select(providers).where(providers.c.provider == name).with_for_update()
    ).one()
    connection.execute(
        update(providers)
        .where(providers.c.provider == name)
        .values(
            reason=reason,
            since=row.since if row.reason == reason else now,
            until=max(until, row.until),
        )
    )
