"""Whose changes count: the directory and the grants, asked the questions that storage asks.

A change counts when its device was certified, was a member of the casefile, and the change is not
later than the last one that its revocation or removal lets stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.grants import Grant
from storage.statements import ROOT
from sync.directory import DESK, NEVER_MEMBERS, Directory

NO_LIMIT: Final = 1 << 63
DESK_KINDS: Final = frozenset({"receipt", "reply", "alarm_log"})
"""What the reminder desk leaves in inboxes: nothing else, and nobody else leaves any of it."""


class DirectoryRoster:
    """Answers from one state of the directory and the grants; make a new one when they change.

    `grants` gives a casefile's grants, oldest first.
    """

    def __init__(self, directory: Directory, grants: Callable[[bytes], Sequence[Grant]]) -> None:
        self._directory = directory
        self._grants = grants
        self._current: dict[bytes, Grant | None] = {}
        self._keys: dict[bytes, Ed25519PublicKey] = {}
        self._limits: dict[tuple[bytes, bytes], int] = {}

    def signing_key(self, device: bytes) -> Ed25519PublicKey | None:
        key = self._keys.get(device)
        if key is None:
            if device == ROOT:
                raw = self._directory.root_public
            elif found := self._directory.certificate(device):
                raw = found.signing
            else:
                return None
            key = self._keys[device] = Ed25519PublicKey.from_public_bytes(raw)
        return key

    def may_write(self, device: bytes, casefile: bytes, n: int) -> bool:
        return n <= self.limit(device, casefile)

    def may_leave(self, device: bytes, casefile: bytes, n: int, kind: str) -> bool:
        """Whether entry number `n` of a casefile's inbox counts, by the device that left it."""
        found = self._directory.certificate(device)
        if found is None:
            return False
        if found.revoked is not None and n > (found.inboxes or {}).get(casefile, 0):
            return False
        return (found.role == DESK) == (kind in DESK_KINDS)

    def limit(self, device: bytes, casefile: bytes) -> int:
        """The number of the last change of this device that counts; 0 when none does."""
        place = (casefile, device)
        found = self._limits.get(place)
        if found is None:
            found = self._limits[place] = self._work_out(device, casefile)
        return found

    def is_supervisor(self, device: bytes) -> bool:
        found = self._directory.certificate(device)
        return found is not None and found.role == "supervisor"

    def person_of(self, device: bytes) -> bytes | None:
        found = self._directory.certificate(device)
        return found.person if found else None

    def lasts(self, casefile: bytes) -> dict[bytes, tuple[int, bytes]]:
        """By device, the last change (n, id) that a supervisor's word says there is.

        A complete pull that does not reach one of these, or reaches another id, shows that the
        office keeps something back or shows different people different things.
        """
        current = self._grant(casefile)
        stated = dict(current.last) if current else {}
        for device, known in self._directory.devices.items():
            if known.last and casefile in known.last:
                at = known.last[casefile]
                if device not in stated or at[0] > stated[device][0]:
                    stated[device] = at
        return {device: at for device, at in stated.items() if at[0] > 0}

    def _work_out(self, device: bytes, casefile: bytes) -> int:
        known, current = self._directory.certificate(device), self._grant(casefile)
        if known is None or current is None or known.role in NEVER_MEMBERS:
            return 0
        if device in current.members:
            limit = NO_LIMIT
        elif device in current.last:
            limit = current.last[device][0]
        else:
            return 0
        if known.revoked is not None:
            limit = min(limit, (known.last or {}).get(casefile, (0, b""))[0])
        return limit

    def _grant(self, casefile: bytes) -> Grant | None:
        if casefile not in self._current:
            chain = self._grants(casefile)
            self._current[casefile] = chain[-1] if chain else None
        return self._current[casefile]
