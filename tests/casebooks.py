"""People with a device each: real vaults on a real disk, and one casebook on each.

What they send lies in a `Relay`; `carry()` is "everybody comes into signal". Grants decided in a
casebook are carried out at the next `carry`, as they are in the app.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.casework.casebook import Casebook
from app.casework.caseload import Role
from app.casework.forms import (
    AddressForm,
    Booking,
    FamilyForm,
    PersonForm,
    ReferralForm,
    RouteForm,
    WorkerForm,
)
from app.casework.people import Answer, PersonKind, Relation
from app.casework.profile import Shelf
from app.casework.receipt import State
from app.casework.safe_contact import Allowed, Channel
from app.casework.schema import SCHEMA
from app.places import PROFILES
from cast import PASSPHRASE, Somebody
from desk_stand_in import Desk
from fakes import FakeClock, surroundings
from relay import ORG, RECOVERY, Relay
from storage.grants import read_grant
from storage.seal import raw_public
from storage.statements import read_statement
from storage.surroundings import connect
from storage.vault import Vault, create_vault

TEAM = "7e" * 16


@dataclass
class RelayAccess:
    """Grants for one device; decisions wait for the next carrying."""

    house: House
    vault: Vault
    wishes: list[tuple[str, str, bool]] = field(default_factory=list)

    def found(self, *, linked_to: str | None = None) -> str:
        members = {
            m.vault.public.device: m.vault.public.receiving
            for m in self.house.members.values()
            if m.who.role == "supervisor"
        }
        label = "restricted" if linked_to else "family"
        return self.vault.found(members, label=label, linked_to=linked_to)

    def found_service(self) -> str:
        members = {
            m.vault.public.device: m.vault.public.receiving
            for m in self.house.members.values()
            if m.who.role == "supervisor"
        }
        return self.vault.found(members, label="service")

    def grant(self, casefile: str, person: str) -> None:
        self.wishes.append((casefile, person, True))

    def remove(self, casefile: str, person: str) -> None:
        self.wishes.append((casefile, person, False))

    def is_supervisor(self, device: str) -> bool:
        return self.house.relay.roster.is_supervisor(bytes.fromhex(device))

    def devices_of(self, person: str) -> tuple[str, ...]:
        return tuple(sorted(self.house.devices_of(person)))

    def carry_out(self, relay: Relay) -> None:
        """Make the grants that were decided, one after the other."""
        for casefile, person, keep in self.wishes:
            raw = bytes.fromhex(casefile)
            before = set(self.vault.members(casefile))
            devices = self.house.devices_of(person)
            after = before | devices if keep else before - devices
            if after == before:
                continue
            last = {
                bytes.fromhex(d): self.vault.head(raw, bytes.fromhex(d)) or (0, bytes(32))
                for d in before - after
            }
            receiving = {
                m.vault.public.device: m.vault.public.receiving
                for m in self.house.members.values()
                if m.vault.public.device.hex() in after
            }
            self.vault.regrant(raw, receiving, rotate=not keep, last=last)
            relay.collect(self.vault)
        self.wishes.clear()


@dataclass
class Member:
    """Somebody with a device: `book` is what her screens would use."""

    who: Somebody
    vault: Vault
    book: Casebook
    access: RelayAccess
    online: bool = True

    @property
    def person(self) -> str:
        return self.who.person


class House:
    """A team, its devices, and the clock on their wall."""

    def __init__(
        self,
        folder: Path,
        start: datetime,
        connect: Callable[[Path], sqlite3.Connection] = connect,
        shelf: Shelf | None = None,
    ) -> None:
        self.folder = folder
        self.connect = connect
        self.clock = FakeClock(start)
        self.relay = Relay()
        self.shelf = shelf or Shelf(shipped=PROFILES)
        self.members: dict[str, Member] = {}
        self.desk: Desk | None = None

    def joins(self, who: Somebody) -> Member:
        """A new device for somebody; the team's supervisor writes her name down."""
        vault = create_vault(
            self.folder / f"{who.first_name.lower()}.doorstep",
            PASSPHRASE,
            schema=SCHEMA,
            surroundings=surroundings(who.name, clock=self.clock, connect=self.connect),
        )
        vault.join(
            org=ORG,
            person=bytes.fromhex(who.person),
            role=who.role,
            team=bytes.fromhex(TEAM),
            office_url="http://127.0.0.1:1",
            recovery_public=raw_public(RECOVERY),
        )
        person = bytes.fromhex(who.person)
        self.relay.roster.certify(vault.public, person, supervisor=who.role == "supervisor")
        access = RelayAccess(self, vault)
        member = Member(who, vault, self._book(vault, access), access)
        self.members[who.person] = member
        return member

    def _book(self, vault: Vault, access: RelayAccess) -> Casebook:
        return Casebook(vault, clock=self.clock, access=access, shelf=self.shelf)

    def opens(self, service: str = "reconnect") -> None:
        """The supervisor founds the team's casefile and writes everybody down."""
        head = next(m for m in self.members.values() if m.who.role == "supervisor")
        team = head.vault.found(
            {m.vault.public.device: m.vault.public.receiving for m in self.members.values()},
            label="team",
        )
        head.book.team.start_team(
            team, name="Northmere", organisation="Northmere Early Help", service=service
        )
        for member in self.members.values():
            who = member.who
            head.book.team.add_worker(
                who.person,
                WorkerForm(
                    name=who.name,
                    title=who.title,
                    role=Role(who.role),
                    wte=who.wte,
                    phone=who.phone,
                ),
            )
        self.carry()

    def gets_a_desk(self) -> Desk:
        """The office's reminder desk is certified: from now on messages can be sealed to it."""
        desk = Desk(org=ORG, grants=self.relay.grants)
        desk.is_certified_in(self.relay.roster)
        for member in self.members.values():
            member.vault.keep_desk(raw_public(desk.private))
        self.desk = desk
        return desk

    def devices_of(self, person: str) -> set[str]:
        member = self.members.get(person)
        return {member.vault.public.device.hex()} if member else set()

    def carry(self) -> None:
        """Everybody in signal sends, decides, and receives what she may."""
        here = [m for m in self.members.values() if m.online]
        if self.desk is not None:
            self.desk.hears(*(member.vault for member in here))
        for member in here:
            self.relay.collect(member.vault)
        for member in here:
            member.access.carry_out(self.relay)
        for member in here:
            self.relay.collect(member.vault)
        for member in here:
            self._deliver(member)
        if self.desk is not None:
            self.desk.delivers(self.relay.roster, (member.vault for member in here))

    def passes(self, **time: float) -> None:
        """Let time go by: `passes(hours=25)`."""
        self.clock.advance(timedelta(**time).total_seconds())

    @contextmanager
    def out_of_signal(self, *members: Member) -> Iterator[None]:
        """Within, these send and receive nothing."""
        for member in members:
            member.online = False
        yield
        for member in members:
            member.online = True

    def close(self) -> None:
        for member in self.members.values():
            member.book.close()
            member.vault.close()

    def _deliver(self, member: Member) -> None:
        own = member.vault.public.device
        held = {c.id for c in member.vault.casefiles()}
        for casefile, packed in self.relay.grants.items():
            members = read_grant(read_statement(packed[-1])).members
            if own in members:
                self.relay.deliver(member.vault, casefile.hex())
            elif casefile.hex() in held:
                member.vault.keep_grants(casefile, packed, self.relay.roster)


