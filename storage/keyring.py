"""The keys in memory while the vault is unlocked: master key, device keys, casefile keys.

Dropped as a whole at lock. Knows which epoch a casefile is written under now, and every older one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from storage.envelope import CasefileKey
from storage.errors import NoKey
from storage.keys import DeviceKeys, MasterKey
from storage.seal import Randomness


class Keyring:
    """Casefile keys by key id; `current` by casefile, the one new changes are sealed with."""

    def __init__(self, master: MasterKey, device: DeviceKeys) -> None:
        self.master = master
        self.device = device
        self.by_kid: dict[bytes, CasefileKey] = {}
        self.current: dict[bytes, CasefileKey] = {}
        self._by_epoch: dict[tuple[bytes, int], CasefileKey] = {}

    def __repr__(self) -> str:
        return f"Keyring({len(self.by_kid)} keys)"

    def load(self, connection: sqlite3.Connection) -> None:
        """Open every casefile key on disk. Raises CannotOpen when one was tampered with."""
        self.by_kid.clear()
        self.current.clear()
        self._by_epoch.clear()
        for kid, casefile, epoch, sealed in connection.execute(
            "SELECT kid, casefile, epoch, sealed FROM keys"
        ):
            raw = self.master.open(b"casefile-key" + kid, sealed)
            self.add([CasefileKey(raw, casefile, epoch)])
        for casefile, epoch in connection.execute(
            # A founding grant counts before the office has it; a rotation only once it has.
            "SELECT casefile, max(epoch) FROM grants WHERE offered = 1 OR position = 0"
            " GROUP BY casefile"
        ):
            self.choose(casefile, epoch)

    def choose(self, casefile: bytes, epoch: int) -> None:
        """From now on changes of this casefile are sealed under this epoch, if its key is here."""
        key = self._by_epoch.get((casefile, epoch))
        if key is not None:
            self.current[casefile] = key

    def keep(
        self, connection: sqlite3.Connection, keys: Iterable[CasefileKey], randomness: Randomness
    ) -> None:
        """Seal casefile keys onto the disk. Inside a transaction; `add` them after it."""
        connection.executemany(
            "INSERT INTO keys VALUES (?, ?, ?, ?) ON CONFLICT (kid) DO NOTHING",
            [
                (
                    k.kid,
                    k.casefile,
                    k.epoch,
                    self.master.keep(b"casefile-key" + k.kid, k.raw, randomness),
                )
                for k in keys
            ],
        )

    def add(self, keys: Iterable[CasefileKey]) -> None:
        for key in keys:
            self.by_kid[key.kid] = self._by_epoch[key.casefile, key.epoch] = key

    def forget(self, casefile: bytes) -> None:
        self.current.pop(casefile, None)
        for key in self.epochs(casefile):
            del self.by_kid[key.kid], self._by_epoch[casefile, key.epoch]

    def writing_key(self, casefile: bytes) -> CasefileKey:
        """Raises NoKey when this device may not write into that casefile."""
        found = self.current.get(casefile)
        if found is None:
            raise NoKey("this device holds no key for that casefile")
        return found

    def epochs(self, casefile: bytes) -> list[CasefileKey]:
        """Every epoch's key of a casefile, oldest first."""
        found = [k for k in self.by_kid.values() if k.casefile == casefile]
        return sorted(found, key=lambda k: k.epoch)
