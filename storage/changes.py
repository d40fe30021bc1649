"""The append-only log on disk: every change this device holds, in the order it arrived.

`seq` counts arrivals, parents before children, so "everything after seq" is what an image lacks.
Callers hold the file's lock, and write inside its transaction. Knows no keys: rows are sealed.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from storage.envelope import (
    KID_OF,
    PREV_OF,
    REDACTED_ITEM_BYTES,
    ZERO_ID,
    Sealed,
    is_entry,
    sealed_from,
)

INBOX: Final = b"doorstep/inbox/1"
"""Stands in for a device id where a casefile's inbox is kept: a chain that the office numbers."""
_FETCH: Final = 500
_SQL_VARIABLES: Final = 500
_NONE: Final = (0, 0, 0, b"", b"")

Row = tuple[int, int, int, int, bytes, bytes, bytes | None]
"""seq, chain, n, mark, header, item, signature."""


@dataclass(slots=True)
class HeadState:
    """How far one device's chain in one casefile reaches here.

    `acknowledged` is the highest n the office has (own chains), `named` the n that a change of
    ours last named in `seen` (others' chains).
    """

    chain: int
    device: bytes
    n: int
    id: bytes
    acknowledged: int
    named: int


class Kept(NamedTuple):
    """One change as it lies on disk: header and item, and the id that it is known by."""

    seq: int
    casefile: bytes
    device: bytes
    n: int
    header: bytes
    item: bytes
    id: bytes

    @property
    def kid(self) -> bytes:
        return self.header[KID_OF]

    @property
    def redacted(self) -> bool:
        """Whether only the ciphertext's hash is left of it."""
        return len(self.item) <= REDACTED_ITEM_BYTES


def mark_of(change: bytes) -> int:
    """The first 8 bytes of a change's id as SQLite's signed integer."""
    return int(struct.unpack_from(">q", change)[0])


def _bared(header: bytes, item: bytes) -> bytes:
    """What stays of an item once it is redacted."""
    gone = sealed_from(header, item)
    return gone.nonce + gone.ct_hash


