"""A newcomer's first reminder: booked, seen to leave, on the phone, and the next one stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from app.casework.forms import Booking
from app.casework.moments import UK
from app.casework.profile import Shelf
from app.places import PROFILES
from casebooks import okoro, texted
from demo.any_hour import write_profile
from demo.organisation import found
from driver.browser import TABLET, FletBrowser
from driver.link import FlakyLink
from driver.server import wait_until
from storage.clock import SystemClock
from stories.running_demo import Demo, free_ports
from stories.town import OPENS_S, PEOPLE, WORKER, Town, go_to, synchronise, unlock

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.timeout(400)]
TITLE = "Okoro (RC-0101)"
LEAVES_S = 60.0
"""What the README promises."""
HEARS_S = 100.0
"""A device that is looked at asks once a minute; this one may just have asked."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The demo's organisation with one family, founded at the ports at which it then runs."""
    first = free_ports()
    cables = {key: FlakyLink(first, at=first + 1 + n) for n, key in enumerate(PEOPLE)}
    shelf = Shelf([write_profile(tmp_path / "profiles", "reconnect")], shipped=PROFILES)
    with Town(tmp_path, first, cables):
        urls = {key: cable.url for key, cable in cables.items()}
        founded = found(tmp_path, urls, "reconnect", shelf)
        book = founded.amina.book
        family = book.families.register(okoro(people=(texted(),)))
        later = book.at(book.today + timedelta(days=2), time(14))
        book.diary.book(Booking(family=family, starts=later))
        founded.amina.round()
        for desk in (founded.grace, founded.amina, founded.rhian):
            desk.vault.close()
    for cable in cables.values():
        cable.__exit__()
    (tmp_path / "ready").write_text("made\n")
    demo = Demo(tmp_path, first)
    yield demo
    left = demo.children()
    demo.process.kill()
    demo.process.wait(20)
    for process in left:
        process.kill()


def test_a_text_leaves_reaches_the_phone_and_the_next_one_is_stopped(demo: Demo) -> None:
    wait_until(demo.runs, "the demo", 120)
    page = demo.ask("/")[2]
    assert f"http://127.0.0.1:{demo.first}/desk/console" in page
    assert "a text may leave at any hour" in page
    _status, address, _body = demo.ask(f"/open/{WORKER}")
    with FletBrowser(address, TABLET) as ui:
        ui.open()
        unlock(ui, WORKER)
        books_for_tomorrow(ui)
        wait_until(lambda: "will see you" in console(demo), "the text to leave", LEAVES_S)
        opens_the_visit(ui, "14:30")
        ui.see("Reached phone", HEARS_S)
        ui.screenshot("demo-reached-phone")

        demo.ask(f"/signal/{WORKER}", "POST")
        marks_the_number_unsafe(ui)
        ui.see("Not yet stopped at the office: ring duty.", 10.0)
        ui.see("07700 900199")
        ui.screenshot("demo-not-yet-stopped")
        opens_the_visit(ui, "14:00")
        ui.see("it was no longer safe")
        demo.ask(f"/signal/{WORKER}", "POST")
        synchronise(ui)
        opens_the_visit(ui, "14:00")
        ui.see("the number was stopped", HEARS_S)
        ui.screenshot("demo-stopped")
    sent = console(demo)
    assert sent.count("will see you") == 1, "nothing else has left"
    demo.interrupt()


def console(demo: Demo) -> str:
    """What the office's desk shows it would have sent."""
    return demo.ask("/desk/console", port=demo.first)[2]


def books_for_tomorrow(ui: FletBrowser) -> None:
    """A visit tomorrow at half past two, with the text read before saving."""
    ui.scroll_to("Book an appointment")
    ui.tap("Book an appointment")
    ui.see("Who goes", OPENS_S)
    ui.choose("Family", TITLE)
    ui.fill("Day", f"{SystemClock().now().astimezone(UK).date() + timedelta(days=1):%d/%m/%Y}")
    ui.fill("Time", "14:30")
    ui.scroll_to("will see you")
    ui.screenshot("demo-what-is-told")
    ui.tap("Book")
    ui.see("Today")


def opens_the_visit(ui: FletBrowser, at: str) -> None:
    """From the family's page, the appointment at that hour."""
    go_to(ui, "Families")
    ui.click(ui.tile(TITLE))
    ui.scroll_to("What is booked")
    ui.click(ui.button(f", {at}–", exact=False))
    ui.scroll_to("What the family is told")


def marks_the_number_unsafe(ui: FletBrowser) -> None:
    """On the family's page, with no signal."""
    go_to(ui, "Families")
    ui.click(ui.tile(TITLE))
    ui.scroll_to("Mark unsafe")
    ui.click(ui.button("Mark unsafe").first)
