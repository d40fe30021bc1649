"""One stretch of work with a family, from referral to closure; a family may come back for another.

What happened is told apart by episode, so that a new referral starts with clean clocks and the old
history stays to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.casework.errors import OutOfOrder
from app.casework.period import Period, PeriodKind
from app.casework.profile import Profile

REFERRAL = "referral"
"""The decision of a service's profile that is taken on a referral."""
ACCEPTED = "accepted"
NOT_ACCEPTED = "not_accepted"
"""What is decided on a referral where the profile has no such decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """`number` counts a family's episodes from 1. `closed_by` is who wrote the closure down."""

    id: str
    family: str
    number: int
    opened_at: date
    service: str = ""
    referral: str | None = None
    closed_at: date | None = None
    closure: str = ""
    destination: str = ""
    remark: str = ""
    closed_by: str = ""

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Something decided on a day: what, by whom, why, and to whom a family went with it.

    `author` wrote it down, and `recorded` is when.
    """

    id: str
    kind: str
    outcome: str
    on: date
    by: str = ""
    reason: str = ""
    to: str = ""
    episode: str = ""
    author: str = ""
    recorded: datetime | None = None
    sent: bool = True


def in_order(episodes: Iterable[Episode]) -> list[Episode]:
    """A family's episodes, the first one first, numbered; of one day what closed first."""
    found = sorted(episodes, key=lambda e: (e.opened_at, e.closed_at or date.max, e.id))
    return [replace(e, number=n) for n, e in enumerate(found, start=1)]


def episode_of(episodes: Sequence[Episode], on: date, named: str | None = None) -> Episode | None:
    """The episode something belongs to: the one it names, else the latest begun by that day.

    What lies before the first belongs to the first. `episodes` are in order.
    """
    if len(episodes) == 1:
        return episodes[0]
    for one in episodes:
        if named and one.id == named:
            return one
    begun = [e for e in episodes if e.opened_at <= on]
    return begun[-1] if begun else next(iter(episodes), None)


def checked_closing(episode: Episode, on: date, today: date, decided: Iterable[Decided]) -> date:
    """The day of a closure. Raises OutOfOrder: ahead, or before what it must follow."""
    if on > today:
        raise OutOfOrder("closed_at", "in_the_future", today)
    if on < episode.opened_at:
        raise OutOfOrder("closed_at", "before_referral", episode.opened_at)
    later = [d.on for d in decided if d.episode == episode.id and d.on > on]
    if later:
        raise OutOfOrder("closed_at", "before_decision", max(later))
    return on


def checked_decision(episode: Episode, on: date, today: date) -> date:
    """The day of a decision or a stage. Raises OutOfOrder: ahead, or before the referral."""
    if on > today:
        raise OutOfOrder("on", "in_the_future", today)
    if on < episode.opened_at:
        raise OutOfOrder("on", "before_referral", episode.opened_at)
    return on


def checked_reopening(before: Episode, on: date, today: date) -> date:
    """The day of a new referral. Raises OutOfOrder: ahead, or before the last closure."""
    if on > today:
        raise OutOfOrder("received_at", "in_the_future", today)
    if before.closed_at is not None and on < before.closed_at:
        raise OutOfOrder("received_at", "before_closure", before.closed_at)
    return on


def checked_stage(
    periods: Iterable[Period], on: date, allocated: date | None, *, works: bool
) -> date:
    """The day on which a stage begins, against what came before it. `periods` are the family's.

    `allocated` is the first day anybody was allocated; `works`: the stage is one in which the
    service works with the family. Raises OutOfOrder before the stage that holds now, or before
    anybody was allocated; the latter may be right, and a person may say so.
    """
    begun = [p.since for p in periods if p.kind is PeriodKind.STAGE and p.until is None]
    if begun and on < max(begun):
        raise OutOfOrder("on", "before_stage", max(begun))
    if works and (allocated is None or on < allocated):
        raise OutOfOrder("on", "before_allocation", allocated)
    return on


def accepts(profile: Profile, outcome: str) -> bool:
    """Whether that outcome takes a referral on: it closes nothing and puts nobody on a list."""
    for kind in profile.decisions:
        if kind.code == REFERRAL and outcome in {o.code for o in kind.outcomes}:
            following = profile.stage(dict(kind.moves_to).get(outcome, ""))
            return following is None or following.standing == "open"
    return outcome == ACCEPTED
