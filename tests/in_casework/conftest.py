"""A small team with real vaults: Amina at the doors, Rhian in the clinic, Grace supervising."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.casework.attendance import Code
from app.casework.forms import Booking
from casebooks import House, Member, mother_of, okoro, texted, thursday
from cast import AMINA, GRACE, RHIAN
from desk_stand_in import Desk
from fakes import unsynced
from pathways import NIA, family_of

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


@pytest.fixture
def desk(house: House) -> Desk:
    return house.gets_a_desk()


@pytest.fixture
def family(house: House, amina: Member) -> str:
    """The Okoros, founded by Amina, seen once; their mother may be texted and rung."""
    found = amina.book.families.register(okoro(people=(texted(),)))
    earlier = amina.book.with_clock(house.clock)
    first = earlier.diary.book(Booking(family=found, starts=house.clock.now() - timedelta(days=6)))
    earlier.engagement.record_outcome(first, {mother_of(amina.book, found): Code.ON_TIME})
    earlier.close()
    return found


@pytest.fixture
def booked(house: House, amina: Member, grace: Member, family: str, desk: Desk) -> str:
    """Amina's visit next Thursday, which everybody knows of, with its texts at the desk."""
    house.carry()
    grace.book.supervision.allocate(family, amina.person, "family_worker")
    appointment = amina.book.diary.book(thursday(family))
    house.carry()
    return appointment


@pytest.fixture
def team(tmp_path: Path) -> Iterator:
    """A team of any service: `rct, grace, amina, rhian = team("rct")`; day and service chosen."""
    houses = []

    def gathers(service: str, on: date = MONDAY.date()):
        house = House(tmp_path, datetime(on.year, on.month, on.day, 9, tzinfo=UTC), unsynced)
        houses.append(house)
        members = [house.joins(who) for who in (GRACE, AMINA, RHIAN)]
        house.opens(service)
        return house, *members

    yield gathers
    for house in houses:
        house.close()


@pytest.fixture
def two_heads(tmp_path: Path) -> Iterator:
    """Two supervisors, both with the same family, and no signal between them."""
    house = House(tmp_path, datetime(2026, 11, 23, 9, tzinfo=UTC), unsynced)
    grace, amina, rhian = [house.joins(who) for who in (GRACE, AMINA, RHIAN)]
    nia = house.joins(NIA)
    house.opens("rct")
    family = family_of(grace)
    house.carry()
    house.carry()
    yield house, grace, nia, amina, rhian, family
    house.close()
