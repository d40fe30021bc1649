"""Dated stretches: legal status, placement, stage. The current one is simply the open one.

Starting a period of a kind closes the one before it; nothing is overwritten, so the history of a
child's legal status can be read years later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PeriodKind(StrEnum):
    """What a period is about."""

    STAGE = "stage"
    LEGAL = "legal"
    PLACEMENT = "placement"
    INDICATOR = "indicator"


AT_HOME = frozenset({"with_parent", "hospital"})
"""Standard placements of a child who belongs to the household; a service's profile may say so of
others. Any other code means elsewhere, one that only a newer app knows too: a child who is
somewhere else must not be looked for at home.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One stretch of a subject: a person's or the family's id. `until` is the last day or None.

    `answer` is an indicator's: True, False, or None where an older record only says that it holds.
    `by` is who decided, in words; `author` who wrote it down, and `recorded` when.
    """

    id: str
    subject: str
    kind: PeriodKind
    code: str
    since: date
    until: date | None = None
    reason: str = ""
    answer: bool | None = None
    by: str = ""
    author: str = ""
    recorded: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether it says that something is so; an indicator may say that it is not."""
        return self.answer is not False

    def covers(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    def days(self, today: date) -> int:
        """Whole days it has lasted so far, 0 on its first day."""
        return ((self.until or today) - self.since).days


def newest_first(periods: Iterable[Period]) -> list[Period]:
    """A history as it is read: open ones first, then by start; of one day what was written last."""
    by_start = sorted(periods, key=lambda p: (p.since, stamp(p.recorded), p.id), reverse=True)
    return sorted(by_start, key=lambda p: p.until is not None)


def stamp(recorded: datetime | None) -> float:
    """When something was written down, to sort by; first of all where that is not known."""
    return recorded.timestamp() if recorded is not None else 0.0


def current(
    periods: Iterable[Period], kind: PeriodKind, subject: str | None = None
) -> Period | None:
    """The open period of that kind. If two people opened one offline, the later start counts."""
    open_now = [
        p
        for p in periods
        if p.kind is kind and p.until is None and (subject is None or p.subject == subject)
    ]
    return max(open_now, key=lambda p: (p.since, p.id), default=None)


def on_day(periods: Iterable[Period], kind: PeriodKind, subject: str, on: date) -> Period | None:
    """What held on a day; the later start wins where two periods meet."""
    then = [p for p in periods if p.kind is kind and p.subject == subject and p.covers(on)]
    return max(then, key=lambda p: (p.since, p.id), default=None)


def lives_elsewhere(
    periods: Iterable[Period], person: str, at_home: Collection[str] = AT_HOME
) -> bool:
    """Whether a child's open placement is away from the household; without one it is at home.

    `at_home` are the placements that the service in force counts as home.
    """
    now = current(periods, PeriodKind.PLACEMENT, person)
    return now is not None and now.code not in at_home
