"""Where a time limit stands today: computed when it is read, so that it is right offline.

Nothing is stored but the milestones and the pauses, both dated; a due date that was corrected moves
whatever counts from it at once. What is not known is said, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.casework.bank_holidays import Nation
from app.casework.course import Course, Subject
from app.casework.gestation import TERM_DAYS
from app.casework.profile.flow import Clock
from app.casework.profile.milestones import FROM_DUE_DATE, Milestone
from app.casework.working_days import Counts, days_after, every_day, is_working_day

OF_PREGNANCY = frozenset({"gestation_days", "edd_offset"})
"""Units that count from the due date. A baby waits for nobody: a pause never moves these."""


class ClockState(StrEnum):
    """Where a clock stands. `awaited`: what it runs from has not happened, or is not known.

    `ended`: the episode closed, or the baby came, before it was met.
    """

    AWAITED = "awaited"
    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET_IN_TIME = "met_in_time"
    MET_LATE = "met_late"
    ENDED = "ended"


OPEN = frozenset({ClockState.RUNNING, ClockState.DUE_SOON, ClockState.OVERDUE, ClockState.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch in which a clock stands still; on the day `until` it runs again, None: not yet."""

    id: str
    reason: str
    since: date
    until: date | None = None
    text: str = ""
    by: str = ""

    def covers(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnant:
    """The due date that a clock counts from: as it stands, and as it stood before, oldest first."""

    edd: date | None
    before: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One clock on one day.

    `due` is None while it is awaited. `left` are calendar days until it is due, negative when it is
    overdue, None when it does not run. `lacks` is what has to happen, or be asked, first. `before`
    are days on which it was due by earlier due dates. `pause` is the one it stands still for.
    `met_on`: for a repeating clock the last time.
    """

    clock: Clock
    state: ClockState
    subject: Subject | None = None
    anchor: date | None = None
    due: date | None = None
    left: int | None = None
    met_on: date | None = None
    lacks: Milestone | None = None
    pause: Pause | None = None
    pauses: tuple[Pause, ...] = ()
    before: tuple[date, ...] = ()

    @property
    def code(self) -> str:
        return self.clock.code

    @property
    def due_today(self) -> bool:
        return self.left == 0

    @property
    def open(self) -> bool:
        """It is still to be met."""
        return self.state in OPEN


def read_clock(
    clock: Clock,
    course: Course,
    *,
    today: date,
    nation: Nation,
    subject: Subject | None = None,
    pregnancy: Pregnant | None = None,
    pauses: Iterable[Pause] = (),
    stage: str | None = None,
    ended: date | None = None,
) -> Reading | None:
    """Where the clock stands on `today`; None when it does not run in that stage.

    `ended` is the day on which the episode closed or the baby's pregnancy was over: what was not
    met by then never will be.
    """
    own = tuple(sorted((p for p in pauses if p.since <= today), key=lambda p: (p.since, p.id)))
    known = _Known(clock, course, subject, pregnancy or Pregnant(edd=None))
    met = known.met(today)
    if clock.stages and stage not in clock.stages and not met:
        return None
    anchor = known.anchor(today)
    base = Reading(clock=clock, state=ClockState.AWAITED, subject=subject, pauses=own)
    if anchor is None:
        if met and clock.repeat is None:  # done before anybody knew when it was due
            return replace(base, state=ClockState.MET_IN_TIME, met_on=met[0])
        if ended is not None and ended <= today:
            return replace(base, state=ClockState.ENDED)
        return replace(base, lacks=clock.anchor)
    counted = [d for d in met if clock.repeat is None or d >= anchor]
    start, amount = anchor, clock.amount
    if clock.repeat is not None and counted:
        start, amount = counted[-1], clock.repeat
    done = counted[0] if counted and clock.repeat is None else None
    due = _due(clock, start, amount, own, nation, until=done or today)
    before = tuple(
        d for d in (_plain_due(clock, edd) for edd in known.pregnancy.before) if d != due
    )
    base = replace(
        base,
        anchor=anchor,
        due=due,
        before=before if clock.anchor.event == FROM_DUE_DATE else (),
        met_on=counted[-1] if counted else None,
    )
    if done is not None:
        late = done > due
        return replace(
            base,
            state=ClockState.MET_LATE if late else ClockState.MET_IN_TIME,
            met_on=done,
        )
    if ended is not None and ended <= today:
        return replace(base, state=ClockState.ENDED)
    left = (due - today).days
    standing = next((p for p in reversed(own) if p.covers(today)), None)
    if standing is not None:
        return replace(base, state=ClockState.PAUSED, pause=standing, left=left)
    if left < 0:
        return replace(base, state=ClockState.OVERDUE, left=left)
    soon = left <= clock.warning.days
    return replace(base, state=ClockState.DUE_SOON if soon else ClockState.RUNNING, left=left)


def most_urgent_first(readings: Iterable[Reading]) -> list[Reading]:
    """As they are read: what is still to be met, the earliest due first; then the rest."""
    return sorted(
        readings,
        key=lambda r: (
            not r.open,
            r.state is not ClockState.AWAITED,
            r.due or date.max,
            r.code,
            r.subject.id if r.subject else "",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """A clock with what is known of its two ends."""

    clock: Clock
    course: Course
    subject: Subject | None
    pregnancy: Pregnant

    def anchor(self, today: date) -> date | None:
        if self.clock.anchor.event == FROM_DUE_DATE:
            return self.pregnancy.edd
        found = self.course.day(self.clock.anchor, self.subject)
        return found if found is not None and found <= today else None

    def met(self, today: date) -> tuple[date, ...]:
        return tuple(d for d in self.course.days(self.clock.met_by, self.subject) if d <= today)


def _due(
    clock: Clock, start: date, amount: int, pauses: Sequence[Pause], nation: Nation, until: date
) -> date:
    """When it is due, having stood still for the pauses up to `until`."""
    if clock.unit in OF_PREGNANCY:
        return _plain_due(clock, start)
    opens: Counts = (
        (lambda on: is_working_day(on, nation)) if clock.unit == "working_days" else every_day
    )
    if not pauses:
        return days_after(start, amount, opens)

    def stands(on: date) -> bool:
        return on <= until and any(p.covers(on) for p in pauses)

    def counts(on: date) -> bool:
        return opens(on) and not stands(on)

    # Day 0 is counted by nobody; stopped on that very day, a clock has it yet to come.
    begun_later = amount > 0 and opens(start) and stands(start)
    return days_after(start, amount + begun_later, counts)


def _plain_due(clock: Clock, edd: date) -> date:
    begun = edd if clock.unit == "edd_offset" else edd - timedelta(days=TERM_DAYS)
    return begun + timedelta(days=clock.amount)
