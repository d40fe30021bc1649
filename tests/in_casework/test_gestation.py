"""Gestation is counted back from the due date, and impossible dates are refused with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework.errors import NotASensibleDate
from app.casework.gestation import (
    Gestation,
    age_words,
    checked_dob,
    checked_edd,
    day_of,
    edd_from,
    gestation_on,
)

BABY_A = date(2018, 12, 14)


def test_baby_a_is_twelve_weeks_when_the_service_first_hears_of_her():
    assert str(gestation_on(BABY_A, date(2018, 6, 1))) == "12+0"


def test_on_the_day_the_assessment_is_due_baby_a_is_28_plus_0():
    assert str(gestation_on(BABY_A, date(2018, 9, 21))) == "28+0"
    assert day_of(BABY_A, 28) == date(2018, 9, 21)
    assert day_of(BABY_A, 32) == date(2018, 10, 19)


def test_a_due_date_moved_by_a_week_moves_the_milestone_by_a_week():
    assert day_of(BABY_A + timedelta(weeks=1), 28) == date(2018, 9, 28)


def test_the_due_date_is_40_plus_0_and_the_next_day_40_plus_1():
    assert str(gestation_on(BABY_A, BABY_A)) == "40+0"
    assert str(gestation_on(BABY_A, BABY_A + timedelta(days=1))) == "40+1"


def test_before_the_pregnancy_began_there_is_no_gestation():
    assert gestation_on(BABY_A, BABY_A - timedelta(days=281)) is None


def test_a_baby_nobody_recorded_as_born_is_noticed_after_44_weeks():
    far_past = gestation_on(BABY_A, BABY_A + timedelta(days=29))
    assert far_past is not None
    assert far_past.implausible
    on_time = gestation_on(BABY_A, BABY_A + timedelta(days=28))
    assert on_time is not None
    assert not on_time.implausible


@given(st.integers(min_value=0, max_value=300), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_due_date_taken_from_a_scan_gives_that_gestation_back(days: int, on: date):
    assert gestation_on(edd_from(Gestation(days), on), on) == Gestation(days)


@pytest.mark.parametrize(
    ("away", "reason"), [(730, "too_far_ahead"), (281, "too_far_ahead"), (-730, "too_long_ago")]
)
def test_a_due_date_two_years_off_is_refused_and_says_which_way(away: int, reason: str):
    today = date(2026, 11, 22)
    with pytest.raises(NotASensibleDate) as refused:
        checked_edd(today + timedelta(days=away), today)
    assert (refused.value.field, refused.value.reason) == ("edd", reason)


def test_a_due_date_within_the_pregnancy_or_just_past_is_taken():
    today = date(2026, 11, 22)
    for away in (280, 0, -28):
        wanted = today + timedelta(days=away)
        assert checked_edd(wanted, today) == wanted


def test_nobody_was_born_tomorrow():
    today = date(2026, 11, 22)
    with pytest.raises(NotASensibleDate) as refused:
        checked_dob(today + timedelta(days=1), today)
    assert (refused.value.field, refused.value.reason) == ("dob", "in_the_future")
    assert checked_dob(today, today) == today


def test_nobody_is_two_hundred_years_old():
    with pytest.raises(NotASensibleDate):
        checked_dob(date(1826, 1, 1), date(2026, 1, 1))


def test_a_baby_is_counted_in_days_months_and_years_at_once():
    assert age_words(date(2026, 1, 31), date(2026, 2, 28)) == (0, 0, 28)
    assert age_words(date(2024, 2, 29), date(2026, 3, 1)) == (2, 24, 731)
