"""The frame: who sees what when a device locks, is left, looked at twice, or comes back."""

import asyncio
from collections.abc import Iterator
from typing import Any

import flet as ft
import pytest

from app.background import Ticker
from app.lifecycle import Why
from app.root import outlive_closing
from driver.inprocess import InProcessApp
from fakes import FakeClock
from on_screen.small_house import PASSPHRASE, Door, house


class Device:
    """A small house with stopped clocks and a ticker that ticks when told."""

    def __init__(self) -> None:
        self.door, self.clock = Door(), FakeClock()
        self.session, self.main = house(self.door, clock=self.clock)
        self.ticker = Ticker(self.session)

    async def unlock(self, app: InProcessApp) -> None:
        await app.fill("Passphrase", PASSPHRASE)
        await app.click("Unlock")
        await app.until(lambda: app.shows("Orchid family"), "Today")

    async def wait(self, app: InProcessApp, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.ticker.once()
        await app.settle()

    async def notice(self, app: InProcessApp, state: ft.AppLifecycleState) -> None:
        await app.fire(app.page, "app_lifecycle_state_change", {"state": state.value})


def covered(app: InProcessApp) -> bool:
    return any("Covered" in str(b.content) for b in app.controls(ft.TextButton))


async def travel(app: InProcessApp, route: str) -> None:
    """What the client says once its address bar has changed."""
    app.connection.page_url = "http://127.0.0.1"
    app.session.apply_page_patch({"route": route})
    await app.fire(app.page, "route_change", {"route": route})


@pytest.fixture
def device() -> Iterator[Device]:
    device = Device()
    yield device
    device.door.close()


def screen(width: int = 412):
    """Run a test's steps against one tab."""

    def decorate(steps):
        def test(device: Device):
            async def go():
                async with InProcessApp(device.main, width=width) as app:
                    await steps(device, app)
                    assert not app.crashed()

            asyncio.run(go())

        test.__name__ = steps.__name__
        return test

    return decorate


@screen()
async def test_three_idle_minutes_lock_with_a_warning_and_keep_the_draft(device, app):
    await device.unlock(app)
    await app.fill("Visit note", "Calm visit")
    await device.wait(app, 121)
    assert app.shows("This device locks in 59 s.")
    await device.wait(app, 60)
    assert app.shows("Good morning")
    assert not app.shows("Orchid")
    assert device.door.locked
    assert device.door.drafts == ["Calm visit"]


@screen()
async def test_stay_takes_one_tap_and_gives_three_more_minutes(device, app):
    await device.unlock(app)
    await device.wait(app, 150)
    await app.click("Stay")
    assert not app.shows("locks in")
    await device.wait(app, 119)
    assert app.shows("Orchid family")


@screen()
async def test_typing_also_answers_the_warning(device, app):
    await device.unlock(app)
    await device.wait(app, 150)
    await app.fill("Visit note", "still here")
    assert not app.shows("locks in")


@screen()
async def test_leaving_covers_at_once_writes_the_draft_and_keeps_what_was_typed(device, app):
    await device.unlock(app)
    await app.fill("Visit note", "Calm visit")
    await device.notice(app, ft.AppLifecycleState.HIDE)
    assert covered(app)
    assert app.find(ft.AppBar).title.value == "Doorstep"
    assert device.door.drafts == ["Calm visit"]
    await device.wait(app, 20)
    await device.notice(app, ft.AppLifecycleState.SHOW)
    assert not covered(app)
    assert app.find(ft.TextField, label="Visit note").value == "Calm visit"


@screen()
async def test_thirty_seconds_away_lock(device, app):
    await device.unlock(app)
    await device.notice(app, ft.AppLifecycleState.HIDE)
    await device.wait(app, 31)
    assert device.door.locked
    await device.notice(app, ft.AppLifecycleState.SHOW)
    assert app.shows("Good morning")


@screen()
async def test_back_after_thirty_seconds_it_is_locked_before_anything_shows(device, app):
    await device.unlock(app)
    await device.notice(app, ft.AppLifecycleState.PAUSE)
    device.clock.advance(31)  # the phone slept: no tick in between
    await device.notice(app, ft.AppLifecycleState.RESUME)
    await app.until(lambda: app.shows("Good morning"), "the unlock screen")
    assert device.session.tabs.popitem()[1].gate.why is Why.AWAY


@screen()
async def test_a_first_tap_after_the_lid_was_shut_locks_and_is_not_carried_out(device, app):
    await device.unlock(app)
    await app.fill("Visit note", "Calm visit")
    device.clock.advance(3600)
    await app.click("Save")
    await app.until(lambda: app.shows("Good morning"), "the unlock screen")
    assert device.door.note == ""
    assert device.door.drafts == ["Calm visit"]


@screen()
async def test_a_dialog_does_not_show_above_the_cover(device, app):
    await device.unlock(app)
    await app.click("Move the note")
    assert app.find(ft.AlertDialog).open
    await device.notice(app, ft.AppLifecycleState.HIDE)
    assert not any(d.open for d in app.controls(ft.AlertDialog))
    await device.notice(app, ft.AppLifecycleState.SHOW)
    assert any(d.open for d in app.controls(ft.AlertDialog))


@screen()
async def test_the_lock_button_and_control_l_lock(device, app):
    await device.unlock(app)
    await app.click("Lock")
    await app.until(lambda: app.shows("Good morning"), "the unlock screen")
    await device.unlock(app)
    keys = {"key": "L", "shift": False, "ctrl": True, "alt": False, "meta": False}
    await app.fire(app.page, "keyboard_event", keys)
    await app.until(lambda: app.shows("Good morning"), "the unlock screen")


@screen()
async def test_after_unlocking_she_is_where_she_was(device, app):
    await device.unlock(app)
    await travel(app, "/families")
    assert app.shows("2 children")
    await device.session.lock()
    await app.until(lambda: app.shows("Good morning"), "the unlock screen")
    await app.fill("Passphrase", PASSPHRASE)
    await app.click("Unlock")
    await app.until(lambda: app.shows("2 children"), "Families again")


@screen(width=1280)
async def test_a_tablet_has_a_rail_and_a_phone_a_bar(device, app):
    await device.unlock(app)
    assert list(app.controls(ft.NavigationRail))
    assert not list(app.controls(ft.NavigationBar))
    await app.fire(app.page, "resize", {"width": 412, "height": 892})
    assert list(app.controls(ft.NavigationBar))
    assert not list(app.controls(ft.NavigationRail))


def test_two_tabs_lock_together_and_each_is_covered_alone(device):
    async def go():
        async with InProcessApp(device.main) as first, InProcessApp(device.main) as second:
            await device.unlock(first)
            await second.until(lambda: second.shows("Orchid family"), "the other tab open")
            await device.notice(first, ft.AppLifecycleState.HIDE)
            assert covered(first)
            assert not covered(second)
            await device.wait(second, 60)
            assert not device.door.locked
            await device.session.lock()
            for app in (first, second):
                await app.until(lambda app=app: app.shows("Good morning"), "both locked")
                assert not app.shows("Orchid")

    asyncio.run(go())


def test_a_record_written_in_one_tab_shows_in_the_other(device):
    async def go():
        async with InProcessApp(device.main) as first, InProcessApp(device.main) as second:
            await device.unlock(first)
            await second.until(lambda: second.shows("Orchid family"), "the other tab open")
            await first.fill("Visit note", "Written here")
            await first.click("Save")
            await second.until(lambda: second.shows("Note: Written here"), "the note there")

    asyncio.run(go())


def test_a_record_written_by_another_thread_shows(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await asyncio.to_thread(device.door.write, "from the exchange")
            await app.until(lambda: app.shows("Note: from the exchange"), "the note")

    asyncio.run(go())


def test_a_tab_that_was_away_while_it_locked_keeps_nothing_to_show(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await app.fill("Visit note", "Calm visit")
            await app.session.disconnect(900)
            await app.settle()
            await device.wait(app, 31)
            assert device.door.locked
            assert app.texts() == []
            await app.session.connect(app.connection)
            await app.until(lambda: app.shows("Good morning"), "the unlock screen")

    asyncio.run(go())


def test_a_tab_that_came_back_in_time_shows_what_changed_meanwhile(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await app.session.disconnect(900)
            device.door.write("while away")
            await app.settle()
            await device.wait(app, 10)
            await app.session.connect(app.connection)
            await app.until(lambda: app.shows("Note: while away"), "the news")

    asyncio.run(go())


def test_a_tab_whose_drawing_died_outside_our_guards_is_drawn_anew(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            device.door.write("refused")
            await app.settle()
            device.door.write("whole again")
            await app.settle()
            assert not app.shows("Note: whole again")  # frozen, without a word
            await device.wait(app, 1)
            await app.until(lambda: app.shows("Note: whole again"), "the tab drawn anew")
            assert app.shows("Reference")
            device.door.write("and alive")
            await app.until(lambda: app.shows("Note: and alive"), "later changes too")

    asyncio.run(go())


def test_what_is_drawn_while_the_connection_closes_does_not_freeze_the_tab(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            connection: Any = app.connection
            queue: Any = None
            sent = connection.send_message
            connection.send_message = lambda _message: queue.put_nowait(b"")
            outlive_closing(app.page)
            device.door.write("while closing")
            await app.settle()
            connection.send_message = sent
            device.door.write("after it")
            await app.until(lambda: app.shows("Note: after it"), "the change")

    asyncio.run(go())


def test_stopping_the_process_writes_drafts_and_locks(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await app.fill("Visit note", "Calm visit")
            await device.ticker.stop()

    asyncio.run(go())
    assert device.door.opened_again().drafts == ["Calm visit"]


def test_a_draft_that_cannot_be_written_does_not_keep_the_device_open(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await app.fill("Visit note", "cannot be kept")
            await device.session.lock()
            assert device.door.locked

    asyncio.run(go())


def test_a_screen_that_is_left_writes_its_draft(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await app.fill("Visit note", "Calm visit")
            await travel(app, "/nowhere")
            await app.until(lambda: device.door.drafts == ["Calm visit"], "the draft")
            assert app.shows("There is nothing at this address.")

    asyncio.run(go())


def test_settings_reach_every_tab_and_survive_a_restart(device):
    async def go():
        async with InProcessApp(device.main) as app:
            await device.unlock(app)
            await device.session.change_settings(text_size="largest", brightness="dark")
            await app.settle()
            assert app.page.theme_mode is ft.ThemeMode.DARK
            chosen: Any = app.page.theme
            assert chosen.text_theme.body_large.size > 27

    asyncio.run(go())
    again, _main = house(device.door.opened_again())
    assert again.settings.text_size == "largest"
