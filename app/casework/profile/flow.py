"""How a service moves a family along: checks, stages, clocks, decisions, plans, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from app.casework.profile.milestones import Milestone
from app.casework.profile.words import NO_WORDS, Coded, Words

Standing = Literal["waiting", "open", "closed"]
ForEach = Literal["episode", "baby", "plan", "appraisal"]
Unit = Literal["days", "working_days", "gestation_days", "edd_offset"]
Fact = Literal[
    "asked", "pregnant", "gestation_days", "youngest_months", "previous_removal", "legal",
    "locality", "source", "via",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Coded):
    """One condition of eligibility, looked at when a referral comes in. It flags, never blocks.

    `fact` is what is looked at, and exactly one of the rest says when the check is met:
    `expected` for yes-or-no facts (`asked`: a person answers the words as a question; `pregnant`:
    there is an unborn baby; `previous_removal`), `at_least` and `below` for `gestation_days` and
    `youngest_months` (whole months of the youngest child; an unborn baby is younger than any), and
    `one_of` or `none_of` for codes (`legal` of any child, `locality`, `source`, `via`). A fact
    nobody has written down is "not known", which is neither met nor failed.
    """

    fact: Fact
    expected: bool | None = None
    at_least: int | None = None
    below: int | None = None
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    why: Words = NO_WORDS
    """What to tell the worker when it is not met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Coded):
    """Where an episode stands. The first of the list is where a referral begins.

    `next` leads onward and never round in a circle; `back` names stages before this one to which
    work may return on purpose. Either is offered first; any other stage stays possible, because
    life does not read profiles. `standing` is what the family then is.
    """

    next: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    standing: Standing = "open"

    @property
    def closes(self) -> bool:
        return self.standing == "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Coded):
    """A time limit. Due = the day of `anchor` plus `amount` in `unit`; met on the day of `met_by`.

    `days` and `working_days` (Monday to Friday without the bank holidays of the profile's
    calendar) count from the anchor, which is day 0. `edd_offset` counts days from the due date
    (-84 is twelve weeks before it) and `gestation_days` from the start of pregnancy (196 is 28+0):
    both have the anchor `edd` and move with it. `warn` is how many days before it is due a clock
    counts as due soon. With `repeat` it starts anew that much after each time it was met. It stops
    while paused for one of `pauses`, and ends with the episode. `for_each` says what has one clock
    of its own: the episode, every baby, every plan, every appraisal asked for.
    """

    anchor: Milestone
    amount: int
    unit: Unit = "days"
    met_by: Milestone
    warn: int = 0
    repeat: int | None = None
    for_each: ForEach = "episode"
    pauses: tuple[Coded, ...] = ()
    stages: tuple[str, ...] = ()
    """Runs only in these; empty: in all that are not closed."""

    @property
    def warning(self) -> timedelta:
        return timedelta(days=self.warn)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionKind(Coded):
    """Something decided on a day by a meeting or a person, with its outcomes.

    `moves_to` is the stage that begins with it, by outcome code; an outcome without one moves
    nothing.
    """

    outcomes: tuple[Coded, ...] = ()
    moves_to: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A regular meeting. Its agenda are the episodes in which `ready` has happened and the
    decision has not. `weekday` has Monday as 0; `allocates` are functions it gives out.
    """

    words: Words = NO_WORDS
    weekday: int
    every_weeks: int = 1
    ready: Milestone
    decision: str
    allocates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanKind(Coded):
    """A plan the service writes. `review_days` after it is agreed it is looked at again.

    `residence_at_birth`: it says where the baby is planned to live. `to_leave`: it is printed for
    the parents.
    """

    review_days: int | None = None
    residence_at_birth: bool = False
    to_leave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal(Coded):
    """An expert look asked of an agency, and the working days in which it should be back."""

    working_days: int
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure(Coded):
    """Why an episode ended. `completed`: the work was done; None where that does not apply."""

    completed: bool | None = None
    before_work: bool = False
    """It ended before any work began, as a refused referral does."""
