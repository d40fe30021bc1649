"""Puts the episodes together that figures are asked of, a few queries for all families at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from app.casework.casebook import courses
from app.casework.casebook import reading as r
from app.casework.casebook.courses import Told
from app.casework.casebook.figure_diary import Met
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.pregnancies import due_dates
from app.casework.clocks import Pregnant
from app.casework.course import Attended, Course, Happening
from app.casework.episode import Episode, episode_of
from app.casework.figures import Baby, Case, Filled, Seen, Working
from app.casework.gestation import TERM_DAYS
from app.casework.people import PersonKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What figures need to know of somebody. `ended`: the day of a death or a loss."""

    id: str
    kind: str
    born: date | None = None
    edd: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A referral of a family."""

    id: str
    family: str
    on: date
    decided: date | None = None
    source: str = ""
    via: str = ""
    previous_removal: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """An allocation of a family, with the episode it names."""

    id: str
    family: str
    episode: str
    working: Working


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Every episode on this device, and what was needed to put them together."""

    told: Mapping[str, Told]
    of: Mapping[str, Case]
    """By the episode's id; one that was recorded twice stands under both."""
    people: Mapping[str, tuple[Person, ...]]
    referrals: tuple[Came, ...]
    allocations: tuple[Allocated, ...]
    """Without families on loan to somebody who covers."""

    def on(self, family: str, day: date, named: str | None = None) -> Case | None:
        """The episode that something of a family belongs to: the one it names, else by its day."""
        told = self.told.get(family)
        found = episode_of(told.episodes, day, named) if told else None
        return self.of.get(found.id) if found else None


def cases(ledger: Ledger, diary: Sequence[Met]) -> Cases:
    """All of them, from the records on this device."""
    told, people = courses.all_told(ledger), _people(ledger)
    referrals, allocations = tuple(_referrals(ledger)), tuple(_allocations(ledger))
    came = _by_family(referrals)
    localities = {c: name or "" for _, c, name in ledger.cells("family", ("locality",))}
    doubles = _doubles(ledger, told)
    parts = _Parts(ledger, told, doubles)
    working, filled = parts.working(allocations), parts.filled()
    begun, seen = parts.begun(), parts.seen(diary)
    made = {}
    for family, one in told.items():
        for episode in one.episodes:
            if episode.id in doubles:
                continue
            referral = _referral(came.get(family, ()), episode)
            attended = tuple(sorted(seen.get(episode.id, ()), key=attrgetter("on")))
            made[episode.id] = Case(
                id=episode.id,
                family=family,
                opened=episode.opened_at,
                closed=episode.closed_at,
                closure=episode.closure,
                destination=episode.destination,
                source=referral.source if referral else "",
                via=referral.via if referral else "",
                previous_removal=referral.previous_removal if referral else None,
                locality=localities.get(family, ""),
                course=Course(_happenings(one, episode, doubles), _days_of(attended)),
                periods=one.periods,
                babies=tuple(_babies(people.get(family, ()), episode)),
                working=tuple(working.get(episode.id, ())),
                filled=tuple(filled.get(episode.id, ())),
                attended=attended,
                interventions=tuple(begun.get(episode.id, ())),
                pauses={
                    (clock, subject): pauses
                    for (of, clock, subject), pauses in one.pauses.items()
                    if of == episode.id
                },
            )
    made |= {double: made[one] for double, one in doubles.items() if one in made}
    return Cases(told=told, of=made, people=people, referrals=referrals, allocations=allocations)


def teams(ledger: Ledger) -> Mapping[str, str]:
    """The team of everybody who works or worked here, by the directory's id."""
    cells = ledger.cells("worker", ("person", "team"))
    return {person: team or "" for _, _, person, team in cells if person}


class _Parts:
    """What belongs to episodes, told apart by episode."""

    def __init__(
        self, ledger: Ledger, told: Mapping[str, Told], doubles: Mapping[str, str]
    ) -> None:
        self._ledger = ledger
        self._doubles = doubles
        self._told = told
        self._into = ledger.joined().into

    def working(self, allocations: Iterable[Allocated]) -> Mapping[str, list[Working]]:
        found: dict[str, list[Working]] = {}
        for one in allocations:
            episode = self._episode(one.family, one.working.since, one.episode)
            found.setdefault(episode, []).append(one.working)
        return found

    def filled(self) -> Mapping[str, list[Filled]]:
        found: dict[str, list[Filled]] = {}
        names = ("episode", "taken_at", "measure", "occasion", "scores")
        for _, casefile, named, taken, measure, occasion, scores in self._ledger.cells(
            "measurement", names
        ):
            on = r.as_day(taken)
            if on is None or not isinstance(scores, dict):
                continue
            form = Filled(
                measure=measure or "", occasion=occasion or "", on=on, scores=numbers(scores)
            )
            found.setdefault(self._episode(casefile, on, named), []).append(form)
        return found

    def begun(self) -> Mapping[str, list[tuple[str, date]]]:
        found: dict[str, list[tuple[str, date]]] = {}
        names = ("episode", "started_at", "intervention")
        for _, casefile, named, started, code in self._ledger.cells("intervention", names):
            on = r.as_day(started)
            if on is not None:
                found.setdefault(self._episode(casefile, on, named), []).append((code or "", on))
        return found

    def seen(self, diary: Iterable[Met]) -> Mapping[str, list[Seen]]:
        found: dict[str, list[Seen]] = {}
        for one in diary:
            if one.seen:
                seen = Seen(on=one.on, contact_type=one.contact_type, programme=one.programme)
                found.setdefault(self._episode(one.family, one.on), []).append(seen)
        return found

    def _episode(self, casefile: str, on: date, named: str | None = None) -> str:
        told = self._told.get(self._into.get(casefile, casefile))
        found = episode_of(told.episodes, on, named) if told else None
        return self._doubles.get(found.id, found.id) if found else ""


