"""What storage has to know about other devices, without learning what a directory is.

`sync.directory` answers these questions from the organisation's signed statements; a device that
never was certified is unknown here, whatever the office says.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Roster(Protocol):
    """Answers for revoked devices too: what they did before stays valid for ever."""

    def signing_key(self, device: bytes) -> Ed25519PublicKey | None:
        """The certified signing key; None for a device nobody certified.

        For `storage.statements.ROOT` (16 zero bytes) the organisation's root key.
        """

    def may_write(self, device: bytes, casefile: bytes, n: int) -> bool:
        """Whether the device was allowed to make its change number `n` in this casefile.

        Once False for some n, it is False for every later one.
        """

    def may_leave(self, device: bytes, casefile: bytes, n: int, kind: str) -> bool:
        """Whether the device may have left a record of this kind as entry number `n` of this
        casefile's inbox, provided that such a record may come from an inbox at all."""

    def is_supervisor(self, device: bytes) -> bool:
        """Whether it is, or was until it was revoked, a supervisor's device."""

    def person_of(self, device: bytes) -> bytes | None:
        """Whose device it is: a person's id, 16 bytes."""
