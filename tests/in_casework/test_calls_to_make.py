"""A call is made with what to know before dialling, and what came of it is one tap."""

from __future__ import annotations

import pytest

from app.casework.call_task import CallOutcome
from app.casework.forms import RouteForm
from app.casework.safe_contact import Allowed, Caution, Channel
from app.casework.timeline import Event
from casebooks import House, Member, first_text, route_of, thursday
from desk_stand_in import Desk


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
