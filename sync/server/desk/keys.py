"""The desk's own keys: in a file beside the database or handed in, never in it or its backups.

Whoever has the database alone can open no reminder, and whoever has the file alone has nothing to
open. Signing and login keys make the desk a device like others, the receiving key opens capsules
and alarms, and the secret keys the hashes of telephone numbers that asked to be left alone.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.alarm import Alarm, AlarmContents, CheckOut, open_alarm, open_check_out
from storage.capsule import Capsule, CapsuleContents, open_capsule
from storage.errors import BadEnvelope, CannotOpen
from storage.seal import Randomness, raw_public
from sync.desk import vouched
from sync.protocol import DeskIdentity

log = logging.getLogger(__name__)

VERSION: Final = 1
SECRET_BYTES: Final = 32
_NOT_OURS: Final = 0o077


class UnusableKeys(Exception):
    """The desk's key file cannot be read as one. It is never overwritten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskKeys:
    """One desk. `receiving` has the newest key first; older ones open what was sealed before."""

    device: bytes
    person: bytes
    signing: Ed25519PrivateKey = field(repr=False)
    login: Ed25519PrivateKey = field(repr=False)
    receiving: tuple[X25519PrivateKey, ...] = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, randomness: Randomness) -> DeskKeys:
        """A desk that nobody knows yet."""
        return cls(
            device=randomness(16),
            person=randomness(16),
            signing=Ed25519PrivateKey.from_private_bytes(randomness(32)),
            login=Ed25519PrivateKey.from_private_bytes(randomness(32)),
            receiving=(X25519PrivateKey.from_private_bytes(randomness(32)),),
            secret=randomness(SECRET_BYTES),
        )

    def renewed(self, randomness: Randomness) -> DeskKeys:
        """A new identity, to be certified anew, that still opens what the old one could and still
        knows which numbers asked to be left alone."""
        fresh = DeskKeys.fresh(randomness)
        return replace(fresh, receiving=(*fresh.receiving, *self.receiving), secret=self.secret)

    def identity(self) -> DeskIdentity:
        """What a supervisor's device certifies."""
        return vouched(
            self.signing,
            device=self.device,
            person=self.person,
            login=self.login.public_key().public_bytes_raw(),
            receiving=raw_public(self.receiving[0]),
        )

    def open_capsule(self, capsule: Capsule) -> CapsuleContents:
        """Raises CannotOpen when it is sealed to none of our keys, BadEnvelope for another form."""
        for key in self.receiving:
            with suppress(CannotOpen):
                return open_capsule(capsule, key)
        raise CannotOpen("a capsule is not sealed to this desk")

    def open_alarm(self, alarm: Alarm) -> AlarmContents:
        """Raises CannotOpen when it is sealed to none of our keys, BadEnvelope for another form."""
        for key in self.receiving:
            with suppress(CannotOpen):
                return open_alarm(alarm, key)
        raise CannotOpen("an alarm is not sealed to this desk")

    def open_check_out(self, check_out: CheckOut) -> str:
        """Raises CannotOpen when it is sealed to none of our keys, BadEnvelope for another form."""
        for key in self.receiving:
            with suppress(CannotOpen):
                return open_check_out(check_out, key)
        raise CannotOpen("a check-out is not sealed to this desk")

    def written(self) -> str:
        """As one line of text, for a file or a secret in the environment."""
        return json.dumps(
            {
                "doorstep desk keys": VERSION,
                "device": self.device.hex(),
                "person": self.person.hex(),
                "signing": self.signing.private_bytes_raw().hex(),
                "login": self.login.private_bytes_raw().hex(),
                "receiving": [key.private_bytes_raw().hex() for key in self.receiving],
                "secret": self.secret.hex(),
            }
        )


def read_keys(text: str) -> DeskKeys:
    """The reverse of `DeskKeys.written`; raises UnusableKeys."""
    try:
        found = json.loads(text)
        if found["doorstep desk keys"] != VERSION:
            raise UnusableKeys("a later office wrote these keys")
        keys = DeskKeys(
            device=_sized(found["device"], 16),
            person=_sized(found["person"], 16),
            signing=Ed25519PrivateKey.from_private_bytes(_sized(found["signing"], 32)),
            login=Ed25519PrivateKey.from_private_bytes(_sized(found["login"], 32)),
            receiving=tuple(
                X25519PrivateKey.from_private_bytes(_sized(each, 32)) for each in found["receiving"]
            ),
            secret=_sized(found["secret"], SECRET_BYTES),
        )
    except (ValueError, TypeError, KeyError, BadEnvelope) as error:
        raise UnusableKeys("these are not a desk's keys") from error
    if not keys.receiving:
        raise UnusableKeys("these are not a desk's keys")
    return keys


def kept_in(path: Path, randomness: Randomness) -> DeskKeys:
    """The keys in the file at `path`, made there the first time, readable by its owner alone.

    Several processes may start at once: one makes it, and all read the same. Raises UnusableKeys,
    OSError.
    """
    if not path.exists():
        _make(path, DeskKeys.fresh(randomness))
    if os.name == "posix" and path.stat().st_mode & _NOT_OURS:
        log.warning("the desk's keys can be read by others on this machine")
    return read_keys(path.read_text(encoding="ascii"))


def replace_in(path: Path, keys: DeskKeys) -> None:
    """Put other keys in the place of those in the file, all at once."""
    unfinished = _beside(path)
    _write(unfinished, keys)
    unfinished.replace(path)


def _make(path: Path, keys: DeskKeys) -> None:
    """All of it or none, and never over what another process has just made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _beside(path)
    _write(unfinished, keys)
    try:
        with suppress(FileExistsError):
            path.hardlink_to(unfinished)
    finally:
        unfinished.unlink()


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.new-{os.urandom(8).hex()}")


def _write(path: Path, keys: DeskKeys) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        file.write(keys.written() + "\n")
        file.flush()
        os.fsync(file.fileno())


def _sized(text: str, size: int) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != size:
        raise UnusableKeys("these are not a desk's keys")
    return raw
