"""The demo's organisation, set up through the product's own doors: founding, invites, approval.

A supervisor's laptop, a family worker's tablet and a therapist's phone, each with its own folder
and passphrase. Everybody in it is fictional.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from app.casework.casebook import Casebook
from app.casework.caseload import Role
from app.casework.forms import WorkerForm
from app.casework.profile import Shelf
from app.demo.casting import worker_roles
from app.device import Device
from app.places import PROFILES
from storage.recovery import new_seed, words_of
from storage.surroundings import Surroundings
from storage.vault import Vault
from sync.exchange import Exchange
from sync.pairing import approve, join, make_invite, pending, poll
from sync.setting_up import found_organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the demo. The passphrase opens fictional families only, and is printed."""

    key: str
    name: str
    title: str
    what: str
    job: str = ""
    team: str = ""
    passphrase: str
    role: Role = Role.WORKER
    capacity: int = 12
    phone: str = ""


GRACE = Person(
    key="laptop",
    name="Grace Adeyemi",
    title="Supervisor",
    what="the supervisor's laptop",
    passphrase="lantern harbour velvet thistle",  # noqa: S106 - printed, and opens fiction only
    role=Role.SUPERVISOR,
    phone="07700 900100",
)
AMINA = Person(
    key="tablet",
    name="Amina Yusuf",
    title="Family worker",
    what="the family worker's tablet",
    passphrase="kettle marble otter meadow",  # noqa: S106 - printed, and opens fiction only
    capacity=16,
    phone="07700 900101",
)
RHIAN = Person(
    key="phone",
    name="Dr Rhian Pryce",
    title="Therapist",
    what="the therapist's phone",
    passphrase="copper willow biscuit anchor",  # noqa: S106 - printed, and opens fiction only
    capacity=16,
    phone="07700 900102",
)
EVERYBODY: Sequence[Person] = (GRACE, AMINA, RHIAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One person with her open device."""

    person: Person
    vault: Vault
    exchange: Exchange
    book: Casebook

    def round(self) -> None:
        """Be in touch with the office once."""
        self.exchange.round()


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """The three desks, open, and the recovery key's words."""

    grace: Desk
    amina: Desk
    rhian: Desk
    recovery: Sequence[str]


def _called(job: str) -> str:
    """A job as one speaks of it: "Therapist (band 7)" is a therapist."""
    return job.partition(" (")[0].lower()


def everybody(service: str) -> Sequence[Person]:
    """The three people, with the jobs they have in that service, and the two workers in a team each
    where it has several. Raises NoProfile, BadProfile.
    """
    profile = Shelf(shipped=PROFILES).find(service).profile
    jobs = worker_roles(profile)
    teams = ["", *(team.code for team in profile.teams[:2]), "", ""]
    return [
        replace(
            person,
            title=job.words.en,
            job=job.code,
            team=team,
            what=person.what if person is GRACE else f"the {_called(job.words.en)}'s {person.key}",
        )
        for person, job, team in zip(EVERYBODY, jobs, teams[:3], strict=True)
    ]


def found(
    folder: Path, addresses: Mapping[str, str], service: str, shelf: Shelf | None = None
) -> Founded:
    """Found the organisation and pair the two workers' devices.

    `addresses` is where each device, by its key, finds the office. `shelf` are the services there
    are, those of the app by default.
    """
    shelf = shelf or Shelf(shipped=PROFILES)
    head, first, second = everybody(service)
    office_url = addresses[GRACE.key]
    seed = new_seed(os.urandom)
    device = _device(folder, GRACE, shelf)
    vault = device.create(GRACE.passphrase)
    found_organisation(vault, device.reach(office_url), seed=seed, address=office_url)
    grace = _desk(device, vault, head)
    team = vault.me.team if vault.me else None
    if team is None:
        raise RuntimeError("the organisation was founded without a team")
    grace.book.team.start_team(
        team,
        name="Brackenfold team",
        organisation="Brackenfold Family Service",
        duty_phone="07700 900199",
        service=service,
    )
    me = grace.book.me.person
    grace.book.team.add_worker(me, _form(head))
    for weekday in range(5):
        grace.book.rota.set_weekday(weekday, me)
    amina = _join(folder, addresses[first.key], grace, first, shelf)
    rhian = _join(folder, addresses[second.key], grace, second, shelf)
    return Founded(grace=grace, amina=amina, rhian=rhian, recovery=words_of(seed))


def _join(folder: Path, office_url: str, grace: Desk, person: Person, shelf: Shelf) -> Desk:
    made = make_invite(grace.exchange.line, inviter="Grace")
    grace.book.team.record_invite(
        made.lookup,
        name=person.name,
        role=made.role,
        expires_at=grace.book.now + timedelta(days=1),
    )
    device = _device(folder, person, shelf)
    vault = device.create(person.passphrase)
    # Each device has a way of its own to the office, so that its signal can be cut alone.
    invite = replace(made.invite, address=office_url)
    office = device.reach(office_url)
    join(vault, office, invite)
    for request in pending(grace.exchange.line):
        approve(grace.exchange.line, request)
    if poll(vault, office) is None:
        raise RuntimeError("the office did not let a paired device in")
    grace.book.team.add_worker(made.person, _form(person))
    grace.book.team.invite_used(made.lookup, made.person)
    grace.round()
    desk = _desk(device, vault, person)
    desk.round()
    return desk


def _desk(device: Device, vault: Vault, person: Person) -> Desk:
    exchange = device.exchange(vault)
    if exchange is None:
        raise RuntimeError("the device belongs to no organisation")
    return Desk(
        person=person,
        vault=vault,
        exchange=exchange,
        book=device.furnishing().casebook(vault, exchange),
    )


def _device(folder: Path, person: Person, shelf: Shelf) -> Device:
    return Device(folder=folder / person.key, surroundings=Surroundings(), shelf=shelf)


def _form(person: Person) -> WorkerForm:
    return WorkerForm(
        name=person.name,
        title=person.job,
        role=person.role,
        capacity=person.capacity,
        team=person.team,
        phone=person.phone,
    )
