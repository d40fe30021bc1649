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
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Final, NamedTuple, cast

import msgpack
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import BadEnvelope, BadSignature, CannotOpen, TooLarge
from storage.kinds import Fields
from storage.seal import (
    NONCE_BYTES,
    TAG_BYTES,
    Randomness,
    derive,
    fingerprint,
    joined,
    padded_length,
)

VERSION: Final = 1
ZERO_ID: Final = bytes(32)
"""`prev` of a chain's first change."""
MAX_CHANGE_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 8
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
_DEFLATE_FROM: Final = 200  # below this the padding to 256 bytes swallows any gain
_MAX_BODY: Final = 8 * 1024 * 1024
MAX_LIST: Final = 65_536  # some versions of msgpack reserve what a list claims, before reading it
_SHORTEST_SEALED: Final = 256  # what padding makes of the smallest change
_SHORTEST_ITEM: Final = NONCE_BYTES + _SHORTEST_SEALED
_LONGEST_ITEM: Final = NONCE_BYTES + MAX_CHANGE_BYTES
_BEYOND: Final = 1 << 63  # numbers fit SQLite's signed 64 bits
_FILLED: Final = struct.Struct(">BI")  # how a padded body begins: flag, length
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


class Body(NamedTuple):  # like `Sealed`: a pull makes thousands, a dataclass takes thrice as long
    """What a change says: "record R of kind K now has these field values".

    `parents` are the ids of the changes this one replaces; `seen` the heads (device, n, first
    8 bytes of id) that moved since this device's last change in the casefile; `author` a person.
    """

    kind: str
    record: bytes
    fields: Fields
    parents: tuple[bytes, ...]
    hlc: int
    author: bytes
    seen: tuple[tuple[bytes, int, bytes], ...] = ()


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


def pack_body(body: Body) -> bytes:
    """Body bytes, deflated when that is smaller, padded: flag, 4-byte length, payload, zeros.

    Raises BadEnvelope for fields that are not plain values, or not text in Unicode.
    """
    if not fields_are_plain(body.fields):
        raise BadEnvelope("a change holds values that cannot travel")
    parts = [body.kind, body.record, body.fields, body.parents, body.hlc, body.author, body.seen]
    try:
        raw = cast(bytes, msgpack.packb(parts))
    except (ValueError, OverflowError) as error:
        raise BadEnvelope("a change holds values that cannot travel") from error
    return pad(raw)


def pad(raw: bytes) -> bytes:
    """Flag, 4-byte length, payload (deflated when that is smaller), zeros up to a Padmé length.

    Raises TooLarge for more than a reader would unpack.
    """
    if len(raw) > _MAX_BODY:
        raise TooLarge("a change is larger than any reader takes")
    flag = b"\x00"
    if len(raw) >= _DEFLATE_FROM:
        smaller = zlib.compress(raw, 1)
        if len(smaller) < len(raw):
            flag, raw = b"\x01", smaller
    filled = flag + struct.pack(">I", len(raw)) + raw
    return filled.ljust(padded_length(len(filled) + TAG_BYTES) - TAG_BYTES, b"\x00")


def unpad(clear: bytes) -> bytes:
    """The reverse of `pad`. Raises BadEnvelope for any other packing, or far too much text."""
    try:
        flag, length = _FILLED.unpack_from(clear)
        payload, padding = clear[5 : 5 + length], clear[5 + length :]
        if len(payload) != length or padding.strip(b"\x00"):
            raise BadEnvelope("a change is padded in an unknown way")
        if flag == 0:
            return payload
        if flag != 1:
            raise BadEnvelope("a change is packed in an unknown way")
        # One whole deflate stream, nothing after it, and never more than so many bytes of it.
        inflater = zlib.decompressobj()
        raw = inflater.decompress(payload, _MAX_BODY)
        if not inflater.eof or inflater.unused_data:
            raise BadEnvelope("a change unpacks to more than it may, or to less than it says")
    except (struct.error, zlib.error) as error:
        raise BadEnvelope("a change is not packed as published") from error
    return raw


def unpack_body(clear: bytes, *, again: bool = False) -> Body:
    """The reverse of `pack_body`. Raises BadEnvelope when it has another form.

    Elements after the seventh are allowed and ignored: a later version may add some. `again`: its
    form was found good before.
    """
    payload = unpad(clear)
    try:
        parts = msgpack.unpackb(payload, max_array_len=MAX_LIST)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadEnvelope("a change does not have the published form") from error
    return body_of(parts, again=again)


def body_of(parts: object, *, again: bool = False) -> Body:
    """A body from its seven elements, or more. Raises BadEnvelope when one has another form."""
    if type(parts) is not list or len(parts) < 7:
        raise BadEnvelope("a change does not have the published form")
    kind, record, fields, parents, hlc, author, seen = parts[:7]
    if not again and not (
        type(kind) is str
        and type(record) is bytes
        and len(record) == 16
        and type(fields) is dict
        and type(parents) is list
        and type(hlc) is int
        and 0 <= hlc < _BEYOND
        and type(author) is bytes
        and len(author) == 16
        and type(seen) is list
        and (not parents or all(type(p) is bytes and len(p) == 32 for p in parents))
        and (not seen or all(map(_names_a_head, seen)))
        and fields_are_plain(fields)
    ):
        raise BadEnvelope("a change does not have the published form")
    named = tuple((device, n, start) for device, n, start in seen) if seen else ()
    return Body(kind, record, fields, tuple(parents), hlc, author, named)


def _names_a_head(entry: object) -> bool:
    if type(entry) is not list or len(entry) != 3:
        return False
    device, n, start = entry
    return (
        type(device) is bytes
        and len(device) == 16
        and type(n) is int
        and 1 <= n < _BEYOND
        and type(start) is bytes
        and len(start) == 8
    )


