"""An entry in a casefile's inbox: what somebody certified leaves there who may not read it.

    header    = [v, org, casefile, device, entry, kid]               msgpack, exact bytes kept
    sealed    = seal(inbox public key of the epoch that kid names, padded body,
                     "doorstep/inbox/1", aad = header)
    body      = [kind, record, fields, hlc, author]
    signature = Ed25519(signing key, "doorstep/inbox-entry/1" + header + SHA-256(sealed))
    id        = SHA-256(header, SHA-256(sealed))

Members open it and fold it as a change without parents. It stands in no chain of its device: the
office numbers a casefile's entries without a gap, and each is signed by itself. Must not know who
may leave which kind of record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.body import MAX_LIST, Body, body_of, fields_are_plain, pad, unpad
from storage.envelope import HASH_BYTES, CasefileKey, entry_id, is_entry
from storage.errors import BadEnvelope, BadSignature, CannotOpen, TooLarge
from storage.grants import inbox_private
from storage.kinds import Fields
from storage.seal import Randomness, fingerprint, joined, open_sealed, seal_to

VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 64 * 1024
"""Of the sealed part."""
_SHORTEST_SEALED: Final = 32 + 256
_INFO: Final = b"doorstep/inbox/1"
_CONTEXT: Final = b"doorstep/inbox-entry/1"
_DEVICE_OF: Final = slice(-52, -36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Something to be left in the inbox of a casefile that this device may not read.

    `casefile` and `record` are hex ids. `kid` (16 bytes) and `inbox` (32) are the casefile's
    newest key id and its inbox's public key, as somebody who may read it has passed them on.
    """

    casefile: str
    kid: bytes
    inbox: bytes
    kind: str
    record: str
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHeader:
    """Where an entry belongs; clear to the office. Ids are 16 bytes."""

    org: bytes
    casefile: bytes
    device: bytes
    entry: bytes
    kid: bytes

    def encoded(self) -> bytes:
        """The exact bytes that are bound into the sealed part, the signature and the id."""
        return cast(
            bytes,
            msgpack.packb([VERSION, self.org, self.casefile, self.device, self.entry, self.kid]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as everybody but the casefile's members sees it.

    `item` is the sealed part, or once redacted its SHA-256 (32 bytes), so that signature and id
    stay what they were.
    """

    header: bytes
    item: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def redacted(self) -> bool:
        return len(self.item) == HASH_BYTES

    @property
    def id(self) -> bytes:
        """The id of the change that it is folded as."""
        return entry_id(self.header, self._sealed_hash())

    def check(self, signing_public: Ed25519PublicKey) -> None:
        """Raises BadSignature unless this key signed exactly this entry."""
        try:
            signing_public.verify(self.signature, _bound(self.header, self._sealed_hash()))
        except InvalidSignature as error:
            raise BadSignature("an entry is not signed by the device it names") from error

    def _sealed_hash(self) -> bytes:
        return self.item if self.redacted else fingerprint(self.item)


def writer_of(header: bytes) -> bytes:
    """The device that left an entry, from a header that has been checked."""
    return header[_DEVICE_OF]


def seal_entry(
    header: EntryHeader,
    *,
    inbox_public: bytes,
    kind: str,
    record: bytes,
    fields: Fields,
    hlc: int,
    author: bytes,
    signing: Ed25519PrivateKey,
    randomness: Randomness,
) -> Entry:
    """Seal and sign one entry. `inbox_public` is the key of the epoch that the header's kid names.

    Raises TooLarge above `MAX_ENTRY_BYTES`, BadEnvelope for what no reader would take.
    """
    if not fields_are_plain(fields):
        raise BadEnvelope("an entry holds values that cannot travel")
    try:
        raw = cast(bytes, msgpack.packb([kind, record, fields, hlc, author]))
    except (ValueError, OverflowError) as error:
        raise BadEnvelope("an entry holds values that cannot travel") from error
    encoded = header.encoded()
    read_entry_header(encoded)
    sealed = seal_to(inbox_public, pad(raw), info=_INFO, aad=encoded, randomness=randomness)
    if len(sealed) > MAX_ENTRY_BYTES:
        raise TooLarge("an entry is larger than 64 KiB when sealed")
    return Entry(
        header=encoded, item=sealed, signature=signing.sign(_bound(encoded, fingerprint(sealed)))
    )


def read_entry(header: bytes, item: bytes, signature: bytes) -> tuple[EntryHeader, Entry]:
    """Check the form of an entry; raises BadEnvelope. The signature still has to be checked."""
    found = read_entry_header(header)
    if len(signature) != 64 or not (
        _SHORTEST_SEALED <= len(item) <= MAX_ENTRY_BYTES or len(item) == HASH_BYTES
    ):
        raise BadEnvelope("an entry does not have the published form")
    return found, Entry(header=header, item=item, signature=signature)


def read_entry_header(encoded: bytes) -> EntryHeader:
    """Raises BadEnvelope unless it is exactly what `EntryHeader.encoded` writes."""
    try:
        v, org, casefile, device, entry, kid = msgpack.unpackb(encoded)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadEnvelope("an entry's header does not have the published form") from error
    ids = (org, casefile, device, entry, kid)
    if v != VERSION or not all(type(part) is bytes and len(part) == 16 for part in ids):
        raise BadEnvelope("an entry's header has an unknown version or form")
    header = EntryHeader(org=org, casefile=casefile, device=device, entry=entry, kid=kid)
    if header.encoded() != encoded or not is_entry(encoded):
        raise BadEnvelope("an entry's header is written in another way than published")
    return header


def open_entry(header: bytes, sealed: bytes | None, key: CasefileKey) -> Body:
    """What an entry says, as the body of a change without parents.

    `sealed` is None once it was redacted. Raises CannotOpen, or BadEnvelope for a malformed body.
    """
    if sealed is None:
        raise CannotOpen("this entry was redacted")
    payload = unpad(open_sealed(inbox_private(key), sealed, info=_INFO, aad=header))
    try:
        kind, record, fields, hlc, author, *_ = msgpack.unpackb(payload, max_array_len=MAX_LIST)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadEnvelope("an entry does not have the published form") from error
    return body_of([kind, record, fields, [], hlc, author, []])


def _bound(header: bytes, sealed_hash: bytes) -> bytes:
    return joined(_CONTEXT, header, sealed_hash)
