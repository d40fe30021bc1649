"""Houses for the stories in here: in process for speed, or over HTTP on this machine."""

import pytest

from house import House
from offices import served
from sync.client import HttpOffice


@pytest.fixture
def house(tmp_path, database_url):
    """An organisation whose devices speak to the office over HTTP on loopback."""
    house = House(tmp_path, url=database_url)
    offices: list[HttpOffice] = []

    def speak() -> HttpOffice:
        offices.append(HttpOffice(house.address))
        return offices[-1]

    with served(house.service) as address:
        house.address, house.speak = address, speak
        yield house
        for office in offices:
            office.close()
    house.close()
