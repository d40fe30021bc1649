"""A fifth service from a file alone: founded, worked in, changed and broken, in the real app.

Nothing of Harbour House stands in the code. Its stages, sources, areas, contact types, functions
and words come from one file in a folder of the organisation's own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import flet as ft
import pytest

from app.__main__ import device_session
from app.casework.profile import Shelf
from app.device import Device
from app.places import PROFILES
from app.root import opener
from app.routes import SCREENS
from app.session import Session
from app.wording import LANGUAGES, speak
from app.wording.vocabulary import speak_as
from cast import PASSPHRASE
from driver.inprocess import InProcessApp
from fakes import FakeClock, surroundings, unsynced
from profiles import HARBOUR, write_profile
from sync.server.office import OfficeService

# What would betray that a screen offers another service's codes.
STRANGE = re.compile(r"Therap|Treatment|Assessment|Clinic|Children's centre|Paediatric")


class Laptop:
    """A supervisor's device with one own profile, and the office it talks to."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.clock = FakeClock()
        self.profiles = folder / "profiles"
        self.office = OfficeService("sqlite://", clock=self.clock)
        around = surroundings("laptop", clock=self.clock, connect=unsynced)
        self.device = Device(
            folder=folder / "device",
            surroundings=around,
            reach=lambda _address: self.office,
            shelf=Shelf([self.profiles], shipped=PROFILES),
        )
        self.session = Session(
            folder=folder / "device",
            furnishing=self.device.furnishing(),
            device=self.device,
            clock=self.clock,
        )
        self.main = opener(self.session, SCREENS)

    def writes(self, text: str) -> None:
        """Somebody edits the service's file."""
        write_profile(self.profiles, text)

    async def unlocks_again(self, app: InProcessApp) -> None:
        await self.session.lock()
        await app.settle()
        await app.fill("Passphrase", PASSPHRASE)
        await app.click("Unlock")
        await app.until(lambda: self.session.stage == "open", "the unlocking")

    async def end(self) -> None:
        await self.session.end()
        self.office.close()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    yield
    speak_as(None)
    speak("en_GB")


def harbour(steps):
    """Run those steps on a laptop where Harbour House has just been founded through the app."""

    def test(tmp_path, monkeypatch):
        async def go() -> None:
            laptop = Laptop(tmp_path, monkeypatch)
            laptop.writes(HARBOUR)
            async with InProcessApp(laptop.main) as app:
                laptop.session.begin()
                try:
                    await found(laptop, app)
                    await steps(laptop, app)
                    assert not app.crashed()
                finally:
                    await laptop.end()

        asyncio.run(go())

    test.__name__ = steps.__name__
    return test


async def found(laptop: Laptop, app: InProcessApp) -> None:
    """Start an organisation, choosing the service among those there are files for."""
    await app.click("Start an organisation")
    assert app.offered("Service") == [
        "Building Bonds", "Durham Pre-Birth", "Harbour House", "ReConnect",
        "Resilient Families Service",
    ]  # fmt: skip
    for label, said in (
        ("Address of the office", "http://127.0.0.1:1"),
        ("Organisation", "Boats and Babies"),
        ("Team", "Quayside"),
        ("Your name", "Grace Adeyemi"),
    ):
        await app.fill(label, said)
    assert app.find(ft.FilledButton, content="Next: passphrase").disabled
    await app.choose("Service", "Harbour House")
    assert app.find(ft.DropdownM2, label="Service").helper == "Families who live on boats"
    assert app.offered("Your job") == ["Skipper"]
    await app.choose("Your job", "Skipper")
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
    await app.click("Start")
    await app.until(lambda: laptop.session.stage == "open", "the founding")
    await app.settle()


async def register(laptop: Laptop, app: InProcessApp) -> str:
    """A new family, with everything of the form that is the service's own."""
    await app.travel("/families/new")
    await app.fill("First name", "Nerys")
    await app.fill("Surname", "Quay")
    assert app.offered("Area") == ["St Elmo's Dock"]
    await app.choose("Area", "St Elmo's Dock")
    assert app.offered("Who referred") == ["Lighthouse keeper", "Midwife"]
    await app.choose("Who referred", "Lighthouse keeper")
    assert app.offered("By way of") == ["Directly", "Harbour office"]
    await app.choose("By way of", "Harbour office")
    await app.click("Save family")
    (line,) = laptop.session.casebook.families.lines()
    return line.id


