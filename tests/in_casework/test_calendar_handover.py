"""The phone's calendar learns when, and nothing that it could pass on."""

from __future__ import annotations

from datetime import timedelta

import icalendar

from app.casework.appointment import Status
from app.casework.calendar_handover import calendar_file
from app.casework.moments import UK
from appointments import at, visit

NOW = at("2027-05-20 12:00")


def entries(*appointments):
    file = calendar_file(appointments, summary="Appointment", now=NOW)
    return icalendar.Calendar.from_ical(file).events, file


def test_an_entry_says_when_and_nothing_else():
    private = visit(
        "2027-06-10 10:00",
        venue="Children's centre",
        address="4 Larch Row",
        postcode="ZX1 4AA",
        about="feeding",
    )
    [entry], file = entries(private)
    assert entry["summary"] == "Appointment"
    assert entry.start == at("2027-06-10 10:00")
    assert entry.end - entry.start == timedelta(minutes=60)
    for word in (
        b"Larch",
        b"ZX1",
        b"feeding",
        b"centre",
        b"Chidi",
        b"oorstep",
        private.family.encode(),
    ):
        assert word not in file


def test_it_rings_half_an_hour_before():
    [entry], _ = entries(visit("2027-06-10 10:00"))
    [alarm] = entry.alarms.times
    assert alarm.trigger == at("2027-06-10 09:30")


def test_ten_o_clock_is_ten_o_clock_on_both_sides_of_the_change():
    found, file = entries(visit("2027-10-30 10:00"), visit("2027-11-01 10:00", id="cd" * 16))
    assert [e.start.astimezone(UK).hour for e in found] == [10, 10]
    assert b"BEGIN:VTIMEZONE" in file
    assert b"TZID=Europe/London" in file


def test_what_is_cancelled_is_not_handed_over():
    found, _ = entries(visit("2027-06-10 10:00", status=Status.CANCELLED))
    assert found == []


def test_handing_over_again_replaces_the_entry():
    [first], _ = entries(visit("2027-06-10 10:00"))
    [second], _ = entries(visit("2027-06-11 10:00", version=2))
    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]
