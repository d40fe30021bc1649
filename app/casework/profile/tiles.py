"""What a dashboard shows, as data: which records are counted, out of which, and how.

A tile says everything that is needed to compute it and to show the records behind it; nothing here
computes. docs/profiles.md explains each form with an example; the engine reads these classes.

Three moments matter. The **period** is what the reader chose on the dashboard, first day to last
day, both included. A selection with `during` counts what bears that date within the period. One
without counts what is true at the end of the period's last day ("open on 31 August").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.casework.profile.milestones import Milestone
from app.casework.profile.words import NO_WORDS, Coded, Words

Show = Literal["number", "ratio", "percentage", "shares", "mean", "reduction"]
Per = Literal["week", "month", "quarter", "year"]
Chart = Literal["none", "bars", "ring", "line"]
Tone = Literal["plain", "good", "attention", "bad", "quiet"]
When = Literal["start", "birth", "end", "now", "ever"]
ClockIs = Literal["running", "due_soon", "overdue", "paused", "met_in_time", "met_late"]
MeanUnit = Literal["days", "working_days", "months"]
Change = Literal["better", "worse", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """`stage = ["assessment", "brokerage"]`: the fact is one of these codes; `negated`: none.

    A record that does not say is none of them.
    """

    fact: str
    codes: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """`accepted = true`: a yes-or-no fact; what is not known is neither."""

    fact: str
    expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """`reached = "plan_agreed"`: it has happened by the end of the period; `negated`: it has not.

    Several in one line must all have happened, or for `not_reached` none.
    """

    milestones: tuple[Milestone, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """`between = { from = …, to = …, at_most = 21 }`: both happened, so many days apart.

    Whole days, negative when the second came first.
    """

    begin: Milestone
    end: Milestone
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """`clock = { code = "plan", is = "met_in_time" }`: where one of the profile's clocks stands."""

    clock: str
    states: tuple[ClockIs, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`indicator = { code = …, at = "start", is = true }`: what a dated period said at a moment.

    For the kinds `indicator`, `legal` and `placement`. `start`: when the episode was opened, or
    within 28 days after, because that is when it is asked; `end`: when it closed, or now where it
    is open; `birth`; `now`; `ever`: at any time of the episode. With several codes any one of them.
    `negated`: for an indicator, that the answer was "no" (what nobody asked is neither); for legal
    status and placement, that it was none of the codes, written down or not. `recorded`: only asks
    whether anything was written down for that moment, for an indicator about one of the codes.
    """

    kind: Literal["indicator", "legal", "placement"]
    codes: tuple[str, ...]
    at: When = "now"
    negated: bool = False
    recorded: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`measure = { code = …, change = "better" }`: how a measure went between two occasions.

    `domain` empty: the total. Occasions empty: the first and the last filled in, which must be two.
    `changes` empty: only asks that both are there, in whatever direction.
    """

    measure: str
    domain: str = ""
    begin: str = ""
    end: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`answer = { measure = …, domain = …, at_least = 1 }`: what was answered to one question."""

    measure: str
    domain: str
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """`attended = { at_least = 1 }`: how often somebody of the family was seen by then.

    Counts appointments at which anybody had an attended code; a telephone contact is none of them.
    `programmes` or `contact_types` narrow which appointments count; empty: any.
    """

    at_least: int | None = None
    at_most: int | None = None
    programmes: tuple[str, ...] = ()
    contact_types: tuple[str, ...] = ()


Condition = OneOf | Is | Reached | Between | ClockState | Held | Changed | Answered | Attended


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records, and how they are counted.

    `of` is a collection of facts.COLLECTIONS. All conditions of `where` must hold. `during` is the
    date that must lie in the period: a milestone for episodes and babies, otherwise one of the
    collection's own dates; None: what is true on the last day. `distinct` counts different
    combinations of these keys instead of records; `total` adds up a number of each record (only
    `wte` of workers) instead of counting.
    """

    of: str
    where: tuple[Condition, ...] = ()
    during: str | Milestone | None = None
    distinct: tuple[str, ...] = ()
    total: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Coded):
    """One slice of a tile: the records of it for which these conditions hold as well."""

    where: tuple[Condition, ...]
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Coded):
    """Records left out of numerator and denominator alike, shown with their own count and list."""

    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysBetween:
    """The mean of the days, or months, from one milestone to another.

    Records without both are left out and counted as such. A month is 365.25 / 12 days; `opened`
    to `closed` of what is still open runs to the last day of the period when `open_too`.
    """

    begin: Milestone
    end: Milestone
    unit: MeanUnit = "days"
    open_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChange:
    """The mean of what a measure changed by, later minus earlier; missing pairs are counted."""

    measure: str
    domain: str = ""
    begin: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureValue:
    """The mean of what a measure came to on one occasion."""

    measure: str
    domain: str = ""
    occasion: str = ""


Quantity = DaysBetween | MeasureChange | MeasureValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile(Coded):
    """One figure of the dashboard.

    - `number`: how many `numerator` has; with `per`, divided by the weeks, months… of the period
      (a whole month counts 1, a part of one by its days).
    - `ratio`: `numerator` divided by `denominator`.
    - `percentage`: the same times 100.
    - `shares`: each of `parts`, or each value of `by`, as a percentage of `numerator`.
    - `mean`: the mean of `mean` over the records of `numerator`.
    - `reduction`: (`before` - `after`) / `before`, as a percentage.

    `parts` or `by` split every form but `reduction`: each slice is computed like the whole, with
    the same conditions added to numerator and denominator; for `shares` the whole is never split.
    What falls in no slice is always shown, as "other or not recorded", and slices that overlap say
    so: no sum is ever forced. `trend` adds a line by month. `mark_at_least` singles out the
    records whose own value (days, months) reaches it. `digits` are shown after the point, rounded
    half up.
    """

    show: Show
    section: str = ""
    """The code of the heading it stands under; empty: the first."""
    numerator: Selection | None = None
    denominator: Selection | None = None
    before: Selection | None = None
    after: Selection | None = None
    mean: Quantity | None = None
    exclusions: tuple[Exclusion, ...] = ()
    parts: tuple[Part, ...] = ()
    by: str = ""
    per: Per | None = None
    trend: bool = False
    chart: Chart = "none"
    digits: int = 0
    mark_at_least: float | None = None
    target: float | None = None
    """What it should come to, where the service says so; shown beside, never hidden."""
    target_least: float | None = None
    note: Words = NO_WORDS
    """What a reader must know, such as a base that the service does not state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Coded):
    """One step of a funnel: of those before, how many had reached this too."""

    reached: Milestone


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel(Coded):
    """How many came in and how far they got: `start`, then each step among those before it."""

    start: Selection
    steps: tuple[Step, ...]
