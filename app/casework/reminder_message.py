"""Makes one message: its words, over which number it goes, and the name that two devices give it.

A reference is worked out from what a message is and says, so two devices that plan the same message
name it alike and the desk sends it once.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from itertools import count

from app.casework.appointment import REMOTE, Appointment
from app.casework.discretion import indiscretions
from app.casework.message_text import (
    EASY_READ,
    Facts,
    aloud,
    compose,
    languages_for,
    spoken,
)
from app.casework.people import Person
from app.casework.phone_number import e164
from app.casework.profile.messages import Template
from app.casework.reminder_plan import Known, Reminder, Wording
from app.casework.reminder_rules import ReminderSettings
from app.casework.safe_contact import Allowed, Channel, Route
from app.casework.send_window import SendWindow

_AGREED_FIRST = (Allowed.YES, Allowed.UNKNOWN, Allowed.NO)


def message(
    appointment: Appointment,
    known: Known,
    settings: ReminderSettings,
    closed: frozenset[date],
    *,
    person: str,
    rule: str,
    route: Route,
    window: SendWindow,
    said: Wording,
    tells: datetime | None = None,
    deliver_by: datetime | None = None,
    correction_of: str | None = None,
) -> Reminder:
    """One message as the desk is to have it; its reference follows from all that it is."""
    a = appointment
    what = (
        a.id,
        str(a.version),
        rule,
        person,
        route.id,
        str(route.version),
        window.opens.isoformat(),
        said.text,
        correction_of or "",
    )
    names = (reference_of(*what, str(n)) for n in count())
    reference = next(name for name in names if name not in known.taken_back)
    return Reminder(
        reference=reference,
        family=a.family,
        appointment=a.id,
        version=a.version,
        person=person,
        route=route.id,
        number=e164(route.number),
        consent=route.version,
        rule=rule,
        channel=route.channel,
        languages=said.languages,
        text=said.text,
        voice=said.voice,
        tells=tells or a.starts,
        day=window.day,
        opens=window.opens,
        closes=window.closes,
        not_after=window.closes,
        deliver_by=deliver_by,
        max_silence_hours=settings.max_silence_hours if known.signs else None,
        watch=tuple(
            one for worker in known.workers for one in worker.watched(window.closes, closed, a.zone)
        ),
        voicemail=route.voicemail is Allowed.YES,
        withheld=route.withheld_id,
        correction_of=correction_of,
    )


def reference_of(*parts: str) -> str:
    """The name of a message with that content: 32 hex characters, the same on every device."""
    return hashlib.sha256("\x1f".join(("reminder", *parts)).encode()).hexdigest()[:32]


def wording(
    settings: ReminderSettings,
    key: str,
    appointment: Appointment,
    person: Person,
    facts: Facts,
    channel: Channel,
) -> Wording:
    """One message in the words that person will read or hear."""
    languages = languages_for(person.language, settings.languages, settings.until_known)
    template = template_for(settings, key, appointment)
    if channel is Channel.CALL:
        voice = spoken(settings.templates, template, facts, languages=languages)
        return Wording(text=aloud(voice), languages=languages, voice=voice)
    easy = person.format == EASY_READ
    return Wording(
        text=compose(template, facts, languages=languages, easy=easy), languages=languages
    )


def tells_too_much(said: Wording, known: Known, route: Route) -> bool:
    """Whether those words would give something away to whoever picks the phone up."""
    agreed = not route.neutral_wording
    return bool(indiscretions(said.text, known.secrets, service_agreed=agreed))


def template_for(settings: ReminderSettings, key: str, appointment: Appointment) -> Template:
    """The wording for that appointment: nobody is "seen" on the telephone."""
    by_phone = f"{key}_by_phone"
    if appointment.venue_type in REMOTE and by_phone in settings.templates:
        return settings.templates[by_phone]
    return settings.templates[key]


def route_to_ring(person: Person) -> str | None:
    """The number for a call by hand: never one that was called unsafe."""
    fit = [r for r in person.routes if r.channel is Channel.CALL and r.allowed is not Allowed.NO]
    return min(fit, key=preferred).id if fit else None


def preferred(route: Route) -> tuple[int, bool, str]:
    """Agreed before unknown before refused, hers alone before shared, then any fixed order."""
    return (
        _AGREED_FIRST.index(route.allowed),
        route.shared_phone is not Allowed.NO,
        route.id,
    )
