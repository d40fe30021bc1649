"""The vault, the clock and who I am, as every part of the casebook uses them.

A family is named by its casefile's id; its restricted notes live in casefiles linked to that one.
Nothing is remembered here that a change elsewhere could make stale, except names, which are
forgotten whenever a record of their kind changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from app.casework.access import Access
from app.casework.casebook import from_details, one_order
from app.casework.caseload import Role
from app.casework.errors import NotJoined, OnlySupervisors, Unknown
from app.casework.joined import Join, Together, agreed, work_out
from app.casework.lone_worker import LoneWorkerSettings
from app.casework.moments import UK, at_wall_time, local_day
from app.casework.profile import InForce, Kept, Profile, Shelf, in_force, plain_profile
from app.casework.reminder_rules import ReminderSettings
from app.casework.service_reminders import lone_worker_settings, reminder_settings
from storage.clock import Clock
from storage.kinds import Value
from storage.orders import Plan as Order
from storage.query import Before, Not, OneOf, Record, Where
from storage.vault import Leaving, Statement, Vault
from storage.waiting import WaitingOrder

T = TypeVar("T")
ANY: frozenset[str] = frozenset()
"""Kinds of what may not outlive any change at all."""


OF_PROFILE = frozenset({"team", "service_profile"})
"""Kinds on which the profile in force depends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who is using this device."""

    person: str
    device: str
    role: Role
    team: str | None


class Ledger:
    """What the parts of a casebook share. Thread-safe as far as the vault is."""

    def __init__(
        self,
        vault: Vault,
        *,
        clock: Clock,
        access: Access,
        shelf: Shelf | None = None,
        zone: ZoneInfo = UK,
        looking_back: bool = False,
    ) -> None:
        self.vault = vault
        self.access = access
        self.shelf = shelf or Shelf()
        self.zone = zone
        self.looking_back = looking_back
        """What is written here happened before, by another clock: it plans nothing for the desk,
        which goes by the real time.
        """
        self._clock = clock
        self._remembered: dict[str, tuple[frozenset[str], object]] = {}
        self._changes = 0
        self._unsubscribe = vault.subscribe(self._changed)

    def close(self) -> None:
        """Forget every name and stop listening; call when the vault is locked."""
        self._unsubscribe()
        self._remembered.clear()

    def remembered(self, name: str, kinds: Collection[str], work_out: Callable[[], T]) -> T:
        """What `work_out` gives, kept until a record of one of those kinds changes, or of ANY."""
        found = self._remembered.get(name)
        if found is not None:
            return cast(T, found[1])
        before = self._changes
        value = work_out()
        if before == self._changes:
            self._remembered[name] = (frozenset(kinds), value)
        return value

    def _changed(self, kinds: Collection[str]) -> None:
        self._changes += 1
        # Other threads may be adding to it: a copy is walked.
        for name, (depends_on, _) in list(self._remembered.items()):
            if depends_on == ANY or depends_on.intersection(kinds):
                self._remembered.pop(name, None)

    @property
    def now(self) -> datetime:
        """This moment, UTC, in whole seconds as records keep it."""
        return self._clock.now().astimezone(UTC).replace(microsecond=0)

    @property
    def today(self) -> date:
        """The calendar day where the worker is."""
        return local_day(self.now, self.zone)

    def at(self, on: date, wall: time) -> datetime:
        """The instant at which a wall clock here shows that time on that day."""
        return at_wall_time(on, wall, self.zone)

    @property
    def me(self) -> Me:
        """Who I am. Raises NotJoined before the device belongs to an organisation."""
        member = self.vault.me
        if member is None:
            raise NotJoined
        return Me(
            person=member.person, device=member.device, role=Role(member.role), team=member.team
        )

    # --- the service

    @property
    def profile(self) -> Profile:
        """The profile in force: of the service that the team's record names."""
        return self.in_force.profile

    @property
    def in_force(self) -> InForce:
        """The same, with where it is from and what is wrong with the file passed over."""
        return self.remembered("in force", OF_PROFILE, self._read_in_force)

    def _read_in_force(self) -> InForce:
        teams = self.find("team", limit=1)
        service = str(teams[0].fields.get("service") or "") if teams else ""
        if not service:
            return InForce(profile=plain_profile(), origin="plain")
        return in_force(self.shelf, service, self._kept_copy(service))

    def _kept_copy(self, service: str) -> Kept | None:
        """The latest copy a supervisor wrote; what anybody else wrote there counts for nothing."""
        for record in self.find("service_profile", {"service": service}):
            said = [
                v
                for v in self.vault.history(record.record)
                if isinstance(v.fields.get("text"), str) and self.access.is_supervisor(v.device)
            ]
            if said:
                latest = said[-1].fields
                version = latest.get("version")
                return Kept(
                    service=service,
                    version=version if isinstance(version, int) else 0,
                    text=str(latest["text"]),
                    own=latest.get("own") is True,
                )
        return None

    # --- the desk

    @property
    def has_desk(self) -> bool:
        """Whether there is a reminder desk that messages can be sealed to."""
        return self.vault.desk is not None

    @property
    def orders_waiting(self) -> Mapping[str, WaitingOrder]:
        """What the desk was told and the office has not acknowledged, by reference."""
        return {one.reference: one for one in self.vault.orders_waiting()}

    @property
    def reminders(self) -> ReminderSettings:
        """What the service in force has set about reminders."""
        settings = self.remembered("reminders", OF_PROFILE, self._read_reminders)
        return replace(settings, rules=()) if self.looking_back else settings

    def _read_reminders(self) -> ReminderSettings:
        return reminder_settings(self.profile)

    @property
    def lone_worker(self) -> LoneWorkerSettings:
        """What it has set about going in alone."""
        return lone_worker_settings(self.profile)

    def require_supervisor(self) -> Me:
        """Me, if I am a supervisor. Raises OnlySupervisors."""
        me = self.me
        if me.role is not Role.SUPERVISOR:
            raise OnlySupervisors
        return me

    # --- reading

    def one(self, record: str, kind: str) -> Record:
        """The record, if it is here and of that kind. Raises Unknown."""
        found = self.vault.get(record)
        if found is None or found.kind != kind:
            raise Unknown
        return found

    def find(
        self,
        kind: str,
        where: Where | None = None,
        *,
        casefile: str | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """Records of one kind; see the vault for what `where` may say."""
        return self.vault.find(
            kind,
            where or {},
            casefile=casefile,
            order_by=tuple(order_by),
            limit=limit,
            offset=offset,
        )

    def cells(self, kind: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Every record of a kind as (id, casefile, the value of each named field), in no order."""
        return self.vault.cells(kind, names)

    def family_of(self, casefile: str) -> str:
        """The family a casefile belongs to: itself, or the one it is linked to."""
        return self._links().get(casefile, casefile)

    def restricted_of(self, family: str) -> list[str]:
        """The casefiles of that family's restricted notes that this device can read."""
        return sorted(c for c, linked in self._links().items() if linked == family)

    def casefiles_of(self, family: str) -> list[str]:
        """The family's own casefile, then those of its restricted notes."""
        return [family, *self.restricted_of(family)]

    def _links(self) -> Mapping[str, str]:
        return self.remembered("links", ANY, self._read_links)

    def _read_links(self) -> dict[str, str]:
        return {c.id: c.linked_to for c in self.vault.casefiles() if c.linked_to}

    # --- one family in two casefiles

    def remaining(self, family: str) -> str:
        """The family itself, or the one that it was found to be, having been recorded twice."""
        return self.joined().into.get(family, family)

    def together(self, family: str) -> tuple[str, ...]:
        """All casefiles of a family, the one that remains first; without restricted ones.

        A family that was joined to another stands for itself alone.
        """
        return self.joined().groups.get(family, (family,))

    def shown(self, person: str) -> str:
        """The person herself, or the record of her that is shown, having been written twice."""
        return self.joined().persons.get(person, person)

    def written_as(self, person: str) -> tuple[str, ...]:
        """Every record of that person, the one that is shown first."""
        first = self.shown(person)
        doubles = (other for other, one in self.joined().persons.items() if one == first)
        return (first, *sorted(doubles))

    def joined(self) -> Together:
        """Which families are one; leave the keys of `into` out of every count."""
        kinds = ("recorded_twice", "person")
        return self.remembered("joined", kinds, self._read_joined)

    def joins(self) -> list[Join]:
        """Everything said about families recorded twice, the two records of each taken together.

        Both casefiles have to say so where both are here: whoever may write in one only cannot
        make another family disappear.
        """
        said: dict[frozenset[str], dict[str, Join]] = {}
        for record in self.find("recorded_twice"):
            one = from_details.join(record)
            if one is not None:
                said.setdefault(frozenset({one.stays, one.other}), {})[record.casefile] = one
        return [agreed(list(both.values())) for both in said.values()]

    def _read_joined(self) -> Together:
        said = self.joins()
        people = {p for join in said for pair in join.same for p in pair}
        found = self.find("person", {"record": OneOf(sorted(people))}) if people else []
        return work_out(said, {record.record: record.casefile for record in found})

    def of_family(
        self,
        kind: str,
        family: str,
        where: Where | None = None,
        *,
        order_by: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Record]:
        """Records of one kind of a family, in whichever of its casefiles."""
        casefiles = self.together(family)
        found = [
            self.find(kind, where, casefile=c, order_by=order_by, limit=limit) for c in casefiles
        ]
        if len(found) == 1:
            return found[0]
        return one_order.merged(found, order_by)[:limit]

    def still_holding(self) -> Not:
        """The condition on `until` of allocations: what ended today holds no longer."""
        return Not(Before((self.today + timedelta(days=1)).isoformat()))

    # --- writing

    def statement(
        self, casefile: str, kind: str, record: str, fields: Mapping[str, Value]
    ) -> Statement:
        return Statement(casefile=casefile, kind=kind, record=record, fields=dict(fields))

    def write(
        self,
        statements: Iterable[Statement],
        *,
        drop_draft: str | None = None,
        orders: Sequence[Order] = (),
        leavings: Sequence[Leaving] = (),
    ) -> None:
        """Write all of them in one durable transaction, or none. Empty ones say nothing.

        `drop_draft` goes in the same transaction: a note is a draft or on record, never neither.
        So do `orders` for the reminder desk: no visit moves while its old text stays on its way.
        So do `leavings`, for families that are not mine to read.
        """
        said = [s for s in statements if s.fields]
        if said or orders or leavings:
            drafts = [drop_draft] if drop_draft else []
            self.vault.write(said, drop_drafts=drafts, orders=orders, leavings=leavings)

    def new(self, casefile: str, kind: str, fields: Mapping[str, Value]) -> str:
        """Write one new record and give back its id."""
        record = self.vault.new_id()
        self.write([self.statement(casefile, kind, record, fields)])
        return record

    def change(self, record: Record, fields: Mapping[str, Value]) -> None:
        """Write some fields of a record that exists."""
        self.write([self.statement(record.casefile, record.kind, record.record, fields)])


def derived_id(*parts: str) -> str:
    """The same record id on every device for what can exist only once, such as one person's
    attendance at one appointment: two devices then correct one record instead of adding a second.
    """
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
