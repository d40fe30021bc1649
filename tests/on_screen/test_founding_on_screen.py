"""Starting an organisation, and everything at the office's end that can stand in the way."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import flet as ft
import pytest

from app.device import Device
from app.root import opener
from app.routes import SCREENS
from app.session import Session
from cast import PASSPHRASE
from driver.browser import free_port
from driver.inprocess import InProcessApp
from fakes import FakeClock, surroundings, unsynced
from offices import served
from sync.server.office import OfficeService


@pytest.fixture
def office() -> Iterator[OfficeService]:
    service = OfficeService("sqlite://", clock=FakeClock())
    yield service
    service.close()


def start(folder: Path, steps: Callable[[InProcessApp, Session], Awaitable[None]]) -> None:
    """Those steps on a device that nothing was done with."""
    clock = FakeClock()
    device = Device(folder=folder, surroundings=surroundings("new", clock=clock, connect=unsynced))
    session = Session(folder=folder, furnishing=device.furnishing(), device=device, clock=clock)

    async def go() -> None:
        async with InProcessApp(opener(session, SCREENS)) as app:
            session.begin()
            try:
                await app.click("Start an organisation")
                await steps(app, session)
                assert not app.crashed()
            finally:
                await session.end()

    asyncio.run(go())


async def fill_in(app: InProcessApp, address: str, claim: str = "") -> None:
    for label, said in (
        ("Address of the office", address),
        ("Claim code", claim),
        ("Organisation", "Brackenfold Early Help"),
        ("Team", "Brackenfold team"),
        ("Your name", "Grace Adeyemi"),
    ):
        await app.fill(label, said)
    await app.choose("Service", "ReConnect")


async def as_far_as_the_words(app: InProcessApp) -> None:
    """From the names to the page where the words on paper are typed back."""
    await app.click("Next: passphrase")
    await app.until(lambda: app.shows("Four random words are easy"), "the office's answer")
    for field in [c for c in app.controls(ft.TextField) if c.password]:
        await app.fill(str(field.label), PASSPHRASE)
    await app.click("Next: recovery key")
    words = dict(re.findall(r"(\d+)\. ([a-z]+)", "\n".join(app.texts())))
    await app.click("I have it on paper")
    for field in list(app.controls(ft.TextField)):
        number = re.search(r"\d+", str(field.label))
        assert number is not None
        await app.fill(str(field.label), words[number.group()])


@contextmanager
def something_else() -> Iterator[str]:
    """A web server that is no office, as a network's own sign-in page is."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Welcome to the wireless network</html>")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_wrong_address_is_noticed_before_anything_is_written_on_paper(tmp_path, office):
    async def steps(app: InProcessApp, session: Session) -> None:
        await fill_in(app, f"http://127.0.0.1:{free_port()}")
        await app.fill("Duty telephone", "0770")
        await app.click("Next: passphrase")
        await app.until(lambda: app.shows("This is not a telephone number"), "the answer")
        await app.fill("Duty telephone", "07700 900100")
        await app.click("Next: passphrase")
        await app.until(lambda: app.shows("Nothing answers at this address."), "the answer")
        assert not app.shows("by itself")
        assert not app.shows("Four random words are easy")
        assert session.vault is None

        with served(office) as address:
            await app.fill("Address of the office", address)
            assert not app.shows("Nothing answers"), "it is being corrected"
            await as_far_as_the_words(app)
            await app.click("Start")
            await app.until(lambda: session.stage == "open", "the founding")

    start(tmp_path, steps)


def test_her_own_name_makes_no_passphrase(tmp_path, office):
    async def steps(app: InProcessApp, session: Session) -> None:
        with served(office) as address:
            await fill_in(app, address)
            await app.click("Next: passphrase")
            await app.until(lambda: app.shows("Four random words are easy"), "the office's answer")
            for field in [c for c in app.controls(ft.TextField) if c.password]:
                await app.fill(str(field.label), "Grace Adeyemi 2026")
            assert app.shows("Names around you are guessed first.")
            assert app.find(ft.FilledButton, content="Next: recovery key").disabled

    start(tmp_path, steps)


def test_an_address_that_answers_and_is_no_office_is_named_so(tmp_path):
    async def steps(app: InProcessApp, session: Session) -> None:
        with something_else() as address:
            await fill_in(app, address)
            await app.click("Next: passphrase")
            await app.until(lambda: app.shows("is not a Doorstep office"), "the answer")
        await app.fill("Address of the office", "ftp://office.example.org")
        await app.click("Next: passphrase")
        await app.until(lambda: app.shows("This is not the address of an office."), "the answer")

    start(tmp_path, steps)


def test_a_wrong_claim_code_is_called_that_and_corrected_where_it_is_noticed(tmp_path, office):
    claim = office.require_claim()

    async def steps(app: InProcessApp, session: Session) -> None:
        with served(office) as address:
            await fill_in(app, address, "-".join(4 * ["00000"]))
            await as_far_as_the_words(app)
            await app.click("Start")
            await app.until(lambda: app.shows("did not accept this claim code"), "the answer")
            assert not app.shows("invite")
            await app.fill("Claim code", claim)
            assert not app.shows("did not accept"), "it is being corrected"
            await app.click("Start")
            await app.until(lambda: session.stage == "open", "the founding")

    start(tmp_path, steps)


def test_an_office_that_belongs_to_somebody_is_not_asked_for_24_words_first(tmp_path, office):
    async def first(app: InProcessApp, session: Session) -> None:
        await fill_in(app, address)
        await as_far_as_the_words(app)
        await app.click("Start")
        await app.until(lambda: session.stage == "open", "the founding")

    async def second(app: InProcessApp, session: Session) -> None:
        await fill_in(app, address)
        await app.click("Next: passphrase")
        await app.until(lambda: app.shows("belongs to an organisation already"), "the answer")

    with served(office) as address:
        start(tmp_path / "first", first)
        start(tmp_path / "second", second)
