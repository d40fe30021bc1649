"""What a screen hands over when somebody fills in a form.

Changing a record writes only the fields that differ, so that two people who correct different
things offline do not undo each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from app.casework.appointment import VenueType
from app.casework.attendance import Obstacle
from app.casework.caseload import Role
from app.casework.contact_type import ContactType
from app.casework.people import Answer, PersonKind, Relation
from app.casework.safe_contact import Allowed, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressForm:
    """A person's address. `secret_from` holds persons' ids."""

    lines: str
    postcode: str = ""
    secret_from: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteForm:
    """A way to reach a person, and what was agreed about it."""

    channel: Channel = Channel.CALL
    number: str = ""
    allowed: Allowed = Allowed.UNKNOWN
    days: frozenset[int] = frozenset()
    from_time: time | None = None
    to_time: time | None = None
    shared_phone: Allowed = Allowed.UNKNOWN
    voicemail: Allowed = Allowed.UNKNOWN
    withheld_id: bool = False
    neutral_wording: bool = True
    code_word: str = ""
    review_by: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """A person of a family. The addresses and routes are read only when a person is added.

    `edd` is the pregnancy's. `carers` and `contact_arrangements` are for a child who lives
    elsewhere: who looks after it, and when the parents may see it.
    """

    kind: PersonKind = PersonKind.ADULT
    given: str = ""
    surname: str = ""
    known_as: str = ""
    relation: Relation = Relation.OTHER
    parental_responsibility: Answer = Answer.UNKNOWN
    carers: str = ""
    contact_arrangements: str = ""
    dob: date | None = None
    edd: date | None = None
    edd_source: str = ""
    nhs_no: str = ""
    gender: str = ""
    ethnicity: str = ""
    language: str = ""
    interpreter: bool = False
    format: str = "plain"
    addresses: tuple[AddressForm, ...] = ()
    routes: tuple[RouteForm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralForm:
    """How the family came to the service."""

    received_at: date
    source: str
    referrer: str = ""
    via: str = ""
    reason: str = ""
    previous_removal: bool | None = None
    decision: str = ""
    decided_at: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyForm:
    """A family to register, with the people known so far. Without a `stage` it is the first one."""

    name: str
    ref: str = ""
    known_as: str = ""
    locality: str = ""
    people: tuple[PersonForm, ...] = ()
    referral: ReferralForm | None = None
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalForm:
    """Somebody of the network. `person` is whom she is there for, if for one."""

    name: str
    role: str = ""
    agency: str = ""
    phone: str = ""
    email: str = ""
    person: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """An appointment to be made or changed. `starts` is aware; `workers` empty means me."""

    family: str
    starts: datetime
    kind: str = ContactType.HOME_VISIT
    minutes: int = 60
    venue_type: str = VenueType.HOME
    venue: str = ""
    address: str = ""
    postcode: str = ""
    workers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    about: str = ""
    planned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """A contact without an appointment: telephone support, a text, a message taken."""

    family: str
    kind: str = ContactType.TELEPHONE_SUPPORT
    direction: str = "out"
    person: str | None = None
    occurred_at: datetime | None = None
    minutes: int = 0
    outcome: str = "spoke"
    summary: str = ""
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerForm:
    """Somebody who works here, as a supervisor writes her down."""

    name: str
    title: str = ""
    role: Role = Role.WORKER
    team: str = ""
    wte: float = 1.0
    capacity: int | None = None
    phone: str = ""
    works_days: frozenset[int] = frozenset(range(5))
    works_from: time = time(9)
    works_to: time = time(17, 30)
