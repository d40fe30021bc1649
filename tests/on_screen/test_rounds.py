"""The sync line over real vaults and a real office in this process."""

import asyncio
import threading
from datetime import timedelta
from unittest.mock import patch

import pytest

from app.background import Ticker
from app.casework.casebook.reminders import Reminders
from app.root import opener
from app.session import Furnishing, Session
from app.state import SyncGlance
from app.sync_line import sync_words
from app.wrong_clock import span
from cast import PASSPHRASE
from driver.inprocess import InProcessApp
from house import House
from lines import NoSignal
from on_screen.small_house import SCREENS, small_casebook

TEXT = "Feeding well."


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.close()


class Device:
    """One of the house's devices with a tab looking at it."""

    def __init__(self, hand, folder) -> None:
        self.hand = hand
        furnishing = Furnishing(casebook=small_casebook, exchange=lambda _vault: hand.exchange)
        self.session = Session(
            folder=folder, furnishing=furnishing, vault=hand.vault, clock=hand.clock
        )
        self.session.begin()
        self.main = opener(self.session, SCREENS)
        self.ticker = Ticker(self.session)

    def glance(self) -> SyncGlance:
        (tab,) = self.session.tabs.values()
        return tab.sync

    def words(self) -> str:
        return sync_words(self.glance())


def with_device(steps):
    """Amina's tablet, let in by Grace, with one family on it."""

    def test(house, tmp_path):
        async def go():
            grace = house.begins("grace")
            amina = house.joins("amina", by=grace)
            family = amina.founds_family()
            amina.round()
            device = Device(amina, tmp_path)
            async with InProcessApp(device.main) as app:
                await steps(device, app, house, family, grace)
                assert not app.crashed()
                await device.session.rounds.stop()

        asyncio.run(go())

    test.__name__ = steps.__name__
    return test


@with_device
async def test_a_note_is_only_on_this_device_and_then_sent_by_itself(
    device, app, house, family, grace
):
    await device.session.rounds.now()
    note = device.hand.writes(family, "visit_note", text=TEXT)
    await app.until(lambda: device.words() == "1 only on this device", "the count")
    house.clock.advance(3)
    await device.ticker.once()
    await app.until(lambda: device.words() == "All sent", "the round")
    grace.round()
    assert grace.reads(note)["text"] == TEXT


@with_device
async def test_without_signal_it_says_so_and_keeps_everything(device, app, house, family, grace):
    device.session.exchange = device.hand.talks_to(NoSignal()).exchange
    device.hand.writes(family, "visit_note", text=TEXT)
    ended = await device.session.rounds.now()
    assert ended.offline
    assert not ended.needs_somebody
    assert "sent by itself" in ended.trouble.then
    await app.until(lambda: device.glance().offline, "the line")
    assert device.words() == "1 only on this device"
    assert not device.glance().trouble
    device.session.exchange = device.hand.talks_to(house.service).exchange
    await device.session.rounds.now()
    await app.until(lambda: device.words() == "All sent", "the line again")
    assert not device.glance().offline


@with_device
async def test_two_changes_of_one_record_count_once(device, app, house, family, grace):
    note = device.hand.writes(family, "visit_note", text=TEXT)
    device.hand.writes(family, "visit_note", note, text=TEXT + " Asleep at 10.")
    await app.until(lambda: device.glance().waiting == 1, "the count")


@with_device
async def test_a_locked_device_still_sends(device, app, house, family, grace):
    note = device.hand.writes(family, "visit_note", text=TEXT)
    await device.session.lock()
    ended = await device.session.rounds.now()
    assert ended.outcome.sent == 1
    assert device.hand.vault.locked
    grace.round()
    assert grace.reads(note)["text"] == TEXT


@with_device
async def test_whoever_unlocks_sees_what_came_in_while_the_device_lay_locked(
    device, app, house, family, grace
):
    await device.session.lock()
    await device.session.rounds.now()
    grace.round()
    note = grace.writes(family, "visit_note", text=TEXT)
    grace.round()
    house.clock.advance(30)  # long before a device that nobody looks at asks by itself
    await device.session.unlock(PASSPHRASE)
    await device.ticker.once()
    await app.until(lambda: not device.session.rounds.running, "the round")
    assert device.hand.reads(note)["text"] == TEXT


@with_device
async def test_what_came_in_is_there_although_the_locked_device_asked_a_moment_ago(
    device, app, house, family, grace
):
    grace.round()
    note = grace.writes(family, "visit_note", text=TEXT)
    grace.round()
    await device.session.lock()
    await device.session.rounds.now()  # as opening it in the browser does, before the passphrase
    await device.session.unlock(PASSPHRASE)
    await device.ticker.once()
    await app.until(lambda: not device.session.rounds.running, "the round")
    assert device.hand.reads(note)["text"] == TEXT


@with_device
async def test_whoever_unlocks_in_the_middle_of_a_locked_devices_round_waits_for_no_other(
    device, app, house, family, grace
):
    grace.round()
    note = grace.writes(family, "visit_note", text=TEXT)
    grace.round()
    await device.session.lock()
    going = asyncio.create_task(device.session.rounds.now())
    await asyncio.sleep(0)
    assert device.session.rounds.running
    await device.session.unlock(PASSPHRASE)
    await going
    await device.ticker.once()
    await app.until(lambda: not device.session.rounds.running, "the round")
    assert device.hand.reads(note)["text"] == TEXT


