"""What a device process stands on, put together: the file, the platform, the way to the office.

The one place of the app that knows which parts of the floors below belong together. Screens get
it from the session for setting up and pairing, and use the casebook for everything else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.casework.casebook import Casebook
from app.casework.profile import Shelf
from app.casework.schema import SCHEMA
from app.key_store import platform_key_store
from app.places import PROFILES
from app.session import Furnishing
from storage.errors import NoVault
from storage.surroundings import Surroundings
from storage.vault import Vault, create_vault, open_vault
from sync.ahead import in_a_thread
from sync.client import HttpOffice
from sync.exchange import Exchange
from sync.founding import found_family, found_restricted, found_service
from sync.granting import grant, remove
from sync.line import Line
from sync.outcome import OnProgress, Outcome
from sync.protocol import Office
from sync.replacing import left_behind, send_left_behind

log = logging.getLogger(__name__)
FILE = "doorstep.db"


@dataclass(frozen=True, kw_only=True)
class Device:
    """One device's folder and surroundings. `reach` gives the office at an address, `shelf` the
    services there are.
    """

    folder: Path
    surroundings: Surroundings
    reach: Callable[[str], Office] = HttpOffice
    shelf: Shelf = field(default_factory=lambda: Shelf(shipped=PROFILES))

    @property
    def file(self) -> Path:
        """Where this device's one file stands."""
        return self.folder / FILE

    @property
    def has_key_store(self) -> bool:
        """Whether the platform keeps a secret, so that a short passphrase is enough."""
        return self.surroundings.key_store is not None

    def open(self) -> Vault | None:
        """The vault that is here, locked; None before set-up.

        Raises DamagedFile (call again afterwards), AlreadyOpen, NewerFile, KeyStoreUnavailable.
        """
        if not self.file.exists():
            return None
        try:
            return open_vault(self.file, schema=SCHEMA, surroundings=self.surroundings)
        except NoVault:
            return None

    def create(self, passphrase: str) -> Vault:
        """A new vault, unlocked. Slow: call in a thread. Raises WeakPassphrase."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return create_vault(self.file, passphrase, schema=SCHEMA, surroundings=self.surroundings)

    def exchange(self, vault: Vault) -> Exchange | None:
        """Rounds with the office the vault belongs to; None before it belongs to one."""
        address = vault.device_file.office_url
        if not address:
            return None
        return DeviceExchange(vault, self.reach(address), self)

    def furnishing(self) -> Furnishing:
        """How a session makes its casebook and exchange."""
        return Furnishing(casebook=self._casebook, exchange=self.exchange)

    def _casebook(self, vault: Vault, exchange: Exchange | None) -> Casebook:
        if exchange is None:
            raise RuntimeError("a casebook is opened only after joining")
        return Casebook(
            vault,
            clock=self.surroundings.clock,
            access=Granted(exchange.line),
            shelf=self.shelf,
        )


class DeviceExchange(Exchange):
    """Rounds that also send what files set aside on this device still hold."""

    def __init__(self, vault: Vault, office: Office, device: Device) -> None:
        super().__init__(vault, office, line=Line(vault, office, begin=in_a_thread()))
        self._device = device

    def round(self, on_progress: OnProgress | None = None, *, first: Sequence[str] = ()) -> Outcome:
        """One round; see `Exchange.round`."""
        device, office = self._device, self.line.office
        if left_behind(device.file):
            for _sent in send_left_behind(device.file, office, device.surroundings):
                log.info("sent from a file set aside")
        return super().round(on_progress, first=first)


class Granted:
    """What casework asks of the directory and the keys, answered by sync."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def found(self, *, linked_to: str | None = None) -> str:
        """A new casefile for me, my team's supervisors and recovery."""
        if linked_to is not None:
            return found_restricted(self._line, linked_to)
        return found_family(self._line)

    def found_service(self) -> str:
        """A new casefile for every team's supervisors."""
        return found_service(self._line)

    def grant(self, casefile: str, person: str) -> None:
        """Now, or at the next contact."""
        grant(self._line, casefile, person)

    def remove(self, casefile: str, person: str) -> None:
        """Now, or at the next contact."""
        remove(self._line, casefile, person)

    def is_supervisor(self, device: str) -> bool:
        """Whether the directory says so, or said so until it was revoked."""
        return self._line.roster.is_supervisor(bytes.fromhex(device))

    def devices_of(self, person: str) -> tuple[str, ...]:
        """Those the directory certifies and nobody has revoked."""
        found = self._line.directory.of_person(bytes.fromhex(person))
        return tuple(sorted(c.device.hex() for c in found))


def on_this_machine(
    folder: Path, *, key_store: bool = True, profiles: Path | None = None
) -> Device:
    """The device whose data lie in `folder`, with the platform's key store if there is one.

    `profiles` is a folder of the organisation's own service profiles.
    """
    store = platform_key_store(str(folder.resolve())) if key_store else None
    own = (profiles,) if profiles else ()
    shelf = Shelf(own, shipped=PROFILES)
    return Device(folder=folder, surroundings=Surroundings(key_store=store), shelf=shelf)
