"""A plan with a family: what it is for, its goals, who does what by when, and when it is looked at.

Where the baby is planned to live at birth is part of the plan. Where a child does live is a period
of placement, written down when it happens; neither changes the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.casework.errors import OutOfOrder
from app.casework.family import Action, Goal
from app.casework.profile.flow import PlanKind

DONE = frozenset({"achieved", "closed", "done", "dropped"})
"""What a goal or an action is called when nothing more is to be done about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReview:
    """The plan was looked at again: when, by whom, and what was found."""

    id: str
    on: date
    text: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One plan. `kind` is a code of the profile; `goals` and `actions` in the order agreed."""

    id: str
    family: str
    kind: str
    agreed_on: date
    worker: str = ""
    text: str = ""
    review_due: date | None = None
    residence_at_birth: str = ""
    goals: tuple[Goal, ...] = ()
    actions: tuple[Action, ...] = ()
    reviews: tuple[PlanReview, ...] = ()
    episode: str = ""
    followed_by: str | None = None
    """The id of a later plan of that kind, which has taken its place."""
    sent: bool = True

    @property
    def open_goals(self) -> tuple[Goal, ...]:
        return tuple(g for g in self.goals if g.status not in DONE)

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(a for a in self.actions if a.status not in DONE)

    def actions_of(self, goal: str | None) -> tuple[Action, ...]:
        """What serves one goal; None: what serves none in particular."""
        known = {g.id for g in self.goals}
        return tuple(a for a in self.actions if (a.goal if a.goal in known else None) == goal)

    @property
    def stands(self) -> bool:
        """It is the plan that holds now."""
        return self.followed_by is None

    def overdue(self, today: date) -> bool:
        """It should have been looked at by now."""
        return self.stands and self.review_due is not None and self.review_due < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who does something: one of us, somebody of the family, or an agency. Exactly one is said."""

    worker: str | None = None
    person: str | None = None
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """A plan as it is agreed. `carried` are open goals and actions that it takes over."""

    kind: str
    agreed_on: date
    text: str = ""
    review_due: date | None = None
    residence_at_birth: str = ""
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """What came of looking at it again. `goals` says of some of them `achieved` or `closed`."""

    on: date
    text: str = ""
    next_due: date | None = None
    goals: tuple[tuple[str, str], ...] = ()


def review_day(kind: PlanKind | None, after: date) -> date | None:
    """When a plan of that kind is looked at again; None where the profile says nothing."""
    return after + timedelta(days=kind.review_days) if kind and kind.review_days else None


def checked_days(form: PlanForm, today: date) -> None:
    """Raises OutOfOrder for a plan agreed ahead, or looked at again before it was agreed."""
    if form.agreed_on > today:
        raise OutOfOrder("agreed_on", "in_the_future", today)
    if form.review_due is not None and form.review_due <= form.agreed_on:
        raise OutOfOrder("review_due", "before_plan", form.agreed_on)


def checked_review(plan: Plan, form: ReviewForm, today: date) -> None:
    """Raises OutOfOrder for a review ahead, before the plan, or followed by one before itself."""
    if form.on > today:
        raise OutOfOrder("on", "in_the_future", today)
    if form.on < plan.agreed_on:
        raise OutOfOrder("on", "before_plan", plan.agreed_on)
    if form.next_due is not None and form.next_due <= form.on:
        raise OutOfOrder("next_due", "before_review", form.on)


def with_successors(plans: Iterable[Plan]) -> list[tuple[Plan, str | None]]:
    """Each plan with the id of the one of its kind that took its place, the newest plan first."""
    newest = sorted(plans, key=lambda p: (p.agreed_on, p.id), reverse=True)
    follower: dict[str, str] = {}
    found = []
    for one in newest:
        found.append((one, follower.get(one.kind)))
        follower[one.kind] = one.id
    return found
