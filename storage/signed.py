"""What a device signs for the reminder desk, in exact bytes, whatever it orders.

    order     = [what, clear, sealed, signature]                    msgpack, exact bytes kept
    signature = Ed25519(signing key, purpose of what + clear + SHA-256(sealed))

`clear` is a map that the office may read; `sealed` is for the desk alone, and empty where an order
has no secret. Read with the strictness of `storage.statements`: one order has one encoding, so
that no two readers can take different things from it. Must not know what the orders mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.body import pad, unpad
from storage.errors import BadEnvelope, BadSignature, NoDesk, TooLarge
from storage.seal import Randomness, fingerprint, joined, open_sealed, seal_to

VERSION: Final = 1
MAX_CLEAR_BYTES: Final = 8 * 1024
MAX_SEALED_BYTES: Final = 16 * 1024
MAX_ORDER_BYTES: Final = MAX_CLEAR_BYTES + MAX_SEALED_BYTES + 256
_PURPOSES: Final[Mapping[str, bytes]] = {
    "alarm": b"doorstep/alarm/1",
    "capsule": b"doorstep/capsule/1",
    "check-out": b"doorstep/check-out/1",
    "seen": b"doorstep/seen/1",
    "stop": b"doorstep/stop/1",
    "withdrawal": b"doorstep/withdrawal/1",
}
"""What a signature and a seal are made for, by kind of order."""
_MAX_CONTENTS: Final = 64 * 1024
_BEYOND: Final = 1 << 63
_LAST_MS: Final = 253_402_300_799_999  # the end of the year 9999
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")

Check = Callable[[object], bool]
Shape = Mapping[str, Check]
"""The names of a map in the order in which they are written, and what each value must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who makes an order, and with what: org and device ids (16 bytes), the device's signing key,
    its own clock in milliseconds since 1970, and the desk's receiving key where one is known."""

    org: bytes
    device: bytes
    signing: Ed25519PrivateKey = field(repr=False)
    at: int
    desk: bytes | None
    randomness: Randomness = field(repr=False)

    def known_desk(self) -> bytes:
        """Raises NoDesk: nothing is sealed to a desk that nobody has certified."""
        if self.desk is None:
            raise NoDesk("no reminder desk is certified yet")
        return self.desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The exact bytes of one order."""

    what: str
    clear: bytes
    sealed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def packed(self) -> bytes:
        """As it travels and is kept."""
        return _pack([self.what, self.clear, self.sealed, self.signature])

    @property
    def digest(self) -> bytes:
        """32 bytes that stand for what was ordered, whoever signed it."""
        return fingerprint(_bound(self.what, self.clear, self.sealed))

    def check(self, signing_public: Ed25519PublicKey) -> None:
        """Raises BadSignature unless this key signed exactly these bytes."""
        try:
            signing_public.verify(self.signature, _bound(self.what, self.clear, self.sealed))
        except InvalidSignature as error:
            raise BadSignature("an order is not signed by the device it names") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOrder:
    """What every order has: the exact bytes that it was read from."""

    signed: Signed = field(repr=False)

    def packed(self) -> bytes:
        """As it travels and is kept."""
        return self.signed.packed()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedByContents(SignedOrder):
    """An order without a reference of its own choosing."""

    @property
    def reference(self) -> bytes:
        """16 bytes that the order is known and answered by."""
        return self.signed.digest[:16]


def _bound(what: str, clear: bytes, sealed: bytes) -> bytes:
    return joined(_PURPOSES[what], clear, fingerprint(sealed))


def sign(
    by: Signer,
    what: str,
    clear: Mapping[str, object],
    contents: Mapping[str, object] | None = None,
) -> Signed:
    """Sign an order; `contents` are sealed to the desk.

    Raises TooLarge beyond `MAX_CLEAR_BYTES` or `MAX_SEALED_BYTES`, NoDesk.
    """
    encoded = _pack({"v": VERSION, **clear})
    sealed = b""
    if contents is not None:
        raw = _pack(contents)
        if len(raw) > _MAX_CONTENTS:
            raise TooLarge("an order holds more than it may")
        sealed = seal_to(
            by.known_desk(),
            pad(raw),
            info=_PURPOSES[what],
            aad=encoded,
            randomness=by.randomness,
        )
    if len(encoded) > MAX_CLEAR_BYTES or len(sealed) > MAX_SEALED_BYTES:
        raise TooLarge("an order is larger than may travel")
    signature = by.signing.sign(_bound(what, encoded, sealed))
    return Signed(what=what, clear=encoded, sealed=sealed, signature=signature)


def read_signed(packed: bytes) -> Signed:
    """Parse `Signed.packed`; raises BadEnvelope. The signature still has to be checked."""
    if len(packed) > MAX_ORDER_BYTES:
        raise BadEnvelope("an order is larger than it may be")
    try:
        what, clear, sealed, signature = msgpack.unpackb(packed)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadEnvelope("an order does not have the published form") from error
    if (
        type(what) is not str
        or what not in _PURPOSES
        or not all(type(part) is bytes for part in (clear, sealed, signature))
        or len(clear) > MAX_CLEAR_BYTES
        or len(sealed) > MAX_SEALED_BYTES
        or len(signature) != 64
    ):
        raise BadEnvelope("an order does not have the published form")
    found = Signed(what=what, clear=clear, sealed=sealed, signature=signature)
    if found.packed() != packed:
        raise BadEnvelope("an order is written in another way than published")
    return found


def read_clear(signed: Signed, what: str, shape: Shape, *, sealed: bool) -> dict[str, Any]:
    """What an order says in clear; raises BadEnvelope unless it has exactly this shape."""
    if signed.what != what or bool(signed.sealed) is not sealed:
        raise BadEnvelope("an order is of another kind than it should be")
    found = read_map(signed.clear, {"v": _is_version, **shape})
    del found["v"]
    return found


def open_contents(signed: Signed, receiving: X25519PrivateKey, shape: Shape) -> dict[str, Any]:
    """What was sealed to the desk. Raises CannotOpen, or BadEnvelope for another shape."""
    clear = open_sealed(receiving, signed.sealed, info=_PURPOSES[signed.what], aad=signed.clear)
    raw = unpad(clear)
    if len(raw) > _MAX_CONTENTS:
        raise BadEnvelope("an order holds more than it may")
    return read_map(raw, shape)


def read_map(encoded: bytes, shape: Shape) -> dict[str, Any]:
    """A map with exactly these names in this order, in its one encoding; raises BadEnvelope."""
    try:
        found = msgpack.unpackb(encoded)
        again = msgpack.packb(found)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadEnvelope("an order does not have the published form") from error
    if (
        type(found) is not dict
        or again != encoded
        or list(found) != list(shape)
        or not all(check(found[name]) for name, check in shape.items())
    ):
        raise BadEnvelope("an order does not have the published form")
    return found


def _pack(value: object) -> bytes:
    try:
        return cast(bytes, msgpack.packb(value))
    except (ValueError, TypeError, OverflowError) as error:
        raise BadEnvelope("an order holds values that cannot travel") from error


# -- what values may be --------------------------------------------------------------------------


def _is_version(value: object) -> bool:
    return type(value) is int and value == VERSION


def is_id(value: object) -> bool:
    """Sixteen bytes."""
    return type(value) is bytes and len(value) == 16


def is_count(value: object) -> bool:
    """A whole number from nought on that fits a database's."""
    return type(value) is int and 0 <= value < _BEYOND


