"""Devices that lost the office together do not come back together."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import EVERY, FIRST, LONGEST, wait_before


def test_while_all_is_well_a_round_comes_every_few_minutes():
    assert timedelta(minutes=2) < wait_before(0, 0.0) <= wait_before(0, 1.0) < timedelta(minutes=5)
    assert wait_before(0, 0.5) == EVERY


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_and_stay_within_bounds(failures, chance):
    wait = wait_before(failures, chance)
    assert FIRST / 2 <= wait <= LONGEST
    assert wait <= wait_before(failures + 1, 1.0)


def test_chance_spreads_them_over_half_the_wait():
    assert wait_before(3, 1.0) == 2 * wait_before(3, 0.0)
