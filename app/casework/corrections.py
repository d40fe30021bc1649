"""Puts right what a message already told, once the appointment has moved or is called off.

Only for messages that may have been read: whatever had not left is simply withdrawn. A correction
goes as soon as the person's own hours allow and never after the time it corrects; when there is no
such moment, somebody rings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.casework.appointment import Appointment
from app.casework.call_task import CallTask, task_id
from app.casework.message_text import Facts
from app.casework.people import Person
from app.casework.reminder_message import message, route_to_ring, tells_too_much, wording
from app.casework.reminder_plan import Known, Plan, Reminder
from app.casework.reminder_rules import ReminderSettings
from app.casework.route_verdict import PURPOSE, Reason, verdict
from app.casework.safe_contact import Route
from app.casework.send_window import SHORTEST, SendWindow, windows_on

RULE = "correction"
MOVED, CALLED_OFF = "moved", "cancelled"
"""Keys of the templates, which every profile has."""
STILL_USEFUL = timedelta(minutes=30)
"""A correction that comes later than this before the time it corrects is too late; assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that may have been read: the start it gave, to whom, over which route."""

    reference: str
    person: str
    route: str
    version: int
    tells: datetime


def corrections(
    appointment: Appointment,
    told: Iterable[Told],
    known: Known,
    settings: ReminderSettings,
    closed: frozenset[date],
    now: datetime,
) -> Plan:
    """A message, or else a call, for everybody who was told what no longer holds."""
    if appointment.other_starts:
        return Plan(nothing=Reason.TWO_TIMES)
    latest: dict[str, Told] = {}
    for one in sorted(told, key=lambda t: (t.version, t.reference)):
        latest[one.person] = one
    reminders: list[Reminder] = []
    calls: list[CallTask] = []
    people = {p.id: p for p in known.people}
    for who, last in latest.items():
        if who not in people or not _wrong(appointment, last, now):
            continue
        made = _message(appointment, people[who], last, known, settings, closed, now)
        if isinstance(made, Reminder):
            reminders.append(made)
        else:
            calls.append(_call(appointment, people[who], known, now, made))
    return Plan(reminders=tuple(reminders), calls=tuple(calls))


def _wrong(appointment: Appointment, told: Told, now: datetime) -> bool:
    """Whether somebody still waits for what will not happen."""
    if told.tells <= now:
        return False
    return appointment.cancelled or told.tells != appointment.starts


def _message(
    appointment: Appointment,
    person: Person,
    told: Told,
    known: Known,
    settings: ReminderSettings,
    closed: frozenset[date],
    now: datetime,
) -> Reminder | tuple[Reason, ...]:
    if known.by_hand is not None:
        return (known.by_hand,)
    if not known.desk:
        return (Reason.NO_DESK,)
    if not known.workers or not known.workers[0].first_name:
        return (Reason.NO_NAME,)
    route = next((r for r in person.routes if r.id == told.route), None)
    if route is None:
        return (Reason.NO_ROUTE,)
    today = now.astimezone(appointment.zone).date()
    consent = known.consents.get((person.id, PURPOSE[route.channel]))
    judged = verdict(route, consent=consent, signs=known.signs, on=today)
    if not judged.allowed:
        return judged.reasons
    window = _next_window(appointment, route, told.tells, settings, closed, now)
    if window is None:
        return (Reason.NO_WINDOW,)
    key = CALLED_OFF if appointment.cancelled else MOVED
    about = told.tells if appointment.cancelled else appointment.starts
    said = wording(
        settings,
        key,
        appointment,
        person,
        Facts(
            starts=about.astimezone(appointment.zone),
            worker=known.workers[0].first_name,
            before=told.tells.astimezone(appointment.zone),
        ),
        route.channel,
    )
    if tells_too_much(said, known, route):
        return (Reason.SAYS_TOO_MUCH,)
    return message(
        appointment,
        known,
        settings,
        closed,
        person=person.id,
        rule=RULE,
        route=route,
        window=window,
        said=said,
        tells=about,
        correction_of=told.reference,
    )


def _next_window(
    appointment: Appointment,
    route: Route,
    before: datetime,
    settings: ReminderSettings,
    closed: frozenset[date],
    now: datetime,
) -> SendWindow | None:
    """The first stretch from now on that ends in time. Its opening does not move with the clock."""
    latest = before - STILL_USEFUL
    today = now.astimezone(appointment.zone).date()
    last = latest.astimezone(appointment.zone).date()
    for n in range((last - today).days + 1):
        day = today + timedelta(days=n)
        for window in windows_on(day, settings.waking, closed, route, appointment.zone):
            cut = replace(window, closes=min(window.closes, latest))
            if cut.closes - max(cut.opens, now) >= SHORTEST:
                return cut
    return None


def _call(
    appointment: Appointment,
    person: Person,
    known: Known,
    now: datetime,
    reasons: tuple[Reason, ...],
) -> CallTask:
    """Ring today: somebody waits for the wrong hour."""
    return CallTask(
        id=task_id("correction", appointment.id, str(appointment.version), person.id),
        family=appointment.family,
        person=person.id,
        appointment=appointment.id,
        version=appointment.version,
        owner=known.workers[0].person if known.workers else None,
        due=now.astimezone(appointment.zone).date(),
        since=now,
        reasons=(Reason.CORRECTION, *reasons),
        route=route_to_ring(person),
    )
