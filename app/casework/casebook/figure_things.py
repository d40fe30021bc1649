"""Everything that a service's tiles may count, by collection: each of `profile.facts`.

Where a kind of record is not on this device, its collection is empty and its figures are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.casework.casebook import reading as r
from app.casework.casebook.figure_cases import Cases, numbers, teams
from app.casework.casebook.figure_diary import Met, Reached, audience
from app.casework.casebook.figure_reminders import reminders, rules_of
from app.casework.casebook.happenings_of_work import APPRAISAL
from app.casework.casebook.ledger import Ledger
from app.casework.figures import Thing
from app.casework.people import PersonKind
from app.casework.working_days import days_after, working
from storage.kinds import Value

Collections = Mapping[str, Sequence[Thing]]


def collections(
    ledger: Ledger, found: Cases, diary: Sequence[Met], reached: Sequence[Reached]
) -> Collections:
    """All there are on this device."""
    things = _Things(ledger, found)
    return _WhenAsked(
        {
            "referrals": things.referrals,
            "episodes": things.episodes,
            "babies": things.babies,
            "allocations": things.allocations,
            "plans": things.plans,
            "actions": things.actions,
            "appraisals": things.appraisals,
            "decisions": things.decisions,
            "appointments": lambda: things.appointments(diary),
            "attendances": lambda: things.attendances(diary),
            "contacts": lambda: things.contacts(diary, reached),
            "measurements": things.measurements,
            "answers": things.answers,
            "workers": things.workers,
            "reminders": lambda: reminders(ledger, found),
        }
    )


class _WhenAsked(Mapping[str, Sequence[Thing]]):
    """Collections that are put together when a tile first asks for them: none asks for all."""

    def __init__(self, made_by: Mapping[str, Callable[[], Iterable[Thing]]]) -> None:
        self._made_by = made_by
        self._made: dict[str, Sequence[Thing]] = {}

    def __getitem__(self, of: str) -> Sequence[Thing]:
        if of not in self._made:
            self._made[of] = tuple(self._made_by[of]())
        return self._made[of]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made_by)

    def __len__(self) -> int:
        return len(self._made_by)


class _Things:
    """One method for each collection, named as the collection is."""

    def __init__(self, ledger: Ledger, found: Cases) -> None:
        self._ledger = ledger
        self._found = found
        self._teams = teams(ledger)
        self._into = ledger.joined().into

    def referrals(self) -> Iterator[Thing]:
        for one in self._found.referrals:
            yield Thing(
                of="referrals",
                id=one.id,
                family=one.family,
                case=self._found.on(one.family, one.on),
                days=_days(received=one.on, decided=one.decided),
            )

    def episodes(self) -> Iterator[Thing]:
        for case in dict.fromkeys(self._found.of.values()):
            yield Thing(of="episodes", id=case.id, family=case.family, case=case)

    def babies(self) -> Iterator[Thing]:
        for case in dict.fromkeys(self._found.of.values()):
            for baby in case.babies:
                yield Thing(
                    of="babies",
                    id=f"{case.id} {baby.person}",
                    family=case.family,
                    case=case,
                    baby=baby.person,
                )

    def allocations(self) -> Iterator[Thing]:
        for one in self._found.allocations:
            held = one.working
            yield Thing(
                of="allocations",
                id=one.id,
                family=one.family,
                case=self._found.on(one.family, held.since, one.episode),
                days=_days(since=held.since, until=held.until),
                said={"function": held.function, "worker": held.worker, "team": held.team},
            )

    def plans(self) -> Iterator[Thing]:
        names = ("episode", "plan", "agreed_at", "reviewed_at", "worker")
        for record, casefile, named, plan, agreed, reviewed, worker in self._ledger.cells(
            "plan", names
        ):
            days = _days(agreed=r.as_day(agreed), reviewed=r.as_day(reviewed))
            yield self._thing("plans", record, casefile, days, named, plan=plan, worker=worker)

    def actions(self) -> Iterator[Thing]:
        """What somebody was asked to do, appraisals among it."""
        reviews = {p.id: p.days["reviewed"] for p in self.plans() if "reviewed" in p.days}
        names = (
            "episode", "kind", "plan", "agency", "owner", "status", "agreed_at", "due",
            "completed_at", "worker",
        )  # fmt: skip
        for (
            record, casefile, named, kind, plan, agency, owner, status, agreed, due, completed,
            worker,
        ) in self._ledger.cells("action", names):  # fmt: skip
            days = _days(
                agreed=r.as_day(agreed),
                due=r.as_day(due),
                completed=r.as_day(completed),
                plan_reviewed=reviews.get(plan),
            )
            yield self._thing(
                "actions", record, casefile, days, named, kind=kind or "plan",
                status=status or "open", plan=plan, agency=agency or owner, worker=worker,
            )  # fmt: skip

    def appraisals(self) -> Iterator[Thing]:
        """Actions that were asked of an agency as an appraisal."""
        names = ("episode", "kind", "appraisal", "agency", "status", "agreed_at", "completed_at")
        for (
            record,
            casefile,
            named,
            kind,
            code,
            agency,
            status,
            agreed,
            completed,
        ) in self._ledger.cells("action", names):
            if kind != APPRAISAL:
                continue
            back = r.as_day(completed) if status == "done" else None
            days = _days(requested=r.as_day(agreed), returned=back)
            in_time = self._in_time(code or "", days)
            yield self._thing(
                "appraisals", record, casefile, days, named, appraisal=code, agency=agency,
                in_time=in_time,
            )  # fmt: skip

    def decisions(self) -> Iterator[Thing]:
        for family, told in self._found.told.items():
            for one in told.decisions:
                yield Thing(
                    of="decisions",
                    id=one.id,
                    family=family,
                    case=self._found.of.get(one.episode),
                    days={"decided": one.on},
                    said={"decision": one.kind, "outcome": one.outcome},
                )

    def appointments(self, diary: Sequence[Met]) -> Iterator[Thing]:
        rules = rules_of(self._ledger)
        for one in diary:
            obstacles = tuple(sorted({e.obstacle for e in one.expected if e.obstacle}))
            yield Thing(
                of="appointments",
                id=one.id,
                family=self._family(one.family),
                case=self._found.on(one.family, one.on),
                days={"starts": one.on},
                said={
                    "appointment": one.id,
                    "contact_type": one.contact_type,
                    "programme": one.programme,
                    "venue": one.venue,
                    "worker": one.workers,
                    "team": self._teams_of(one.workers),
                    "outcome": one.outcome,
                    "seen": one.seen,
                    "obstacle": obstacles,
                    "rule": rules.get(one.id, ()),
                },
            )

    def attendances(self, diary: Sequence[Met]) -> Iterator[Thing]:
        adults = {
            p.id
            for people in self._found.people.values()
            for p in people
            if p.kind == PersonKind.ADULT.value
        }
        for one in diary:
            case = self._found.on(one.family, one.on)
            team = self._teams_of(one.workers)
            comes = audience(self._ledger.profile, one.programme)
            for expected in one.expected:
                yield Thing(
                    of="attendances",
                    id=expected.id,
                    family=self._family(one.family),
                    case=case,
                    days={"starts": one.on},
                    said={
                        "appointment": one.id,
                        "person": expected.person,
                        "contact_type": one.contact_type,
                        "programme": one.programme,
                        "worker": one.workers,
                        "team": team,
                        "outcome": expected.outcome,
                        "seen": expected.seen,
                        "obstacle": expected.obstacle,
                        "adult": expected.person in adults,
                        "audience": comes,
                    },
                )

    def contacts(self, diary: Sequence[Met], reached: Sequence[Reached]) -> Iterator[Thing]:
        took_place = ((m.id, m.family, m.on, m.contact_type, m.workers) for m in diary if m.seen)
        other = ((c.id, c.family, c.on, c.contact_type, (c.worker,)) for c in reached)
        for by_appointment, several in ((True, took_place), (False, other)):
            for record, family, on, kind, workers in several:
                yield Thing(
                    of="contacts",
                    id=record,
                    family=self._family(family),
                    case=self._found.on(family, on),
                    days={"occurred": on},
                    said={
                        "contact_type": kind,
                        "worker": workers,
                        "team": self._teams_of(workers),
                        "by_appointment": by_appointment,
                    },
                )

    def measurements(self) -> Iterator[Thing]:
        return (one for one in self._forms("measurements") if one.case is not None)

    def answers(self) -> Iterator[Thing]:
        """Forms whose answers are counted, those of nobody among them."""
        return self._forms("answers")

    def workers(self) -> Iterator[Thing]:
        roles = {
            said: role.code
            for role in self._ledger.profile.roles
            for said in (role.words.cy, role.words.en, role.code)
            if said
        }
        names = ("person", "title", "team", "wte", "active")
        for record, _, person, title, team, wte, active in self._ledger.cells("worker", names):
            if active is not False:
                yield Thing(
                    of="workers",
                    id=record,
                    said={"worker": person, "role": roles.get(title, ""), "team": team or ""},
                    amount=Fraction(str(wte)) if isinstance(wte, int | float) else Fraction(1),
                )

    def _forms(self, of: str) -> Iterator[Thing]:
        names = ("episode", "measure", "occasion", "taken_at", "programme", "scores")
        for (
            record,
            casefile,
            named,
            measure,
            occasion,
            taken,
            programme,
            scores,
        ) in self._ledger.cells("measurement", names):
            days = _days(taken=r.as_day(taken))
            one = self._thing(
                of, record, casefile, days, named, form=measure, occasion=occasion,
                programme=programme,
            )  # fmt: skip
            yield replace(one, scores=numbers(scores)) if isinstance(scores, dict) else one

    def _thing(
        self,
        of: str,
        record: str,
        casefile: str,
        days: Mapping[str, date],
        named: str | None,
        **said: Value,
    ) -> Thing:
        family = self._into.get(casefile, casefile)
        first = min(days.values(), default=date.max)
        return Thing(
            of=of,
            id=record,
            family=self._family(family),
            case=self._found.on(family, first, named),
            days=days,
            said={n: v for n, v in said.items() if isinstance(v, str | bool)},
        )

    def _family(self, casefile: str) -> str:
        """The family it opens in; none for what stands with the team."""
        return casefile if casefile in self._found.told else ""

    def _teams_of(self, workers: Sequence[str]) -> tuple[str, ...]:
        found = {self._teams.get(worker, "") for worker in workers}
        return tuple(sorted(team for team in found if team))

    def _in_time(self, appraisal: str, days: Mapping[str, date]) -> bool | None:
        """Whether it was back within the profile's working days; None while it is not back."""
        profile = self._ledger.profile
        kind = next((a for a in profile.appraisals if a.code == appraisal), None)
        asked, back = days.get("requested"), days.get("returned")
        if kind is None or asked is None or back is None:
            return None
        return back <= days_after(asked, kind.working_days, working(profile.calendar))


def _days(**days: date | None) -> dict[str, date]:
    return {name: day for name, day in days.items() if day is not None}
