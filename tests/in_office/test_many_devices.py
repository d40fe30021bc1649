"""Fifty devices at two offices on one PostgreSQL; `make bench` does it with a thousand."""

import pytest

from bench.many_devices import CHANGES, day, offices_on, organised


@pytest.mark.alone
def test_fifty_devices_lose_nothing_and_nobody_waits(cluster, prepared, tmp_path):
    name = cluster.create(prepared)
    with offices_on(cluster.url(name), tmp_path, 2) as offices:
        outcome = day(organised(50, offices), seconds=15)
    cluster.drop(name)

    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert len(outcome.waited) == 50 * (CHANGES + 2)
    assert outcome.within(0.95) < 1
    assert outcome.took < 180