_SCALARS = frozenset({str, bool, type(None)})


def fields_are_plain(value: object, depth: int = MAX_DEPTH) -> bool:
    """Whether a value is made of text, numbers, truth, nothing, lists and text-keyed maps only.

    Whole numbers lie in the signed 64 bits a database takes; others are finite.
    """
    if type(value) in _SCALARS:
        return True
    if type(value) is int:
        return -_BEYOND <= value < _BEYOND
    if type(value) is float:
        return isfinite(value)
    if depth == 0:
        return False
    if type(value) is dict:
        for name, member in value.items():
            if type(name) is not str:
                return False
            if type(member) not in _SCALARS and not fields_are_plain(member, depth - 1):
                return False
        return True
    if type(value) is list or type(value) is tuple:
        if len(value) > MAX_LIST:
            return False
        for member in value:
            if type(member) not in _SCALARS and not fields_are_plain(member, depth - 1):
                return False
        return True
    return False


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
        or not 1 <= n < _BEYOND
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive changes of one chain under one key, as they travel.

    What repeats is said once; headers, `prev`s and ids are rebuilt byte for byte by `rebuilt`.
    `items` are nonce and ciphertext in one piece, or for a redacted change nonce and the
    ciphertext's hash (44 bytes, where the shortest sealed change takes 268: nothing between).
    """

    casefile: bytes
    device: bytes
    kid: bytes
    first: int
    prev: bytes
    items: tuple[bytes, ...]

    def packed(self) -> list[object]:
        return [self.casefile, self.device, self.kid, self.first, self.prev, list(self.items)]

    @classmethod
    def unpacked(cls, raw: object) -> Run:
        """Raises BadEnvelope when `raw` is not what `packed` gives."""
        if type(raw) is not list or len(raw) != 6:
            raise BadEnvelope("a run of changes does not have the published form")
        casefile, device, kid, first, prev, items = raw
        sizes = ((casefile, 16), (device, 16), (kid, 16), (prev, 32))
        if (
            not all(type(part) is bytes and len(part) == size for part, size in sizes)
            or type(first) is not int
            or type(items) is not list
            or not items
            or not 1 <= first < _BEYOND - len(items)
            or set(map(type, items)) != {bytes}
            or not all(map(_may_be_an_items, set(map(len, items))))
        ):
            raise BadEnvelope("a run of changes does not have the published form")
        return cls(
            casefile=casefile, device=device, kid=kid, first=first, prev=prev, items=tuple(items)
        )

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1

    def rebuilt(self, org: bytes) -> list[Sealed]:
        """The changes with the exact headers and ids their author gave them."""
        found: list[Sealed] = []
        before, after = self._around_prev(org)
        prev = self.prev
        for begin, item in zip(before, self.items, strict=True):
            nonce, rest = item[:NONCE_BYTES], item[NONCE_BYTES:]
            ct, ct_hash = (None, rest) if len(rest) == 32 else (rest, _sha256(rest).digest())
            counted = b"%b%b%b" % (begin, prev, after)
            prev = _sha256(b"%b%b%b%b%b" % (counted, _NONCE, nonce, _HASH, ct_hash)).digest()
            found.append(Sealed(counted[4:], nonce, ct, ct_hash, prev))
        return found

    def ids(self, org: bytes) -> list[bytes]:
        """The ids of the changes, for who only checks that they link."""
        found: list[bytes] = []
        before, after = self._around_prev(org)
        prev, after = self.prev, after + _NONCE
        for begin, item in zip(before, self.items, strict=True):
            rest = item[NONCE_BYTES:]
            ct_hash = rest if len(rest) == 32 else _sha256(rest).digest()
            prev = _sha256(
                b"%b%b%b%b%b%b" % (begin, prev, after, item[:NONCE_BYTES], _HASH, ct_hash)
            ).digest()
            found.append(prev)
        return found

    def _around_prev(self, org: bytes) -> tuple[list[bytes], bytes]:
        """What stands before `prev` in each change's header, the header's length (4 bytes) in
        front of it, and what stands after `prev`."""
        probe = Header(
            org=org, casefile=self.casefile, device=self.device, n=1, prev=ZERO_ID, kid=self.kid
        ).encoded()
        start, others = probe[: -(1 + 34 + 18)], len(probe) - 1
        numbers = map(msgpack.Packer().pack, range(self.first, self.last + 1))
        return [
            b"\x00\x00\x00%c%b%b\xc4\x20" % (others + len(n), start, n) for n in numbers
        ], b"\xc4\x10" + self.kid


def _may_be_an_items(length: int) -> bool:
    return length == REDACTED_ITEM_BYTES or _SHORTEST_ITEM <= length <= _LONGEST_ITEM


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


def in_runs(changes: Iterable[tuple[Header, bytes]]) -> list[Run]:
    """Group changes (header, item) that follow on one another into runs, keeping their order."""
    runs: list[Run] = []
    open_header: Header | None = None
    first: Header | None = None
    items: list[bytes] = []

    def close() -> None:
        if first is not None:
            runs.append(
                Run(
                    casefile=first.casefile,
                    device=first.device,
                    kid=first.kid,
                    first=first.n,
                    prev=first.prev,
                    items=tuple(items),
                )
            )

    for header, item in changes:
        follows = (
            open_header is not None
            and header.casefile == open_header.casefile
            and header.device == open_header.device
            and header.kid == open_header.kid
            and header.n == open_header.n + 1
        )
        if not follows:
            close()
            first, items = header, []
        items.append(item)
        open_header = header
    close()
    return runs
