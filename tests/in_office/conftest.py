"""An office for each test: on a database of its own, with a clock that stands still."""

import pytest

from builders import service_at
from fakes import FakeClock, seeded
from keeper import Keeper
from offices import Wire, served
from sync.server.office import OfficeService


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def office(database_url, clock, tmp_path):
    """An empty office, in process."""
    (tmp_path / "apart").mkdir()
    service = OfficeService(
        database_url, clock=clock, randomness=seeded("office"), kept_apart=tmp_path / "apart"
    )
    yield service
    service.close()


@pytest.fixture
def keeper(office, database, tmp_path, clock):
    return Keeper(office, database, tmp_path, clock)


@pytest.fixture
def service(office):
    """Grace supervises, Amina and Ben visit, Olwen administers; the families Okoro and Silva."""
    return service_at(office)


@pytest.fixture
def wire(office):
    """The same office over HTTP on this machine."""
    with served(office) as address:
        line = Wire(address)
        yield line
        line.close()
