"""How a passphrase opens a device: lock, device secret, master key, and the device's own keys.

    S   = scrypt(NFKC(passphrase), salt 16 B, N, r=8, p=1)
    KEK = HKDF(S + device secret, "doorstep/kek/1")          wraps the device master key (DMK)
    login key, wrapped by HKDF(device secret, "doorstep/login-wrap/1") alone: a locked or wiped
    device can still upload what it holds sealed; it can read nothing

Knows no SQL. N is accepted only within bounds, wherever it was read from.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import msgpack
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.errors import BadEnvelope, CannotOpen, UnsafeParameters, WrongPassphrase
from storage.passphrase import stretchable
from storage.seal import KEY_BYTES, Randomness, derive, joined, lock_up, raw_public, unlock
from storage.surroundings import Kdf

LEAST_N: Final = 2**15
MOST_N: Final = 2**17
SALT_BYTES: Final = 16
WAITS_S: Final[Sequence[int]] = (0, 0, 0, 5, 30, 60, 300)
"""Seconds before the next try after so many wrong ones; the last holds from there on."""
TRIES: Final = 10
"""After this many wrong passphrases in a row the master key is destroyed."""


def wait_after(failures: int) -> int:
    """Seconds to wait before the next try, after so many failures in a row."""
    return WAITS_S[min(failures, len(WAITS_S) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLock:
    """The wrapped master key, with what stretches the passphrase; one row, replaced whole."""

    n: int
    salt: bytes
    wrap: bytes

    def packed(self) -> bytes:
        return cast(bytes, msgpack.packb([self.n, self.salt, self.wrap]))

    @classmethod
    def unpacked(cls, raw: bytes) -> DeviceLock:
        """Raises UnsafeParameters for an N out of bounds, BadEnvelope for another form."""
        try:
            n, salt, wrap = msgpack.unpackb(raw)
        except (ValueError, TypeError) as error:
            raise BadEnvelope("the lock of this device does not have the published form") from error
        if type(n) is not int or type(salt) is not bytes or type(wrap) is not bytes:
            raise BadEnvelope("the lock of this device does not have the published form")
        return cls(n=checked_n(n), salt=salt, wrap=wrap)


def checked_n(n: int) -> int:
    """Raises UnsafeParameters unless N is a power of two from 2^15 to 2^17."""
    if not LEAST_N <= n <= MOST_N or n & (n - 1):
        raise UnsafeParameters("the key file's scrypt N is out of bounds")
    return n


def make_lock(
    dmk: bytes, passphrase: str, device_secret: bytes, *, n: int, kdf: Kdf, randomness: Randomness
) -> DeviceLock:
    """Wrap the master key under a passphrase. Slow and memory-hungry on purpose."""
    salt = randomness(SALT_BYTES)
    kek = _kek(passphrase, device_secret, salt, checked_n(n), kdf)
    return DeviceLock(n=n, salt=salt, wrap=lock_up(kek, dmk, _lock_aad(n, salt), randomness))


def open_lock(lock: DeviceLock, passphrase: str, device_secret: bytes, *, kdf: Kdf) -> bytes:
    """The master key. Raises WrongPassphrase. Slow and memory-hungry on purpose."""
    kek = _kek(passphrase, device_secret, lock.salt, checked_n(lock.n), kdf)
    try:
        return unlock(kek, lock.wrap, _lock_aad(lock.n, lock.salt))
    except CannotOpen as error:
        raise WrongPassphrase("the passphrase does not open this device") from error


def _kek(passphrase: str, device_secret: bytes, salt: bytes, n: int, kdf: Kdf) -> bytes:
    return derive(kdf(stretchable(passphrase), salt, n) + device_secret, b"doorstep/kek/1")


def _lock_aad(n: int, salt: bytes) -> bytes:
    return joined(b"doorstep/dmk/1", struct.pack(">I", n), salt)


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePublic:
    """What others know a device by: its id (16 bytes) and three raw public keys (32 bytes)."""

    device: bytes
    signing: bytes
    login: bytes
    receiving: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKeys:
    """The device's own keys that only an unlocked device has."""

    signing: Ed25519PrivateKey
    receiving: X25519PrivateKey

    @classmethod
    def fresh(cls, randomness: Randomness) -> DeviceKeys:
        return cls.unpacked(cast(bytes, msgpack.packb([randomness(32), randomness(32)])))

    @classmethod
    def unpacked(cls, raw: bytes) -> DeviceKeys:
        signing, receiving = msgpack.unpackb(raw)
        return cls(
            signing=Ed25519PrivateKey.from_private_bytes(signing),
            receiving=X25519PrivateKey.from_private_bytes(receiving),
        )

    def packed(self) -> bytes:
        return cast(
            bytes,
            msgpack.packb([self.signing.private_bytes_raw(), self.receiving.private_bytes_raw()]),
        )

    def public(self, device: bytes, login: Ed25519PrivateKey) -> DevicePublic:
        return DevicePublic(
            device=device,
            signing=self.signing.public_key().public_bytes_raw(),
            login=login.public_key().public_bytes_raw(),
            receiving=raw_public(self.receiving),
        )


def wrap_login_key(
    login: Ed25519PrivateKey, device: bytes, device_secret: bytes, randomness: Randomness
) -> bytes:
    """The login key under the device secret alone, bound to the device's id."""
    key = derive(device_secret, b"doorstep/login-wrap/1")
    aad = joined(b"doorstep/login-wrap/1", device)
    return lock_up(key, login.private_bytes_raw(), aad, randomness)


def unwrap_login_key(wrapped: bytes, device: bytes, device_secret: bytes) -> Ed25519PrivateKey:
    """Raises CannotOpen when the secret is another device's."""
    key = derive(device_secret, b"doorstep/login-wrap/1")
    raw = unlock(key, wrapped, joined(b"doorstep/login-wrap/1", device))
    return Ed25519PrivateKey.from_private_bytes(raw)


class MasterKey:
    """The DMK, as one key for each purpose. Never printed, dropped at lock."""

    __slots__ = ("_keeping", "image", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._keeping = derive(raw, b"doorstep/kept/1")
        self.image = derive(raw, b"doorstep/image/1")

    @classmethod
    def fresh(cls, randomness: Randomness) -> MasterKey:
        return cls(randomness(KEY_BYTES))

    def keep(self, purpose: bytes, clear: bytes, randomness: Randomness) -> bytes:
        """Seal a small thing for this device alone; `purpose` names its place and is bound in."""
        return lock_up(self._keeping, clear, joined(b"doorstep/kept/1", purpose), randomness)

    def open(self, purpose: bytes, kept: bytes) -> bytes:
        """The reverse of `keep`; raises CannotOpen."""
        return unlock(self._keeping, kept, joined(b"doorstep/kept/1", purpose))

    def name(self, label: str) -> bytes:
        """Sixteen bytes that stand for a label in a clear column."""
        return derive(self.raw, joined(b"doorstep/name/1", label.encode()))[:16]

    def __repr__(self) -> str:
        return "MasterKey(…)"
