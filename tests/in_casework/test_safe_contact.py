"""What is not known to be safe is said before anybody dials, and the strictest answer counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from app.casework.moments import UK
from app.casework.safe_contact import (
    Allowed,
    Caution,
    Channel,
    Route,
    cautions,
    may_use,
    most_restrictive,
    to_ring,
    within_hours,
)

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
AGREED = datetime(2026, 10, 1, tzinfo=UTC)


def route(key: str = "r", **more: Any) -> Route:
    """A phone the mother has called safe, hers alone, with voicemail."""
    fields: dict[str, Any] = {
        "channel": Channel.CALL,
        "allowed": Allowed.YES,
        "shared_phone": Allowed.NO,
        "voicemail": Allowed.YES,
        "neutral_wording": False,
        "agreed_at": AGREED,
        **more,
    }
    return Route(id=key, family="okoro", person="mum", number="07700 900201", **fields)


def test_a_phone_agreed_as_safe_needs_no_warning():
    assert cautions(route(), TUESDAY_NOON, UK) == ()


def test_a_new_number_is_unknown_until_agreed():
    fresh = Route(id="n", family="okoro", person="mum", channel=Channel.TEXT, number="07700 900202")
    assert fresh.allowed is Allowed.UNKNOWN
    assert Caution.NOT_AGREED in cautions(fresh, TUESDAY_NOON, UK)
    assert Caution.PERHAPS_SHARED in cautions(fresh, TUESDAY_NOON, UK)


def test_a_yes_that_nobody_dated_was_not_agreed():
    assert cautions(route(agreed_at=None), TUESDAY_NOON, UK) == (Caution.NOT_AGREED,)


def test_a_number_called_unsafe_gets_no_button():
    unsafe = route(allowed=Allowed.NO)
    assert cautions(unsafe, TUESDAY_NOON, UK)[0] is Caution.NOT_ALLOWED
    assert not may_use(unsafe, TUESDAY_NOON, UK)


def test_an_agreement_past_its_review_date_is_asked_again():
    lapsed = route(review_by=date(2026, 11, 23))
    assert cautions(lapsed, TUESDAY_NOON, UK) == (Caution.REVIEW_LAPSED,)
    assert cautions(route(review_by=date(2026, 11, 24)), TUESDAY_NOON, UK) == ()


def test_he_reads_her_phone_so_the_worker_is_told_first():
    told = cautions(
        route(shared_phone=Allowed.YES, voicemail=Allowed.NO, code_word="library books"),
        TUESDAY_NOON,
        UK,
    )
    assert told == (Caution.SHARED_PHONE, Caution.NO_VOICEMAIL, Caution.CODE_WORD)


@pytest.mark.parametrize(("hour", "inside"), [(8.99, False), (9, True), (14.99, True), (15, False)])
def test_she_can_talk_while_he_is_at_work(hour: float, inside: bool):
    safe = route(from_time=time(9), to_time=time(15), days=frozenset({0, 1, 2, 3, 4}))
    at = datetime(2026, 11, 24, int(hour), int(hour % 1 * 60), tzinfo=UTC)
    assert within_hours(safe, at, UK) is inside
    assert (Caution.OUTSIDE_HOURS in cautions(safe, at, UK)) is not inside


def test_hours_are_on_her_clock_in_summer_too():
    safe = route(from_time=time(9), to_time=time(10))
    assert within_hours(safe, datetime(2026, 7, 7, 8, 30, tzinfo=UTC), UK)
    assert not within_hours(safe, datetime(2026, 7, 7, 9, 30, tzinfo=UTC), UK)


def test_a_night_worker_is_reached_over_midnight():
    night = route(from_time=time(22), to_time=time(2))
    assert within_hours(night, datetime(2026, 11, 24, 23, tzinfo=UTC), UK)
    assert within_hours(night, datetime(2026, 11, 25, 1, tzinfo=UTC), UK)
    assert not within_hours(night, TUESDAY_NOON, UK)


def test_weekends_are_not_safe_when_only_weekdays_were_named():
    weekdays = route(days=frozenset({0, 1, 2, 3, 4}))
    assert not within_hours(weekdays, datetime(2026, 11, 22, 12, tzinfo=UTC), UK)


def test_of_several_answers_the_strictest_counts_and_silence_is_not_a_yes():
    assert most_restrictive([Allowed.YES, Allowed.NO, Allowed.UNKNOWN]) is Allowed.NO
    assert most_restrictive([Allowed.YES, Allowed.UNKNOWN]) is Allowed.UNKNOWN
    assert most_restrictive([]) is Allowed.UNKNOWN


def test_the_phone_to_ring_is_the_agreed_one_and_never_one_called_unsafe():
    unsafe = route("a", allowed=Allowed.NO)
    unknown = route("b", allowed=Allowed.UNKNOWN)
    safe = route("c")
    assert to_ring([unsafe, unknown, safe], TUESDAY_NOON, UK) == safe
    assert to_ring([unsafe, unknown], TUESDAY_NOON, UK) == unknown
    assert to_ring([unsafe, route("t", channel=Channel.TEXT)], TUESDAY_NOON, UK) is None
