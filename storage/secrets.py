"""Small things kept for this device alone, sealed under the master key: who I am here, the
directory's statements, and whatever pairing has to remember.

Their names are sealed too; the clear column shows a hash of them under the master key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, cast

import msgpack

from storage.device_file import DeviceFile
from storage.keys import MasterKey

DESK: Final = "desk"
"""The name of the reminder desk's receiving key (32 raw bytes), as the directory certifies it."""
_PREFIX: Final = "kept:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Who this device is in its organisation. Ids are hex; `team` is the team's casefile.

    `role` is "administrator", "supervisor" or "worker". `recovery_public` is the organisation's
    recovery key (32 raw bytes), to which every grant is sealed as well.
    """

    org: str
    device: str
    person: str
    role: str
    team: str | None
    office_url: str
    recovery_public: bytes


class Secrets:
    """Sealed small things of one unlocked vault. Writes are transactions of their own."""

    def __init__(self, file: DeviceFile, master: MasterKey) -> None:
        self._file = file
        self._master = master

    def keep(self, name: str, secret: bytes | None) -> None:
        """Keep bytes under a name; None removes them."""
        with self._file.transaction():
            self.put(name, secret)

    def put(self, name: str, secret: bytes | None) -> None:
        """The same inside a transaction."""
        place = self._master.name(name)
        sealed = None
        if secret is not None:
            clear = cast(bytes, msgpack.packb([name, secret]))
            sealed = self._master.keep(place, clear, self._file.surroundings.randomness)
        self._file.put(_PREFIX + place.hex(), sealed)

    def get(self, name: str) -> bytes | None:
        place = self._master.name(name)
        sealed = self._file.get(_PREFIX + place.hex())
        return self._open(place, sealed)[1] if sealed is not None else None

    def named(self, prefix: str) -> dict[str, bytes]:
        """Everything kept under names that begin so."""
        found = dict(
            self._open(bytes.fromhex(name.removeprefix(_PREFIX)), sealed)
            for name, sealed in self._file.all(_PREFIX)
        )
        return {name: found[name] for name in sorted(found) if name.startswith(prefix)}

    def _open(self, place: bytes, sealed: bytes) -> tuple[str, bytes]:
        name, secret = msgpack.unpackb(self._master.open(place, sealed))
        return name, secret

    def membership(self) -> Membership | None:
        kept = self.get("membership")
        return Membership(**msgpack.unpackb(kept)) if kept is not None else None

    def put_membership(self, membership: Membership) -> None:
        """Inside a transaction. Organisation and office stay readable for a locked device."""
        self.put("membership", cast(bytes, msgpack.packb(asdict(membership))))
        self._file.put("org", bytes.fromhex(membership.org))
        self._file.put("office", membership.office_url.encode())

    def directory(self) -> list[bytes]:
        """The directory's statements as far as they have come, in order."""
        rows = self._file.connection.execute(
            "SELECT position, sealed FROM directory ORDER BY position"
        ).fetchall()
        return [self._master.open(_at(position), sealed) for position, sealed in rows]

    def extend_directory(self, statements: Sequence[bytes]) -> None:
        """Append the next statements; the caller has checked them."""
        randomness = self._file.surroundings.randomness
        with self._file.transaction():
            (first,) = self._file.connection.execute(
                "SELECT coalesce(max(position), -1) + 1 FROM directory"
            ).fetchone()
            self._file.connection.executemany(
                "INSERT INTO directory VALUES (?, ?)",
                [
                    (position, self._master.keep(_at(position), packed, randomness))
                    for position, packed in enumerate(statements, first)
                ],
            )


def _at(position: int) -> bytes:
    return b"directory" + position.to_bytes(8, "big")
