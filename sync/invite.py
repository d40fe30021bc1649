"""What an inviter hands to a joiner by voice, paper or camera: never by way of the office.

    payload  = version 1, flags, secret 16, org 16, length of address 1, address, first name
    checksum = first 4 bytes of SHA-256("doorstep/invite/1" + payload)
    text     = Crockford base32 of payload and checksum; with "doorstep:" in front for a QR code,
               in groups of five for typing
    short    = Crockford base32 of secret and the first 4 bytes of
               SHA-256("doorstep/invite/short/1" + secret + org)

The short one is read out to somebody whose device has belonged to the organisation before: it
knows an address of the office, and the checksum says whether the organisation is the inviter's.

The secret never reaches the office: it knows an invite by a lookup id derived from it, and a
joiner's request carries an HMAC that only the inviter can check. `org`, half the hash of the
root key, is what the joiner will measure the office's directory by.
"""

from __future__ import annotations

import hmac
import io
import re
from dataclasses import dataclass
from typing import Final

import segno

from storage.seal import Randomness, derive, fingerprint, joined
from sync.address import checked_address
from sync.errors import InviteRefused

VERSION: Final = 1
SECRET_BYTES: Final = 16
SCHEME: Final = "doorstep:"
MAX_NAME_BYTES: Final = 40
MAX_TEXT: Final = 2_000
_PLAIN_HTTP: Final = 1
_CHECKSUM_BYTES: Final = 4
_GROUP: Final = 5
_SHORT_GROUP: Final = 4
SHORT_LENGTH: Final = 32
SHORTEST: Final = 64
"""Characters of a short code, and of a full one at the least."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Crockford: what a reader may take a character for.
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN: Final = re.compile(r"[\s\-‐‑‒–—.,_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invitation to join `org` (16 bytes) at the office at `address`.

    `inviter` is the first name of the person whose app has to be opened for the joiner to get in.
    """

    address: str
    org: bytes
    secret: bytes
    inviter: str

    @property
    def lookup_id(self) -> bytes:
        """What the joiner shows the office: 16 bytes that reveal nothing of the secret."""
        return derive(self.secret, b"doorstep/invite/lookup/1")[:16]

    @property
    def lookup(self) -> bytes:
        """What the office keeps of an invite: the hash of its lookup id."""
        return fingerprint(self.lookup_id)

    def mac(self, request: bytes) -> bytes:
        """HMAC-SHA256 over a joiner's request, under a key only the two apps can derive."""
        key = derive(self.secret, b"doorstep/invite/mac/1")
        return hmac.digest(key, joined(b"doorstep/enrol/1", request), "sha256")

    def vouches_for(self, request: bytes, mac: bytes) -> bool:
        """Whether the request came from somebody who holds this invite, unaltered."""
        return hmac.compare_digest(self.mac(request), mac)

    def __repr__(self) -> str:
        return "Invite(…)"


def new_invite(address: str, org: bytes, inviter: str, randomness: Randomness) -> Invite:
    """A fresh invite. `inviter` is cut to what fits; `address` must pass `checked_address`."""
    name = inviter.strip().encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    return Invite(
        address=checked_address(address), org=org, secret=randomness(SECRET_BYTES), inviter=name
    )


def as_link(invite: Invite) -> str:
    """The text inside the QR code, and the one to paste: `DOORSTEP:` and base32.

    Upper case, so that the code needs the QR alphabet of digits and capitals only.
    """
    return SCHEME.upper() + _base32(_packed(invite))


def as_typed_code(invite: Invite) -> str:
    """The same in groups of five characters, for reading aloud and typing."""
    text = _base32(_packed(invite))
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def as_short_code(invite: Invite) -> str:
    """Eight groups of four characters, for a device that knows the office; see `read_invite`."""
    text = _base32(invite.secret + _short_checksum(invite))
    return " ".join(text[at : at + _SHORT_GROUP] for at in range(0, len(text), _SHORT_GROUP))


