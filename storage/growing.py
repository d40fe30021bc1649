"""One chain of this device's own changes while a save adds to it, signed where a push may end.

Must not know what the changes say, nor where they are kept.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.changes import HeadState
from storage.envelope import CasefileKey, Sealed, as_item, sign_head

_HEAD_EVERY_CHANGES: Final = 500  # so that a push can end within a large save
_HEAD_EVERY_BYTES: Final = 1024 * 1024


class GrowingChain:
    """One chain while a save adds to it."""

    __slots__ = ("_seen", "head", "key", "n", "named_any", "sealed", "tip")

    def __init__(
        self, head: HeadState, key: CasefileKey, seen: tuple[tuple[bytes, int, bytes], ...]
    ) -> None:
        self.head, self.key = head, key
        self.n, self.tip = head.n, head.id
        self.sealed: list[Sealed] = []
        self._seen = seen
        self.named_any = bool(seen)

    def take_seen(self) -> tuple[tuple[bytes, int, bytes], ...]:
        """Once for each save is enough."""
        seen, self._seen = self._seen, ()
        return seen

    def add(self, sealed: Sealed) -> None:
        self.sealed.append(sealed)
        self.n += 1
        self.tip = sealed.id

    def signed(
        self, signing: Ed25519PrivateKey, org: bytes, casefile: bytes, device: bytes
    ) -> list[tuple[Sealed, bytes, bytes | None]]:
        """The new changes in order, each with its item and, where a push may end, a signature."""
        rows: list[tuple[Sealed, bytes, bytes | None]] = []
        since, weight = 0, 0
        n = self.head.n
        for i, sealed in enumerate(self.sealed):
            item, n = as_item(sealed), n + 1
            since, weight = since + 1, weight + len(item)
            following = self.sealed[i + 1] if i + 1 < len(self.sealed) else None
            signature = None
            if (
                following is None
                or since == _HEAD_EVERY_CHANGES
                or weight + len(following.ct or b"") > _HEAD_EVERY_BYTES
            ):
                signature = sign_head(
                    signing,
                    org=org,
                    casefile=casefile,
                    device=device,
                    n=n,
                    head=sealed.id,
                ).signature
                since, weight = 0, 0
            rows.append((sealed, item, signature))
        return rows
