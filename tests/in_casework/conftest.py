"""A small team with real vaults: Amina at the doors, Rhian in the clinic, Grace supervising."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebooks import House, Member
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Monday morning, nine o'clock; everybody has joined and knows the others' names."""
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA, RHIAN):
        made.joins(who)
    made.opens()
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


@pytest.fixture
def amina(house: House) -> Member:
    return house.members[AMINA.person]


@pytest.fixture
def rhian(house: House) -> Member:
    return house.members[RHIAN.person]