class ChangeLog:
    """The tables `changes`, `heads` and `bookmarks`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._heads: dict[bytes, dict[bytes, HeadState]] = {}
        self.last_seq = 0
        self.reload()

    def reload(self) -> None:
        """Forget what is remembered, after a transaction that did not happen."""
        self._heads.clear()
        (self.last_seq,) = self._connection.execute(
            "SELECT coalesce(max(seq), 0) FROM changes"
        ).fetchone()

    # -- heads ---------------------------------------------------------------------------------

    def heads(self, casefile: bytes) -> dict[bytes, HeadState]:
        """Every known chain of a casefile, by device."""
        found = self._heads.get(casefile)
        if found is None:
            rows = self._connection.execute(
                "SELECT chain, device, n, id, acknowledged, named FROM heads WHERE casefile = ?",
                [casefile],
            )
            found = self._heads[casefile] = {row[1]: HeadState(*row) for row in rows}
        return found

    def chain(self, casefile: bytes, device: bytes) -> HeadState:
        """One chain, begun if need be."""
        heads = self.heads(casefile)
        found = heads.get(device)
        if found is None:
            cursor = self._connection.execute(
                "INSERT INTO heads (casefile, device, n, id) VALUES (?, ?, 0, ?)",
                [casefile, device, ZERO_ID],
            )
            found = heads[device] = HeadState(int(cursor.lastrowid or 0), device, 0, ZERO_ID, 0, 0)
        return found

    def unnamed(self, casefile: bytes, me: bytes) -> tuple[tuple[bytes, int, bytes], ...]:
        """The heads of others that moved since my last change here, as `seen` lists them."""
        return tuple(
            (h.device, h.n, h.id[:8])
            for h in self.heads(casefile).values()
            if h.n > h.named and h.device not in (me, INBOX)
        )

    def name_heads(self, casefile: bytes, me: bytes) -> None:
        """A change of mine has now named all of them."""
        self._connection.execute(
            "UPDATE heads SET named = n WHERE casefile = ? AND device <> ? AND named < n",
            [casefile, me],
        )
        for head in self.heads(casefile).values():
            head.named = head.n

    def acknowledged(self, device: bytes) -> dict[bytes, int]:
        """How far the office has a device's chains, by casefile."""
        return dict(
            self._connection.execute(
                "SELECT casefile, acknowledged FROM heads WHERE device = ? AND acknowledged > 0",
                [device],
            ).fetchall()
        )

    # -- writing -------------------------------------------------------------------------------

    def append(self, head: HeadState, changes: Sequence[tuple[Sealed, bytes, bytes | None]]) -> int:
        """Add the next changes of one chain: (sealed, item, signature of a head there or None).

        The last one carries a signature. Gives the first one's seq.
        """
        first = self.last_seq + 1
        chain, n, unpack = head.chain, head.n, struct.unpack_from
        rows: Iterable[Row] = (
            (first + i, chain, n + 1 + i, unpack(">q", s.id)[0], s.header, item, signature)
            for i, (s, item, signature) in enumerate(changes)
        )
        self._connection.executemany("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        last, _, signature = changes[-1]
        head.n, head.id = n + len(changes), last.id
        self._connection.execute(
            "UPDATE heads SET n = ?, id = ?, signature = ? WHERE chain = ?",
            [head.n, head.id, signature, chain],
        )
        self.last_seq += len(changes)
        return first

    def cut(self, head: HeadState, n: int) -> None:
        """Take a chain back to its change `n`: what follows is written anew, or pulled again."""
        tip = self.id_at(head, n) if n else ZERO_ID
        if tip is None:
            raise ValueError("a chain cannot be cut where it has a gap")
        self._connection.execute("DELETE FROM changes WHERE chain = ? AND n > ?", [head.chain, n])
        self._connection.execute(
            "UPDATE heads SET n = ?, id = ?, signature = NULL, acknowledged = min(acknowledged, ?),"
            " named = min(named, ?), refused = NULL WHERE chain = ?",
            [n, tip, n, n, head.chain],
        )
        head.n, head.id = n, tip
        head.acknowledged, head.named = min(head.acknowledged, n), min(head.named, n)

    def unbroken(self, head: HeadState, upto: int) -> int:
        """How far a chain goes without a gap, at most to n = `upto`."""
        (count, last) = self._connection.execute(
            "SELECT count(*), coalesce(max(n), 0) FROM changes WHERE chain = ? AND n <= ?",
            [head.chain, upto],
        ).fetchone()
        if count == last:
            return int(last)
        numbers = self._connection.execute(
            "SELECT n FROM changes WHERE chain = ? AND n <= ? ORDER BY n", [head.chain, upto]
        ).fetchall()
        return next((n for n, (found,) in enumerate(numbers) if found != n + 1), len(numbers))

    def chains_of(self, device: bytes) -> list[tuple[bytes, HeadState]]:
        """A device's chains, by casefile."""
        rows = self._connection.execute(
            "SELECT casefile FROM heads WHERE device = ? ORDER BY chain", [device]
        ).fetchall()
        return [(casefile, self.heads(casefile)[device]) for (casefile,) in rows]

    def redact(self, redaction: bytes, ids: Sequence[bytes]) -> list[Kept]:
        """Drop the ciphertexts of changes that a redaction names; gives those that are here.

        Of each only the nonce and the ciphertext's hash stay. Ids not here yet are remembered.
        """
        self._connection.executemany(
            "INSERT INTO redacted VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
            [(i, redaction) for i in ids],
        )
        here = list(self.by_ids(ids).values())
        self._connection.executemany(
            "UPDATE changes SET item = ? WHERE seq = ?",
            [(_bared(k.header, k.item), k.seq) for k in here],
        )
        # What was set aside, unopened or not believed, is a copy of the text as well.
        for change in ids:
            aside = self._connection.execute(
                "SELECT header, item FROM quarantine WHERE id = ?", [change]
            ).fetchone()
            if aside is not None:
                self._connection.execute(
                    "UPDATE quarantine SET item = ? WHERE id = ?", [_bared(*aside), change]
                )
        return here

    def redactions_of(self, ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """The id of the redaction of each of these changes that was redacted."""
        found: dict[bytes, bytes] = {}
        if self._connection.execute("SELECT 1 FROM redacted LIMIT 1").fetchone() is None:
            return found
        for start in range(0, len(ids), _SQL_VARIABLES):
            part = ids[start : start + _SQL_VARIABLES]
            found.update(
                self._connection.execute(
                    "SELECT id, redaction FROM redacted"  # noqa: S608  only question marks
                    f" WHERE id IN ({','.join('?' * len(part))})",
                    part,
                ).fetchall()
            )
        return found

    # -- reading -------------------------------------------------------------------------------

    def after(self, seq: int, casefile: bytes | None = None) -> Iterator[Kept]:
        """Everything that arrived after `seq`, in order; of one casefile when given.

        For who opens all of it: most ids are those that the next change names as `prev`, which
        opening it vouches for. It spares two hashes a change.
        """
        where, arguments = "true", list[int]()
        if casefile is not None:
            arguments = [h.chain for h in self.heads(casefile).values()]
            where = f"chain IN ({','.join('?' * len(arguments))})"
        chains = self._chains()
        for rows in self._pages(where, arguments, seq):
            for (at, chain, n, header, item), (_, c, m, named_by, text) in pairwise((*rows, _NONE)):
                follows = c == chain and m == n + 1 and named_by[KID_OF] == header[KID_OF]
                if follows and len(text) > REDACTED_ITEM_BYTES and not is_entry(header):
                    change = named_by[PREV_OF]
                else:
                    change = sealed_from(header, item).id
                yield Kept(at, *chains[chain], n, header, item, change)

    def unacknowledged(self, device: bytes) -> Iterator[Kept]:
        """What the office has not acknowledged of a device's own changes, in order."""
        rows = self._connection.execute(
            "SELECT chain, acknowledged FROM heads WHERE device = ? AND n > acknowledged", [device]
        ).fetchall()
        for chain, acknowledged in rows:
            yield from self._kept("chain = ? AND n > ?", [chain, acknowledged])

    def by_ids(self, ids: Iterable[bytes]) -> dict[bytes, Kept]:
        """The changes with these ids, as far as they are here."""
        wanted = set(ids)
        marks = [mark_of(i) for i in wanted]
        found: dict[bytes, Kept] = {}
        for start in range(0, len(marks), _SQL_VARIABLES):
            part = marks[start : start + _SQL_VARIABLES]
            for kept in self._kept(f"mark IN ({','.join('?' * len(part))})", part):
                if kept.id in wanted:
                    found[kept.id] = kept
        return found

    def id_at(self, head: HeadState, n: int) -> bytes | None:
        """The id of one change of a chain: the head's, what the next one names as `prev`, or
        worked out. None when it is not here."""
        if n == head.n:
            return head.id
        rows = self._connection.execute(
            "SELECT n, header, item FROM changes WHERE chain = ? AND n IN (?, ?) ORDER BY n DESC",
            [head.chain, n, n + 1],
        ).fetchall()
        if not rows:
            return None
        found, header, item = rows[0]
        return bytes(header[PREV_OF]) if found == n + 1 else sealed_from(header, item).id

    def _kept(self, where: str, arguments: Sequence[int], after: int = 0) -> Iterator[Kept]:
        chains = self._chains()
        for rows in self._pages(where, arguments, after):
            for seq, chain, n, header, item in rows:
                yield Kept(seq, *chains[chain], n, header, item, sealed_from(header, item).id)

    def _pages(
        self, where: str, arguments: Sequence[int], after: int
    ) -> Iterator[Sequence[tuple[int, int, int, bytes, bytes]]]:
        """seq, chain, n, header, item of what meets the condition, in order, after one `seq`."""
        # Paged by hand: a writer may come between two of a caller's steps. Nothing else may bound
        # `seq`: SQLite begins at one bound, and would walk from there to the other on every page.
        while rows := self._connection.execute(
            "SELECT seq, chain, n, header, item FROM changes"  # noqa: S608  our own words
            f" WHERE {where} AND seq > ? ORDER BY seq LIMIT {_FETCH}",
            [*arguments, after],
        ).fetchall():
            yield rows
            after = rows[-1][0]

    def _chains(self) -> Mapping[int, tuple[bytes, bytes]]:
        rows = self._connection.execute("SELECT chain, casefile, device FROM heads")
        return {chain: (casefile, device) for chain, casefile, device in rows}

    def withheld(self) -> list[tuple[bytes, bytes, int]]:
        """(casefile, device, n) that others named as seen and that have not come here, or that
        came as another change under the same number."""
        rows = self._connection.execute("SELECT casefile, device, n, prefix FROM withheld")
        return [
            (casefile, device, n)
            for casefile, device, n, prefix in rows.fetchall()
            if not self._met(casefile, device, n, prefix)
        ]

    def _met(self, casefile: bytes, device: bytes, n: int, prefix: bytes) -> bool:
        head = self.heads(casefile).get(device)
        if head is None or head.n < n:
            return False
        here = self.id_at(head, n)
        return here is None or here[:8] == prefix

    # -- bookmarks -----------------------------------------------------------------------------

    def cursor(self, casefile: bytes) -> int:
        """How far this casefile has been pulled."""
        row = self._connection.execute(
            "SELECT cursor FROM bookmarks WHERE casefile = ?", [casefile]
        ).fetchone()
        return int(row[0]) if row else 0

    def rewind_cursor(self, casefile: bytes) -> None:
        """Pull this casefile from its beginning again."""
        self._connection.execute("DELETE FROM bookmarks WHERE casefile = ?", [casefile])

    def rewind_cursors(self) -> dict[bytes, int]:
        """Pull every casefile from its beginning again; gives how far each had been pulled."""
        rows = self._connection.execute("SELECT casefile, cursor FROM bookmarks").fetchall()
        self._connection.execute("DELETE FROM bookmarks")
        return dict(rows)

    def move_cursor(self, casefile: bytes, cursor: int) -> None:
        self._connection.execute(
            "INSERT INTO bookmarks VALUES (?, ?)"
            " ON CONFLICT (casefile) DO UPDATE SET cursor = max(cursor, excluded.cursor)",
            [casefile, cursor],
        )
