"""Hands an appointment to the phone's own calendar, in words that tell a stranger nothing.

A calendar syncs to a cloud, a watch and a partner's tablet. So the entry says "Appointment", when,
and nothing else: no family, no address, no note. Its alarm rings even where this app is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import icalendar

from app.casework.appointment import Appointment

BEFORE = timedelta(minutes=30)
"""How long before the start the calendar reminds; an assumption."""


def calendar_file(
    appointments: Iterable[Appointment],
    *,
    summary: str,
    now: datetime,
    before: timedelta = BEFORE,
) -> bytes:
    """An `.ics` file (RFC 5545) with one entry for each appointment that stands.

    Times carry their zone, so an entry stays at its hour when the clocks change. `summary` is the
    neutral word shown. An entry handed over again replaces the one before.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in appointments:
        if not one.cancelled:
            calendar.add_component(_entry(one, summary, now, before))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(one: Appointment, summary: str, now: datetime, before: timedelta) -> icalendar.Event:
    entry = icalendar.Event()
    # Half of the random id is enough to find the entry again, and is no key to any record.
    entry.add("uid", f"{one.id[:16]}@appointment.invalid")
    entry.add("sequence", one.version)
    entry.add("dtstamp", now)
    entry.add("dtstart", one.local)
    entry.add("dtend", one.ends.astimezone(one.zone))
    entry.add("summary", summary)
    entry.add("class", "PRIVATE")
    entry.add("transp", "OPAQUE")
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -before)
    entry.add_component(alarm)
    return entry
