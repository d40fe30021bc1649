"""What has not reached the office yet, and what the office said about it.

Works on sealed rows alone, so that a locked, locked-out or wiped device can still push. Callers
hold the file's lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from storage.changes import ChangeLog, HeadState
from storage.envelope import KID_OF, PREV_OF, Head, Run, parse_header
from storage.errors import BadEnvelope, DamagedFile

_ITEM_OVERHEAD_BYTES: Final = 5  # msgpack's length prefix
_RUN_OVERHEAD_BYTES: Final = 256  # a run's ids and the head that covers it

_Row = tuple[int, bytes, bytes, bytes | None]
"""n, header, item, signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One batch to push. `drops` are ids of changes whose ciphertext the office is to delete."""

    runs: tuple[Run, ...]
    heads: tuple[Head, ...]
    drops: tuple[bytes, ...]

    @property
    def changes(self) -> int:
        return sum(len(run.items) for run in self.runs)

    def __bool__(self) -> bool:
        return bool(self.runs or self.drops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much is only on this device: changes, and casefiles that they belong to."""

    changes: int
    casefiles: int


class Outbox:
    """One device's own chains beyond what the office acknowledged."""

    def __init__(self, connection: sqlite3.Connection, log: ChangeLog) -> None:
        self._connection = connection
        self._log = log

    def size(self, device: bytes) -> Counts:
        """Refused chains included: they too are only here."""
        changes, casefiles = self._connection.execute(
            "SELECT coalesce(sum(n - acknowledged), 0), count(*) FROM heads"
            " WHERE device = ? AND n > acknowledged",
            [device],
        ).fetchone()
        return Counts(changes=changes, casefiles=casefiles)

    def batch(
        self, device: bytes, limit_changes: int, limit_bytes: int, first: Sequence[bytes] = ()
    ) -> Outgoing:
        """The next changes to push: casefiles named in `first`, then whoever waits longest.

        Each chain ends at a signed head. Chains that the office refused are left out until
        `Outbox.retry`. Raises DamagedFile rather than push what does not link up to its head.
        """
        runs: list[Run] = []
        heads: list[Head] = []
        room, space = limit_changes, limit_bytes
        for casefile, head in self._waiting(device, first):
            rows = self._take(head, room, space - _RUN_OVERHEAD_BYTES, must=not runs)
            if not rows:
                break
            n, _, _, signature = rows[-1]
            tip = self._log.id_at(head, n) or head.id
            runs += self._linked(casefile, device, rows, tip)
            heads.append(
                Head(casefile=casefile, device=device, n=n, id=tip, signature=signature or b"")
            )
            room -= len(rows)
            space -= _RUN_OVERHEAD_BYTES + sum(_weight(row) for row in rows)
            if n < head.n:
                break
        return Outgoing(runs=tuple(runs), heads=tuple(heads), drops=self._drops(heads))

    def acknowledge(self, casefile: bytes, device: bytes, upto: int) -> list[bytes]:
        """The office has this chain up to n = `upto`. Gives the ids this is news for."""
        head = self._log.heads(casefile).get(device)
        if head is None or min(upto, head.n) <= head.acknowledged:
            return []
        upto = min(upto, head.n)
        ids = self._log.ids_between(head, head.acknowledged, upto)
        self._connection.execute(
            "UPDATE heads SET acknowledged = ?, refused = NULL WHERE chain = ?", [upto, head.chain]
        )
        self._connection.execute(
            "DELETE FROM drops WHERE casefile = ? AND n <= ?", [casefile, upto]
        )
        head.acknowledged = upto
        return ids

    def rewind(self, casefile: bytes, device: bytes, accepted: int) -> None:
        """The office holds less than it once acknowledged (restored from a backup): send again."""
        head = self._log.heads(casefile).get(device)
        if head is not None and 0 <= accepted < head.acknowledged:
            self._connection.execute(
                "UPDATE heads SET acknowledged = ? WHERE chain = ?", [accepted, head.chain]
            )
            head.acknowledged = accepted

    def refuse(self, casefile: bytes, device: bytes, code: str) -> None:
        self._connection.execute(
            "UPDATE heads SET refused = ? WHERE casefile = ? AND device = ?",
            [code, casefile, device],
        )

    def refusals(self, device: bytes) -> dict[bytes, str]:
        """Casefiles whose chain the office refused, with its code."""
        rows = self._connection.execute(
            "SELECT casefile, refused FROM heads WHERE device = ? AND refused IS NOT NULL", [device]
        )
        return dict(rows.fetchall())

    def retry(self, device: bytes, casefile: bytes | None = None) -> None:
        """Try refused chains again: one, or all of them."""
        self._connection.execute(
            "UPDATE heads SET refused = NULL WHERE device = ? AND (? IS NULL OR casefile = ?)",
            [device, casefile, casefile],
        )

    def _waiting(self, device: bytes, first: Sequence[bytes]) -> list[tuple[bytes, HeadState]]:
        rows = self._connection.execute(
            "SELECT heads.casefile, changes.seq FROM heads JOIN changes"
            " ON changes.chain = heads.chain AND changes.n = heads.acknowledged + 1"
            " WHERE heads.device = ? AND heads.n > heads.acknowledged AND heads.refused IS NULL",
            [device],
        ).fetchall()
        rank = {casefile: place for place, casefile in enumerate(first)}
        rows.sort(key=lambda row: (rank.get(row[0], len(rank)), row[1]))
        return [(casefile, self._log.heads(casefile)[device]) for casefile, _ in rows]

    def _take(self, head: HeadState, room: int, space: int, *, must: bool) -> list[_Row]:
        """Whole saves from the start of what waits, as many as fit; one at least if `must`."""
        rows: list[_Row] = []
        whole = 0
        for row in self._connection.execute(
            "SELECT n, header, item, signature FROM changes WHERE chain = ? AND n > ?"
            " ORDER BY n LIMIT ?",
            [head.chain, head.acknowledged, max(room, 1)],
        ):
            space -= _weight(row)
            if (space < 0 or room <= 0) and not (must and whole == 0):
                break
            rows.append(row)
            if row[3] is not None:
                whole = len(rows)
        return rows[:whole]

    def _linked(
        self, casefile: bytes, device: bytes, rows: Sequence[_Row], tip: bytes
    ) -> list[Run]:
        runs = self._runs(casefile, device, rows)
        try:
            org = parse_header(rows[0][1]).org
        except BadEnvelope as error:
            raise DamagedFile("what waits to be sent cannot be read") from error
        links = [run.ids(org)[-1] for run in runs]
        if [*(run.prev for run in runs[1:]), tip] != links or len(rows) != rows[-1][0] - rows[0][
            0
        ] + 1:
            raise DamagedFile("what waits to be sent no longer links up")
        return runs

    @staticmethod
    def _runs(casefile: bytes, device: bytes, rows: Sequence[_Row]) -> list[Run]:
        runs: list[Run] = []
        for kid, part in groupby(rows, key=lambda row: row[1][KID_OF]):
            of_kid = list(part)
            n, header, _, _ = of_kid[0]
            runs.append(
                Run(
                    casefile=casefile,
                    device=device,
                    kid=kid,
                    first=n,
                    prev=header[PREV_OF],
                    items=tuple(row[2] for row in of_kid),
                )
            )
        return runs

    def _drops(self, heads: Sequence[Head]) -> tuple[bytes, ...]:
        """What the redactions in this batch, and earlier ones, want deleted."""
        upto = {head.casefile: head.n for head in heads}
        rows = self._connection.execute("SELECT id, casefile, n FROM drops")
        return tuple(i for i, casefile, n in rows if n <= upto.get(casefile, 0))


def _weight(row: _Row) -> int:
    return len(row[2]) + _ITEM_OVERHEAD_BYTES
