"""A pushed chain before the database is asked: rebuilt, linked, measured and vouched for.

Everything here is arithmetic on what the device sent, so it is done before the write lock is
taken. Must not know who is a member or what is stored already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.envelope import MAX_CHANGE_BYTES, Head, Run, check_head
from storage.errors import BadSignature
from storage.seal import NONCE_BYTES

_REDACTED_ITEM = NONCE_BYTES + 32
_LARGEST_ITEM = NONCE_BYTES + MAX_CHANGE_BYTES


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it will be stored."""

    n: int
    prev: bytes
    id: bytes
    kid: bytes
    item: bytes


@dataclass(slots=True)
class Offered:
    """One chain of one push, up to where it is sound; `refused` says why the rest is not."""

    casefile: bytes
    device: bytes
    changes: list[Change] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    refused: str | None = None
    bare: int | None = None
    """The first change that comes without its text, from somebody who may not redact."""

    @property
    def first(self) -> int:
        return self.changes[0].n

    @property
    def last(self) -> int:
        return self.changes[-1].n

    def covered(self, end: int) -> Head | None:
        """The head that reaches furthest beyond `end`, and not to a change that must not be new."""
        stop = self.bare if self.bare is not None and self.bare > end else self.last + 1
        return next((head for head in self.heads if end < head.n < stop), None)


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
) -> Offered:
    """Check one chain's runs and heads. Stops at the first change that is not sound."""
    chain = Offered(runs[0].casefile, runs[0].device)
    for run in runs:
        _take_run(chain, run, org, may_redact)
        if chain.refused is not None:
            break
    _take_heads(chain, heads, org, signing)
    return chain


def _take_run(chain: Offered, run: Run, org: bytes, may_redact: bool) -> None:
    if chain.changes:
        end = chain.changes[-1]
        if run.first != end.n + 1:
            chain.refused = "gap" if run.first > end.n else "fork"
            return
        if run.prev != end.id:
            chain.refused = "fork"
            return
    prev = run.prev
    for n, (item, sealed) in enumerate(zip(run.items, run.rebuilt(org), strict=True), run.first):
        if len(item) > _LARGEST_ITEM:
            chain.refused = "too-large"
            return
        # Only a supervisor may hand in a change whose text is gone already; a replay of one the
        # office has is told apart by its id, later.
        if len(item) == _REDACTED_ITEM and not may_redact:
            chain.bare = chain.bare or n
        chain.changes.append(Change(n, prev, sealed.id, run.kid, item))
        prev = sealed.id


def _take_heads(
    chain: Offered, heads: Sequence[Head], org: bytes, signing: Ed25519PublicKey
) -> None:
    """Keep the heads that vouch for a change of this push, furthest first."""
    if not chain.changes:
        return
    for head in sorted(heads, key=lambda h: h.n, reverse=True):
        if not chain.first <= head.n <= chain.last:
            continue
        try:
            if chain.changes[head.n - chain.first].id != head.id:
                raise BadSignature("a head names another change")
            check_head(head, org, signing)
        except BadSignature:
            chain.refused = chain.refused or "bad-head"
            continue
        chain.heads.append(head)