def okoro(**more: object) -> FamilyForm:
    """A mother with a phone she called safe, a baby due in twelve weeks, and an address."""
    fields: dict[str, Any] = {
        "name": "Okoro",
        "ref": "RC-0101",
        "locality": "Northmere",
        "people": (
            PersonForm(
                given="Chidi",
                surname="Okoro",
                relation=Relation.MOTHER,
                dob=date(1998, 5, 2),
                parental_responsibility=Answer.YES,
                addresses=(AddressForm(lines="4 Larch Row\nNorthmere", postcode="zx1 4aa"),),
                routes=(RouteForm(number="07700 900201", allowed=Allowed.YES),),
            ),
            PersonForm(
                kind=PersonKind.UNBORN,
                relation=Relation.UNBORN,
                edd=date(2027, 2, 15),
                edd_source="dating scan",
            ),
        ),
        "referral": ReferralForm(received_at=date(2026, 11, 16), source="midwife"),
        **more,
    }
    return FamilyForm(**fields)


def pugh(**more: object) -> FamilyForm:
    """A mother and her small son, in another place."""
    fields: dict[str, Any] = {
        "name": "Pugh",
        "ref": "RC-0102",
        "locality": "Southmere",
        "people": (
            PersonForm(
                given="Carys",
                surname="Pugh",
                relation=Relation.MOTHER,
                addresses=(AddressForm(lines="12 Weir Lane", postcode="ZX8 2BB"),),
            ),
            PersonForm(
                kind=PersonKind.CHILD,
                given="Osian",
                surname="Pugh",
                relation=Relation.CHILD,
                dob=date(2026, 3, 1),
            ),
        ),
        **more,
    }
    return FamilyForm(**fields)


