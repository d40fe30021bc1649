from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.parts.when import day_picked
from app.wording import (
    ago,
    clock,
    day,
    day_and_time,
    gestation,
    gestation_aloud,
    hours_or_days,
    lasting,
    long_day,
    moment,
    soon,
)
from app.wording.typed import typed_date, typed_time

NOW = datetime(2026, 6, 4, 8, 40, tzinfo=UTC)  # Thursday, 09:40 in London
TODAY = date(2026, 6, 4)


def test_days_are_said_with_their_weekday_and_another_year_with_its_number():
    assert day(date(2024, 6, 4)) == "Tue 4 June"
    assert day(TODAY, TODAY) == "Thu 4 June"
    assert day(date(2027, 1, 2), TODAY) == "Sat 2 January 2027"
    assert long_day(TODAY) == "Thursday 4 June 2026"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "today 09:40"),
        (NOW - timedelta(days=1), "yesterday 09:40"),
        (NOW + timedelta(days=1), "tomorrow 09:40"),
        (NOW + timedelta(days=5), "Tue 9 June, 09:40"),
        (NOW + timedelta(days=365), "Fri 4 June 2027, 09:40"),
        (datetime(2026, 6, 3, 23, 30, tzinfo=UTC), "today 00:30"),  # past midnight in London
    ],
)
def test_a_moment_is_said_by_the_local_clock(at, said):
    assert moment(at, NOW) == said


def test_summer_and_winter_time():
    assert clock(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == "00:59"
    assert clock(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == "02:00"
    assert clock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "01:30"
    assert clock(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "01:30"
    assert clock(time(7, 5)) == "07:05"
    assert day_and_time(NOW) == "Thu 4 June, 09:40"


def test_an_instant_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        clock(datetime(2026, 6, 4, 9, 40))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(seconds=0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=3, minutes=59), "3 hours ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "Mon 1 June"),
        (timedelta(hours=-2), "today 11:40"),  # another device's clock is ahead
    ],
)
def test_how_long_ago(back, said):
    assert ago(NOW - back, NOW) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(minutes=20), "in 20 min"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(days=1), "tomorrow 09:40"),
        (timedelta(minutes=-10), "10 min ago"),
    ],
)
def test_how_soon(ahead, said):
    assert soon(NOW + ahead, NOW) == said


def test_spans_and_gestation():
    assert [lasting(m) for m in (45, 60, 90)] == ["45 min", "1 h", "1 h 30 min"]
    assert [hours_or_days(h) for h in (1, 24, 36, 72)] == ["1 hour", "1 day", "36 hours", "3 days"]
    assert gestation(196) == "28+0"
    assert gestation(199) == "28+3"
    assert gestation_aloud(196) == "28 weeks"
    assert gestation_aloud(197) == "28 weeks and 1 day"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("4 June 2026", date(2026, 6, 4)),
        ("4th june 2026", date(2026, 6, 4)),
        ("  4 jun 26 ", date(2026, 6, 4)),
        ("Tue 9 June", date(2026, 6, 9)),
        ("Tuesday, 9 June 2026", date(2026, 6, 9)),
        ("9/6/2026", date(2026, 6, 9)),
        ("09.06.26", date(2026, 6, 9)),
        ("9-6-26", date(2026, 6, 9)),
        ("2026-06-09", date(2026, 6, 9)),
        ("9 June", date(2026, 6, 9)),
        ("3 June", date(2027, 6, 3)),  # gone this year: the next one
        ("4/6", TODAY),
        ("1 Sept", date(2026, 9, 1)),
        ("1 Sep", date(2026, 9, 1)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 6, 5)),
        ("yesterday", date(2026, 6, 3)),
        ("friday", date(2026, 6, 5)),
        ("thursday", date(2026, 6, 11)),  # today is one: the next
        ("on Friday", date(2026, 6, 5)),
        ("this friday", date(2026, 6, 5)),
        ("next Friday", date(2026, 6, 12)),
        ("next monday", date(2026, 6, 8)),
        ("Friday week", date(2026, 6, 12)),
        ("in 2 weeks", date(2026, 6, 18)),
        ("in a week", date(2026, 6, 11)),
        ("in 3 days", date(2026, 6, 7)),
        ("29/2/2028", date(2028, 2, 29)),
    ],
)
def test_a_date_is_understood_as_people_write_it(typed, meant):
    assert typed_date(typed, TODAY) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "31/4/2026", "29/2/2027", "soon", "4", "13/13", "4 Juno", "6/2026", "0/1/26"],
)
def test_what_is_not_plainly_one_date_is_asked_for_again(typed):
    assert typed_date(typed, TODAY) is None


def test_a_date_of_birth_lies_behind_us():
    assert typed_date("9 June", TODAY, past=True) == date(2025, 6, 9)
    assert typed_date("9/6/98", TODAY, past=True) == date(1998, 6, 9)
    assert typed_date("9/6/25", TODAY, past=True) == date(2025, 6, 9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:40", time(9, 40)),
        ("9.40", time(9, 40)),
        ("940", time(9, 40)),
        ("0940", time(9, 40)),
        ("14", time(14)),
        ("2pm", time(14)),
        ("2.30 p.m.", time(14, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("Half past two", time(14, 30)),
        ("half past 9", time(9, 30)),
        ("quarter to ten", time(9, 45)),
        ("quarter to one", time(12, 45)),
        ("twenty-five past twelve", time(12, 25)),
        ("ten past seven in the morning", time(7, 10)),
        ("3 o’clock", time(15)),
        ("eleven o'clock", time(11)),
        ("five past eight pm", time(20, 5)),
        ("noon", time(12)),
    ],
)
def test_a_time_is_understood_as_people_write_it(typed, meant):
    assert typed_time(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "25:00",
        "9:60",
        "13pm",
        "0am",
        "half nine",
        "99999",
        "half past",
        "half past many",
        "ten to 13",
    ],
)
def test_what_is_not_plainly_one_time_is_asked_for_again(typed):
    assert typed_time(typed) is None


@pytest.mark.parametrize(
    ("sent", "picked"),
    [
        (datetime(2026, 6, 11, 23, tzinfo=UTC), date(2026, 6, 12)),  # midnight in summer
        (datetime(2026, 12, 12, 0, tzinfo=UTC), date(2026, 12, 12)),
        (datetime(2026, 6, 12, 5, tzinfo=UTC), date(2026, 6, 12)),  # a device west of here
        (datetime(2026, 6, 12), date(2026, 6, 12)),  # noqa: DTZ001 - as another client sends it
        (date(2026, 6, 12), date(2026, 6, 12)),
        (None, None),
    ],
)
def test_the_day_that_was_picked_is_the_day_that_is_kept(sent, picked):
    assert day_picked(sent) == picked
