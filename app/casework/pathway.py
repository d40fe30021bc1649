"""One family's way through the service as its screens show it, and what closing it would leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.casework.appointment import Appointment
from app.casework.clocks import Reading
from app.casework.eligibility import Checked
from app.casework.engagement import ObstacleConversation
from app.casework.episode import Decided, Episode
from app.casework.family import Action, Allocation, Goal, Referral
from app.casework.intervention import Intervention
from app.casework.period import Period
from app.casework.profile.flow import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """Where a family stands and how it came there.

    `next` and `back` are stages to offer, the likeliest first. `two_stages` are open stages begun
    by people who had not seen each other, `doubles` allocations of that kind.
    """

    family: str
    episodes: tuple[Episode, ...]
    referral: Referral | None
    stage: Period | None
    next: tuple[Stage, ...]
    back: tuple[Stage, ...]
    stages: tuple[Period, ...]
    indicators: tuple[Period, ...]
    clocks: tuple[Reading, ...]
    checks: tuple[Checked, ...]
    decisions: tuple[Decided, ...]
    missing: tuple[str, ...] = ()
    """Functions that the stage needs and nobody has."""
    two_stages: tuple[Period, ...] = ()
    waits: bool = False
    """It is on the waiting list, or nobody works with it."""

    @property
    def episode(self) -> Episode | None:
        """The latest one."""
        return self.episodes[-1] if self.episodes else None

    @property
    def open(self) -> bool:
        return self.episode is not None and self.episode.open


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """What would still stand if the family were closed now. Nothing of it is lost by closing."""

    actions: tuple[Action, ...] = ()
    goals: tuple[Goal, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    conversations: tuple[ObstacleConversation, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    clocks: tuple[Reading, ...] = ()
    allocations: tuple[Allocation, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """What can be settled with the closing; clocks end with it, and people by a supervisor."""
        several = (
            self.actions, self.goals, self.appointments, self.conversations, self.interventions,
        )  # fmt: skip
        return tuple(one.id for group in several for one in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureForm:
    """Closing a family. `settle` are ids of `Unsettled.ids` to be called off with it.

    `decision` and `outcome` are written down with it where the closing follows from one; `to` is
    the authority or service a family is handed to.
    """

    on: date
    closure: str
    destination: str = ""
    by: str = ""
    remark: str = ""
    settle: frozenset[str] = frozenset()
    decision: str = ""
    outcome: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionForm:
    """Something decided on a day: by whom, why, and to whom the family goes with it."""

    kind: str
    outcome: str
    on: date
    by: str = ""
    reason: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How full the service is. `most` None: it states no limit."""

    held: int
    waiting: int
    most: int | None = None

    @property
    def full(self) -> bool:
        return self.most is not None and self.held >= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """A family that nobody works with yet, since when, and why."""

    family: str
    ref: str
    name: str
    people: tuple[str, ...]
    locality: str
    since: date
    days: int
    reason: str = ""
    text: str = ""
    said_on: date | None = None
    flagged: int = 0
    """Conditions of eligibility that are not met or not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """One function that two people were given by supervisors who had not seen each other."""

    family: str
    function: str
    allocations: tuple[Allocation, ...]


WAITING_REASONS = (
    "no_room", "no_worker", "language", "more_to_know", "not_reached", "family_asked", "other",
)  # fmt: skip
"""Why a family has not been allocated; ours, to be confirmed with the services."""


def by_locality(waiters: Iterable[Waiter]) -> list[tuple[str, tuple[Waiter, ...]]]:
    """A waiting list for each area, the fullest first; within one, the longest wait first."""
    found: dict[str, list[Waiter]] = {}
    for one in longest_first(waiters):
        found.setdefault(one.locality, []).append(one)
    return sorted(
        ((area, tuple(several)) for area, several in found.items()),
        key=lambda pair: (-len(pair[1]), pair[0]),
    )


def longest_first(waiters: Iterable[Waiter]) -> list[Waiter]:
    """In the order of the day the referral came, then by name."""
    return sorted(waiters, key=lambda w: (w.since, w.name, w.family))


def doubles(allocations: Iterable[Allocation]) -> list[Double]:
    """Functions held by two workers of whom whoever came second did not know.

    Somebody who lends her caseload is no second. Allocations that hold now are expected.
    """
    groups: dict[tuple[str, str], list[Allocation]] = {}
    for one in allocations:
        if one.cover is None:
            groups.setdefault((one.family, one.function), []).append(one)
    found = []
    for (family, function), several in groups.items():
        unseen = {
            a.id
            for a in several
            for b in several
            if a.worker != b.worker and a.id not in b.beside and b.id not in a.beside
        }
        if unseen:
            clashing = tuple(
                sorted((a for a in several if a.id in unseen), key=lambda a: (a.since, a.id))
            )
            found.append(Double(family=family, function=function, allocations=clashing))
    return sorted(found, key=lambda d: (d.family, d.function))
