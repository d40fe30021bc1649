"""Who takes over what its owner has not seen, or cannot see that day."""

from __future__ import annotations

from datetime import date

import pytest

from app.casework.errors import OnlySupervisors
from app.casework.forms import WorkerForm
from casebooks import House, Member, first_text
from desk_stand_in import Desk


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