def is_moment(value: object) -> bool:
    """Milliseconds since 1970, up to the end of the year 9999."""
    return type(value) is int and 0 <= value <= _LAST_MS


def is_truth(value: object) -> bool:
    """Yes or no."""
    return type(value) is bool


def is_code(value: object) -> bool:
    """A short word of the program's own: small letters, digits, dashes."""
    return type(value) is str and _CODE.fullmatch(value) is not None


def is_number(value: object) -> bool:
    """A telephone number as E.164 writes it: a plus and 7 to 15 digits."""
    return type(value) is str and _NUMBER.fullmatch(value) is not None


def is_text(most: int) -> Check:
    """At most so many characters."""
    return lambda value: type(value) is str and len(value) <= most


def is_within(least: int, most: int) -> Check:
    """A whole number between the two, both included."""
    return lambda value: type(value) is int and least <= value <= most


def is_one_of(words: tuple[str, ...]) -> Check:
    """One of a few agreed words."""
    return lambda value: type(value) is str and value in words


def perhaps(check: Check) -> Check:
    """That, or nothing."""
    return lambda value: value is None or check(value)


def is_list(check: Check, most: int, least: int = 0) -> Check:
    """Between `least` and `most` such values."""
    return lambda value: (
        type(value) is list and least <= len(value) <= most and all(map(check, value))
    )


def is_map(name: Check, check: Check, most: int) -> Check:
    """At most so many such values under such names."""
    return lambda value: (
        type(value) is dict
        and len(value) <= most
        and all(name(n) and check(v) for n, v in value.items())
    )
