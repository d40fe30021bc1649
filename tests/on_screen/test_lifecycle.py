from datetime import UTC, datetime, timedelta

import pytest

from app.lifecycle import Lifecycle, Rules, Verdict, Why

NOTHING = Verdict()


class Clocks:
    """Two clocks that can be moved apart."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 6, 2, 9, tzinfo=UTC)
        self.seconds = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds

    def sleep_like_a_phone(self, seconds: float) -> None:
        """The monotonic clock of a sleeping phone stands still."""
        self.wall += timedelta(seconds=seconds)

    def put_back(self, seconds: float) -> None:
        self.wall -= timedelta(seconds=seconds)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def watch(clocks: Clocks) -> Lifecycle:
    """Unlocked, with one tab in sight."""
    watch = Lifecycle(clocks)
    watch.came_back("tab")
    watch.unlocked()
    return watch


def test_nothing_is_due_while_somebody_works(watch, clocks):
    for _ in range(100):
        clocks.pass_(110)
        assert watch.verdict() == NOTHING
        watch.touched()


def test_three_idle_minutes_lock(watch, clocks):
    clocks.pass_(179.9)
    assert watch.verdict().lock is None
    clocks.pass_(0.1)
    assert watch.verdict() == Verdict(lock=Why.IDLE)


def test_the_lock_is_announced_a_minute_ahead_and_counts_down(watch, clocks):
    clocks.pass_(119)
    assert watch.verdict() == NOTHING
    clocks.pass_(1)
    assert watch.verdict() == Verdict(seconds_left=60)
    clocks.pass_(0.5)
    assert watch.verdict() == Verdict(seconds_left=60)
    clocks.pass_(58.6)
    assert watch.verdict() == Verdict(seconds_left=1)


def test_one_tap_to_stay_starts_the_three_minutes_again(watch, clocks):
    clocks.pass_(170)
    assert watch.verdict().seconds_left == 10
    watch.touched()
    assert watch.verdict() == NOTHING
    clocks.pass_(119)
    assert watch.verdict() == NOTHING


def test_a_tap_that_comes_too_late_does_not_stay(watch, clocks):
    clocks.sleep_like_a_phone(3600)
    assert watch.touched() == Verdict(lock=Why.IDLE)
    assert watch.verdict() == Verdict(lock=Why.IDLE)


def test_leaving_covers_at_once(watch):
    assert not watch.covered("tab")
    watch.left("tab")
    assert watch.covered("tab")


def test_a_tab_never_seen_is_covered(watch):
    assert watch.covered("another")


def test_thirty_seconds_away_lock(watch, clocks):
    watch.left("tab")
    clocks.pass_(29.9)
    assert watch.verdict() == NOTHING
    clocks.pass_(0.1)
    assert watch.verdict() == Verdict(lock=Why.AWAY)


def test_nobody_away_is_warned(watch, clocks):
    watch.left("tab")
    clocks.pass_(20)
    assert watch.verdict().seconds_left is None


def test_coming_back_in_time_counts_as_attention(watch, clocks):
    clocks.pass_(100)
    watch.left("tab")
    clocks.pass_(29)
    assert watch.came_back("tab") == NOTHING
    assert not watch.covered("tab")
    clocks.pass_(119)
    assert watch.verdict() == NOTHING


def test_coming_back_too_late_says_lock_before_anything_is_shown(watch, clocks):
    watch.left("tab")
    clocks.pass_(31)
    assert watch.came_back("tab") == Verdict(lock=Why.AWAY)


def test_coming_back_too_late_does_not_buy_time(watch, clocks):
    watch.left("tab")
    clocks.pass_(31)
    watch.came_back("tab")
    assert watch.verdict().lock is Why.AWAY


def test_the_idle_clock_runs_on_while_away(watch, clocks):
    clocks.pass_(170)
    watch.left("tab")
    clocks.pass_(10)
    assert watch.verdict().lock is Why.IDLE


def test_leaving_again_and_again_does_not_push_the_lock_away(watch, clocks):
    watch.left("tab")
    for _ in range(3):
        clocks.pass_(9)
        watch.left("tab")
    clocks.pass_(3)
    assert watch.verdict().lock is Why.AWAY


def test_ringing_gives_five_minutes(watch, clocks):
    watch.went_out()
    watch.left("tab")
    clocks.pass_(299)
    assert watch.verdict() == NOTHING
    clocks.pass_(1)
    assert watch.verdict() == Verdict(lock=Why.AWAY)


def test_ringing_without_leaving_holds_as_long_and_is_announced(watch, clocks):
    watch.went_out()
    clocks.pass_(239)
    assert watch.verdict() == NOTHING
    clocks.pass_(1)
    assert watch.verdict() == Verdict(seconds_left=60)
    clocks.pass_(60)
    assert watch.verdict() == Verdict(lock=Why.IDLE)


def test_back_from_the_call_the_next_leaving_is_an_ordinary_one(watch, clocks):
    watch.went_out()
    watch.left("tab")
    clocks.pass_(200)
    assert watch.came_back("tab") == NOTHING
    watch.left("tab")
    clocks.pass_(30)
    assert watch.verdict().lock is Why.AWAY


def test_working_on_after_tapping_ring_ends_the_five_minutes(watch, clocks):
    watch.went_out()
    clocks.pass_(5)
    watch.touched()
    watch.left("tab")
    clocks.pass_(30)
    assert watch.verdict().lock is Why.AWAY


def test_a_sleeping_phone_is_measured_by_its_wall_clock(watch, clocks):
    watch.left("tab")
    clocks.sleep_like_a_phone(31)
    assert watch.came_back("tab").lock is Why.AWAY


def test_putting_the_wall_clock_back_buys_no_time(watch, clocks):
    watch.left("tab")
    clocks.put_back(3600)
    clocks.pass_(30)
    assert watch.verdict().lock is Why.AWAY


def test_a_wall_clock_put_back_does_not_lock_either(watch, clocks):
    clocks.put_back(10 * 365 * 86400)
    assert watch.verdict() == NOTHING


def test_a_wall_clock_put_forward_locks_which_is_the_safe_side(watch, clocks):
    clocks.sleep_like_a_phone(10 * 365 * 86400)
    assert watch.verdict().lock is Why.IDLE


def test_one_tab_in_sight_is_enough_to_stay(watch, clocks):
    watch.came_back("second")
    watch.left("tab")
    clocks.pass_(100)
    assert watch.covered("tab")
    assert not watch.covered("second")
    assert watch.verdict() == NOTHING
    watch.left("second")
    clocks.pass_(30)
    assert watch.verdict().lock is Why.AWAY


def test_locked_nothing_is_due_any_more(watch, clocks):
    clocks.pass_(500)
    watch.locked()
    assert watch.verdict() == NOTHING
    watch.touched()
    clocks.pass_(500)
    assert watch.verdict() == NOTHING


def test_unlocked_again_the_old_leaving_is_forgotten(watch, clocks):
    watch.left("tab")
    clocks.pass_(31)
    watch.locked()
    watch.came_back("tab")
    watch.unlocked()
    clocks.pass_(31)
    assert watch.verdict() == NOTHING


def test_a_device_unlocked_out_of_sight_locks_like_one_that_was_left(clocks):
    watch = Lifecycle(clocks)
    watch.unlocked()
    clocks.pass_(30)
    assert watch.verdict().lock is Why.AWAY


def test_a_tab_that_leaves_twice_and_returns_once_is_in_sight(watch):
    watch.left("tab")
    watch.left("tab")
    watch.came_back("tab")
    assert not watch.covered("tab")


def test_the_rules_are_the_promised_ones():
    assert Rules() == Rules(away=30, out=300, idle=180, warning=60)
