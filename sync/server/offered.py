"""A pushed chain before the database is asked: rebuilt, linked, measured and vouched for.

Everything here is arithmetic on what the device sent, so it is done before the write lock is
taken. Must not know who is a member or what is stored already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.envelope import MAX_CHANGE_BYTES, Head, check_head
from storage.errors import BadSignature
from storage.runs import Run
from storage.seal import NONCE_BYTES, fingerprint

BARE: Final = NONCE_BYTES + 32
"""The length of an item without its text: the nonce, and what the ciphertext hashes to."""
_LARGEST_ITEM = NONCE_BYTES + MAX_CHANGE_BYTES


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive changes of one chain under one key, as they will be stored."""

    first: int
    prev: bytes
    kid: bytes
    items: Sequence[bytes]
    ids: Sequence[bytes]

    @property
    def last(self) -> int:
        return self.first + len(self.ids) - 1

    @property
    def size(self) -> int:
        return sum(map(len, self.items))

    def part(self, first: int, last: int) -> Stretch:
        """Changes `first`…`last` of it, as far as it has them; may be empty."""
        begin = min(max(first - self.first, 0), len(self.ids))
        end = max(last + 1 - self.first, 0)
        if begin == 0 and end >= len(self.ids):
            return self
        return Stretch(
            self.first + begin,
            self.ids[begin - 1] if begin else self.prev,
            self.kid,
            self.items[begin:end],
            self.ids[begin:end],
        )


@dataclass(slots=True)
class Offered:
    """One chain of one push, up to where it is sound; `refused` says why the rest is not.

    `heads` are those that vouch for a change in it, furthest first. `bare` is the first change
    that comes without its text, from somebody who may not redact.
    """

    casefile: bytes
    device: bytes
    stretches: list[Stretch] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    refused: str | None = None
    bare: int | None = None

    @property
    def first(self) -> int:
        return self.stretches[0].first

    @property
    def last(self) -> int:
        return self.stretches[-1].last

    def id_at(self, n: int) -> bytes:
        """The id of change `n`, which is in it."""
        stretch = next(s for s in self.stretches if n <= s.last)
        return stretch.ids[n - stretch.first]

    def covered(self, end: int) -> Head | None:
        """The head that reaches furthest beyond `end`, and not to a change that must not be new."""
        stop = self.bare if self.bare is not None and self.bare > end else self.last + 1
        return next((head for head in self.heads if end < head.n < stop), None)

    def between(self, first: int, last: int) -> list[Stretch]:
        """Changes `first`…`last`, in stretches."""
        parts = (stretch.part(first, last) for stretch in self.stretches)
        return [part for part in parts if part.ids]


def bared(item: bytes) -> bytes:
    """An item without its text; the chain still verifies."""
    return item if len(item) == BARE else item[:NONCE_BYTES] + fingerprint(item[NONCE_BYTES:])


def by_chain(runs: Sequence[Run]) -> dict[tuple[bytes, bytes], list[Run]]:
    """Runs by (casefile, device), in the order they came."""
    chains: dict[tuple[bytes, bytes], list[Run]] = {}
    for run in runs:
        chains.setdefault((run.casefile, run.device), []).append(run)
    return chains


def offered(
    runs: Sequence[Run],
    heads: Sequence[Head],
    *,
    org: bytes,
    signing: Ed25519PublicKey,
    may_redact: bool,
    gone: frozenset[bytes] = frozenset(),
) -> Offered:
    """Check one chain's runs and heads. Stops at the first change that is not sound.

    `gone` are ids of changes that are taken without their text, whoever brings them.
    """
    chain = Offered(runs[0].casefile, runs[0].device)
    for run in runs:
        _take_run(chain, run, org, may_redact, gone)
        if chain.refused is not None:
            break
    if chain.stretches:
        _take_heads(chain, heads, org, signing)
    return chain


def _take_run(
    chain: Offered, run: Run, org: bytes, may_redact: bool, gone: frozenset[bytes]
) -> None:
    if chain.stretches:
        end = chain.stretches[-1]
        if run.first > end.last + 1:
            chain.refused = "gap"
            return
        if run.first != end.last + 1 or run.prev != end.ids[-1]:
            chain.refused = "fork"
            return
    ids, items = run.ids(org), run.items
    lengths = [len(item) for item in items]
    if not gone.isdisjoint(ids):
        items = tuple(bared(i) if c in gone else i for i, c in zip(items, ids, strict=True))
    taken = Stretch(run.first, run.prev, run.kid, items, ids)
    if max(lengths) > _LARGEST_ITEM:
        chain.refused = "too-large"
        at = next(at for at, length in enumerate(lengths) if length > _LARGEST_ITEM)
        taken = taken.part(run.first, run.first + at - 1)
    # Only a supervisor may hand in a change whose text is gone already. Whether it is a replay of
    # one that the office has is seen by its id, later.
    if not may_redact and chain.bare is None and BARE in lengths:
        chain.bare = next(
            (
                run.first + at
                for at, (length, change) in enumerate(zip(lengths, ids, strict=True))
                if length == BARE and change not in gone
            ),
            None,
        )
    if taken.ids:
        chain.stretches.append(taken)


def _take_heads(
    chain: Offered, heads: Sequence[Head], org: bytes, signing: Ed25519PublicKey
) -> None:
    for head in sorted(heads, key=lambda h: h.n, reverse=True):
        if not chain.first <= head.n <= chain.last:
            continue
        try:
            if chain.id_at(head.n) != head.id:
                raise BadSignature("a head names another change")
            check_head(head, org, signing)
        except BadSignature:
            chain.refused = chain.refused or "bad-head"
            continue
        chain.heads.append(head)
