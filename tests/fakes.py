"""Stand-ins for the machine a vault runs on: time that stands still, chance that repeats, a
passphrase that costs nothing, and a key store in memory."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.errors import KeyStoreUnavailable
from storage.keys import DevicePublic
from storage.surroundings import KeyStore, Surroundings, connect
from sync.roster import DESK_KINDS

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class FakeClock:
    """Both clocks, moved by hand. `skew` makes the wall clock alone wrong."""

    def __init__(self, start: datetime = START, skew: timedelta = timedelta()) -> None:
        self._now = start
        self._monotonic = 1_000.0
        self.skew = skew

    def now(self) -> datetime:
        return self._now + self.skew

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


def seeded(seed: object) -> Callable[[int], bytes]:
    """Randomness that is the same in every run."""
    return random.Random(f"doorstep {seed}").randbytes


def cheap_kdf(passphrase: bytes, salt: bytes, n: int) -> bytes:
    """Stands in for scrypt, which takes a third of a second on purpose."""
    return hashlib.sha256(b"%d %b %b" % (n, salt, passphrase)).digest()


class MemoryKeyStore:
    """A platform's key store; `broken` makes it unreachable."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.broken = False

    def _check(self) -> None:
        if self.broken:
            raise KeyStoreUnavailable("the key store does not answer")

    def get(self, name: str) -> bytes | None:
        self._check()
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self._check()
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        self._check()
        self.kept.pop(name, None)


def unsynced(path: Path) -> sqlite3.Connection:
    """The real disk without waiting for it, for tests that make very many vaults: what is left
    out matters only when power fails, which no test here does."""

    class Unsynced(sqlite3.Connection):
        def execute(self, sql: str, *parameters):
            return super().execute(sql.replace("synchronous=FULL", "synchronous=OFF"), *parameters)

    return sqlite3.connect(
        path, timeout=0.5, isolation_level=None, check_same_thread=False, factory=Unsynced
    )


def surroundings(
    seed: object = 0,
    *,
    clock: FakeClock | None = None,
    key_store: KeyStore | None = None,
    connect: Callable[[Path], sqlite3.Connection] = connect,
) -> Surroundings:
    """A machine for one device."""
    return Surroundings(
        clock=clock or FakeClock(),
        randomness=seeded(seed),
        kdf=cheap_kdf,
        key_store=key_store,
        connect=connect,
    )


def with_connect(
    around: Surroundings, connect: Callable[[Path], sqlite3.Connection]
) -> Surroundings:
    """The same machine with another disk."""
    return replace(around, connect=connect)


class PlainRoster:
    """Who belongs, said plainly: device -> (public parts, person, is a supervisor).

    `until` gives the last n a revoked or removed device may have written, by (device, casefile),
    and `left_until` the last number it may have in the casefile's inbox.
    """

    def __init__(self) -> None:
        self.devices: dict[bytes, tuple[DevicePublic, bytes, bool]] = {}
        self.desks: set[bytes] = set()
        self.until: dict[tuple[bytes, bytes], int] = {}
        self.left_until: dict[tuple[bytes, bytes], int] = {}

    def certify(
        self,
        public: DevicePublic,
        person: bytes,
        *,
        supervisor: bool = False,
        desk: bool = False,
    ) -> None:
        self.devices[public.device] = (public, person, supervisor)
        if desk:
            self.desks.add(public.device)

    def signing_key(self, device: bytes) -> Ed25519PublicKey | None:
        found = self.devices.get(device)
        return Ed25519PublicKey.from_public_bytes(found[0].signing) if found else None

    def may_write(self, device: bytes, casefile: bytes, n: int) -> bool:
        return device in self.devices and n <= self.until.get((device, casefile), n)

    def may_leave(self, device: bytes, casefile: bytes, n: int, kind: str) -> bool:
        return (
            device in self.devices
            and n <= self.left_until.get((device, casefile), n)
            and (device in self.desks) == (kind in DESK_KINDS)
        )

    def is_supervisor(self, device: bytes) -> bool:
        found = self.devices.get(device)
        return found is not None and found[2]

    def person_of(self, device: bytes) -> bytes | None:
        found = self.devices.get(device)
        return found[1] if found else None
