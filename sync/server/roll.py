"""The organisation's directory as this process has read it, brought up to date on every call.

The number of statements is the version: it is read with the caller's token, so that a device that
was revoked through another process stands revoked here with the very next call.
"""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.statements import Statement, read_statement
from sync.directory import Certificate, Directory
from sync.server.tables import directory

_AFTER = (
    select(directory.c.packed)
    .where(directory.c.position >= bindparam("first"))
    .order_by(directory.c.position)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The directory at one length; never changed, only replaced."""

    chain: Directory

    def certificate(self, device: bytes) -> Certificate | None:
        return self.chain.certificate(device)

    def extended(self, statements: list[Statement]) -> Standing:
        """With more statements; raises storage.errors.BadEnvelope and its kin for a bad one."""
        chain = copy.copy(self.chain)
        chain.devices = dict(chain.devices)
        chain.extend(statements)
        return Standing(chain)


class Roll:
    """Reads statements once and keeps what they say."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[bytes | None, Standing] | None = None

    def at(
        self, connection: Connection, root_public: bytes, length: int, restored: bytes | None
    ) -> Standing:
        """The directory as the database has it, at `length` statements or more.

        `restored` is of the office's last restore: what was read before it counts no more.
        """
        # Longer than asked for is fine: a reader that began before somebody was revoked learns it.
        standing = self._since(restored)
        if standing is not None and standing.chain.length >= length:
            return standing
        with self._lock:
            standing = self._since(restored) or Standing(Directory(root_public))
            rows = connection.execute(_AFTER, {"first": standing.chain.length}).scalars()
            missing = [read_statement(packed) for packed in rows]
            standing = standing.extended(missing)
            self._latest = restored, standing
            return standing

    def _since(self, restored: bytes | None) -> Standing | None:
        latest = self._latest
        return latest[1] if latest is not None and latest[0] == restored else None
