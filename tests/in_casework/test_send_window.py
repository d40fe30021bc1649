"""A message goes in waking hours, on open days, within the hours she called safe; or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.casework.bank_holidays import closed_days
from app.casework.moments import UK
from app.casework.send_window import WakingHours, send_window, windows_on
from appointments import at, text_route

WAKING = WakingHours()
TUESDAY = date(2027, 6, 1)


def window(day=TUESDAY, now="2027-05-01 12:00", closed=frozenset(), **agreed):
    return send_window(local(day), WAKING, closed, text_route(**agreed), UK, at(now))


def local(day, wall=time(0)):
    return datetime.combine(day, wall, tzinfo=UK)


def test_without_wishes_of_hers_the_whole_waking_day_is_open():
    found = window()
    assert (found.opens, found.closes) == (at("2027-06-01 09:00"), at("2027-06-01 19:00"))


def test_the_hours_he_is_at_work_are_the_hours_it_may_go():
    found = window(from_time=time(8), to_time=time(14, 30))
    assert (found.opens, found.closes) == (at("2027-06-01 09:00"), at("2027-06-01 14:30"))


def test_nights_only_leaves_nothing():
    assert window(from_time=time(20), to_time=time(23)) is None
    assert window(from_time=time(22), to_time=time(6)) is None


def test_safe_hours_over_midnight_leave_two_stretches_of_a_day():
    night = text_route(from_time=time(17), to_time=time(11))
    found = [(w.opens, w.closes) for w in windows_on(TUESDAY, WAKING, (), night, UK)]
    assert found == [
        (at("2027-06-01 09:00"), at("2027-06-01 11:00")),
        (at("2027-06-01 17:00"), at("2027-06-01 19:00")),
    ]


def test_a_day_that_is_not_safe_moves_the_message_earlier_never_later():
    found = window(days=frozenset({0, 4}))  # Mondays and Fridays
    assert found.day == date(2027, 5, 31)


def test_three_days_earlier_at_the_most():
    wednesdays = frozenset({2})
    assert window(date(2027, 6, 5), days=wednesdays).day == date(2027, 6, 2)
    assert window(date(2027, 6, 6), days=wednesdays) is None


def test_nothing_is_left_of_a_day_that_is_over():
    assert window(now="2027-06-01 18:50") is None
    assert window(now="2027-06-01 18:40") is not None


def test_planning_later_the_same_day_gives_the_same_window():
    assert window(now="2027-06-01 09:01") == window(now="2027-06-01 15:00") == window()


def test_two_hours_before_means_not_earlier_that_day():
    def aimed(hour):
        return send_window(
            local(TUESDAY, time(hour)), WAKING, (), text_route(), UK, at("2027-05-01 12:00")
        )

    assert aimed(14).opens == at("2027-06-01 14:00")
    assert aimed(7).opens == at("2027-06-01 09:00")
    assert aimed(19).opens == at("2027-06-01 09:00"), "in the evening it goes earlier, never later"


def test_a_stretch_too_short_for_the_desk_is_no_window():
    assert window(from_time=time(18, 50), to_time=time(20)) is None


@pytest.mark.parametrize(
    ("day", "opens", "hours"),
    [
        # The clocks go back on Sunday 31 October 2027: nine o'clock is an hour later in UTC.
        (date(2027, 10, 30), datetime(2027, 10, 30, 8, tzinfo=UTC), 10),
        (date(2027, 10, 31), datetime(2027, 10, 31, 9, tzinfo=UTC), 10),
        # They go forward on Sunday 28 March 2027.
        (date(2027, 3, 27), datetime(2027, 3, 27, 9, tzinfo=UTC), 10),
        (date(2027, 3, 28), datetime(2027, 3, 28, 8, tzinfo=UTC), 10),
        (date(2028, 2, 29), datetime(2028, 2, 29, 9, tzinfo=UTC), 10),
    ],
)
def test_nine_in_the_morning_stays_nine_when_the_clocks_change(day, opens, hours):
    found = window(day, now="2027-01-01 12:00")
    assert found.opens == opens
    assert found.length == timedelta(hours=hours)


def test_hours_across_the_night_of_the_change_are_an_hour_longer_or_shorter():
    always = WakingHours(begin=time(0), end=time(4))
    longer = windows_on(date(2027, 10, 31), always, (), text_route(), UK)
    shorter = windows_on(date(2027, 3, 28), always, (), text_route(), UK)
    assert [w.length for w in longer] == [timedelta(hours=5)]
    assert [w.length for w in shorter] == [timedelta(hours=3)]


def test_on_a_bank_holiday_it_goes_the_working_day_before():
    england = closed_days("ENG", [2027])
    easter_monday = date(2027, 3, 29)
    found = send_window(
        local(easter_monday), WAKING, england, text_route(), UK, at("2027-03-01 12:00")
    )
    assert found.day == date(2027, 3, 28)
    assert date(2027, 12, 27) in england  # Christmas Day falls on a Saturday


def test_a_holiday_in_wales_only_keeps_welsh_texts_at_home():
    """The two nations' bank holidays are the same so far, so a service adds its own day."""
    saint_david = date(2027, 3, 1)
    england = closed_days("ENG", [2027])
    wales = closed_days("WLS", [2027], also=[saint_david])
    assert saint_david not in england
    now = at("2027-02-01 12:00")
    assert (
        send_window(local(saint_david), WAKING, england, text_route(), UK, now).day == saint_david
    )
    assert send_window(local(saint_david), WAKING, wales, text_route(), UK, now).day == date(
        2027, 2, 28
    )


def test_a_day_of_another_year_closes_nothing():
    assert closed_days("ENG", [2027], also=[date(2028, 3, 1)]) == closed_days("ENG", [2027])
