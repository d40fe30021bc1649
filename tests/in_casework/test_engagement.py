"""A run of misses raises one conversation, about what stood in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.casework.attendance import Code
from app.casework.engagement import (
    Mark,
    Noticed,
    conversation_called_for,
    misses_in_a_row,
    next_working_day,
    pattern,
)

START = datetime(2026, 9, 1, 9, tzinfo=UTC)


def marks(codes: str) -> list[Mark]:
    """One mark a week from a string such as "5535": NHS codes, oldest first."""
    return [
        Mark(appointment=f"{n}", starts=START + timedelta(weeks=n), code=Code(c))
        for n, c in enumerate(codes)
    ]


def test_one_miss_raises_nothing():
    assert conversation_called_for(marks("553"), already=(), one_is_open=False) == ()


def test_two_misses_in_a_row_call_for_a_conversation_about_both():
    found = conversation_called_for(marks("5533"), already=(), one_is_open=False)
    assert [m.appointment for m in found] == ["2", "3"]


def test_a_visit_between_two_misses_breaks_the_run():
    assert conversation_called_for(marks("353"), already=(), one_is_open=False) == ()


def test_calling_to_cancel_breaks_the_run_because_the_family_was_in_touch():
    assert conversation_called_for(marks("323"), already=(), one_is_open=False) == ()


def test_an_appointment_the_service_called_off_neither_breaks_nor_lengthens_the_run():
    assert len(misses_in_a_row(marks("343"))) == 2
    assert len(misses_in_a_row(marks("34"))) == 1


def test_a_third_miss_raises_no_second_conversation_while_the_first_is_open():
    assert conversation_called_for(marks("333"), already={"0", "1"}, one_is_open=True) == ()


def test_two_more_misses_after_a_conversation_raise_the_next():
    assert conversation_called_for(marks("333"), already={"0", "1"}, one_is_open=False) == ()
    found = conversation_called_for(marks("3333"), already={"0", "1"}, one_is_open=False)
    assert [m.appointment for m in found] == ["2", "3"]


def test_the_order_in_which_outcomes_arrive_from_other_devices_does_not_matter():
    shuffled = [marks("5533")[n] for n in (3, 0, 2, 1)]
    assert [m.appointment for m in pattern(shuffled).marks] == ["0", "1", "2", "3"]
    assert pattern(shuffled).noticed == (Noticed.MISSED_TWICE,)


def test_cancelling_three_times_of_the_last_six_is_noticed():
    assert Noticed.CANCELS_OFTEN in pattern(marks("525252")).noticed
    assert Noticed.CANCELS_OFTEN not in pattern(marks("222555555")).noticed


def test_an_appointment_to_come_says_nothing_yet():
    seen = pattern(marks("530"))
    assert (seen.seen, seen.missed, seen.misses_in_a_row) == (1, 1, 1)
    assert seen.last_seen == START


def test_a_child_not_brought_is_pointed_out():
    brought = Mark(appointment="9", starts=START, code=Code.DID_NOT_ATTEND, not_brought=True)
    assert pattern([brought]).noticed == (Noticed.NOT_BROUGHT,)
    assert pattern([brought]).marks[0].word == "was_not_brought"


def test_the_conversation_falls_on_the_next_working_day():
    friday = date(2026, 11, 20)
    assert next_working_day(friday) == date(2026, 11, 23)
    assert next_working_day(friday, works_days={1, 2}) == date(2026, 11, 24)
    with pytest.raises(ValueError, match="nobody"):
        next_working_day(friday, works_days=())
