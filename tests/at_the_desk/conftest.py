"""A desk for each test: its own database, a clock that stands still, Notify's stand-in."""

import pytest

from desks import bench
from fakes import FakeClock
from providers.notify_stand_in import KEY, TEMPLATE, NotifyStandIn
from sync.server.desk.providers.notify import Notify


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/office.sqlite3"


@pytest.fixture
def notify():
    """GOV.UK Notify, as far as a desk can tell."""
    with NotifyStandIn() as running:
        yield running


@pytest.fixture
def at_desk(database_url, clock, notify):
    """A desk that sends texts through it, and an imagined device that orders them."""
    provider = Notify(
        key=KEY, template=TEMPLATE, base_url=notify.address, timeout_s=0.4, per_second=None
    )
    made = bench(database_url, clock, {"sms": provider})
    yield made
    made.desk.database.close()