def marsh(**more: object) -> FamilyForm:
    """A mother whose address is kept from the father of her son; he lives elsewhere."""
    fields: dict[str, Any] = {
        "name": "Marsh",
        "ref": "RC-0103",
        "locality": "Northmere",
        "people": (
            PersonForm(
                given="Kane",
                surname="Doyle",
                relation=Relation.FATHER,
                addresses=(AddressForm(lines="17 Tollgate Road", postcode="ZX3 1AA"),),
                routes=(RouteForm(number="07700 900211", allowed=Allowed.YES),),
            ),
            PersonForm(
                given="Jodie",
                surname="Marsh",
                relation=Relation.MOTHER,
                addresses=(AddressForm(lines="40 Fullers Rise", postcode="ZX5 2BB"),),
                routes=(RouteForm(number="07700 900212", allowed=Allowed.YES),),
            ),
            PersonForm(
                kind=PersonKind.CHILD,
                given="Tyler",
                surname="Marsh",
                relation=Relation.CHILD,
                dob=date(2025, 3, 1),
            ),
        ),
        **more,
    }
    return FamilyForm(**fields)


def registers_marsh(member: Member) -> str:
    """The family of `marsh`, the mother's address kept from the father. Gives its id."""
    family = member.book.families.register(marsh())
    kane, jodie = member.book.families.get(family).adults
    assert (kane.given, jodie.given) == ("Kane", "Jodie"), "adults come by relation and name"
    assert jodie.address is not None
    member.book.families.keep_secret(jodie.address.id, (kane.id,))
    return family


NEXT_THURSDAY = datetime(2026, 12, 3, 10, tzinfo=UTC)
"""Ten days after the Monday on which most stories begin."""


def texted(**more: Any) -> PersonForm:
    """A mother with a mobile that she called safe for texts and for calls, hers alone."""
    safe: dict[str, Any] = {
        "number": "07700 900201",
        "allowed": Allowed.YES,
        "shared_phone": Allowed.NO,
    }
    return PersonForm(
        given="Chidi",
        surname="Okoro",
        relation=Relation.MOTHER,
        addresses=(AddressForm(lines="4 Larch Row\nNorthmere", postcode="ZX1 4AA"),),
        routes=(
            RouteForm(channel=Channel.TEXT, **safe, **more),
            RouteForm(channel=Channel.CALL, **safe),
        ),
    )


def thursday(family: str, **more: Any) -> Booking:
    """A visit to that family next Thursday at ten."""
    return Booking(family=family, starts=NEXT_THURSDAY, **more)


def mother_of(book: Casebook, family: str) -> str:
    """The id of the Okoros' mother."""
    return next(p.id for p in book.families.people(family) if p.given == "Chidi")


def route_of(book: Casebook, family: str, channel: Channel = Channel.TEXT) -> str:
    """The id of a family's route by that channel."""
    routes = (r for p in book.families.people(family) for r in p.routes)
    return next(r.id for r in routes if r.channel is channel)


def first_text(member: Member, appointment: str) -> str:
    """The desk's reference of the first message that was planned for an appointment."""
    return member.book.reminders.of_appointment(appointment)[0].reference


def states(member: Member, appointment: str) -> list[State]:
    """How far each message for an appointment has come, in the order in which they leave."""
    return [line.state for line in member.book.reminders.of_appointment(appointment)]
