"""Reads every clock of a service for the families on this device: what is due, and for whom.

A clock belongs to the workers whose function the family's stage needs, where it has any, and
otherwise to everybody who works with the family.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.casework.casebook import courses, from_family, pregnancies
from app.casework.casebook import reading as r
from app.casework.casebook.courses import Told
from app.casework.casebook.ledger import Ledger
from app.casework.clocks import Pregnant, Reading, most_urgent_first, read_clock
from app.casework.course import Subject
from app.casework.episode import Episode
from app.casework.period import PeriodKind
from app.casework.profile.flow import Clock
from app.casework.profile.milestones import FROM_DUE_DATE
from storage.query import Not, Record

KINDS = (*courses.KINDS, "membership", "pregnancy", "attendance", "appointment", "life_event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baby:
    """A baby a clock can run for. `over`: the day of the birth or the loss."""

    person: str
    pregnancy: Pregnant
    over: date | None = None


def of_family(ledger: Ledger, family: str) -> tuple[Reading, ...]:
    """Every clock of a family's latest episode, the most urgent first."""
    found = courses.told(ledger, family)
    return _of_episode(ledger, found, found.latest) if found.latest else ()


def open_by_family(ledger: Ledger) -> Mapping[str, tuple[Reading, ...]]:
    """The clocks that are still to be met, of every family whose episode is open."""
    name = f"clocks on {ledger.today.isoformat()}"
    return ledger.remembered(name, KINDS, lambda: _open_by_family(ledger))


def responsible(ledger: Ledger, family: str, stage: str | None) -> tuple[str, ...]:
    """Who answers for the family's clocks now, by person id; perhaps nobody yet."""
    needed = {f.code for f in ledger.profile.functions if stage and stage in f.needed_in}
    held = [
        from_family.allocation(a)
        for a in ledger.of_family("allocation", family, {"until": ledger.still_holding()})
    ]
    nearest = [a for a in held if a.function in needed] or held
    return tuple(dict.fromkeys(a.worker for a in nearest))


def stage_now(told: Told) -> str | None:
    """The code of the stage a family is in."""
    open_now = [p for p in told.periods if p.kind is PeriodKind.STAGE and p.until is None]
    return max(open_now, key=lambda p: (p.since, p.id)).code if open_now else None


def _open_by_family(ledger: Ledger) -> dict[str, tuple[Reading, ...]]:
    if not ledger.profile.clocks:
        return {}
    found = {}
    for family, one in courses.all_told(ledger).items():
        latest = one.latest
        if latest is None or not latest.open:
            continue
        readings = tuple(x for x in _of_episode(ledger, one, latest) if x.open)
        if readings:
            found[family] = readings
    return found


def _of_episode(ledger: Ledger, told: Told, episode: Episode) -> tuple[Reading, ...]:
    profile = ledger.profile
    if not profile.clocks:
        return ()
    course, stage = courses.course_of(ledger, told, episode), stage_now(told)
    people = _People(ledger, told)
    found = []
    for clock in profile.clocks:
        for subject, baby in _subjects(clock, told, episode, people):
            ends = [d for d in (episode.closed_at, baby.over if baby else None) if d]
            reading = read_clock(
                clock,
                course,
                today=ledger.today,
                nation=profile.calendar,
                subject=subject,
                pregnancy=baby.pregnancy if baby else None,
                pauses=told.pauses.get((episode.id, clock.code, subject.id if subject else ""), ()),
                stage=stage,
                ended=min(ends, default=None),
            )
            if reading is not None:
                found.append(reading)
    return tuple(most_urgent_first(found))


class _People:
    """The babies of a family, looked up once and only if a clock runs for them."""

    def __init__(self, ledger: Ledger, told: Told) -> None:
        self._ledger = ledger
        self._told = told
        self._babies: tuple[Baby, ...] | None = None

    @property
    def babies(self) -> tuple[Baby, ...]:
        if self._babies is None:
            self._babies = tuple(_babies(self._ledger, self._told.family))
        return self._babies


def _subjects(
    clock: Clock, told: Told, episode: Episode, people: _People
) -> Iterator[tuple[Subject | None, Baby | None]]:
    """What the clock runs for: the episode, or each baby, plan or appraisal there is."""
    if clock.for_each == "baby":
        for baby in people.babies:
            over_before = baby.over is not None and baby.over < episode.opened_at
            if not over_before:
                yield Subject(part="baby", id=baby.person), baby
    elif clock.for_each == "episode":
        of_pregnancy = clock.anchor.event == FROM_DUE_DATE
        expected = [b for b in people.babies if b.over is None] if of_pregnancy else []
        # Of several babies one pregnancy is read: they share its due date.
        yield None, expected[0] if expected else None
    else:
        part = clock.for_each
        ids = (getattr(h, part) for h in told.happenings.get(episode.id, ()))
        for one in sorted({i for i in ids if i}):
            yield Subject(part=part, id=one), None


def _babies(ledger: Ledger, family: str) -> Iterator[Baby]:
    """Those expected, and those born or lost of a pregnancy that is on record."""
    lost = {
        r.text(e.fields, "person"): r.maybe_day(e.fields, "on")
        for e in ledger.of_family("life_event", family)
        if r.text(e.fields, "standing") != "taken_back"
        and r.text(e.fields, "what") not in ("born", "removed")
    }
    for casefile in ledger.together(family):
        left = {
            r.text(m.fields, "person")
            for m in ledger.find("membership", {"until": Not(None)}, casefile=casefile)
        }
        staying = [
            p
            for p in ledger.find("person", casefile=casefile)
            if ledger.shown(p.record) == p.record and p.record not in left
        ]
        pregnant = pregnancies.of_people(ledger, casefile, staying)
        for person in staying:
            one = pregnant.get(person.record)
            if one is None:
                continue
            yield Baby(
                person=person.record,
                pregnancy=Pregnant(edd=one.edd, before=one.before),
                over=_over(person, lost.get(person.record)),
            )


def _over(person: Record, lost: date | None) -> date | None:
    """The day on which nobody was expected any more."""
    ended = r.maybe_day(person.fields, "ended_on")
    born = r.maybe_day(person.fields, "dob")
    days = [d for d in (lost, ended, born) if d is not None]
    return min(days, default=None)
