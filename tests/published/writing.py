"""Writes many families at once, the way the casebook writes one.

Families are registered through the casebook. What follows is thousands of statements, which are
collected and written together; `tests/in_casework/test_published_writing.py` holds them to what the
casebook itself writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import derived_id
from app.casework.caseload import Role
from app.casework.forms import FamilyForm, PersonForm, ReferralForm, WorkerForm
from app.casework.moments import UK, at_wall_time
from app.casework.people import PersonKind, Relation
from app.casework.profile.formula import Score
from casebooks import Member
from storage.kinds import Value
from storage.vault import Statement

AT_ONCE = 2_000
DAY = timedelta(days=1)
_SURNAMES = (
    "Ashdown", "Bevan", "Calloway", "Dunmore", "Ellis", "Farrow", "Garth", "Hallam", "Iveson",
    "Jessop", "Kemble", "Larkin", "Marsh", "Norris", "Oakes", "Penrose",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family that was registered: its casefile, its adults and babies by record id."""

    id: str
    received: date
    adults: tuple[str, ...]
    babies: tuple[str, ...]

    @property
    def episode(self) -> str:
        return derived_id("episode", self.id, "1")


@dataclass(slots=True)
class Writing:
    """One supervisor's device, and what is still to be written on it."""

    member: Member
    waiting: list[Statement] = field(default_factory=list)
    stage_of: dict[str, str] = field(default_factory=dict)
    """The record of the stage each family is in now."""
    made: int = 0

    @property
    def _ledger(self) -> Any:
        return self.member.book._ledger

    def new_id(self) -> str:
        """An id that is the same in every run."""
        self.made += 1
        return hashlib.sha256(f"published {self.made}".encode()).hexdigest()[:32]

    # --- people

    def worker(self, name: str, title: str, team: str = "", wte: float = 1.0) -> str:
        """Somebody who works here; gives the directory's id."""
        person = hashlib.sha256(name.encode()).hexdigest()[:32]
        form = WorkerForm(name=name, title=title, role=Role.WORKER, team=team, wte=wte)
        self.member.book.team.add_worker(person, form)
        return person

    def family(
        self,
        received: date,
        *,
        source: str = "",
        via: str = "",
        decision: str = "",
        locality: str = "",
        adults: int = 1,
        babies: tuple[PersonForm, ...] = (),
        previous_removal: bool | None = None,
    ) -> Family:
        """Registered as a worker does it, referral and all."""
        self.made += 1
        surname = f"{_SURNAMES[self.made % len(_SURNAMES)]} {self.made}"
        people = [
            PersonForm(given=given, surname=surname, relation=Relation.MOTHER)
            for given in ("Ada", "Bea")[:adults]
        ]
        referral = ReferralForm(
            received_at=received,
            source=source,
            via=via,
            decision=decision,
            decided_at=received + DAY if decision else None,
            previous_removal=previous_removal,
        )
        family = self.member.book.families.register(
            FamilyForm(
                name=surname,
                ref=f"F-{self.made:05}",
                locality=locality,
                people=(*people, *babies),
                referral=referral,
            )
        )
        stages = self.member.vault.find("period", {"kind": "stage"}, casefile=family)
        self.stage_of[family] = stages[0].record
        there = self.member.vault.find("person", casefile=family)
        return Family(
            id=family,
            received=received,
            adults=tuple(p.record for p in there if p.fields["kind"] == PersonKind.ADULT),
            babies=tuple(p.record for p in there if p.fields["kind"] != PersonKind.ADULT),
        )

    # --- what happens to a family

    def stage(self, family: Family, code: str, since: date) -> None:
        """It moves on; the stage before ends that day."""
        ended = {"until": since.isoformat()}
        self._say(family.id, "period", self.stage_of[family.id], ended)
        self.stage_of[family.id] = self.period(family, "stage", code, since)

    def period(
        self,
        family: Family,
        kind: str,
        code: str,
        since: date,
        until: date | None = None,
        *,
        subject: str = "",
        answer: bool | None = None,
    ) -> str:
        record = self.new_id()
        fields = r.plain_fields(
            subject=subject or family.id, kind=kind, code=code, since=since, until=until
        )
        if answer is not None:
            fields["answer"] = answer
        return self._say(family.id, "period", record, fields)

    def allocate(
        self, family: Family, worker: str, function: str, since: date, team: str = ""
    ) -> str:
        fields = r.plain_fields(
            episode=family.episode, worker=worker, function=function, since=since
        )
        if team:
            fields["team"] = team
        return self._say(family.id, "allocation", self.new_id(), fields)

    def decide(self, family: Family, decision: str, outcome: str, on: date) -> str:
        fields = r.plain_fields(episode=family.episode, decision=decision, outcome=outcome, on=on)
        return self._say(family.id, "decision", self.new_id(), fields)

    def close(self, family: Family, closure: str, on: date, destination: str = "") -> None:
        fields = r.plain_fields(closed_at=on, closure_reason=closure, destination=destination)
        self._say(family.id, "episode", family.episode, fields)

    def plan(
        self,
        family: Family,
        plan: str,
        agreed: date,
        *,
        worker: str = "",
        reviewed: date | None = None,
    ) -> str:
        fields = r.plain_fields(
            episode=family.episode, plan=plan, agreed_at=agreed, worker=worker, reviewed_at=reviewed
        )
        return self._say(family.id, "plan", self.new_id(), fields)

    def action(self, family: Family, plan: str, agreed: date, agency: str, status: str) -> str:
        fields = r.plain_fields(
            episode=family.episode,
            kind="plan",
            plan=plan,
            agency=agency,
            agreed_at=agreed,
            status=status,
            text="Something agreed",
        )
        return self._say(family.id, "action", self.new_id(), fields)

    def intervention(
        self, family: Family, code: str, started: date, ended: date | None = None
    ) -> str:
        fields = r.plain_fields(
            episode=family.episode, intervention=code, started_at=started, ended_at=ended
        )
        return self._say(family.id, "intervention", self.new_id(), fields)

    def form(
        self,
        family: Family | None,
        measure: str,
        occasion: str,
        taken: date,
        scores: Mapping[str, Score],
        programme: str = "",
    ) -> str:
        """A form of a family, or with None of nobody, beside the team."""
        casefile = family.id if family else self._team
        fields = r.plain_fields(
            measure=measure, occasion=occasion, taken_at=taken, programme=programme or None
        )
        if family:
            fields["episode"] = family.episode
        said: dict[str, Value] = dict(scores)
        return self._say(casefile, "measurement", self.new_id(), {**fields, "scores": said})

    def appointment(
        self,
        family: Family | None,
        on: date,
        worker: str,
        codes: Mapping[str, str],
        *,
        kind: str = "home_visit",
        programme: str = "",
        obstacle: str = "",
    ) -> str:
        """An appointment with what came of it, by person; with None one of the team's own."""
        casefile = family.id if family else self._team
        starts = at_wall_time(on, time(10), UK)
        record = self.new_id()
        fields = r.plain_fields(
            kind=kind,
            starts=starts,
            zone=UK.key,
            minutes=60,
            venue_type="home",
            workers=(worker,),
            people=tuple(codes),
            planned=True,
            status="booked",
        )
        if programme:
            fields["programme"] = programme
        self._say(casefile, "appointment", record, fields)
        for person, code in codes.items():
            self._attendance(casefile, record, person, code, starts, obstacle)
        return record

    def call(self, family: Family, on: date, worker: str, outcome: str = "spoke") -> str:
        fields = r.plain_fields(
            kind="telephone_support",
            direction="out",
            person=family.adults[0],
            worker=worker,
            occurred_at=at_wall_time(on, time(14), UK),
            minutes=15,
            outcome=outcome,
        )
        return self._say(family.id, "contact", self.new_id(), fields)

    # --- writing

    def write(self) -> int:
        """All of it, in few transactions; gives how many records and changes that were."""
        many = len(self.waiting)
        for start in range(0, many, AT_ONCE):
            self._ledger.write(self.waiting[start : start + AT_ONCE])
        self.waiting.clear()
        return many

    @property
    def _team(self) -> str:
        return str(self.member.vault.find("team")[0].casefile)

    def _attendance(
        self, casefile: str, appointment: str, person: str, code: str, at: datetime, obstacle: str
    ) -> None:
        missed = code in ("3", "7")
        fields = r.plain_fields(
            appointment=appointment,
            attendee=person,
            code=code,
            obstacle=obstacle if missed and obstacle else None,
            starts=at,
            recorded_at=at,
        )
        self._say(casefile, "attendance", derived_id("attendance", appointment, person), fields)

    def _say(self, casefile: str, kind: str, record: str, fields: Mapping[str, Value]) -> str:
        self.waiting.append(
            Statement(casefile=casefile, kind=kind, record=record, fields=dict(fields))
        )
        return record


def spread(count: int, first: date, last: date) -> list[date]:
    """So many days, evenly over a span, both ends included."""
    days = (last - first).days + 1
    return [first + timedelta(days=n * days // count) for n in range(count)]
