"""Under which of the office's numbers each entry of an inbox came: how far it has been read.

The numbers are the office's, without a gap, and given anew when it was restored from a backup; the
entries themselves stay in the log whatever it calls them. Callers hold the file's lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from storage.changes import INBOX
from storage.envelope import HASH_BYTES
from storage.inbox import Entry


class InboxNumbers:
    """The table `inbox_numbers`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def reach(self, casefile: bytes) -> int:
        """The highest number read of a casefile's inbox, 0 for none."""
        (found,) = self._connection.execute(
            "SELECT coalesce(max(number), 0) FROM inbox_numbers WHERE casefile = ?", [casefile]
        ).fetchone()
        return int(found)

    def has(self, casefile: bytes, seqs: Iterable[int]) -> bool:
        """Whether one of these entries has a number already."""
        return any(
            self._connection.execute(
                "SELECT 1 FROM inbox_numbers WHERE casefile = ? AND seq = ?", [casefile, seq]
            ).fetchone()
            for seq in seqs
        )

    def give(self, casefile: bytes, first: int, seqs: Sequence[int]) -> None:
        """Inside a transaction: these entries have the numbers from `first` on."""
        self._connection.executemany(
            "INSERT INTO inbox_numbers VALUES (?, ?, ?)",
            [(casefile, number, seq) for number, seq in enumerate(seqs, first)],
        )

    def forget(self) -> None:
        """Inside a transaction: the office numbers anew, and every inbox is read from its start."""
        self._connection.execute("DELETE FROM inbox_numbers")

    def gone_from_office(self) -> dict[bytes, list[Entry]]:
        """Entries here that have no number, by casefile: the office has lost them, or has not
        handed them out again yet. Those without their text are left out, and those that bear
        nobody's signature: no honest office takes them."""
        short = self._connection.execute(
            "SELECT heads.chain, heads.casefile FROM heads WHERE heads.device = ? AND heads.n >"
            " (SELECT count(*) FROM inbox_numbers WHERE casefile = heads.casefile)",
            [INBOX],
        ).fetchall()
        found: dict[bytes, list[Entry]] = {}
        for chain, casefile in short:
            rows = self._connection.execute(
                "SELECT header, item, signature FROM changes WHERE chain = ? AND length(item) > ?"
                " AND seq NOT IN (SELECT seq FROM inbox_numbers WHERE casefile = ?)"
                " AND seq NOT IN (SELECT seq FROM quarantine WHERE reason = 'signature')"
                " ORDER BY seq",
                [chain, HASH_BYTES, casefile],
            )
            entries = [Entry(header=h, item=i, signature=s) for h, i, s in rows]
            if entries:
                found[casefile] = entries
        return found
