"""The casefile of the whole service: every team's supervisors, and whoever they let in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from house import House
from storage.errors import NotAllowed
from sync.founding import found_service
from sync.granting import grant


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def test_a_supervisor_who_joins_later_reads_it_and_a_worker_only_when_let_in(house):
    grace = house.begins("grace")
    casefile = found_service(grace.line)
    said = grace.writes(casefile, "person", name="64 referrals")
    grace.round()

    dora = house.joins("dora", by=grace, role="supervisor")
    amina = house.joins("amina", by=grace)
    for hand in (grace, dora, amina):
        hand.round()
    assert dora.reads(said)["name"] == "64 referrals"
    assert amina.reads(said) == {}

    assert grant(grace.line, casefile, amina.person)
    amina.round()
    assert amina.reads(said)["name"] == "64 referrals"
    assert {c.kind for c in amina.vault.casefiles()} == {"team", "service"}


def test_nobody_but_a_supervisor_founds_one(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    with pytest.raises(NotAllowed):
        found_service(amina.line)
