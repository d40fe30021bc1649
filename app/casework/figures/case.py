"""One episode with everything that figures ask of it, as plain values.

The casebook puts cases together from records of many kinds; nothing here knows a record, and
nothing is worked out but what day something happened on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.casework.clocks import Pause, Pregnant
from app.casework.course import Course, Subject
from app.casework.period import Period
from app.casework.profile.formula import Score
from app.casework.profile.measures import Measure
from app.casework.profile.milestones import FROM_DUE_DATE, Milestone

UNSET = Pregnant(edd=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baby:
    """A baby or child that an episode is about. `over`: the day of the birth or the loss."""

    person: str
    pregnancy: Pregnant = UNSET
    born: date | None = None
    over: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Somebody who works with the family for one function; `team` perhaps unknown."""

    worker: str
    function: str
    since: date
    until: date | None = None
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form that was filled in on an occasion."""

    measure: str
    occasion: str
    on: date
    scores: Mapping[str, Score]

    def value(self, measure: Measure, domain: str = "") -> Fraction | None:
        """The score of a domain, or the total; None where it is missing."""
        found = self.scores.get(domain) if domain else measure.total_of(self.scores)
        return None if found is None else Fraction(str(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A contact that was an appointment and took place: somebody of the family was seen."""

    on: date
    contact_type: str
    programme: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Case:
    """An episode, and the family it is of.

    `periods` are all of the family, `pauses` by clock and subject; `attended` in the order of days.
    """

    id: str
    family: str
    opened: date
    closed: date | None = None
    closure: str = ""
    destination: str = ""
    source: str = ""
    via: str = ""
    locality: str = ""
    previous_removal: bool | None = None
    course: Course
    periods: tuple[Period, ...] = ()
    babies: tuple[Baby, ...] = ()
    working: tuple[Working, ...] = ()
    filled: tuple[Filled, ...] = ()
    attended: tuple[Seen, ...] = ()
    interventions: tuple[tuple[str, date], ...] = ()
    pauses: Mapping[tuple[str, str], tuple[Pause, ...]] = field(default_factory=dict)
    _days: dict[tuple[Milestone, str], date | None] = field(
        init=False, repr=False, default_factory=dict
    )

    def day(self, milestone: Milestone, baby: str = "") -> date | None:
        """The first day on which it happened to the episode, or to that baby of it."""
        key = (milestone, baby)
        if key not in self._days:
            self._days[key] = self._day(milestone, baby)
        return self._days[key]

    def baby(self, person: str) -> Baby | None:
        return next((b for b in self.babies if b.person == person), None)

    def _day(self, milestone: Milestone, baby: str) -> date | None:
        if milestone.event == FROM_DUE_DATE:
            due = (b.pregnancy.edd for b in self.babies if not baby or b.person == baby)
            return min((d for d in due if d is not None), default=None)
        if milestone.event in ("first_attended", "last_attended"):
            kind = milestone.about[0] if milestone.about else ""
            days = [s.on for s in self.attended if not kind or s.contact_type == kind]
            return (days[0] if milestone.event == "first_attended" else days[-1]) if days else None
        subject = Subject(part="baby", id=baby) if baby else None
        return self.course.day(milestone, subject)
