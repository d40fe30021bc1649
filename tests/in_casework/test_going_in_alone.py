"""Going in alone: protected only once the office has it, and over only when she says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casebooks import House, Member, thursday
from desk_stand_in import Desk


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
