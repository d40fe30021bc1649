"""What arrived and is not believed, or not yet: kept whole and in sight, never folded in.

Reasons: "uncertified", "not-allowed" (not on the chain); "no-key", "wrong-key", "unopened",
"malformed", "author", "contradicts", "not-supervisor", "missing" (on the chain, `seq` says where).
An inbox's entries are always on theirs, whatever the reason; "signature" is theirs alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from storage.kinds import Value

_COLUMNS = "id, casefile, device, n, header, item, signature, seq, reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """One change as it arrived."""

    id: bytes
    casefile: bytes
    device: bytes
    n: int
    header: bytes
    item: bytes
    signature: bytes | None
    seq: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """One change in quarantine as a supervisor sees it: hex ids, its text as far as it opens.

    `kind`, `record`, `fields`, `author` and `at` are None when it does not open. `inbox`: it was
    left in the casefile's inbox, and `n` counts there.
    """

    id: str
    casefile: str
    device: str
    n: int
    reason: str
    kind: str | None
    record: str | None
    fields: Mapping[str, Value] | None
    author: str | None
    at: datetime | None
    inbox: bool = False


class Quarantine:
    """The table `quarantine`. Settled rows stay, so that nothing comes back."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, rows: Sequence[QuarantineRow]) -> int:
        """Gives how many were not there already."""
        before = self._connection.total_changes
        self._connection.executemany(
            f"INSERT INTO quarantine ({_COLUMNS})"  # noqa: S608  our own words
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [astuple(row) for row in rows],
        )
        return self._connection.total_changes - before

    def waiting(self, where: str = "", arguments: Sequence[object] = ()) -> list[QuarantineRow]:
        """What nobody has settled, by casefile, device and n."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM quarantine WHERE settled = 0 {where}"  # noqa: S608
            " ORDER BY casefile, device, n",
            arguments,
        )
        return [_row(row) for row in rows]

    def count(self) -> int:
        """How many of them there are, without opening any."""
        row = self._connection.execute("SELECT count(*) FROM quarantine WHERE settled = 0")
        return int(row.fetchone()[0])

    def off_chain(self, casefile: bytes) -> dict[bytes, list[QuarantineRow]]:
        """What of a casefile stands beside its chains, by device, in order of n."""
        found: dict[bytes, list[QuarantineRow]] = {}
        for row in self.waiting("AND seq IS NULL AND casefile = ?", [casefile]):
            found.setdefault(row.device, []).append(row)
        return found

    def holds(self, casefile: bytes, device: bytes) -> bool:
        """Whether part of this chain stands aside."""
        return bool(
            self._connection.execute(
                "SELECT 1 FROM quarantine WHERE seq IS NULL AND casefile = ? AND device = ?",
                [casefile, device],
            ).fetchone()
        )

    def without_key(self, casefile: bytes) -> list[QuarantineRow]:
        return self.waiting("AND reason = 'no-key' AND casefile = ?", [casefile])

    def disbelieved(self) -> set[int]:
        """The `seq`s of changes that must not be folded in."""
        rows = self._connection.execute("SELECT seq FROM quarantine WHERE seq IS NOT NULL")
        return {seq for (seq,) in rows}

    def one(self, change: bytes) -> QuarantineRow | None:
        found = self.waiting("AND id = ?", [change])
        return found[0] if found else None

    def settle(self, change: bytes, adopted: bytes | None = None) -> None:
        """A supervisor has dealt with it; `adopted` is the change that restates it."""
        self._connection.execute(
            "UPDATE quarantine SET settled = 1, adopted = ? WHERE id = ?", [adopted, change]
        )

    def adopted_as(self, change: bytes) -> bytes | None:
        """The change that restates an adopted one."""
        row = self._connection.execute(
            "SELECT adopted FROM quarantine WHERE id = ?", [change]
        ).fetchone()
        return row[0] if row else None

    def settle_missing(self, ids: Iterable[bytes]) -> None:
        """The redaction that explains a missing ciphertext has come."""
        self._connection.executemany(
            "DELETE FROM quarantine WHERE id = ? AND reason = 'missing'", [(i,) for i in ids]
        )

    def remove(self, ids: Iterable[bytes]) -> None:
        """They are believed after all."""
        self._connection.executemany("DELETE FROM quarantine WHERE id = ?", [(i,) for i in ids])


def _row(cells: Sequence[object]) -> QuarantineRow:
    return QuarantineRow(**dict(zip(_COLUMNS.split(", "), cells, strict=True)))  # type: ignore[arg-type]
