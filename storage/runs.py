"""Consecutive changes of one chain as they travel: what repeats is said once.

Headers and ids are rebuilt byte for byte, so that a receiver checks what the author signed. Must
not know keys, nor what is inside an item.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgpack

from storage.body import BEYOND
from storage.envelope import MAX_CHANGE_BYTES, REDACTED_ITEM_BYTES, ZERO_ID, Header, Sealed
from storage.errors import BadEnvelope
from storage.seal import NONCE_BYTES

_SHORTEST_SEALED: Final = 256  # what padding makes of the smallest change
_SHORTEST_ITEM: Final = NONCE_BYTES + _SHORTEST_SEALED
_LONGEST_ITEM: Final = NONCE_BYTES + MAX_CHANGE_BYTES
_NONCE: Final = struct.pack(">I", NONCE_BYTES)  # the lengths that `joined` would write
_HASH: Final = struct.pack(">I", 32)


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
            or not 1 <= first < BEYOND - len(items)
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
            ct, ct_hash = (None, rest) if len(rest) == 32 else (rest, sha256(rest).digest())
            counted = b"%b%b%b" % (begin, prev, after)
            prev = sha256(b"%b%b%b%b%b" % (counted, _NONCE, nonce, _HASH, ct_hash)).digest()
            found.append(Sealed(counted[4:], nonce, ct, ct_hash, prev))
        return found

    def ids(self, org: bytes) -> list[bytes]:
        """The ids of the changes, for who only checks that they link."""
        found: list[bytes] = []
        before, after = self._around_prev(org)
        prev, after = self.prev, after + _NONCE
        for begin, item in zip(before, self.items, strict=True):
            rest = item[NONCE_BYTES:]
            ct_hash = rest if len(rest) == 32 else sha256(rest).digest()
            prev = sha256(
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


def _may_be_an_items(length: int) -> bool:
    return length == REDACTED_ITEM_BYTES or _SHORTEST_ITEM <= length <= _LONGEST_ITEM
