"""What was true at the end of a day: where an episode stood, what a status was, what was overdue.

Records are kept with their dates, so that a figure of last March can be worked out today and comes
out as it would have then, as far as nobody has corrected a date since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from app.casework.clocks import read_clock
from app.casework.course import Subject
from app.casework.figures.case import UNSET, Case
from app.casework.figures.thing import Said, Thing
from app.casework.period import Period, PeriodKind
from app.casework.profile import Profile
from app.casework.profile.flow import Clock
from app.casework.profile.milestones import Milestone
from app.casework.profile.tiles import When

ASKED_WITHIN = timedelta(days=28)
"""How long after an episode is opened something counts as held at its start."""
_ACCEPTED, _DECIDED = Milestone(event="referral_accepted"), Milestone(event="referral_decided")


class AsOf:
    """The records of one service as they stood at the end of `on`. Answers are kept."""

    def __init__(self, profile: Profile, on: date) -> None:
        self.profile = profile
        self.on = on
        self._facts: dict[tuple[str, str, str], Said] = {}
        self._clocks: dict[tuple[str, str, str], frozenset[str]] = {}
        self._standing = {stage.code: stage.standing for stage in profile.stages}

    def by_then(self, day: date | None) -> bool:
        """Whether that day had come."""
        return day is not None and day <= self.on

    def said(self, thing: Thing, name: str) -> Said:
        """A fact or key of a thing, its own meaning before its episode's."""
        own = _OWN.get((thing.of, name))
        if own is not None:
            return own(self, thing)
        if name in thing.said:
            return thing.said[name]
        if thing.case is None:
            return None
        if name == "episode":
            return thing.case.id
        if name == "family":
            return thing.family
        key = (thing.case.id, thing.baby, name)
        if key not in self._facts:
            asked = _OF_CASE.get(name)
            self._facts[key] = asked(self, thing.case, thing.baby) if asked else None
        return self._facts[key]

    def held(
        self, case: Case, baby: str, kind: PeriodKind, codes: Iterable[str], at: When
    ) -> list[Period]:
        """The dated periods of a kind, of those codes or of any, that held at that moment."""
        wanted, bounds = frozenset(codes), self._moment(case, baby, at)
        if bounds is None:
            return []
        begin, end = bounds
        people = {baby} if baby else {b.person for b in case.babies}
        return [
            p
            for p in case.periods
            if p.kind is kind
            and (not wanted or p.code in wanted)
            and (kind is PeriodKind.INDICATOR or not people or p.subject in people)
            and p.since <= end
            and (p.until is None or p.until >= begin)
            and not (kind is PeriodKind.PLACEMENT and p.until == p.since)  # taken back
        ]

    def clock(self, thing: Thing, code: str) -> frozenset[str]:
        """Where a clock stands for a thing: one state, or one for each baby of an episode."""
        clock, case = self.profile.clock(code), thing.case
        if clock is None or case is None:
            return frozenset()
        of_one = thing.baby or (thing.id if thing.of in ("plans", "appraisals") else "")
        key = (case.id, of_one, code)
        if key not in self._clocks:
            subjects = _subjects(clock, thing, case)
            states = (self._state(clock, case, subject) for subject in subjects)
            self._clocks[key] = frozenset(s for s in states if s)
        return self._clocks[key]

    def stage(self, case: Case) -> str:
        """The code of the stage it was in."""
        begun = [
            p
            for p in case.periods
            if p.kind is PeriodKind.STAGE and case.opened <= p.since <= self.on
            and (p.until is None or p.until > self.on)
        ]  # fmt: skip
        found = max(begun, key=lambda p: (p.since, p.id), default=None)
        return found.code if found else ""

    def standing(self, case: Case) -> str:
        """`waiting`, `open` or `closed`; a day of closing counts as closed."""
        if self.by_then(case.closed):
            return "closed"
        return self._standing.get(self.stage(case), "open")

    def _state(self, clock: Clock, case: Case, subject: Subject | None) -> str:
        baby = case.baby(subject.id) if subject and subject.part == "baby" else None
        if subject is None and case.babies:
            baby = next((b for b in case.babies if b.over is None), None)
        ends = [d for d in (case.closed, baby.over if baby else None) if d]
        reading = read_clock(
            clock,
            case.course,
            today=self.on,
            nation=self.profile.calendar,
            subject=subject,
            pregnancy=baby.pregnancy if baby else UNSET,
            pauses=case.pauses.get((clock.code, subject.id if subject else ""), ()),
            stage=self.stage(case),
            ended=min(ends, default=None),
        )
        return reading.state.value if reading else ""

    def _moment(self, case: Case, baby: str, at: When) -> tuple[date, date] | None:
        """The days between which something has to have held."""
        match at:
            case "start":
                return case.opened, min(case.opened + ASKED_WITHIN, self.on)
            case "birth":
                born = [b.born for b in case.babies if b.born and (not baby or b.person == baby)]
                return (born[0], born[0]) if born and born[0] <= self.on else None
            case "ever":
                return case.opened, min(case.closed or self.on, self.on)
            case "end" if case.closed is not None and case.closed <= self.on:
                return case.closed, case.closed
            case _:
                return self.on, self.on