def read_invite(text: str, *, before: tuple[str, bytes] | None = None) -> Invite:
    """The invite behind a link or a typed code.

    Case, spaces, dashes and line breaks do not matter, nor O for 0 and I or L for 1. `before` is
    the office's address and the organisation (16 bytes) this device belonged to: with them a short
    code is understood too, which names no inviter. Raises InviteRefused("mangled") when the
    checksum says that something was mistyped or cut off.
    """
    if len(text) > MAX_TEXT:
        raise InviteRefused("mangled")
    plain = _BETWEEN.sub("", text).upper().removeprefix(SCHEME.upper())
    raw = _from_base32(plain.translate(_MISREAD))
    if before is not None and len(plain) == SHORT_LENGTH:
        return _from_short(raw, *before)
    payload, checksum = raw[:-_CHECKSUM_BYTES], raw[-_CHECKSUM_BYTES:]
    if not hmac.compare_digest(_checksum(payload), checksum):
        raise InviteRefused("mangled")
    try:
        return _unpacked(payload)
    except (ValueError, IndexError) as error:
        raise InviteRefused("mangled") from error


def qr_svg(invite: Invite) -> bytes:
    """The QR code as an SVG picture, black on white whatever the theme: cameras need that."""
    out = io.BytesIO()
    segno.make(as_link(invite), error="m").save(
        out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, scale=8
    )
    return out.getvalue()


def qr_png(invite: Invite, *, scale: int = 8) -> bytes:
    """The QR code as a PNG picture with `scale` pixels to a module."""
    out = io.BytesIO()
    segno.make(as_link(invite), error="m").save(
        out, kind="png", border=4, dark="#000", light="#fff", scale=scale
    )
    return out.getvalue()


def _packed(invite: Invite) -> bytes:
    scheme, _, rest = invite.address.partition("://")
    place = rest.encode()
    flags = _PLAIN_HTTP if scheme == "http" else 0
    payload = (
        bytes([VERSION, flags])
        + invite.secret
        + invite.org
        + bytes([len(place)])
        + place
        + invite.inviter.encode()
    )
    return payload + _checksum(payload)


def _from_short(raw: bytes, address: str, org: bytes) -> Invite:
    found = Invite(address=address, org=org, secret=raw[:SECRET_BYTES], inviter="")
    if not hmac.compare_digest(_short_checksum(found), raw[SECRET_BYTES:]):
        raise InviteRefused("mangled")
    return found


def _short_checksum(invite: Invite) -> bytes:
    return fingerprint(b"doorstep/invite/short/1" + invite.secret + invite.org)[:_CHECKSUM_BYTES]


def _unpacked(payload: bytes) -> Invite:
    version, flags = payload[0], payload[1]
    secret, org = payload[2:18], payload[18:34]
    end = 35 + payload[34]
    if version != VERSION or flags not in (0, _PLAIN_HTTP) or end > len(payload):
        raise ValueError("an invite of another version")
    scheme = "http" if flags else "https"
    return Invite(
        address=checked_address(f"{scheme}://{payload[35:end].decode()}"),
        org=org,
        secret=secret,
        inviter=payload[end:].decode(),
    )


def _checksum(payload: bytes) -> bytes:
    return fingerprint(b"doorstep/invite/1" + payload)[:_CHECKSUM_BYTES]


def _base32(data: bytes) -> str:
    bits = len(data) * 8
    length = -(-bits // 5)
    number = int.from_bytes(data, "big") << (length * 5 - bits)
    return "".join(_ALPHABET[number >> 5 * at & 31] for at in range(length - 1, -1, -1))


def _from_base32(text: str) -> bytes:
    number = 0
    for character in text:
        value = _ALPHABET.find(character)
        if value < 0:
            raise InviteRefused("mangled")
        number = number << 5 | value
    size = len(text) * 5 // 8
    spare = len(text) * 5 - size * 8
    if number & (1 << spare) - 1:
        raise InviteRefused("mangled")
    return (number >> spare).to_bytes(size, "big")
