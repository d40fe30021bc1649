"""What the desk says comes back to the appointment, the log and somebody's list of calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casework.call_task import CallOutcome
from app.casework.errors import OnlySupervisors
from app.casework.forms import RouteForm, WorkerForm
from app.casework.receipt import State
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Allowed, Caution, Channel
from app.casework.timeline import Event
from casebooks import House, Member, mother_of, route_of, thursday
from desk_stand_in import Desk


@pytest.fixture
def booked(house: House, amina: Member, grace: Member, family: str, desk: Desk) -> str:
    """Amina's visit next Thursday, which everybody knows of, with its texts at the desk."""
    house.carry()
    grace.book.supervision.allocate(family, amina.person, "family_worker")
    appointment = amina.book.diary.book(thursday(family))
    house.carry()
    return appointment


def first_text(amina: Member, booked: str) -> str:
    return amina.book.reminders.of_appointment(booked)[0].reference


def states(member: Member, booked: str) -> list[State]:
    return [line.state for line in member.book.reminders.of_appointment(booked)]


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


def test_spoken_to_in_one_tap_is_a_contact_in_the_log(
    house: House,
    amina: Member,
    grace: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "failed", house.clock.now())
    house.carry()
    [card] = amina.book.calls.waiting()
    amina.book.calls.settle(card.task.id, CallOutcome.SPOKE, "Is glad of the visit.")
    assert amina.book.calls.waiting() == []
    entry = next(e for e in amina.book.engagement.log(family).entries if e.event is Event.CONTACT)
    assert (entry.code, entry.text) == ("spoke", "Is glad of the visit.")
    house.carry()
    assert grace.book.calls.open_tasks() == []


def test_a_call_nobody_made_the_day_before_is_still_to_be_made_on_the_morning(
    house: House, amina: Member, family: str, desk: Desk
):
    amina.book.families.mark_unsafe(route_of(amina.book, family))
    amina.book.diary.book(thursday(family))
    [task] = amina.book.calls.open_tasks()
    house.passes(days=9, hours=23)  # Thursday at eight
    amina.book.reminders.reconcile()
    assert [t.id for t in amina.book.calls.open_tasks()] == [task.id]


def test_nobody_answered_so_it_stays_to_be_tried_again(
    house: House,
    amina: Member,
    booked: str,
    desk: Desk,
):
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "failed", house.clock.now())
    house.carry()
    [card] = amina.book.calls.waiting()
    amina.book.calls.settle(card.task.id, CallOutcome.NO_ANSWER)
    [again] = amina.book.calls.waiting()
    assert (again.task.attempts, again.task.outcome) == (1, CallOutcome.NO_ANSWER)


@pytest.mark.parametrize("outcome", [CallOutcome.UNSAFE, CallOutcome.WRONG_NUMBER])
def test_an_unsafe_or_wrong_number_is_stopped_in_the_same_tap(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
    outcome: CallOutcome,
):
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "failed", house.clock.now())
    house.carry()
    [card] = amina.book.calls.waiting()
    amina.book.calls.settle(card.task.id, outcome)
    assert {r.allowed for p in amina.book.families.people(family) for r in p.routes} == {Allowed.NO}
    house.carry()
    assert desk.came[-4:].count("stop") >= 1
    assert desk.would_send() == []


def test_the_code_word_is_known_before_dialling(
    house: House,
    amina: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    number = route_of(amina.book, family, Channel.CALL)
    known = next(r for p in amina.book.families.people(family) for r in p.routes if r.id == number)
    form = RouteForm(
        **{n: getattr(known, n) for n in RouteForm.__dataclass_fields__ if n != "code_word"},
        code_word="library books",
    )
    amina.book.families.change_route(number, form)
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "failed", house.clock.now())
    house.carry()
    [card] = amina.book.calls.waiting()
    assert card.route is not None
    assert card.route.code_word == "library books"
    assert Caution.CODE_WORD in card.cautions


# -- replies -----------------------------------------------------------------------------------


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


# -- duty --------------------------------------------------------------------------------------


