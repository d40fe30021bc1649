"""The driver drives: each of its promises once, against a tiny app, so that a story that fails
points at the product."""

import asyncio
import datetime as dt
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import flet as ft
import pytest

from driver import sample_app
from driver.browser import TABLET, FlakyLink, FletBrowser, FletServer
from driver.inprocess import InProcessApp

SAMPLE = ("-m", "driver.sample_app")


@pytest.mark.browser
def test_two_people_use_their_devices_at_once():
    with (
        FletServer(*SAMPLE, env={"SAMPLE_GREETING": "Good morning"}) as hers,
        FletServer(*SAMPLE) as his,
        FletBrowser(hers.url) as phone,
        FletBrowser(his.url, TABLET, dark=True) as tablet,
    ):
        phone.open()
        tablet.open()
        phone.fill("Passphrase", "sesame")
        phone.tap("Unlock")
        phone.see("That is not it")
        phone.fill("Passphrase", sample_app.PASSPHRASE)
        phone.tap("Unlock")
        phone.see("Good morning")
        tablet.fill("Passphrase", sample_app.PASSPHRASE)
        tablet.tab_to("Unlock")
        tablet.press("Enter")
        tablet.see("Hello")

        phone.fill("Visit note", "Calm.\nFeeding well.")
        phone.see("Kept 19 characters")
        phone.press("End")
        phone.type(" Asleep by nine.")
        phone.see("Kept 35 characters")
        phone.pick_date("Change date", dt.date(2026, 6, 15))
        phone.see("Visit on 15 June 2026")
        with phone.reloading():
            phone.page.evaluate("location.reload()")
        phone.has_value("Visit note", "Calm.\nFeeding well. Asleep by nine.")
        tablet.see("Kept 0 characters")
        for ui in (phone, tablet):
            assert ui.accessibility_problems() == []
            assert ui.external == []
        assert phone.screenshot("driver-phone").stat().st_size > 5_000


def test_a_killed_program_starts_again_at_a_new_address():
    with FletServer(*SAMPLE) as app:
        first, first_pid = app.url, app.pid
        app.kill()
        app.start()
        assert app.url != first
        assert app.pid != first_pid


def test_a_program_that_ends_at_once_fails_with_what_it_said():
    with pytest.raises(AssertionError) as failure:
        FletServer("-c", "raise SystemExit('no database here')").start()
    assert "no database here" in "".join(failure.value.__notes__)


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing."""


@pytest.fixture
def office() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        body: bytes = answer.read()
        return body


def _ended(connection: socket.socket) -> bool:
    """Whether the other side hung up, politely or not: what was unread decides which."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_cut_cable_drops_what_is_open_and_refuses_what_comes_until_it_is_back(office):
    with FlakyLink(office) as link:
        assert _get(link.url) == b"hello"
        with socket.create_connection(("127.0.0.1", link.port), timeout=5) as waiting:
            waiting.sendall(b"GET / HT")  # half a question, so that the office goes on listening
            link.cut()
            assert _ended(waiting)
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            _get(link.url)
        link.restore()
        assert _get(link.url) == b"hello"


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
