"""The driver drives: each of its promises once, against a tiny app, so that a story that fails
points at the product."""

import asyncio
import datetime as dt
from collections.abc import Iterator

import flet as ft
import pytest

from driver import sample_app
from driver.browser import TABLET, FlakyLink, FletBrowser, FletServer
from driver.inprocess import InProcessApp


@pytest.fixture(scope="module")
def server() -> Iterator[FletServer]:
    app = FletServer("-m", "driver.sample_app", env={"SAMPLE_GREETING": "Good morning"})
    with app:
        yield app


@pytest.mark.browser
def test_two_people_use_their_browsers_at_once(server):
    assert server.url.endswith("/?token=once")
    with FletBrowser(server.url) as phone, FletBrowser(server.url, TABLET, dark=True) as tablet:
        phone.open()
        tablet.open()
        phone.fill("Passphrase", "sesame")
        phone.tap("Unlock")
        phone.see("That is not it")
        for ui in (phone, tablet):
            ui.fill("Passphrase", sample_app.PASSPHRASE)
            if ui is tablet:
                ui.tab_to("Unlock")
                ui.press("Enter")
            else:
                ui.tap("Unlock")
            ui.see("Good morning")
        phone.fill("Visit note", "Calm.\nFeeding well.")
        phone.see("Kept 19 characters")
        phone.press("End")
        phone.type(" Asleep by nine.")
        phone.see("Kept 35 characters")
        phone.pick_date("Change date", dt.date(2026, 4, 15))
        phone.see("Visit on 15 April 2026")
        tablet.not_see("Kept 35 characters")
        for ui in (phone, tablet):
            assert ui.accessibility_problems() == []
            assert ui.external == []
        assert phone.screenshot("driver-phone").stat().st_size > 5_000


@pytest.mark.browser
def test_a_cut_cable_is_noticed_and_the_page_comes_back_with_what_was_written(server):
    with FlakyLink(server.port) as link, FletBrowser(link.url) as ui:
        ui.open()
        ui.fill("Passphrase", sample_app.PASSPHRASE)
        ui.tap("Unlock")
        ui.fill("Visit note", "Written before the drop")
        ui.see("Kept 23 characters")
        with ui.reloading():
            link.cut()
            link.restore()
        ui.has_value("Visit note", "Written before the drop")


def test_a_killed_program_starts_again_at_a_new_address():
    with FletServer("-m", "driver.sample_app") as app:
        first, first_pid = app.url, app.pid
        app.kill()
        app.start()
        assert app.url != first
        assert app.pid != first_pid


def test_a_program_that_ends_at_once_fails_with_what_it_said():
    with pytest.raises(AssertionError) as failure:
        FletServer("-c", "raise SystemExit('no database here')").start()
    assert "no database here" in "".join(failure.value.__notes__)


def test_the_same_app_runs_without_a_browser():
    async def story() -> None:
        async with InProcessApp(sample_app.main) as app:
            await app.fill("Passphrase", "sesame")
            await app.click("Unlock")
            assert app.find(ft.TextField, label="Passphrase").error == "That is not it"
            await app.fill("Passphrase", sample_app.PASSPHRASE)
            await app.click("Unlock")
            await app.fill("Visit note", "Calm.")
            assert app.shows("Kept 5 characters")
            assert not app.crashed()

    asyncio.run(story())