def test_after_two_hours_unseen_it_is_on_dutys_list_and_seen_it_is_not(
    house: House,
    amina: Member,
    rhian: Member,
    grace: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    grace.book.rota.set_weekday(0, grace.person)
    house.passes(days=7, hours=1)  # Monday at ten
    desk.tells(first_text(amina, booked), "failed", house.clock.now())
    house.carry()
    assert grace.book.calls.waiting() == []
    house.passes(hours=2)
    [card] = grace.book.calls.waiting()
    assert (card.for_duty, card.owner_name) == (True, "Amina Yusuf")
    assert [c.for_duty for c in amina.book.calls.waiting()] == [False]
    amina.book.calls.see([c.task for c in amina.book.calls.waiting()])
    house.carry()
    assert grace.book.calls.waiting() == []
    assert desk.seen == [first_text(amina, booked)]


def test_on_her_day_off_duty_has_it_at_once(
    house: House,
    amina: Member,
    grace: Member,
    family: str,
    booked: str,
    desk: Desk,
):
    grace.book.rota.set_weekday(0, grace.person)
    worker = grace.book.team.worker(amina.person)
    form = WorkerForm(
        **{n: getattr(worker, n) for n in WorkerForm.__dataclass_fields__ if n != "works_days"},
        works_days=frozenset({1, 2, 3}),
    )
    grace.book.team.change_worker(amina.person, form)
    house.passes(days=7, hours=1)
    desk.tells(first_text(amina, booked), "failed", house.clock.now())
    house.carry()
    assert [c.for_duty for c in grace.book.calls.waiting()] == [True]


def test_the_rota_goes_by_the_week_and_a_supervisor_writes_it(
    house: House, amina: Member, grace: Member
):
    grace.book.rota.set_weekday(1, amina.person)
    grace.book.rota.set_day(date(2026, 12, 1), grace.person)
    house.carry()
    assert amina.book.rota.on(date(2026, 11, 24)) == amina.person
    assert amina.book.rota.on(date(2026, 12, 1)) == grace.person
    assert amina.book.rota.on(date(2026, 11, 25)) is None
    with pytest.raises(OnlySupervisors):
        amina.book.rota.set_weekday(2, amina.person)


# -- deliveries --------------------------------------------------------------------------------


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


# -- going in alone ----------------------------------------------------------------------------


@pytest.fixture
def now_booked(house: House, amina: Member, family: str, desk: Desk) -> str:
    return amina.book.diary.book(
        replace(thursday(family), starts=house.clock.now() + timedelta(minutes=15))
    )


def test_a_check_in_protects_only_once_the_office_has_it(
    house: House,
    amina: Member,
    now_booked: str,
    desk: Desk,
):
    lone = amina.book.lone
    lone.set_duress("the blue file")
    lone.check_in(now_booked, house.clock.now() + timedelta(minutes=75), words="Ring Amina.")
    there = lone.of_appointment(now_booked)
    assert there is not None
    assert lone.protection(there) == "not_protected"
    desk.hears(amina.vault)
    [alarm] = desk.alarms
    assert alarm.after_s == 90 * 60
    contents = desk.opened(alarm)
    assert contents.steps[0].number == "+447700900101", "her own phone first"
    assert contents.steps[0].words == "", "which under duress must say nothing of an alarm"
    assert {s.words for s in contents.steps[1:]} == {"Ring Amina."}
    assert "+447700900103" in {s.number for s in contents.steps}, "then her supervisor's"
    assert contents.duress == "the blue file"
    assert contents.worker == "Amina Yusuf"
    there = lone.of_appointment(now_booked)
    assert there is not None
    assert lone.protection(there) == "protected"


def test_checking_out_ends_it_and_her_phrase_looks_the_same(
    house: House,
    amina: Member,
    now_booked: str,
    desk: Desk,
):
    lone = amina.book.lone
    check_in = lone.check_in(now_booked, house.clock.now() + timedelta(hours=1), words="x")
    lone.check_out(check_in, "the blue file")
    desk.hears(amina.vault)
    assert desk.came == ["alarm", "check-out"]
    assert desk.phrase(desk.check_outs[0]) == "the blue file"
    there = lone.of_appointment(now_booked)
    assert there is not None
    assert lone.protection(there) == "checked_out"
    assert lone.going_on() == []


def test_staying_longer_replaces_the_alarm(
    house: House,
    amina: Member,
    now_booked: str,
    desk: Desk,
):
    lone = amina.book.lone
    check_in = lone.check_in(now_booked, house.clock.now() + timedelta(hours=1), words="x")
    lone.extend(check_in, house.clock.now() + timedelta(hours=2), words="x")
    desk.hears(amina.vault)
    first, second = desk.alarms
    assert second.replaces == first.reference
    assert second.after_s == (120 + 15) * 60


def test_what_the_office_raised_is_seen_on_the_device(
    house: House,
    amina: Member,
    grace: Member,
    now_booked: str,
    desk: Desk,
):
    house.carry()
    lone = amina.book.lone
    lone.check_in(now_booked, house.clock.now() + timedelta(minutes=30), words="x")
    house.carry()
    house.passes(minutes=46)
    desk.logs(desk.alarms[0], "raised", house.clock.now())
    house.carry()
    there = lone.of_appointment(now_booked)
    assert there is not None
    assert lone.protection(there) == "raised"


def test_supervisor_please_goes_at_once_and_not_to_herself(
    house: House,
    amina: Member,
    family: str,
    desk: Desk,
):
    amina.book.lone.supervisor_please(family, words="Amina asks you to ring her now.")
    desk.hears(amina.vault)
    [alarm] = desk.alarms
    assert (alarm.kind, alarm.after_s) == ("urgent", 0)
    numbers = {s.number for s in desk.opened(alarm).steps}
    assert "+447700900103" in numbers
    assert "+447700900101" not in numbers
