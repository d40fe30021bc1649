"""Appointments, people and settings for stories about reminders, without a vault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from app.casework.appointment import Appointment, WorkingHours
from app.casework.contact_type import ContactType
from app.casework.moments import UK
from app.casework.people import Person, PersonKind, Relation
from app.casework.profile import read_profile
from app.casework.reminder_plan import Known, Plan
from app.casework.reminder_rules import ReminderSettings
from app.casework.reminders import plan
from app.casework.safe_contact import Allowed, Channel, Route
from app.casework.send_window import WakingHours
from app.casework.service_reminders import reminder_settings
from app.casework.watch import Watcher
from app.places import PROFILES

RECONNECT = reminder_settings(
    read_profile((PROFILES / "reconnect.toml").read_bytes(), "reconnect.toml")
)
AGREED = datetime(2027, 1, 4, tzinfo=UTC)
SAM = Watcher(
    person="sam",
    first_name="Sam",
    hours=WorkingHours(),
    devices=("5a" * 16,),
    phone="07700 900105",
)


def at(text: str) -> datetime:
    """A moment on the wall clock of the United Kingdom: `2027-06-01 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UK).astimezone(UTC)


def text_route(**more: Any) -> Route:
    """A mobile that the mother called safe and that is hers alone."""
    fields: dict[str, Any] = {
        "id": "a1" * 16,
        "family": "fa" * 16,
        "person": "mum",
        "channel": Channel.TEXT,
        "number": "07700 900201",
        "allowed": Allowed.YES,
        "shared_phone": Allowed.NO,
        "agreed_at": AGREED,
        "version": 1,
        **more,
    }
    return Route(**fields)


def call_route(**more: Any) -> Route:
    """The same telephone, for ringing."""
    return text_route(**{"id": "c1" * 16, "channel": Channel.CALL, **more})


def mother(*routes: Route, **more: Any) -> Person:
    """A mother with those routes; by default her mobile, safe to text and to ring."""
    return Person(
        id="mum",
        kind=PersonKind.ADULT,
        given="Chidi",
        relation=Relation.MOTHER,
        routes=routes or (text_route(), call_route()),
        **more,
    )


def visit(starts: str = "2027-06-01 10:00", **more: Any) -> Appointment:
    """A home visit on Tuesday 1 June 2027 at ten, unless said otherwise."""
    fields: dict[str, Any] = {
        "id": "ab" * 16,
        "family": "fa" * 16,
        "kind": ContactType.HOME_VISIT,
        "starts": at(starts),
        "workers": ("sam",),
        "version": 1,
        **more,
    }
    return Appointment(**fields)


def settings(**more: Any) -> ReminderSettings:
    """What ReConnect has set, but on any day of the week, and some of it otherwise."""
    return replace(RECONNECT, **{"waking": WakingHours(), **more})


def planned(
    appointment: Appointment | None = None,
    *people: Person,
    now: str = "2027-05-20 12:00",
    using: ReminderSettings | None = None,
    workers: Sequence[Watcher] = (SAM,),
    closed: frozenset[date] | None = None,
    **known: Any,
) -> Plan:
    """What is planned for that appointment, seen from that wall-clock moment."""
    using = using or settings()
    days = using.closed((2026, 2027, 2028)) if closed is None else closed
    return plan(
        appointment or visit(),
        Known(people=people or (mother(),), workers=workers, **known),
        using,
        days,
        at(now),
    )
