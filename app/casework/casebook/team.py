"""The team: who works here, under which name, and which invites are out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.casework.casebook import from_records
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.caseload import Worker
from app.casework.errors import Missing, Unknown
from app.casework.folding import folded
from app.casework.forms import WorkerForm
from app.casework.phone_number import check_work_number
from app.casework.profile import Found, in_force
from storage.kinds import Value
from storage.query import Record
from storage.vault import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamProfile:
    """The team as its own record says; `id` is its casefile's id."""

    id: str
    name: str
    organisation: str = ""
    service: str = ""
    duty_phone: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteRecord:
    """An invite that was made out: to whom, by whom, and what became of it."""

    id: str
    invite: str
    name: str
    role: str
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    person: str | None
    status: str


class Team:
    """Everything about the people who work here. Only sealed records hold their names."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def team(self) -> TeamProfile | None:
        """The team this device belongs to; None before its casefile has arrived."""
        record = self._record()
        if record is None:
            return None
        f = record.fields
        return TeamProfile(
            id=record.casefile,
            name=r.text(f, "name"),
            organisation=r.text(f, "organisation"),
            service=r.text(f, "service"),
            duty_phone=r.text(f, "duty_phone"),
            capacity=r.maybe_whole(f, "capacity"),
        )

    def start_team(
        self,
        casefile: str,
        *,
        name: str,
        organisation: str = "",
        duty_phone: str = "",
        service: str = "",
    ) -> None:
        """Write the team down in its own casefile, once, at set-up, and its service's profile.

        `service` is one of those on the shelf; without one the plain profile is used. Raises
        Missing.
        """
        if not name.strip():
            raise Missing("name")
        chosen = in_force(self._ledger.shelf, service, None) if service else self._ledger.in_force
        fields = r.plain_fields(
            name=name.strip(),
            organisation=organisation.strip(),
            service=service or chosen.profile.service,
            zone=self._ledger.zone.key,
            duty_phone=duty_phone.strip(),
            capacity=chosen.profile.capacity.families,
        )
        said = [self._ledger.statement(casefile, "team", casefile, fields)]
        self._ledger.write([*said, *_copy(self._ledger, casefile, chosen.found)])

    def put_in_force(self) -> None:
        """Make this device's file of the service's profile the whole team's. Supervisors only.

        It opens on the others' devices with the next exchange. Raises OnlySupervisors, Unknown.
        """
        self._ledger.require_supervisor()
        found = self._ledger.in_force
        if found.origin != "file":
            raise Unknown
        self._ledger.write(_copy(self._ledger, self._casefile(), found.found))

    def change_team(
        self,
        *,
        name: str | None = None,
        organisation: str | None = None,
        duty_phone: str | None = None,
        capacity: int | None = None,
    ) -> None:
        """Correct what is said; None leaves a thing as it is.

        Raises Unknown without a team, BadNumber for a telephone that nobody could ring.
        """
        if duty_phone and duty_phone.strip():
            check_work_number(duty_phone)
        record = self._record()
        if record is None:
            raise Unknown
        said = r.plain_fields(
            name=name, organisation=organisation, duty_phone=duty_phone, capacity=capacity
        )
        given = {key: value for key, value in said.items() if value is not None}
        self._ledger.change(record, r.differing(record.fields, given))

    def workers(self, *, active_only: bool = True) -> list[Worker]:
        """The people who work here, by name."""
        found = [w for w in self._by_person().values() if w.active or not active_only]
        return sorted(found, key=lambda w: (folded(w.name), w.person))

    def worker(self, person: str) -> Worker | None:
        """Somebody by the directory's id."""
        return self._by_person().get(person)

    def me(self) -> Worker | None:
        """My own record; None until somebody has written it."""
        return self.worker(self._ledger.me.person)

    def name_of(self, person: str | None) -> str:
        """The name to show for an author; empty for somebody unknown here."""
        known = self._by_person().get(person or "")
        return known.name if known else ""

    def add_worker(self, person: str, form: WorkerForm) -> str:
        """Write down somebody who works here. Gives the record's id. Raises Missing."""
        casefile = self._casefile()
        record = derived_id("worker", person)
        fields = {**_fields(form), "person": person, "active": True}
        self._ledger.write([self._ledger.statement(casefile, "worker", record, fields)])
        return record

    def change_worker(self, person: str, form: WorkerForm) -> None:
        """Correct what is known of her; only what differs is written.

        Raises OnlySupervisors for somebody else's, Missing without a name, BadNumber for a
        telephone that nobody could ring.
        """
        if person != self._ledger.me.person:
            self._ledger.require_supervisor()
        if form.phone.strip():
            check_work_number(form.phone)
        record = self._ledger.one(derived_id("worker", person), "worker")
        self._ledger.change(record, r.differing(record.fields, _fields(form)))

    def leave(self, person: str) -> None:
        """She no longer works here; her name stays on what she wrote. Raises OnlySupervisors."""
        self._ledger.require_supervisor()
        record = self._ledger.one(derived_id("worker", person), "worker")
        self._ledger.change(record, r.plain_fields(active=False))

    def come_back(self, person: str) -> None:
        """She works here again; a device of hers must be invited anew. Raises OnlySupervisors."""
        self._ledger.require_supervisor()
        record = self._ledger.one(derived_id("worker", person), "worker")
        self._ledger.change(record, r.plain_fields(active=True))

    def record_invite(self, invite: str, *, name: str, role: str, expires_at: datetime) -> str:
        """Keep note of an invite that was made out. `invite` is its public reference."""
        record = derived_id("invite", invite)
        fields = r.plain_fields(
            invite=invite,
            name=name.strip(),
            role=role,
            made_by=self._ledger.me.person,
            made_at=self._ledger.now,
            expires_at=expires_at,
            status="open",
        )
        self._ledger.write(
            [self._ledger.statement(self._casefile(), "invite_record", record, fields)]
        )
        return record

    def invite_used(self, invite: str, person: str) -> None:
        """Somebody joined with it."""
        self._set_invite(invite, r.plain_fields(status="used", person=person))

    def invite_withdrawn(self, invite: str) -> None:
        self._set_invite(invite, r.plain_fields(status="withdrawn"))

    def invites(self) -> list[InviteRecord]:
        """All that were made out, newest first; one past its time reads as `expired`."""
        found = [self._invite(record) for record in self._ledger.find("invite_record")]
        return sorted(found, key=lambda i: (i.made_at, i.id), reverse=True)

    def _invite(self, record: Record) -> InviteRecord:
        f = record.fields
        expires, status = r.maybe_moment(f, "expires_at"), r.text(f, "status") or "open"
        if status == "open" and expires is not None and expires <= self._ledger.now:
            status = "expired"
        return InviteRecord(
            id=record.record,
            invite=r.text(f, "invite"),
            name=r.text(f, "name"),
            role=r.text(f, "role"),
            made_by=r.text(f, "made_by"),
            made_at=r.maybe_moment(f, "made_at") or record.at,
            expires_at=expires,
            person=r.maybe_text(f, "person"),
            status=status,
        )

    def _set_invite(self, invite: str, fields: Mapping[str, Value]) -> None:
        self._ledger.change(self._ledger.one(derived_id("invite", invite), "invite_record"), fields)

    def _by_person(self) -> Mapping[str, Worker]:
        return self._ledger.remembered("workers", ("worker",), self._read_workers)

    def _read_workers(self) -> dict[str, Worker]:
        found = (from_records.worker(record) for record in self._ledger.find("worker"))
        return {worker.person: worker for worker in found}

    def _record(self) -> Record | None:
        found = self._ledger.find("team", limit=1)
        return found[0] if found else None

    def _casefile(self) -> str:
        record = self._record()
        if record is None:
            raise Unknown
        return record.casefile


def _fields(form: WorkerForm) -> dict[str, Value]:
    if not form.name.strip():
        raise Missing("name")
    return r.plain_fields(**{n: getattr(form, n) for n in WorkerForm.__dataclass_fields__})


def _copy(ledger: Ledger, casefile: str, found: Found | None) -> list[Statement]:
    """The file of the service's profile, to be kept beside the team; none where there is none."""
    if found is None:
        return []
    service = found.profile.service
    fields = r.plain_fields(
        service=service, version=found.profile.version, own=found.own, text=found.text
    )
    record = derived_id("service_profile", casefile, service)
    return [ledger.statement(casefile, "service_profile", record, fields)]
