"""What the desk says of a text comes back to the appointment, and to a supervisor's deliveries."""

from __future__ import annotations

from datetime import date

import pytest

from app.casework.receipt import State
from app.casework.route_verdict import Reason
from casebooks import House, Member, first_text, states
from desk_stand_in import Desk


def test_reached_phone_appears_on_the_appointment_of_everybody_who_may_read_it(
    house: House,
    amina: Member,
    grace: Member,
    booked: str,
    desk: Desk,
):
    house.passes(days=7)
    for state in ("sent", "delivered", "sent"):  # the last one comes late
        desk.tells(first_text(amina, booked), state, house.clock.now())
    house.carry()
    assert states(amina, booked) == [State.DELIVERED, State.PLANNED]
    assert states(grace, booked) == [State.DELIVERED, State.PLANNED]
    assert amina.book.calls.open_tasks() == []


def test_a_text_that_failed_is_one_call_however_often_it_is_said(
    house: House,
    amina: Member,
    grace: Member,
    booked: str,
    desk: Desk,
):
    """Acceptance story 9: a permanent failure creates one call task, even if it is repeated."""
    house.passes(days=7, hours=1)
    for _ in range(3):
        desk.tells(first_text(amina, booked), "failed", house.clock.now(), "number_dead")
        house.carry()
    [card] = amina.book.calls.waiting()
    assert card.task.reasons == (Reason.FAILED,)
    assert card.person == "Chidi Okoro"
    assert card.task.id in {t.id for t in grace.book.calls.open_tasks()}
    assert len(desk.would_send()) == 2, "nothing is planned again for it"


@pytest.mark.parametrize(
    ("state", "reason", "why"),
    [
        ("suppressed", "silence", Reason.SILENT_DEVICE),
        ("suppressed", "opted_out", Reason.ASKED_STOP),
        ("not_reached", "not_reached", Reason.NOT_REACHED),
        ("expired", "too_late", Reason.FAILED),
        ("unknown", "not_found", Reason.NOT_REACHED),
    ],
)
def test_whatever_did_not_arrive_says_why_somebody_should_ring(
    house: House,
    amina: Member,
    booked: str,
    desk: Desk,
    state: str,
    reason: str,
    why: Reason,
):
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), state, house.clock.now(), reason)
    house.carry()
    [task] = amina.book.calls.open_tasks()
    assert task.reasons == (why,)


def test_found_after_it_was_lost_the_call_is_not_needed(
    house: House,
    amina: Member,
    booked: str,
    desk: Desk,
):
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "unknown", house.clock.now(), "timed_out")
    house.carry()
    assert amina.book.calls.open_tasks() == [], "it is still being looked up"
    desk.tells(first_text(amina, booked), "unknown", house.clock.now(), "not_found")
    house.carry()
    assert len(amina.book.calls.open_tasks()) == 1
    desk.tells(first_text(amina, booked), "delivered", house.clock.now())
    house.carry()
    assert amina.book.calls.open_tasks() == []


def test_sent_but_not_on_the_phone_four_hours_before_is_rung_about(
    house: House,
    amina: Member,
    booked: str,
    desk: Desk,
):
    second = amina.book.reminders.of_appointment(booked)[1]
    house.passes(days=9, hours=1)
    desk.tells(second.reference, "sent", house.clock.now())
    house.carry()
    assert amina.book.calls.open_tasks() == []
    house.passes(hours=20)  # Thursday at six in the morning
    [task] = amina.book.calls.open_tasks()
    assert task.reasons == (Reason.NOT_REACHED,)
    house.passes(hours=5)
    assert amina.book.calls.open_tasks() == [], "the visit has begun"


def test_the_deliveries_add_up_by_rule_channel_and_day(
    house: House,
    amina: Member,
    grace: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "suppressed", house.clock.now(), "silence")
    house.carry()
    house.passes(days=2)
    second = amina.book.reminders.of_appointment(booked)[1]
    desk.tells(second.reference, "delivered", house.clock.now())
    house.carry()
    rows = grace.book.reminders.deliveries()
    assert [(t.rule, t.day, t.reached, t.suppressed, t.reasons) for t in rows] == [
        ("text_1_day", date(2026, 12, 2), 1, 0, ()),
        ("text_3_days", date(2026, 11, 30), 0, 1, (("silence", 1),)),
    ]
    [line] = grace.book.reminders.messages(date(2026, 12, 2), "text_1_day")
    assert line.reference == second.reference
