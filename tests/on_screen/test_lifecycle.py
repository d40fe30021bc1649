from datetime import timedelta

import pytest

from app.lifecycle import Lifecycle, Rules, Verdict, Why
from fakes import FakeClock

NOTHING = Verdict()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def watch(clock: FakeClock) -> Lifecycle:
    """Unlocked, with one tab in sight."""
    watch = Lifecycle(clock)
    watch.came_back("tab")
    watch.unlocked()
    return watch


def test_nothing_is_due_while_somebody_works(watch, clock):
    for _ in range(100):
        clock.advance(110)
        assert watch.verdict() == NOTHING
        watch.touched()


def test_three_idle_minutes_lock(watch, clock):
    clock.advance(179.9)
    assert watch.verdict().lock is None
    clock.advance(0.1)
    assert watch.verdict() == Verdict(lock=Why.IDLE)


def test_the_lock_is_announced_a_minute_ahead_and_counts_down(watch, clock):
    clock.advance(119)
    assert watch.verdict() == NOTHING
    clock.advance(1)
    assert watch.verdict() == Verdict(seconds_left=60)
    clock.advance(0.5)
    assert watch.verdict() == Verdict(seconds_left=60)
    clock.advance(58.6)
    assert watch.verdict() == Verdict(seconds_left=1)


def test_one_tap_to_stay_starts_the_three_minutes_again(watch, clock):
    clock.advance(170)
    assert watch.verdict().seconds_left == 10
    watch.touched()
    assert watch.verdict() == NOTHING
    clock.advance(119)
    assert watch.verdict() == NOTHING


def test_a_tap_that_comes_too_late_does_not_stay(watch, clock):
    clock.skew += timedelta(seconds=3600)
    assert watch.touched() == Verdict(lock=Why.IDLE)
    assert watch.verdict() == Verdict(lock=Why.IDLE)


def test_leaving_covers_at_once(watch):
    assert not watch.covered("tab")
    watch.left("tab")
    assert watch.covered("tab")


def test_a_tab_never_seen_is_covered(watch):
    assert watch.covered("another")


def test_thirty_seconds_away_lock(watch, clock):
    watch.left("tab")
    clock.advance(29.9)
    assert watch.verdict() == NOTHING
    clock.advance(0.1)
    assert watch.verdict() == Verdict(lock=Why.AWAY)


def test_nobody_away_is_warned(watch, clock):
    watch.left("tab")
    clock.advance(20)
    assert watch.verdict().seconds_left is None


def test_coming_back_in_time_counts_as_attention(watch, clock):
    clock.advance(100)
    watch.left("tab")
    clock.advance(29)
    assert watch.came_back("tab") == NOTHING
    assert not watch.covered("tab")
    clock.advance(119)
    assert watch.verdict() == NOTHING


def test_coming_back_too_late_says_lock_before_anything_is_shown(watch, clock):
    watch.left("tab")
    clock.advance(31)
    assert watch.came_back("tab") == Verdict(lock=Why.AWAY)


def test_coming_back_too_late_does_not_buy_time(watch, clock):
    watch.left("tab")
    clock.advance(31)
    watch.came_back("tab")
    assert watch.verdict().lock is Why.AWAY


def test_the_idle_clock_runs_on_while_away(watch, clock):
    clock.advance(170)
    watch.left("tab")
    clock.advance(10)
    assert watch.verdict().lock is Why.IDLE


def test_leaving_again_and_again_does_not_push_the_lock_away(watch, clock):
    watch.left("tab")
    for _ in range(3):
        clock.advance(9)
        watch.left("tab")
    clock.advance(3)
    assert watch.verdict().lock is Why.AWAY


def test_ringing_gives_five_minutes(watch, clock):
    watch.went_out()
    watch.left("tab")
    clock.advance(299)
    assert watch.verdict() == NOTHING
    clock.advance(1)
    assert watch.verdict() == Verdict(lock=Why.AWAY)


def test_ringing_without_leaving_holds_as_long_and_is_announced(watch, clock):
    watch.went_out()
    clock.advance(239)
    assert watch.verdict() == NOTHING
    clock.advance(1)
    assert watch.verdict() == Verdict(seconds_left=60)
    clock.advance(60)
    assert watch.verdict() == Verdict(lock=Why.IDLE)


def test_back_from_the_call_the_next_leaving_is_an_ordinary_one(watch, clock):
    watch.went_out()
    watch.left("tab")
    clock.advance(200)
    assert watch.came_back("tab") == NOTHING
    watch.left("tab")
    clock.advance(30)
    assert watch.verdict().lock is Why.AWAY


def test_working_on_after_tapping_ring_ends_the_five_minutes(watch, clock):
    watch.went_out()
    clock.advance(5)
    watch.touched()
    watch.left("tab")
    clock.advance(30)
    assert watch.verdict().lock is Why.AWAY


def test_a_sleeping_phone_is_measured_by_its_wall_clock(watch, clock):
    # Its monotonic clock stands still meanwhile.
    watch.left("tab")
    clock.skew += timedelta(seconds=31)
    assert watch.came_back("tab").lock is Why.AWAY


def test_putting_the_wall_clock_back_buys_no_time(watch, clock):
    watch.left("tab")
    clock.skew -= timedelta(seconds=3600)
    clock.advance(30)
    assert watch.verdict().lock is Why.AWAY


def test_a_wall_clock_put_back_does_not_lock_either(watch, clock):
    clock.skew -= timedelta(seconds=10 * 365 * 86400)
    assert watch.verdict() == NOTHING


def test_a_wall_clock_put_forward_locks_which_is_the_safe_side(watch, clock):
    clock.skew += timedelta(seconds=10 * 365 * 86400)
    assert watch.verdict().lock is Why.IDLE


def test_one_tab_in_sight_is_enough_to_stay(watch, clock):
    watch.came_back("second")
    watch.left("tab")
    clock.advance(100)
    assert watch.covered("tab")
    assert not watch.covered("second")
    assert watch.verdict() == NOTHING
    watch.left("second")
    clock.advance(30)
    assert watch.verdict().lock is Why.AWAY


def test_locked_nothing_is_due_any_more(watch, clock):
    clock.advance(500)
    watch.locked()
    assert watch.verdict() == NOTHING
    watch.touched()
    clock.advance(500)
    assert watch.verdict() == NOTHING


def test_unlocked_again_the_old_leaving_is_forgotten(watch, clock):
    watch.left("tab")
    clock.advance(31)
    watch.locked()
    watch.came_back("tab")
    watch.unlocked()
    clock.advance(31)
    assert watch.verdict() == NOTHING


def test_a_device_unlocked_out_of_sight_locks_like_one_that_was_left(clock):
    watch = Lifecycle(clock)
    watch.unlocked()
    clock.advance(30)
    assert watch.verdict().lock is Why.AWAY


def test_a_tab_that_leaves_twice_and_returns_once_is_in_sight(watch):
    watch.left("tab")
    watch.left("tab")
    watch.came_back("tab")
    assert not watch.covered("tab")


def test_the_rules_are_the_promised_ones():
    assert Rules() == Rules(away=30, out=300, idle=180, warning=60)
