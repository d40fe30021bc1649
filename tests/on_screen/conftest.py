"""A supervisor and a worker with a device each, and one family, for the product's own screens."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebooks import House, Member
from cast import AMINA, GRACE
from fakes import unsynced

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens()
    yield made
    made.close()


@pytest.fixture
def amina(house: House) -> Member:
    return house.members[AMINA.person]


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]