def _subjects(clock: Clock, thing: Thing, case: Case) -> list[Subject | None]:
    """What the clock runs for, as seen from a thing."""
    match clock.for_each:
        case "episode":
            return [None]
        case "baby":
            people = [thing.baby] if thing.baby else [b.person for b in case.babies]
            return [Subject(part="baby", id=person) for person in people]
        case part:
            of = "plans" if part == "plan" else "appraisals"
            return [Subject(part=part, id=thing.id)] if thing.of == of else []


def _accepted(then: AsOf, case: Case, _baby: str) -> Said:
    if then.by_then(case.day(_ACCEPTED)):
        return True
    return False if then.by_then(case.day(_DECIDED)) else None


def _born(then: AsOf, case: Case, baby: str) -> Said:
    return any(then.by_then(b.born) for b in case.babies if not baby or b.person == baby)


def _working(name: str) -> Callable[[AsOf, Case, str], Said]:
    def of(then: AsOf, case: Case, _baby: str) -> Said:
        found = (getattr(w, name) for w in case.working if w.since <= then.on)
        return tuple(sorted({code for code in found if code}))

    return of


def _codes_now(kind: PeriodKind) -> Callable[[AsOf, Case, str], Said]:
    def of(then: AsOf, case: Case, baby: str) -> Said:
        now = then.held(case, baby, kind, (), "now")
        latest: dict[str, Period] = {}
        for one in sorted(now, key=lambda p: (p.since, p.id)):
            latest[one.subject] = one
        return tuple(sorted({p.code for p in latest.values()}))

    return of


_OF_CASE: Mapping[str, Callable[[AsOf, Case, str], Said]] = {
    "standing": lambda then, case, _: then.standing(case),
    "stage": lambda then, case, _: then.stage(case),
    "source": lambda _then, case, _: case.source,
    "via": lambda _then, case, _: case.via,
    "locality": lambda _then, case, _: case.locality,
    "closure": lambda then, case, _: case.closure if then.by_then(case.closed) else "",
    "destination": lambda then, case, _: case.destination if then.by_then(case.closed) else "",
    "team": _working("team"),
    "function": _working("function"),
    "worker": _working("worker"),
    "intervention": lambda then, case, _: tuple(
        sorted({code for code, since in case.interventions if since <= then.on})
    ),
    "accepted": _accepted,
    "previous_removal": lambda _then, case, _: case.previous_removal,
    "born": _born,
    "baby": lambda _then, _case, baby: baby,
    "legal": _codes_now(PeriodKind.LEGAL),
    "placement": _codes_now(PeriodKind.PLACEMENT),
}
"""Facts and keys of an episode, or of one baby of it, that change with time or do not."""


def _had(name: str) -> Callable[[AsOf, Thing], Said]:
    return lambda then, thing: then.by_then(thing.days.get(name))


def _status(then: AsOf, thing: Thing) -> Said:
    status = thing.said.get("status")
    done = thing.days.get("completed")
    return "open" if status != "open" and done is not None and done > then.on else status


def _overdue(then: AsOf, thing: Thing) -> Said:
    due = thing.days.get("due")
    return due is not None and due < then.on and _status(then, thing) == "open"


_OWN: Mapping[tuple[str, str], Callable[[AsOf, Thing], Said]] = {
    ("plans", "reviewed"): _had("reviewed"),
    ("actions", "plan_reviewed"): _had("plan_reviewed"),
    ("actions", "status"): _status,
    ("actions", "overdue"): _overdue,
    ("appraisals", "returned"): _had("returned"),
}
"""What a thing's own dates decide."""
