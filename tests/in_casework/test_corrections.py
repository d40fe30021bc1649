"""What a text already told is put right, in time and only where it may still be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from app.casework.appointment import CancelledBy, Status
from app.casework.corrections import Told, corrections
from app.casework.reminder_plan import Known
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Allowed
from appointments import SAM, at, call_route, mother, settings, text_route, visit

OLD = "2027-06-10 10:00"


def put_right(appointment, *people, now="2027-06-09 12:00", told=OLD, **known):
    gone = [
        Told(
            reference="e0" * 16,
            person="mum",
            route=text_route().id,
            version=1,
            tells=at(told),
        )
    ]
    return corrections(
        appointment,
        gone,
        Known(people=people or (mother(),), workers=[SAM], **known),
        settings(),
        frozenset(),
        at(now),
    )


def test_a_moved_visit_is_told_anew_at_once():
    [text] = put_right(visit("2027-06-11 14:30", version=2)).reminders
    assert text.text.startswith(
        "Hi. The time has changed. Sam will see you Friday 11 June, 2:30pm."
    )
    assert text.opens <= at("2027-06-09 12:00") < text.closes
    assert (text.rule, text.correction_of) == ("correction", "e0" * 16)
    assert text.tells == at("2027-06-11 14:30")


def test_a_visit_called_off_names_the_time_that_was_told():
    off = visit("2027-06-11 14:30", version=3, status=Status.CANCELLED)
    [text] = put_right(replace(off, cancelled_by=CancelledBy.SERVICE)).reminders
    assert text.text == (
        "Hi. Thursday 10 June, 10am is called off. Sam will ring you about another time."
    )


def test_what_was_told_and_still_holds_needs_no_correction():
    found = put_right(visit(OLD, version=2))
    assert (found.reminders, found.calls) == ((), ())


def test_a_time_gone_by_is_not_corrected():
    found = put_right(visit("2027-06-11 14:30", version=2), now="2027-06-10 10:00")
    assert (found.reminders, found.calls) == ((), ())


def test_two_devices_write_the_same_correction():
    first = put_right(visit("2027-06-11 14:30", version=2))
    second = put_right(visit("2027-06-11 14:30", version=2), now="2027-06-09 16:00")
    assert [r.reference for r in first.reminders] == [r.reference for r in second.reminders]


def test_it_never_goes_later_than_the_time_it_corrects():
    [text] = put_right(visit("2027-06-12 10:00", version=2), now="2027-06-10 09:10").reminders
    assert text.not_after == at("2027-06-10 09:30")
    late = put_right(visit("2027-06-12 10:00", version=2), now="2027-06-10 09:20")
    assert late.reminders == ()
    assert late.calls[0].reasons == (Reason.CORRECTION, Reason.NO_WINDOW)
    assert late.calls[0].since == at("2027-06-10 09:20")


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (text_route(allowed=Allowed.NO), Reason.NOT_ALLOWED),
        (text_route(from_time=time(20), to_time=time(22)), Reason.NO_WINDOW),
        (text_route(id="b9" * 16), Reason.NO_ROUTE),
    ],
)
def test_where_no_text_may_go_somebody_rings_today(route, why):
    found = put_right(visit("2027-06-11 14:30", version=2), mother(route, call_route()))
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.CORRECTION, why)


def test_while_two_times_stand_nothing_is_said():
    two = visit("2027-06-11 14:30", version=2, other_starts=(at("2027-06-12 10:00"),))
    assert put_right(two).nothing is Reason.TWO_TIMES
