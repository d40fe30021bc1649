"""How the desk stands, in numbers: what waits, what ended how and why, what somebody must see to.

Counts only; no row is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from sync.server.desk import accounts, attendance, pausing, reasons
from sync.server.desk.accounts import Trouble
from sync.server.desk.desk import Desk
from sync.server.desk.leaving import is_certified
from sync.server.desk.spans import DAY_MS
from sync.server.desk.tables import alarms, capsules, news

SHOWN_MS: Final = 30 * DAY_MS


UNATTENDED: Final = (
    "Nobody would be told of an alarm just now: no desk is running, or none has a provider that "
    "works. Workers are told that they are not protected."
)


@dataclass(frozen=True, slots=True)
class Count:
    """So many reminders in one state, for one reason."""

    state: str
    reason: str
    many: int

    @property
    def sentence(self) -> str:
        return reasons.IN_WORDS.get(self.reason, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One moment. Instants in milliseconds since 1970."""

    certified: bool
    attended: bool
    """Whether an alarm left now would be rung."""
    paused_since: int | None
    troubles: tuple[Trouble, ...]
    reminders: tuple[Count, ...]
    alarms: tuple[Count, ...]
    overdue: int
    """Reminders that are due and have not been looked at."""
    tasks: int
    """Calls that somebody has to make and nobody has seen."""
    untold: int
    """News that casefiles have not been told yet."""


def figures(desk: Desk) -> Figures:
    """How it stands now."""
    with desk.database.reading() as connection:
        now = desk.now()
        return Figures(
            certified=is_certified(desk, connection),
            attended=attendance.is_attended(connection, now),
            paused_since=pausing.paused_since(connection),
            troubles=accounts.troubles(connection),
            reminders=_reminders(connection, now),
            alarms=_alarms(connection, now),
            overdue=_many(connection, capsules.c.duty == "send", capsules.c.due <= now),
            tasks=_many(connection, capsules.c.task.is_not(None)),
            untold=connection.execute(select(func.count()).select_from(news)).scalar_one(),
        )


def _reminders(connection: Connection, now: int) -> tuple[Count, ...]:
    rows = connection.execute(
        select(capsules.c.state, capsules.c.reason, func.count())
        .where((capsules.c.ended.is_(None)) | (capsules.c.ended > now - SHOWN_MS))
        .group_by(capsules.c.state, capsules.c.reason)
        .order_by(capsules.c.state, capsules.c.reason)
    )
    return tuple(Count(state, reason or "", many) for state, reason, many in rows)


def _alarms(connection: Connection, now: int) -> tuple[Count, ...]:
    rows = connection.execute(
        select(alarms.c.state, alarms.c.kind, func.count())
        .where((alarms.c.ended.is_(None)) | (alarms.c.ended > now - SHOWN_MS))
        .group_by(alarms.c.state, alarms.c.kind)
        .order_by(alarms.c.state, alarms.c.kind)
    )
    return tuple(Count(state, kind, many) for state, kind, many in rows)


def _many(connection: Connection, *which: object) -> int:
    found = select(func.count()).select_from(capsules).where(*which)  # type: ignore[arg-type]
    return int(connection.execute(found).scalar_one())
