"""A desk for each test: its own database, a clock that stands still, providers' stand-ins."""

from dataclasses import replace

import pytest

from at_the_desk.wired import secrets
from desks import bench
from fakes import FakeClock
from offices import served
from providers.notify_stand_in import KEY, TEMPLATE, NotifyStandIn
from providers.twilio_stand_in import NUMBER, SID, TOKEN, TwilioStandIn
from sync.server.desk.providers.notify import Notify
from sync.server.desk.providers.twilio_account import Account
from sync.server.desk.providers.twilio_calls import TwilioCalls
from sync.server.desk.providers.twilio_texts import TwilioTexts
from sync.server.desk.settings import addresses
from sync.server.office import OfficeService


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


@pytest.fixture
def office(database_url, clock):
    service = OfficeService(database_url, clock=clock)
    yield service
    service.close()


@pytest.fixture
def open_desk(at_desk, office):
    """The desk's own addresses, served; gives it with where things are."""
    with served(office, desk=lambda address: (at_desk.desk, secrets(address))) as address:
        at_desk.address = address
        at_desk.where = addresses(secrets(address), at_desk.desk.keys)
        yield at_desk


@pytest.fixture
def twilio():
    with TwilioStandIn() as running:
        yield running


@pytest.fixture
def by_twilio(at_desk, office, twilio):
    """The same desk, with texts and calls through Twilio."""

    def desk(address):
        account = Account(
            sid=SID,
            token=TOKEN,
            sender=NUMBER,
            callbacks=secrets(address).address,
            api=twilio.address,
            timeout_s=2,
        )
        calls = TwilioCalls(account)
        calls.per_second = None
        at_desk.desk = replace(
            at_desk.desk, providers={"sms": TwilioTexts(account), "voice": calls}
        )
        return at_desk.desk, secrets(address)

    with served(office, desk=desk) as address:
        at_desk.where = addresses(secrets(address), at_desk.desk.keys)
        yield at_desk
