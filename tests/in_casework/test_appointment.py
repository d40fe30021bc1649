"""Appointments keep the clock on the wall, see clashes, and say when there is no time to travel."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from app.casework.appointment import (
    Appointment,
    Status,
    VenueType,
    WorkingHours,
    clashes,
    district,
    free_slots,
    travel_gaps,
    weekly,
)
from app.casework.contact_type import ContactType
from app.casework.moments import UK, at_wall_time, day_bounds


def visit(hour: float, *, key: str = "one", minutes: int = 60, **more: Any) -> Appointment:
    """A visit on a Tuesday in November, when UTC is the time on the wall."""
    starts = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=hour)
    fields: dict[str, Any] = {"workers": ("amina",), "people": ("mum",), **more}
    return Appointment(
        id=key,
        family="okoro",
        kind=ContactType.HOME_VISIT,
        starts=starts,
        minutes=minutes,
        **fields,
    )


@pytest.mark.parametrize("first", [date(2027, 10, 19), date(2027, 3, 16)])
def test_tuesdays_at_ten_stay_at_ten_when_the_clocks_change(first: date):
    starts = weekly(at_wall_time(first, time(10), UK), 4, UK)
    assert [s.astimezone(UK).time() for s in starts] == [time(10)] * 4
    assert [s.astimezone(UK).date() for s in starts] == [
        first + timedelta(weeks=n) for n in range(4)
    ]
    assert len({s.time() for s in starts}) == 2, "in UTC the hour has to move"


def test_a_time_that_the_clocks_skip_is_taken_an_hour_later():
    skipped = at_wall_time(date(2027, 3, 28), time(1, 30), UK)
    assert skipped.astimezone(UK).time() == time(2, 30)


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    twice = at_wall_time(date(2027, 10, 31), time(1, 30), UK)
    assert twice == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_days_on_which_clocks_change_are_23_and_25_hours_long():
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    for on, hours in ((spring, 23), (autumn, 25)):
        begin, end = day_bounds(on, UK)
        assert end - begin == timedelta(hours=hours)


@pytest.mark.parametrize("times", [0, 105])
def test_a_series_of_none_or_of_three_years_is_a_slip_of_the_finger(times: int):
    with pytest.raises(ValueError, match="series"):
        weekly(datetime(2027, 1, 5, 10, tzinfo=UTC), times, UK)


def test_two_visits_at_once_by_the_same_worker_clash_and_say_who():
    found = clashes(visit(10), [visit(10.5, key="two", people=("somebody else",))])
    assert [(c.appointment.id, c.workers, c.people) for c in found] == [("two", ("amina",), ())]


def test_a_mother_expected_in_two_places_clashes_even_with_different_workers():
    found = clashes(visit(10), [visit(10.5, key="two", workers=("rhian",))])
    assert found[0].people == ("mum",)


def test_parents_living_apart_may_be_seen_at_the_same_time_by_different_workers():
    other = visit(10, key="two", workers=("rhian",), people=("dad",))
    assert clashes(visit(10), [other]) == []


def test_back_to_back_a_cancelled_one_and_itself_do_not_clash():
    after, cancelled = visit(11, key="two"), visit(10, key="three", status=Status.CANCELLED)
    assert clashes(visit(10), [visit(10), after, cancelled]) == []


def test_twenty_minutes_across_the_county_are_too_few_and_in_the_same_district_enough():
    home = visit(9, postcode="ZX1 4AA")
    near = visit(10 + 20 / 60, key="near", postcode="zx14bb")
    far = visit(11 + 40 / 60, key="far", postcode="ZX9 1AA")
    first, to_near, to_far = travel_gaps([home, near, far])
    assert first is None
    assert to_near is not None
    assert (to_near.minutes, to_near.needed, to_near.tight) == (20, 15, False)
    assert to_far is not None
    assert (to_far.minutes, to_far.needed, to_far.tight) == (20, 30, True)


def test_nobody_travels_to_a_telephone_call_or_next_door():
    home = visit(9, postcode="ZX1 4AA")
    call = visit(10, key="call", venue_type=VenueType.TELEPHONE)
    assert [g.tight for g in travel_gaps([home, call])[1:] if g] == [False]
    same = visit(10, key="same", postcode="ZX1 4AA")
    assert [g.needed for g in travel_gaps([home, same])[1:] if g] == [0]


def test_the_district_is_the_first_half_of_a_postcode_however_it_is_typed():
    assert district("ZX1 4AA") == district("zx14aa") == "zx1"
    assert district("") == district("ZX1") == ""


TUESDAY = date(2026, 11, 24)
NINE_TO_FIVE = WorkingHours(begin=time(9), end=time(17))


def spans(slots):
    return [(s.starts.hour + s.starts.minute / 60, s.minutes) for s in slots]


def test_the_free_slots_are_what_lies_between_visits_within_working_hours():
    booked = [visit(13, key="b", minutes=90), visit(10, key="a")]
    assert spans(free_slots(TUESDAY, booked, NINE_TO_FIVE, UK)) == [
        (9, 60),
        (11, 120),
        (14.5, 150),
    ]


def test_overlapping_visits_and_short_gaps_leave_no_slot():
    booked = [visit(9, minutes=120), visit(9.5, key="b", minutes=30), visit(11.25, key="c")]
    assert spans(free_slots(TUESDAY, booked, NINE_TO_FIVE, UK)) == [(12.25, 285)]


def test_a_cancelled_visit_gives_its_time_back():
    booked = [visit(10, status=Status.CANCELLED)]
    assert spans(free_slots(TUESDAY, booked, NINE_TO_FIVE, UK)) == [(9, 480)]


def test_there_are_no_slots_on_a_day_off_nor_in_the_past():
    sunday = date(2026, 11, 22)
    assert free_slots(sunday, [], NINE_TO_FIVE, UK) == []
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert spans(free_slots(TUESDAY, [], NINE_TO_FIVE, UK, not_before=noon)) == [(12, 300)]
