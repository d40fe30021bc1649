"""A family as a list shows it and as its own screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.casework.engagement import ObstacleConversation, Pattern
from app.casework.gestation import Gestation
from app.casework.life_event import LifeEvent
from app.casework.people import Person, PersonKind, Professional
from app.casework.period import AT_HOME, Period, lives_elsewhere


class FamilyStatus(StrEnum):
    """Where a family stands with the service."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class RiskLevel(StrEnum):
    """How loudly a risk note speaks."""

    INFORM = "inform"
    CARE = "care"
    NOT_ALONE = "not_alone"


class Overdue(StrEnum):
    """Why a family is in the overdue list."""

    NOTE_UNSIGNED = "note_unsigned"
    NOTE_MISSING = "note_missing"
    OUTCOME_MISSING = "outcome_missing"
    OBSTACLE_DUE = "obstacle_due"
    ACTION_DUE = "action_due"
    CLOCK_DUE = "clock_due"
    REVIEW_DUE = "review_due"
    PLAN_REVIEW_DUE = "plan_review_due"
    APPRAISAL_DUE = "appraisal_due"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTag:
    """A family's name with what tells it from a similar one."""

    id: str
    ref: str
    name: str
    told_apart: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLine:
    """One line of the family list. `told_apart` holds facts that tell it from a similar one.

    `expected` counts babies on the way. `also` are casefiles that were found to be this family.
    `told_apart` are (code, text) pairs: `born`, `due`, `street`, `child`, `ref` with what to show.
    """

    id: str
    ref: str
    name: str
    people: tuple[str, ...]
    locality: str
    status: FamilyStatus
    stage: str | None
    workers: tuple[str, ...]
    gestation: Gestation | None
    last_seen: datetime | None
    next_appointment: datetime | None
    overdue: tuple[Overdue, ...]
    told_apart: tuple[tuple[str, str], ...] = ()
    alike: tuple[str, ...] = ()
    sent: bool = True
    expected: int = 0
    also: tuple[FamilyTag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A risk or access note: what to know before knocking."""

    id: str
    text: str
    level: RiskLevel | None
    since: date
    until: date | None
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Somebody's work with a family, by function. `cover` names the loan it belongs to.

    On the day `until` it no longer holds: ending it takes effect at once. `beside` are allocations
    for the same function that whoever made it knew of.
    """

    id: str
    family: str
    worker: str
    function: str
    since: date
    until: date | None = None
    cover: str | None = None
    episode: str = ""
    team: str = ""
    beside: tuple[str, ...] = ()
    author: str = ""
    sent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """How a family came to the service, and what was decided.

    `referrer` asked first, `via` is through whom it came. `eligibility` is how each condition stood
    when it was decided, as `code:met`, because the work outlives what made a family eligible.
    """

    id: str
    received_at: date
    source: str
    referrer: str = ""
    via: str = ""
    reason: str = ""
    previous_removal: bool | None = None
    decision: str = ""
    decided_at: date | None = None
    decided_by: str = ""
    eligibility: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Something the family and the service agreed to work towards."""

    id: str
    family: str
    text: str
    agreed_at: date
    review_due: date | None = None
    status: str = "open"
    closed_at: date | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing somebody said they would do.

    Who is `worker`, `person` of the family or `agency` (a code of the service's), each by id;
    `owner` says it in words, as it was when it was agreed.
    """

    id: str
    family: str
    text: str
    kind: str
    owner: str
    due: date | None
    status: str
    agreed_at: date | None = None
    goal: str | None = None
    worker: str | None = None
    completed_at: date | None = None
    plan: str | None = None
    person: str | None = None
    agency: str = ""
    appraisal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Everything the family's own screen shows, apart from the timeline, which is paged."""

    id: str
    ref: str
    name: str
    known_as: str
    locality: str
    status: FamilyStatus
    service: str
    people: tuple[Person, ...]
    periods: tuple[Period, ...]
    network: tuple[Professional, ...]
    risks: tuple[Warned, ...]
    access: tuple[Warned, ...]
    allocations: tuple[Allocation, ...]
    referrals: tuple[Referral, ...]
    goals: tuple[Goal, ...]
    actions: tuple[Action, ...]
    engagement: Pattern
    obstacles: tuple[ObstacleConversation, ...]
    told_apart: tuple[tuple[str, str], ...]
    alike: tuple[str, ...]
    overdue: tuple[Overdue, ...]
    conflicts: int
    has_restricted: bool
    events: tuple[LifeEvent, ...] = ()
    joined_into: FamilyTag | None = None
    also: tuple[FamilyTag, ...] = ()
    at_home: frozenset[str] = AT_HOME
    """Placements of children who belong to this household, as the service in force says."""

    @property
    def unborn(self) -> tuple[Person, ...]:
        """Babies on the way; none who was lost."""
        return tuple(p for p in self.people if p.expected)

    @property
    def children(self) -> tuple[Person, ...]:
        """Living children who belong to the family, wherever they live."""
        return tuple(
            p for p in self.people if p.kind is PersonKind.CHILD and p.living and p.until is None
        )

    @property
    def children_elsewhere(self) -> tuple[Person, ...]:
        """Children who live with others: part of the picture, never of the household."""
        return tuple(p for p in self.children if lives_elsewhere(self.periods, p.id, self.at_home))

    @property
    def children_at_home(self) -> tuple[Person, ...]:
        away = {p.id for p in self.children_elsewhere}
        return tuple(p for p in self.children if p.id not in away)

    @property
    def lost(self) -> tuple[Person, ...]:
        """Those who died, born or not."""
        return tuple(p for p in self.people if not p.living and p.until is None)

    @property
    def adults(self) -> tuple[Person, ...]:
        return tuple(p for p in self.people if p.kind is PersonKind.ADULT and p.living)

    @property
    def child_there(self) -> bool:
        """False where a loss or a removal left no child at home and none expected: then nothing
        asks how the baby is.
        """
        return bool(self.children_at_home or self.unborn) or not (
            self.lost or self.children_elsewhere
        )

    def person(self, person: str) -> Person | None:
        """One of its people by id, or by the id of her record in the family's other casefile."""
        return next(
            (p for p in self.people if person == p.id or any(person == a.id for a in p.also)), None
        )
