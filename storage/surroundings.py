"""What a vault needs from the machine it runs on, handed in: time, chance, key stretching, the
key store and the disk.

Tests hand in frozen, seeded, cheap and failing ones. Nothing else in storage reaches for them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.clock import Clock, SystemClock
from storage.seal import Randomness

Kdf = Callable[[bytes, bytes, int], bytes]
"""Stretches (passphrase bytes, salt, N) into 32 bytes."""

N_WITH_KEY_STORE: Final = 2**15
N_WITHOUT: Final = 2**17
_WAIT_FOR_ANOTHER_PROCESS_S: Final = 0.5


class KeyStore(Protocol):
    """The platform's place for small secrets: Keychain, Keystore, Secret Service.

    Each may raise KeyStoreUnavailable.
    """

    def get(self, name: str) -> bytes | None: ...

    def put(self, name: str, secret: bytes) -> None: ...

    def drop(self, name: str) -> None: ...


def scrypt(passphrase: bytes, salt: bytes, n: int) -> bytes:
    """scrypt with r=8, p=1: takes 128 x 8 x N bytes of memory for a moment (128 MB at 2^17)."""
    return Scrypt(salt=salt, length=32, n=n, r=8, p=1).derive(passphrase)


def connect(path: Path) -> sqlite3.Connection:
    """Open a file so that several threads may take turns and transactions are ours alone."""
    return sqlite3.connect(
        path,
        timeout=_WAIT_FOR_ANOTHER_PROCESS_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The real ones by default. `key_store` is None where the platform has none."""

    clock: Clock = field(default_factory=SystemClock)
    randomness: Randomness = os.urandom
    kdf: Kdf = scrypt
    key_store: KeyStore | None = None
    connect: Callable[[Path], sqlite3.Connection] = connect