class Slow:
    """An office whose first page of news is on its way for as long as a bad line takes."""

    def __init__(self, service) -> None:
        self._service, self.reached, self.go_on = service, threading.Event(), threading.Event()

    def __getattr__(self, name):
        found = getattr(self._service, name)
        if name != "pull_several":
            return found

        def held(*given, **named):
            answer = found(*given, **named)
            self.reached.set()
            assert self.go_on.wait(20)
            return answer

        return held


@with_device
async def test_whoever_asks_while_a_round_goes_on_gets_one_that_began_afterwards(
    device, app, house, family, grace
):
    await device.session.rounds.now()
    slow = Slow(house.service)
    grace.round()
    grace.writes(family, "visit_note", text="Seen on Monday.")
    grace.round()
    device.session.exchange = device.hand.talks_to(slow).exchange
    going_on = asyncio.create_task(device.session.rounds.now())
    await asyncio.to_thread(slow.reached.wait, 20)
    note = grace.writes(family, "visit_note", text=TEXT)
    grace.round()
    asked = asyncio.create_task(device.session.rounds.now())
    slow.go_on.set()
    await asyncio.gather(going_on, asked)
    assert device.hand.reads(note)["text"] == TEXT


@with_device
async def test_what_is_saved_while_a_round_goes_on_leaves_soon_afterwards(
    device, app, house, family, grace
):
    await device.session.rounds.now()
    slow = Slow(house.service)
    grace.round()
    grace.writes(family, "visit_note", text="Seen on Monday.")
    grace.round()
    device.session.exchange = device.hand.talks_to(slow).exchange
    going_on = asyncio.create_task(device.session.rounds.now())
    await asyncio.to_thread(slow.reached.wait, 20)
    device.hand.writes(family, "visit_note", text=TEXT)
    device.session.rounds.saved()
    slow.go_on.set()
    await going_on
    await app.until(lambda: device.words() == "1 only on this device", "the count")
    house.clock.advance(3)
    await device.ticker.once()
    await app.until(lambda: device.words() == "All sent", "the round")


@with_device
async def test_another_organisations_office_needs_somebody(device, app, house, family, grace):
    other = House(house.folder, seed=2)
    other.begins("other")
    device.session.exchange = device.hand.talks_to(other.service).exchange
    ended = await device.session.rounds.now()
    assert ended.needs_somebody
    await app.until(lambda: device.glance().trouble, "the line")
    other.close()


def test_the_line_in_words():
    assert sync_words(SyncGlance()) == "Checking what is unsent"
    assert sync_words(SyncGlance(waiting=0)) == "All sent"
    assert sync_words(SyncGlance(waiting=3)) == "3 only on this device"
    assert sync_words(SyncGlance(waiting=3, done=12, total=14)) == "Sending 12 of 14"
    assert sync_words(SyncGlance(waiting=2, done=14, total=14)) == "2 only on this device"


def times_brought_in_step():
    """A count of how often the reminder desk was brought in step."""
    return patch.object(Reminders, "reconcile", autospec=True, return_value=0)


async def unlocked_again(device, app):
    await device.session.lock()
    await device.session.unlock(PASSPHRASE)
    await device.ticker.once()
    ended = await device.session.rounds.now()
    beside = device.session._beside
    await app.until(lambda: not beside, "what it does beside everything else")
    return ended


@with_device
async def test_nothing_is_planned_by_a_clock_that_the_office_finds_wrong_until_it_is_right(
    device, app, house, family, grace
):
    device.hand.clock.skew = -timedelta(days=3 * 365 - 2)
    with times_brought_in_step() as planned:
        assert (await unlocked_again(device, app)).outcome.clock_off is not None
        assert planned.call_count == 0
        await app.until(lambda: app.shows("clock is wrong by 3 years"), "the sentence on Today")
        device.session.exchange = device.hand.talks_to(NoSignal()).exchange
        await unlocked_again(device, app)
        assert planned.call_count == 0, "without a signal, what the office said still counts"
        device.hand.clock.skew = timedelta()
        device.session.exchange = device.hand.talks_to(house.service).exchange
        await unlocked_again(device, app)
        assert planned.call_count > 0
        await app.until(lambda: not app.shows("clock is wrong"), "Today without it")


@with_device
async def test_a_clock_that_is_minutes_wrong_is_said_and_still_planned_by(
    device, app, house, family, grace
):
    device.hand.clock.skew = timedelta(minutes=20)
    with times_brought_in_step() as planned:
        await unlocked_again(device, app)
        assert planned.call_count == 1
    await app.until(lambda: app.shows("clock is wrong by 20 min. Nothing is lost"), "the sentence")


@with_device
async def test_whoever_unlocks_without_a_signal_has_what_was_left_half_done_planned(
    device, app, house, family, grace
):
    device.session.exchange = device.hand.talks_to(NoSignal()).exchange
    with times_brought_in_step() as planned:
        await unlocked_again(device, app)
        assert planned.call_count == 1


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (timedelta(minutes=-6), "6 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(days=-1094, hours=-6), "3 years"),
        (timedelta(days=690), "690 days"),
    ],
)
def test_how_wrong_a_clock_is_in_words(off, words):
    assert span(off) == words
