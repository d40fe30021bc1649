"""What this device holds of others' chains, as it would be handed back to an office that lost it.

Works on sealed rows alone. Callers hold the file's lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from storage.changes import INBOX, ChangeLog
from storage.envelope import Head, parse_header
from storage.outbox import Outgoing
from storage.runs import in_runs

_ITEM_OVERHEAD_BYTES: Final = 5


class HandingBack:
    """Every chain of every casefile in one file."""

    def __init__(self, connection: sqlite3.Connection, log: ChangeLog) -> None:
        self._connection = connection
        self._log = log

    def reaches(self) -> dict[tuple[bytes, bytes], int]:
        """How far each chain reaches here, by (casefile, device). Inboxes are not chains: see
        `storage.numbering`."""
        rows = self._connection.execute(
            "SELECT casefile, device, n FROM heads WHERE n > 0 AND device <> ?", [INBOX]
        )
        return {(casefile, device): n for casefile, device, n in rows}

    def after(
        self, casefile: bytes, device: bytes, n: int, limit_changes: int, limit_bytes: int
    ) -> Outgoing:
        """The next changes of a chain after `n`, up to a signed head; falsy when there are none."""
        head = self._log.heads(casefile)[device]
        rows: list[tuple[bytes, bytes]] = []
        whole, vouched = 0, b""
        space = limit_bytes
        for header, item, signature in self._connection.execute(
            "SELECT header, item, signature FROM changes WHERE chain = ? AND n > ?"
            " ORDER BY n LIMIT ?",
            [head.chain, n, limit_changes],
        ):
            space -= len(item) + _ITEM_OVERHEAD_BYTES
            if space < 0 and whole:
                break
            rows.append((header, item))
            if signature is not None:
                whole, vouched = len(rows), signature
        if not whole:
            return Outgoing(runs=(), heads=(), drops=())
        last = n + whole
        covering = Head(
            casefile=casefile,
            device=device,
            n=last,
            id=self._log.id_at(head, last) or head.id,
            signature=vouched,
        )
        runs = in_runs((parse_header(header), item) for header, item in rows[:whole])
        return Outgoing(runs=tuple(runs), heads=(covering,), drops=())

    def redacted(self) -> Iterator[bytes]:
        """Ids of changes whose text was redacted."""
        for (change,) in self._connection.execute("SELECT id FROM redacted"):
            yield change
