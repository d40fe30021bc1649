"""What one change says, and the padded bytes it is sealed as.

    body = [kind, record, fields, parents, hlc, author, seen]  msgpack, deflated, padded

Published in docs/format.md. Must not know what the fields mean, nor how a body is sealed.
"""

from __future__ import annotations

import struct
import zlib
from math import isfinite
from typing import Final, NamedTuple, cast

import msgpack

from storage.errors import BadEnvelope, TooLarge
from storage.kinds import Fields
from storage.seal import TAG_BYTES, padded_length

MAX_DEPTH: Final = 8
MAX_LIST: Final = 65_536  # some versions of msgpack reserve what a list claims, before reading it
BEYOND: Final = 1 << 63  # numbers fit SQLite's signed 64 bits
_DEFLATE_FROM: Final = 200  # below this the padding to 256 bytes swallows any gain
_MAX_BODY: Final = 8 * 1024 * 1024
_FILLED: Final = struct.Struct(">BI")  # how a padded body begins: flag, length
_SCALARS: Final = frozenset({str, bool, type(None)})


class Body(NamedTuple):  # a pull makes thousands, a dataclass takes thrice as long
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
        and 0 <= hlc < BEYOND
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
        and 1 <= n < BEYOND
        and type(start) is bytes
        and len(start) == 8
    )


def fields_are_plain(value: object, depth: int = MAX_DEPTH) -> bool:
    """Whether a value is made of text, numbers, truth, nothing, lists and text-keyed maps only.

    Whole numbers lie in the signed 64 bits a database takes; others are finite.
    """
    if type(value) in _SCALARS:
        return True
    if type(value) is int:
        return -BEYOND <= value < BEYOND
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
