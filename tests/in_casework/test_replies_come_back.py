"""What a parent wrote back reaches a person, and stopping is stopping at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.casework.call_task import CallOutcome
from app.casework.route_verdict import Reason
from casebooks import House, Member, mother_of, route_of, thursday
from desk_stand_in import Desk


def test_a_reply_for_another_time_is_a_call_and_opts_nobody_out(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    """Acceptance story 10: CANCEL opens a change task and opts nobody out."""
    desk.passes_on(route_of(amina.book, family), family, "CANCEL", "change", house.clock.now())
    house.carry()
    [card] = amina.book.calls.waiting()
    assert (card.task.reasons, card.task.text) == ((Reason.ASKED_CHANGE,), "CANCEL")
    amina.book.reminders.reconcile()
    house.carry()
    assert len(desk.would_send()) == 2


def test_stop_ends_every_automated_channel_and_tells_the_worker(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    desk.passes_on(route_of(amina.book, family), family, "STOP", "stop", house.clock.now())
    house.carry()
    reasons = {r for t in amina.book.calls.open_tasks() for r in t.reasons}
    assert Reason.ASKED_STOP in reasons
    amina.book.reminders.reconcile()
    house.carry()
    assert desk.would_send() == []
    mum = mother_of(amina.book, family)
    assert all(
        Reason.CONSENT_WITHDRAWN in v.reasons for v in amina.book.reminders.verdicts(mum).values()
    )
    house.passes(minutes=5)
    amina.book.families.set_consent(mum, "text", given=True)
    assert any(v.allowed for v in amina.book.reminders.verdicts(mum).values())


def test_a_number_that_is_stopped_is_one_call_however_many_messages_it_holds_back(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    later = thursday(family)
    other = amina.book.diary.book(replace(later, starts=later.starts + timedelta(weeks=1)))
    house.carry()
    lines = [
        *amina.book.reminders.of_appointment(booked),
        *amina.book.reminders.of_appointment(other),
    ]
    assert len(lines) == 4
    for line in lines:
        desk.tells(line.reference, "suppressed", house.clock.now(), "stopped")
    house.carry()
    [task] = amina.book.calls.open_tasks()
    assert (task.reasons, task.appointment) == ((Reason.STOPPED,), booked)
    amina.book.calls.see([task])
    house.carry()
    assert {*desk.seen} >= {line.reference for line in lines}
    amina.book.calls.settle(task.id, CallOutcome.SPOKE)
    assert amina.book.calls.open_tasks() == []

    # She agrees anew, and the number is stopped once more: that must not be silent.
    house.passes(minutes=5)
    mum = mother_of(amina.book, family)
    amina.book.families.set_consent(mum, "text", given=False)
    house.passes(minutes=5)
    amina.book.families.set_consent(mum, "text", given=True)
    amina.book.reminders.reconcile()
    house.carry()
    now_planned = amina.book.reminders.of_appointment(booked)
    fresh = [x for x in now_planned if x.consent > lines[0].consent]
    assert fresh
    desk.tells(fresh[0].reference, "suppressed", house.clock.now(), "stopped")
    house.carry()
    assert [t.reasons for t in amina.book.calls.open_tasks()] == [(Reason.STOPPED,)]


def test_after_stop_what_it_holds_back_is_no_further_call(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    desk.passes_on(route_of(amina.book, family), family, "STOP", "stop", house.clock.now())
    for line in amina.book.reminders.of_appointment(booked):
        desk.tells(line.reference, "suppressed", house.clock.now(), "opted_out")
    house.carry()
    asked = [t for t in amina.book.calls.open_tasks() if Reason.ASKED_STOP in t.reasons]
    assert len(asked) == 1


def test_any_other_reply_is_read_by_a_person(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    desk.passes_on(
        route_of(amina.book, family), family, "help he is here", "other", house.clock.now()
    )
    desk.passes_on(route_of(amina.book, family), family, "1", "confirm", house.clock.now())
    house.carry()
    [card] = amina.book.calls.waiting()
    assert (card.task.reasons, card.task.text) == ((Reason.OTHER_REPLY,), "help he is here")


def test_where_nobody_is_on_duty_everybody_with_the_family_reads_a_cry_for_help(
    house: House,
    amina: Member,
    grace: Member,
    family: str,
    desk: Desk,
):
    house.carry()
    route = route_of(amina.book, family)
    desk.passes_on(route, family, "help he is here", "other", house.clock.now())
    house.carry()
    assert grace.book.rota.on() is None
    for member in (amina, grace):
        assert [card.task.text for card in member.book.calls.waiting()] == ["help he is here"]
    grace.book.rota.set_weekday(0, grace.person)
    house.carry()
    assert amina.book.calls.waiting() == []
    assert len(grace.book.calls.waiting()) == 1