@harbour
async def test_a_family_goes_through_a_service_that_is_only_a_file(laptop, app):
    family = await register(laptop, app)
    assert app.shows("Moored")
    assert app.shows("Lighthouse keeper, Harbour office")
    assert app.shows("St Elmo's Dock")

    await app.travel("/team/allocate")
    assert app.offered("As") == ["Pilot", "Ship's cook"]
    await app.choose("Family", "Quay")
    await app.choose("Who", "Grace Adeyemi, Skipper")
    await app.choose("As", "Ship's cook")
    await app.click("Allocate")

    await app.travel(f"/families/{family}")
    assert app.shows("Afloat"), "with the first allocation it leaves the waiting stage"
    await app.click("Move to Homeward bound")
    await app.click("Save")
    assert app.shows("Homeward bound")
    assert app.shows("Grace Adeyemi (Ship's cook)")

    await app.travel("/appointments/new")
    assert app.offered("What kind") == ["Visit on deck", "Ship to shore call"]
    assert app.offered("Where") == ["Home", "On the quay", "By telephone"]
    assert app.find(ft.DropdownM2, label="Where").value == "quay"
    assert app.find(ft.DropdownM2, label="How long").value == "45"
    await app.choose("Family", "Quay")
    await app.fill("Time", "10:00")
    await app.click("Book")
    (booked,) = laptop.session.casebook.diary.of_family(family)
    assert (booked.kind, booked.venue_type, booked.minutes) == ("deck_visit", "quay", 45)
    await app.travel(f"/appointments/{booked.id}")
    assert app.shows("Visit on deck")
    assert app.shows("On the quay")

    draft = laptop.session.casebook.notes.start(family, appointment=booked.id)
    kept = laptop.session.casebook.notes.save_draft(draft)
    await app.travel(f"/write/{kept.id}")
    assert list(app.controls(ft.AppBar))[-1].title.value == "Visit on deck"
    await app.click("Start with headings")
    note = app.find(ft.TextField, label="Note")
    assert note.value.startswith("The weather aboard:\n\nWorries:")

    for route in ("/", "/families", f"/families/{family}", "/team", "/team/caseloads"):
        await app.travel(route)
        strange = [said for said in app.texts() if STRANGE.search(said)]
        assert strange == [], route


@harbour
async def test_an_edited_file_shows_at_the_next_unlock_and_a_broken_one_stops_nobody(laptop, app):
    family = await register(laptop, app)
    laptop.writes(HARBOUR.replace('en = "Moored"', 'en = "At anchor"'))
    await app.travel(f"/families/{family}")
    assert app.shows("Moored")
    await laptop.unlocks_again(app)
    assert app.shows("At anchor")
    assert not app.shows("Moored")

    laptop.writes(HARBOUR.replace('standing = "closed"', 'standing = "sunk"'))
    await laptop.unlocks_again(app)
    assert app.shows("Moored"), "the team's copy is the last good one"
    await app.travel("/settings")
    assert app.shows("From the team's own copy")
    assert app.shows("has 1 fault, so it is not used")
    assert app.shows("stages[4].standing: “sunk” is not one of: waiting, open, closed.")
    await app.travel("/families/new")
    assert app.offered("Who referred") == ["Lighthouse keeper", "Midwife"]


@harbour
async def test_a_supervisor_puts_a_changed_file_in_force_for_everybody(laptop, app):
    laptop.writes(HARBOUR.replace('en = "Moored"', 'en = "At anchor"'))
    await laptop.unlocks_again(app)
    await app.travel("/settings")
    await app.click("Use it for the whole team")
    assert not app.shows("This file says something else than what the team works by.")
    laptop.writes("broken =")
    await laptop.unlocks_again(app)
    await register(laptop, app)
    assert app.shows("At anchor")


@harbour
async def test_the_services_own_words_are_welsh_when_the_app_speaks_welsh(laptop, app):
    family = await register(laptop, app)
    laptop.monkeypatch.setitem(LANGUAGES, "cy_GB", "Cymraeg")
    await laptop.session.change_settings(language="cy_GB")
    await app.travel(f"/families/{family}")
    assert app.shows("Wedi angori")
    assert app.shows("Ceidwad y goleudy, Swyddfa'r harbwr")
    assert app.shows("Doc Sant Elmo")


@harbour
async def test_a_locked_device_speaks_for_no_service(laptop, app):
    from app.wording.vocabulary import word

    assert word("stage", "afloat") == "Afloat"
    assert word("source", "lighthouse") == "Lighthouse keeper"
    await laptop.session.lock()
    assert word("source", "lighthouse") == "Lighthouse"


def test_a_device_started_with_a_bad_file_says_so_and_starts(tmp_path, monkeypatch, capsys):
    laptop = Laptop(tmp_path, monkeypatch)
    laptop.writes(HARBOUR.replace('standing = "closed"', 'standing = "sunk"'))
    session = device_session(laptop.device)
    said = capsys.readouterr().err
    assert said.startswith("harbour.toml, line 87, stages[4].standing: “sunk” is not one of")
    assert session.notice is not None
    assert "harbour.toml" in session.notice.says
    assert "everything is here" in session.notice.safe
    laptop.office.close()
