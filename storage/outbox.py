"""What has not reached the office yet, and what the office said about it.

Works on sealed rows alone, so that a locked, locked-out or wiped device can still push. Callers
hold the file's lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from storage.changes import ChangeLog, HeadState
from storage.envelope import KID_OF, PREV_OF, Head, parse_header
from storage.errors import BadEnvelope, DamagedFile
from storage.runs import Run

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

    @property
    def upto(self) -> dict[bytes, int]:
        """By casefile, the n of its last change in here."""
        return {head.casefile: head.n for head in self.heads}

    def __bool__(self) -> bool:
        return bool(self.runs or self.drops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much is only on this device: changes, and casefiles that they belong to; orders for the
    reminder desk; entries for others' inboxes."""

    changes: int
    casefiles: int
    orders: int = 0
    entries: int = 0

    @property
    def everything(self) -> int:
        """How many things have to reach the office yet."""
        return self.changes + self.orders + self.entries


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
        self,
        device: bytes,
        limit_changes: int,
        limit_bytes: int,
        first: Sequence[bytes] = (),
        under_way: Mapping[bytes, int] | None = None,
    ) -> Outgoing:
        """The next changes to push: casefiles named in `first`, then whoever waits longest.

        Each chain ends at a signed head. Chains that the office refused are left out until
        `Outbox.retry`, and of others what is `under_way`: up to which n, by casefile. Raises
        DamagedFile rather than push what does not link up to its head.
        """
        runs: list[Run] = []
        heads: list[Head] = []
        room, space = limit_changes, limit_bytes
        for casefile, head, after in self._waiting(device, first, under_way or {}):
            rows = self._take(head, after, room, space - _RUN_OVERHEAD_BYTES, must=not runs)
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

    def acknowledge(self, casefile: bytes, device: bytes, upto: int) -> int:
        """The office has this chain up to n = `upto`. Gives for how many changes this is news."""
        head = self._log.heads(casefile).get(device)
        if head is None or min(upto, head.n) <= head.acknowledged:
            return 0
        before, head.acknowledged = head.acknowledged, min(upto, head.n)
        self._connection.execute(
            "UPDATE heads SET acknowledged = ?, refused = NULL WHERE chain = ?",
            [head.acknowledged, head.chain],
        )
        self._connection.execute(
            "DELETE FROM drops WHERE casefile = ? AND n <= ?", [casefile, head.acknowledged]
        )
        return head.acknowledged - before

    def rewind(self, casefile: bytes, device: bytes, accepted: int) -> bool:
        """The office holds less than it once acknowledged (restored from a backup): send again.
        Gives whether that is so."""
        head = self._log.heads(casefile).get(device)
        if head is None or not 0 <= accepted < head.acknowledged:
            return False
        self._connection.execute(
            "UPDATE heads SET acknowledged = ? WHERE chain = ?", [accepted, head.chain]
        )
        head.acknowledged = accepted
        return True

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

    def _waiting(
        self, device: bytes, first: Sequence[bytes], under_way: Mapping[bytes, int]
    ) -> list[tuple[bytes, HeadState, int]]:
        """Each chain with something to send, and after which n it begins."""
        rank = {casefile: place for place, casefile in enumerate(first)}
        found: list[tuple[int, int, bytes, HeadState, int]] = []
        for (casefile,) in self._connection.execute(
            "SELECT casefile FROM heads WHERE device = ? AND n > acknowledged AND refused IS NULL",
            [device],
        ).fetchall():
            head = self._log.heads(casefile)[device]
            after = max(head.acknowledged, under_way.get(casefile, 0))
            row = self._connection.execute(
                "SELECT seq FROM changes WHERE chain = ? AND n = ?", [head.chain, after + 1]
            ).fetchone()
            if row is not None:
                found.append((rank.get(casefile, len(rank)), row[0], casefile, head, after))
        found.sort(key=lambda each: each[:2])
        return [(casefile, head, after) for _, _, casefile, head, after in found]

    def _take(
        self, head: HeadState, after: int, room: int, space: int, *, must: bool
    ) -> list[_Row]:
        """Whole saves after n = `after`, as many as fit; one at least if `must`."""
        rows: list[_Row] = []
        whole = 0
        for row in self._connection.execute(
            "SELECT n, header, item, signature FROM changes WHERE chain = ? AND n > ?"
            " ORDER BY n LIMIT ?",
            [head.chain, after, max(room, 1)],
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
