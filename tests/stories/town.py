"""The town in which the stories happen: a real office, real devices, and a cable between them.

Founded once in a test run through the product's own doors, then copied for each story, so that no
story meets what another one left. The people and passphrases are those of the demo.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from playwright.sync_api import ViewportSize

from app.casework.casebook import Casebook
from app.device import Device
from demo.organisation import AMINA, GRACE, RHIAN, Person, found
from driver.browser import FlakyLink, FletBrowser, FletServer, free_port
from storage.surroundings import Surroundings
from stories.households import Landmarks, settle_in

PEOPLE: Mapping[str, Person] = {person.key: person for person in (GRACE, AMINA, RHIAN)}
WORKER, THERAPIST, SUPERVISOR = AMINA.key, RHIAN.key, GRACE.key
OPENS_S = 60.0
"""Seconds for scrypt, the image and the first drawing on a busy machine of two cores."""


class Town:
    """One office below `folder` and each device's cable to it. The cables outlive the office."""

    def __init__(
        self,
        folder: Path,
        port: int,
        cables: Mapping[str, FlakyLink],
        landmarks: Landmarks | None = None,
    ) -> None:
        self.folder = folder
        self.landmarks = landmarks or {}
        self.cables = cables
        """By device: `cut()` puts it out of signal, `restore()` brings it back."""
        self.office = FletServer(
            *("-m", "sync.server", "--data", folder / "office"),
            *("--port", str(port), "--open-claim"),
            port=port,
        )

    def __enter__(self) -> Self:
        for cable in self.cables.values():
            cable.restore()
        self.office.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.office.stop()

    def device(self, key: str) -> FletServer:
        """The device process whose data lie in the folder `key`; an empty one is a new device."""
        return FletServer(
            *("-m", "app", "--data", self.folder / key, "--no-key-store", "--no-browser")
        )

    @contextlib.contextmanager
    def book_of(self, key: str) -> Iterator[Casebook]:
        """What somebody has written before the story begins; her device must not be running."""
        device = Device(folder=self.folder / key, surroundings=Surroundings())
        vault = device.open()
        assert vault is not None, f"nobody has set up {key}"
        vault.unlock(PEOPLE[key].passphrase)
        try:
            yield device.furnishing().casebook(vault, device.exchange(vault))
        finally:
            vault.close()

    @contextlib.contextmanager
    def in_hand(self, key: str, size: ViewportSize, *, dark: bool = False) -> Iterator[FletBrowser]:
        """A device started, looked at in a browser of that size, and unlocked by its owner."""
        with self.device(key) as device, FletBrowser(device.url, size, dark=dark) as ui:
            ui.open()
            unlock(ui, key)
            yield ui


def unlock(ui: FletBrowser, key: str, passphrase: str | None = None) -> None:
    """Type the passphrase and arrive at Today."""
    ui.fill("Passphrase", passphrase or PEOPLE[key].passphrase)
    ui.tap("Unlock")
    ui.see("Today", OPENS_S)


def synchronise(ui: FletBrowser) -> None:
    """Ask for a round on the sync screen and stay there until it is over and all is sent."""
    go_to(ui, "Today")
    ui.not_see("Sync now")  # so that an earlier round's answer has gone with the page
    go_to(ui, "Sync")
    try:
        ui.see("Sync now", OPENS_S / 6)
    except AssertionError:
        go_to(ui, "Sync")  # on a machine at its limit the first tap may meet a page that is leaving
    for left in (2, 1, 0):
        ui.tap("Sync now")
        try:
            ui.see("You asked, and the office has answered.", OPENS_S / 3)
            break
        except AssertionError:
            # What came in may have drawn the page anew, as when the service becomes known.
            if not left:
                raise
    ui.see("Nothing waits: the office has everything.")


def go_to(ui: FletBrowser, place: str) -> None:
    """One of the places in the bar or rail."""
    # The bar's are tabs, the rail's are buttons that say which of how many they are.
    # Shortly before a visit the badge on Today says so first.
    soon = r"(\d+ visits? begins? soon\s+\d+\s+)?"
    ui.click(ui.button(re.compile(rf"^\s*{soon}{place}(\s+Tab \d of \d)?\s*$")))


class Founding:
    """What is made once: the port, the cables and the folders every story's town starts from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._landmarks: Landmarks = {}
        self.port = free_port()
        self.cables = {key: FlakyLink(self.port) for key in (*PEOPLE, "new")}

    def found(self) -> None:
        """The organisation, three devices and their families, through the product's own doors."""
        with Town(self.folder, self.port, self.cables):
            urls = {key: self.cables[key].url for key in PEOPLE}
            founded = found(self.folder, urls, "reconnect")
            self._landmarks = settle_in(founded)
            for desk in (founded.grace, founded.amina, founded.rhian):
                desk.vault.close()

    def town(self, folder: Path) -> Town:
        """A copy of it all for one story."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Town(folder, self.port, self.cables, self._landmarks)

    def close(self) -> None:
        """Pull all cables out."""
        for cable in self.cables.values():
            cable.__exit__()
