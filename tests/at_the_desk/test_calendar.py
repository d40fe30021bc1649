"""The desk on days that are not like others: clocks that change, the 29th of February."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desks import HOUR, at
from fakes import FakeClock
from storage.clock import moment_of_milliseconds
from sync.server.desk import retention
from sync.server.desk.tasks import within_hours
from sync.server.desk.ticker import Ticker

BACK, FORWARD = "2027-10-31", "2027-03-28"
"""The Sundays of 2027 on which the United Kingdom's clocks change."""


def days_around(day):
    middle = datetime.fromisoformat(day)
    return [(middle + timedelta(days=n)).date().isoformat() for n in (-1, 0, 1)]


def stand_at(clock, local):
    clock.advance((moment_of_milliseconds(at(local)) - clock.now()).total_seconds())


@pytest.mark.parametrize("day", [BACK, FORWARD])
def test_nine_in_the_morning_stays_nine_when_the_clocks_change(at_desk, clock, notify, day):
    """Not an hour early, which is when he is still at home; and once, though an hour is twice."""
    days = days_around(day)
    stand_at(clock, f"{days[0]} 00:00")
    texts = {
        each: at_desk.order(
            opens=at(f"{each} 09:00"),
            closes=at(f"{each} 19:00"),
            not_after=at(f"{each} 19:00"),
            route=f"{n:032x}",
        )
        for n, each in enumerate(days)
    }

    while at_desk.now < at(f"{days[2]} 20:00"):
        at_desk.later(minutes=30)
    for each, text in texts.items():
        left = at_desk.row(text).began
        assert at(f"{each} 09:00") <= left <= at(f"{each} 09:30")
    assert sorted(t.reference for t in notify.sent) == sorted(t.hex() for t in texts.values())


@pytest.mark.parametrize(
    ("left", "missed_at"),
    [
        # From 1:00 it is 1:00 again, so an hour and a quarter ends at what looks like earlier.
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31 01:45"),
        # From 1:00 it is 2:00.
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28 02:45"),
    ],
)
def test_seventy_five_minutes_are_seventy_five_minutes_in_that_night(
    at_desk, clock, notify, left, missed_at
):
    clock.advance((left - clock.now()).total_seconds())
    at_desk.alarm()

    at_desk.later(minutes=74, seconds=50)
    assert not notify.sent
    at_desk.later(seconds=15)
    assert [text.body for text in notify.sent] == ["Amina has not checked out."]
    rang = moment_of_milliseconds(at_desk.now - 5_000).astimezone(ZoneInfo("Europe/London"))
    assert f"{rang:%Y-%m-%d %H:%M}" == missed_at


@pytest.mark.parametrize("day", [*days_around(BACK), *days_around(FORWARD), "2028-02-29"])
def test_staff_are_texted_between_eight_and_eight_by_the_clock_on_the_wall(at_desk, day):
    limits = at_desk.desk.limits
    assert not within_hours(at(f"{day} 07:59"), limits)
    assert within_hours(at(f"{day} 08:00"), limits)
    assert within_hours(at(f"{day} 19:59"), limits)
    assert not within_hours(at(f"{day} 20:00"), limits)


@pytest.mark.parametrize("day", ["2027-10-30", "2027-10-31", "2027-06-01", "2028-02-29"])
def test_what_a_phone_had_yesterday_does_not_count_today(at_desk, clock, notify, day):
    """The limit's day ends in the night, when nobody is texted, in summer as in winter."""
    stand_at(clock, f"{day} 18:30")
    for n in range(5):
        at_desk.order(route=f"{n:032x}", closes=at_desk.now + 24 * HOUR)
    at_desk.work()
    assert len(notify.sent) == 4

    at_desk.later(hours=14)
    assert len(notify.sent) == 5


def test_seven_days_over_the_29th_of_february_are_seven(at_desk, clock, notify):
    stand_at(clock, "2028-02-25 12:00")
    text = at_desk.order()
    at_desk.work()
    notify.settle()
    at_desk.later(minutes=10)
    assert at_desk.stands(text) == ("delivered", "")

    stand_at(clock, "2028-03-03 12:00")
    retention.forget(at_desk.desk)
    assert at_desk.row(text).packed is not None
    stand_at(clock, "2028-03-03 12:20")
    retention.forget(at_desk.desk)
    assert at_desk.row(text).packed is None


def test_a_text_leaves_on_the_29th_of_february(at_desk, clock, notify):
    stand_at(clock, "2028-02-28 12:00")
    text = at_desk.order(
        opens=at("2028-02-29 09:00"),
        closes=at("2028-02-29 19:00"),
        not_after=at("2028-03-01 10:00"),
    )

    at_desk.later(hours=21)
    assert at_desk.stands(text) == ("sent", "")


def test_the_desk_ticks_evenly_through_the_hour_that_comes_twice(at_desk):
    """A clock job at 1:30 in London would run twice in that night, and not at all in March."""
    jobs = Ticker(at_desk.desk).jobs
    for job in jobs:
        before = datetime(2027, 10, 31, 0, 15, tzinfo=UTC)
        seen = []
        for _ in range(1000):
            following = job.trigger.get_next_fire_time(before, before)
            seen.append(following - before)
            before = following
        assert len(set(seen)) == 1
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert len(jobs) == 4


@pytest.fixture
def clock():
    return FakeClock(datetime(2027, 1, 1, tzinfo=UTC))