def _doubles(ledger: Ledger, told: Mapping[str, Told]) -> Mapping[str, str]:
    """Episodes of families that were recorded twice, and the one of the remaining family that each
    of them is: it counts once, with what is written in either."""
    into = ledger.joined().into
    if not into:
        return {}
    twice = {record for record, casefile in ledger.cells("episode", ()) if casefile in into}
    found = {}
    for one in told.values():
        own = [episode for episode in one.episodes if episode.id not in twice]
        for double in one.episodes:
            same = episode_of(own, double.opened_at) if double.id in twice else None
            if same is not None:
                found[double.id] = same.id
    return found


def _happenings(told: Told, episode: Episode, doubles: Mapping[str, str]) -> tuple[Happening, ...]:
    found = told.happenings.get(episode.id, ())
    for double, one in doubles.items() if len(told.episodes) > 1 else ():
        if one == episode.id:
            found = (*found, *told.happenings.get(double, ()))
    return found


def numbers(scores: Mapping[str, object]) -> dict[str, float]:
    """The scores of a form that are numbers; what was said in words is not counted."""
    return {
        name: value
        for name, value in scores.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _referrals(ledger: Ledger) -> Iterator[Came]:
    into = ledger.joined().into
    names = ("received_at", "decided_at", "source", "via", "previous_removal")
    for record, casefile, received, decided, source, via, removal in ledger.cells(
        "referral", names
    ):
        on = r.as_day(received)
        if on is not None and casefile not in into:
            yield Came(
                id=record,
                family=casefile,
                on=on,
                decided=r.as_day(decided),
                source=source or "",
                via=via or "",
                previous_removal=removal if isinstance(removal, bool) else None,
            )


def _allocations(ledger: Ledger) -> Iterator[Allocated]:
    into, team_of = ledger.joined().into, teams(ledger)
    names = ("worker", "function", "since", "until", "team", "episode", "cover")
    for record, casefile, worker, function, since, until, team, named, cover in ledger.cells(
        "allocation", names
    ):
        on = r.as_day(since)
        if on is not None and not cover:
            yield Allocated(
                id=record,
                family=into.get(casefile, casefile),
                episode=named or "",
                working=Working(
                    worker=worker or "",
                    function=function or "",
                    since=on,
                    until=r.as_day(until),
                    team=team or team_of.get(worker, ""),
                ),
            )


def _by_family(referrals: Iterable[Came]) -> Mapping[str, list[Came]]:
    found: dict[str, list[Came]] = {}
    for one in referrals:
        found.setdefault(one.family, []).append(one)
    return found


def _referral(referrals: Sequence[Came], episode: Episode) -> Came | None:
    """The referral an episode names, else the one of its day, else for the first one any."""
    named = [one for one in referrals if one.id == episode.referral]
    same_day = [one for one in referrals if one.on == episode.opened_at]
    return next(iter([*named, *same_day, *(referrals if episode.number == 1 else ())]), None)


def _people(ledger: Ledger) -> Mapping[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = {}
    due, joined = due_dates(ledger), ledger.joined()
    for person, casefile, kind, dob, ended in ledger.cells("person", ("kind", "dob", "ended_on")):
        if person not in joined.persons:
            one = Person(
                id=person,
                kind=kind or "",
                born=r.as_day(dob) if kind == PersonKind.CHILD.value else None,
                edd=due.get(person),
                ended=r.as_day(ended),
            )
            found.setdefault(joined.into.get(casefile, casefile), []).append(one)
    return {family: tuple(several) for family, several in found.items()}


def _babies(people: Iterable[Person], episode: Episode) -> Iterator[Baby]:
    """The babies expected or born during an episode; without any, the youngest child."""
    small = [p for p in people if p.kind in (PersonKind.UNBORN.value, PersonKind.CHILD.value)]
    own = [p for p in small if _came_with(p, episode)]
    if not own:
        born = [p for p in small if p.born is not None]
        own = [max(born, key=attrgetter("born"))] if born else []
    for person in own:
        ends = [day for day in (person.born, person.ended) if day]
        yield Baby(
            person=person.id,
            pregnancy=Pregnant(edd=person.edd),
            born=person.born,
            over=min(ends, default=None),
        )


def _came_with(person: Person, episode: Episode) -> bool:
    if person.kind == PersonKind.UNBORN.value:
        begun = person.edd - timedelta(days=TERM_DAYS) if person.edd else None
        too_late = episode.closed_at is not None and begun is not None
        return not (too_late and begun is not None and begun > (episode.closed_at or begun))
    born = person.born
    return (
        born is not None
        and born >= episode.opened_at
        and (episode.closed_at is None or born <= episode.closed_at)
    )


def _days_of(attended: Sequence[Seen]) -> Attended:
    """The first or latest day somebody was seen, as a course is asked for it."""

    def day(kind: str, latest: bool) -> date | None:
        days = [s.on for s in attended if not kind or s.contact_type == kind]
        return (days[-1] if latest else days[0]) if days else None

    return day
