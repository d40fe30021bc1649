"""One sealed change, and the chain that makes a missing, forked or altered one show.

    header = [v, org, casefile, device, n, prev, kid]        msgpack, exact bytes kept
    body   = [kind, record, fields, parents, hlc, author, seen]  msgpack, deflated, padded
    ct     = AES-256-GCM(HKDF(K, "doorstep/enc/1" + casefile + epoch), nonce, body,
                         aad = "doorstep/change/1" + header)
    id     = SHA-256(header, nonce, SHA-256(ct))
    head   = [org, casefile, device, n, id] signed with Ed25519 under "doorstep/head/1"

`n` counts 1, 2, 3… per device and casefile, `prev` is the id of n-1: one signed head vouches for
every change before it. Published in docs/format.md. Must not know what the fields mean.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

import msgpack
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.body import BEYOND, Body, pack_body, unpack_body
from storage.errors import BadEnvelope, BadSignature, CannotOpen, TooLarge
from storage.seal import (
    NONCE_BYTES,
    Randomness,
    derive,
    fingerprint,
    joined,
)

VERSION: Final = 1
ZERO_ID: Final = bytes(32)
"""`prev` of a chain's first change."""
MAX_CHANGE_BYTES: Final = 1024 * 1024
PREV_OF: Final = slice(-50, -18)
"""Where `prev` stands in a header that has been checked."""
KID_OF: Final = slice(-16, None)
"""Where `kid` stands in a header that has been checked."""
REDACTED_ITEM_BYTES: Final = NONCE_BYTES + 32
"""The item of a redacted change: its nonce and its ciphertext's hash. No other is so short."""
_HEAD_CONTEXT: Final = b"doorstep/head/1"
HASH_BYTES: Final = 32
_LIST_OF_SIX: Final = b"\x96"  # how an entry's header begins; a change's is a list of seven
_CHANGE_BOUND: Final = joined(b"doorstep/change/1")
_LONGEST_ITEM: Final = NONCE_BYTES + MAX_CHANGE_BYTES
_sha256: Final = hashlib.sha256
_NONCE: Final = struct.pack(">I", NONCE_BYTES)  # the lengths that `joined` would write
_HASH: Final = struct.pack(">I", 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where a change belongs; clear to the office. Ids are 16 bytes, `prev` 32, `kid` 16."""

    org: bytes
    casefile: bytes
    device: bytes
    n: int
    prev: bytes
    kid: bytes

    def encoded(self) -> bytes:
        """The exact bytes that are bound into the ciphertext and the id."""
        return cast(
            bytes,
            msgpack.packb(
                [VERSION, self.org, self.casefile, self.device, self.n, self.prev, self.kid]
            ),
        )


class Sealed(NamedTuple):
    """One change as everybody but its members sees it. `ct` is None once it was redacted."""

    header: bytes
    nonce: bytes
    ct: bytes | None
    ct_hash: bytes
    id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A device's signed word that its chain in a casefile reaches to change `n` with this id."""

    casefile: bytes
    device: bytes
    n: int
    id: bytes
    signature: bytes


class CasefileKey:
    """One epoch's key of one casefile, with what is derived from it.

    The key id commits to the key: HKDF(K, "doorstep/kid/1"), first 16 bytes.
    """

    __slots__ = ("_cipher", "casefile", "epoch", "kid", "raw")

    def __init__(self, raw: bytes, casefile: bytes, epoch: int) -> None:
        self.raw, self.casefile, self.epoch = raw, casefile, epoch
        self.kid = key_id(raw)
        purpose = joined(b"doorstep/enc/1", casefile, struct.pack(">I", epoch))
        self._cipher = AESGCM(derive(raw, purpose))

    def encrypt(self, nonce: bytes, clear: bytes, header: bytes) -> bytes:
        return self._cipher.encrypt(nonce, clear, _bound(header))

    def decrypt(self, nonce: bytes, ct: bytes, header: bytes) -> bytes:
        """Raises CannotOpen when the change was altered or moved, or the key is another."""
        try:
            return self._cipher.decrypt(nonce, ct, _bound(header))
        except InvalidTag as error:
            raise CannotOpen("a change does not open with the key it names") from error

    def __repr__(self) -> str:
        return f"CasefileKey(epoch={self.epoch})"


def _bound(header: bytes) -> bytes:
    """What a ciphertext is bound to: joined("doorstep/change/1", header), the first part ready."""
    return b"%b%b%b" % (_CHANGE_BOUND, struct.pack(">I", len(header)), header)


def key_id(raw: bytes) -> bytes:
    """The public name of a casefile key: 16 bytes that commit to it."""
    return derive(raw, b"doorstep/kid/1")[:16]


def change_id(header: bytes, nonce: bytes, ct_hash: bytes) -> bytes:
    """The id of a change; the hash of the ciphertext stands in, so that it survives redaction."""
    # Same bytes as fingerprint(joined(...)), written out because every change pays it; `Run` has
    # it once more in its loops, where even the call is dear.
    return _sha256(
        b"%b%b%b%b%b%b" % (struct.pack(">I", len(header)), header, _NONCE, nonce, _HASH, ct_hash)
    ).digest()


def seal_change(header: Header, body: Body, key: CasefileKey, randomness: Randomness) -> Sealed:
    """Seal one change.

    Raises TooLarge above `MAX_CHANGE_BYTES` of ciphertext, and BadEnvelope for what no reader
    would take: such a change must not enter a chain.
    """
    encoded = header.encoded()
    nonce = randomness(NONCE_BYTES)
    ct = key.encrypt(nonce, pack_body(body), encoded)
    if len(ct) > MAX_CHANGE_BYTES:
        raise TooLarge("a change is larger than 1 MiB when sealed")
    ct_hash = fingerprint(ct)
    return Sealed(encoded, nonce, ct, ct_hash, change_id(encoded, nonce, ct_hash))


def open_change(sealed: Sealed, key: CasefileKey) -> Body:
    """The reverse of `seal_change`. Raises CannotOpen, or BadEnvelope for a malformed body."""
    return open_item(sealed.header, as_item(sealed), key)


def open_item(header: bytes, item: bytes, key: CasefileKey, *, again: bool = False) -> Body:
    """`open_change` for a change as it lies on disk.

    `again`: its form was found good when it was taken in, and nobody without the key can have
    altered it since; only that it opens is looked at.
    """
    if len(item) == REDACTED_ITEM_BYTES:
        raise CannotOpen("this change was redacted")
    if len(item) > _LONGEST_ITEM:
        raise BadEnvelope("a change is larger than 1 MiB when sealed")
    return unpack_body(key.decrypt(item[:NONCE_BYTES], item[NONCE_BYTES:], header), again=again)


def parse_header(encoded: bytes) -> Header:
    """Read a header; raises BadEnvelope unless it is exactly what `Header.encoded` writes."""
    try:
        v, org, casefile, device, n, prev, kid = msgpack.unpackb(encoded)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadEnvelope("a change's header does not have the published form") from error
    sizes = ((org, 16), (casefile, 16), (device, 16), (prev, 32), (kid, 16))
    if (
        v != VERSION
        or type(n) is not int
        or not 1 <= n < BEYOND
        or not all(type(part) is bytes and len(part) == size for part, size in sizes)
    ):
        raise BadEnvelope("a change's header has an unknown version or form")
    header = Header(org=org, casefile=casefile, device=device, n=n, prev=prev, kid=kid)
    if header.encoded() != encoded:
        raise BadEnvelope("a change's header is written in another way than published")
    return header


def sign_head(
    key: Ed25519PrivateKey, *, org: bytes, casefile: bytes, device: bytes, n: int, head: bytes
) -> Head:
    """Vouch for a chain up to and including change `n`, whose id is `head`."""
    signature = key.sign(_head_bytes(org, casefile, device, n, head))
    return Head(casefile=casefile, device=device, n=n, id=head, signature=signature)


def check_head(head: Head, org: bytes, signing_public: Ed25519PublicKey) -> None:
    """Raises BadSignature unless the device really signed this head."""
    try:
        signing_public.verify(
            head.signature, _head_bytes(org, head.casefile, head.device, head.n, head.id)
        )
    except InvalidSignature as error:
        raise BadSignature("a head is not signed by the device it names") from error


def _head_bytes(org: bytes, casefile: bytes, device: bytes, n: int, head: bytes) -> bytes:
    return joined(_HEAD_CONTEXT, cast(bytes, msgpack.packb([org, casefile, device, n, head])))


def is_entry(header: bytes) -> bool:
    """Whether a header that has been checked is one of `storage.inbox`, and not a change's."""
    return header[:1] == _LIST_OF_SIX


def entry_id(header: bytes, sealed_hash: bytes) -> bytes:
    """The id of the change that an inbox's entry is folded as."""
    return fingerprint(joined(header, sealed_hash))


def sealed_from(header: bytes, item: bytes) -> Sealed:
    """A change from its exact header and its item, as they are kept on disk; or an inbox's entry,
    which has no nonce of its own."""
    if is_entry(header):
        sealed = None if len(item) == HASH_BYTES else item
        sealed_hash = item if sealed is None else fingerprint(sealed)
        return Sealed(
            header=header,
            nonce=b"",
            ct=sealed,
            ct_hash=sealed_hash,
            id=entry_id(header, sealed_hash),
        )
    nonce, rest = item[:NONCE_BYTES], item[NONCE_BYTES:]
    ct = None if len(rest) == 32 else rest
    ct_hash = rest if ct is None else _sha256(rest).digest()
    return Sealed(header, nonce, ct, ct_hash, change_id(header, nonce, ct_hash))


def as_item(sealed: Sealed) -> bytes:
    """One element of `Run.items`."""
    return sealed.nonce + (sealed.ct_hash if sealed.ct is None else sealed.ct)
