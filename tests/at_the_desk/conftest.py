"""A desk for each test: its own database, a clock that stands still, providers' stand-ins."""

import os
from dataclasses import replace

import pytest

from at_the_desk.safeguards import WITHOUT, taken_away
from at_the_desk.wired import DUTY_CODE, OPERATOR_CODE, Browser, secrets
from desks import DUTY, bench, console_of
from fakes import FakeClock
from house import House
from offices import served
from providers.notify_stand_in import KEY, TEMPLATE, NotifyStandIn
from providers.twilio_stand_in import NUMBER, SID, TOKEN, TwilioStandIn
from sync.server.desk.desk import Desk, DeskLimits
from sync.server.desk.providers.notify import Notify
from sync.server.desk.providers.twilio_account import Account
from sync.server.desk.providers.twilio_calls import TwilioCalls
from sync.server.desk.providers.twilio_texts import TwilioTexts
from sync.server.desk.settings import Secrets, addresses
from sync.server.office import OfficeService


@pytest.fixture(scope="session", autouse=True)
def safeguards():
    """All of them, but for one that `make safeguards` may be taking away."""
    if WITHOUT not in os.environ:
        yield
        return
    with taken_away(os.environ[WITHOUT]):
        yield


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def notify():
    """GOV.UK Notify, as far as a desk can tell."""
    with NotifyStandIn() as running:
        yield running


@pytest.fixture
def texts_by_notify(notify):
    """The provider, given up on after four tenths of a second."""
    return Notify(
        key=KEY, template=TEMPLATE, base_url=notify.address, timeout_s=0.4, per_second=None
    )


@pytest.fixture
def at_desk(database_url, clock, texts_by_notify):
    """A desk that sends texts through it, and an imagined device that orders them."""
    made = bench(database_url, clock, {"sms": texts_by_notify})
    yield made
    made.desk.database.close()


@pytest.fixture
def house(tmp_path, database_url):
    """An organisation with real devices."""
    made = House(tmp_path, url=database_url)
    yield made
    made.close()


@pytest.fixture
def desk_of_house(house, texts_by_notify):
    """Its desk, certified, sending texts through the same provider."""
    return Desk(
        office=house.service.surroundings,
        keys=house.desk,
        providers={"sms": texts_by_notify},
        limits=DeskLimits(threads=2, duty=DUTY),
    )


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


@pytest.fixture
def page_secrets():
    return Secrets(
        public_url="https://office.example.org", duty_code=DUTY_CODE, operator_code=OPERATOR_CODE
    )


@pytest.fixture
def address(at_desk, database_url, clock, page_secrets):
    desk = at_desk.desk
    desk.providers["sms"] = console_of(desk)
    service = OfficeService(database_url, clock=clock)
    with served(service, desk=lambda _address: (desk, page_secrets)) as address:
        yield address
    service.close()


@pytest.fixture
def browser(address):
    return Browser(address)


@pytest.fixture
def duty(browser):
    browser.send("/desk/login", code=DUTY_CODE)
    return browser
