"""Going in alone: protected only once the office has it, and never promised before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.casework.lone_worker import (
    Callee,
    CheckIn,
    LoneWorkerSettings,
    Protection,
    alarm_after,
    is_duress,
    protection,
    steps,
)
from appointments import at

BEN = "+447700900106"
USUAL = LoneWorkerSettings(minutes=75, grace=15, again=10, steps=("worker", "duty"))
IN = CheckIn(
    id="c",
    appointment="a",
    worker="sam",
    at=at("2027-06-09 09:45"),
    expected=at("2027-06-09 11:00"),
)
HELD = replace(IN, held=True)


def test_the_office_waits_until_the_expected_end_and_a_while_longer():
    assert alarm_after(IN.expected, IN.at, USUAL) == timedelta(minutes=75 + 15)


@pytest.mark.parametrize("lasting", [timedelta(0), timedelta(minutes=-5), timedelta(hours=13)])
def test_an_end_that_cannot_be_is_refused(lasting):
    with pytest.raises(ValueError):
        alarm_after(IN.at + lasting, IN.at, USUAL)


def test_until_the_office_has_it_she_is_not_protected():
    for now in ("2027-06-09 09:46", "2027-06-09 11:01", "2027-06-09 12:00"):
        assert protection(IN, at(now), USUAL) is Protection.NOT_PROTECTED


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        ("2027-06-09 10:59", Protection.PROTECTED),
        ("2027-06-09 11:00", Protection.LEAVE_SOON),
        ("2027-06-09 11:14", Protection.LEAVE_SOON),
        ("2027-06-09 11:15", Protection.OVERDUE),
    ],
)
def test_what_stands_once_the_office_has_it(now, stands):
    assert protection(HELD, at(now), USUAL) is stands


def test_what_has_ended_or_been_raised_is_said():
    assert protection(replace(HELD, raised=True), IN.at, USUAL) is Protection.RAISED
    out = replace(HELD, raised=True, checked_out_at=IN.at)
    assert protection(out, IN.expected, USUAL) is Protection.CHECKED_OUT


def test_herself_first_then_in_the_services_order_each_number_once_and_aloud_at_last():
    she, ben = Callee(name="Amina", number="+447700900105"), Callee(name="Ben", number=BEN)
    duty, grace = Callee(name="Duty", number=BEN), Callee(name="Grace", number="")
    known = {"worker": [she], "buddy": [ben], "duty": [duty], "supervisor": [grace]}
    told = steps(known, ("worker", "buddy", "duty", "supervisor"))
    assert [(s.name, s.number, s.channel) for s in told] == [
        ("", "+447700900105", "text"),
        ("Ben", BEN, "text"),
        ("Ben", BEN, "voice"),
    ]
    assert [s.name for s in steps(known, ("duty", "worker"))][:2] == ["Duty", ""]
    assert steps({"worker": [she], "supervisor": [grace]}, ("worker", "supervisor")) == ()


def test_the_duress_phrase_is_known_however_it_is_typed():
    assert is_duress("the Blue  file", "The blue file")
    assert not is_duress("", "")
    assert not is_duress("all well", "The blue file")
