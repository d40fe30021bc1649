"""The readable records while the vault is open: an in-memory SQLite that every screen asks.

It is a cache of what the sealed changes fold to, and is kept as a sealed image beside them: it may
be thrown away at any time, and must never be the only place of anything. Must not know keys,
envelopes or files; nothing in here reaches a disk.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from storage.finding import Finding
from storage.folding import Folding, Reopen, split_ids
from storage.kinds import Schema, Value
from storage.layout import Table, row_of, table_of
from storage.memory import AT_ONCE, AnotherLayout, Memory, unpack_fields
from storage.opened import Opened
from storage.query import Awaiting, Hit, Record, Where
from storage.reading import Reading

__all__ = ["AnotherLayout", "Readable", "Reopen"]


class Readable:
    """All readable records of one vault, whose lock keeps threads apart."""

    def __init__(self, schema: Schema, image: bytes | memoryview | None = None) -> None:
        self._memory = Memory(schema, image)
        self._folding = Folding(self._memory)
        self._reading = Reading(self._memory)
        self._finding = Finding(self._memory, self._reading)
        if image is None:
            self._finding.create()

    @classmethod
    def empty(cls, schema: Schema) -> Readable:
        """Nothing known yet."""
        return cls(schema)

    @classmethod
    def load(cls, schema: Schema, serialized: bytes | memoryview) -> Readable:
        """What `serialize` gave. Raises AnotherLayout when it was made under another schema, by
        another SQLite, or is damaged: rebuild then."""
        return cls(schema, serialized)

    def serialize(self) -> bytes:
        """Everything, for `load`. Clear text: the caller seals it."""
        return self._memory.connection.serialize()

    @property
    def grown(self) -> bool:
        """Whether an index has grown since this was opened or `kept`: work that an image saves."""
        return self._memory.grown

    def kept(self) -> None:
        """What `serialize` gave is kept as an image now."""
        self._memory.grown = False

    def close(self) -> None:
        """Let go of everything; nothing may be asked afterwards."""
        self._memory.fresh.clear()
        self._memory.connection.close()

    def set_position(self, position: bytes) -> None:
        """Keep, with the records, how much of the changes they reflect."""
        self._memory.set_mark("position", position)

    def get_position(self) -> bytes:
        """What `set_position` was given last; empty before that."""
        return cast(bytes, self._memory.mark("position") or b"")

    # ------------------------------------------------------------------------------ folding in

    def apply(self, changes: Sequence[Opened], reopen: Reopen) -> set[str]:
        """Fold changes in, all or none; returns the kinds whose records changed.

        Any order, repeats harmless. `reopen` is asked only where a change meets others that it
        has not seen, and only for ids of earlier calls. Search learns of the changes through
        `index_pending`, or, unless they are many, before it next answers.
        """
        with self._memory.transaction():
            return self._folding.apply(changes, reopen)

    def index_pending(self, limit: int | None = None) -> int:
        """Make up to `limit` records findable that are not yet; returns how many, 0 when none."""
        return self._finding.catch_up(limit)

    def mark_sent(self, casefile: str, upto: int) -> None:
        """The office has this device's changes in a casefile up to n = `upto`, and no more."""
        self._memory.acknowledged[casefile] = upto

    def redact(self, ids: Sequence[bytes], reopen: Reopen) -> set[str]:
        """Fold the records of these changes again without them, and let no word of theirs stay.

        `reopen` must answer for them with `redacted` set, or leave them out. Returns the kinds
        whose records changed.
        """
        memory = self._memory
        with memory.transaction():
            places = [
                (memory.tables[table_of(place)], row_of(place))
                for place in sorted(set(self._places_of(ids).values()))
            ]
            for table, row in places:
                self._folding.refold(table, row, (), reopen)
        self._purge()
        return {self._kind_at(table, row) for table, row in places}

    def forget(self, casefile: str) -> set[str]:
        """Drop every record of a casefile, and every word of theirs; returns their kinds."""
        memory = self._memory
        memory.fresh.clear()
        number = memory.number_if_known(casefile)
        kinds: set[str] = set()
        with memory.transaction():
            for table in memory.tables:
                rows = memory.connection.execute(
                    f"SELECT row, kind, fields FROM {table.name} WHERE casefile = ?", (number,)
                ).fetchall()
                kinds |= {kind or table.kind.name for _, kind, _ in rows}
                memory.connection.executemany(
                    "INSERT OR IGNORE INTO stale VALUES (?, ?)",
                    [
                        (table.place(row), table.text(unpack_fields(fields)))
                        for row, _, fields in rows
                        if table.kind.searchable and row <= memory.indexed[table.number]
                    ],
                )
                places = [(table.place(row),) for row, _, _ in rows]
                memory.connection.executemany("DELETE FROM lineage WHERE place = ?", places)
                memory.connection.execute(f"DELETE FROM {table.name} WHERE casefile = ?", (number,))
        self._purge()
        return kinds

    # --------------------------------------------------------------------------------- asking

    def find(
        self,
        kind: str,
        where: Where | None = None,
        *,
        casefile: str | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """Records of a kind that meet every condition, in the order asked ("-" for descending).

        A field may be filtered and ordered by whether or not it has a column; without one every
        record's fields are looked through. Records without a value come last; ties go by age.
        """
        return self._reading.find(
            kind, where or {}, casefile=casefile, order_by=order_by, limit=limit, offset=offset
        )

    def get(
        self, record: str, *, kind: str | None = None, casefile: str | None = None
    ) -> Record | None:
        """The record with this id. Naming kind and casefile is quicker, and means it alone."""
        at = self._reading.where_is(record, kind, casefile)
        found = self._reading.records(at[0], [at[1]]) if at else []
        return found[0] if found else None

    def cells(self, kind: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Every record of a kind as (id, casefile, the value of each named field), in no order.

        For counting tens of thousands: a tenth of what `find` costs when all names are columns.
        """
        return self._reading.cells(kind, names)

    def count(self, kind: str, where: Where | None = None, *, casefile: str | None = None) -> int:
        """How many records `find` would give."""
        return self._reading.count(kind, where or {}, casefile=casefile)

    def tally(
        self,
        kind: str,
        by: Sequence[str],
        where: Where | None = None,
        *,
        casefile: str | None = None,
    ) -> dict[tuple[Value, ...], int]:
        """How many records there are for each combination of values of these fields.

        A field without a column counts lists and maps as no value, and truth as 1 or 0.
        """
        return self._reading.tally(kind, by, where or {}, casefile=casefile)

    def search(self, text: str, kinds: Collection[str] | None = None, limit: int = 50) -> list[Hit]:
        """Records in which every word typed begins some word, the likeliest first.

        Records with the whole words before those with their beginnings, short records before long
        notes, kinds with few matches before those with many, then what changed last.
        """
        return self._finding.search(text, kinds, limit)

    def frontier(
        self, record: str, *, kind: str | None = None, casefile: str | None = None
    ) -> tuple[bytes, ...]:
        """The ids that a change of this record written now replaces; none for a new record."""
        at = self._reading.where_is(record, kind, casefile)
        return tuple(split_ids(self._reading.frontier(*at))) if at else ()

    def history_ids(self, record: str) -> list[bytes]:
        """The ids of a record's changes, oldest first."""
        at = self._reading.where_is(record)
        return self._folding.ids_at(*at) if at else []

    def unsent(self, waiting: Collection[str], limit: int | None = None) -> list[Awaiting]:
        """Records of these casefiles with changes that only this device has, the longest unchanged
        first."""
        return self._reading.unsent(waiting, limit)

    def tally_unsent(self, waiting: Collection[str]) -> dict[tuple[str, str], int]:
        """How many records `unsent` would give, by casefile (hex) and kind."""
        return self._reading.tally_unsent(waiting)

    def conflicted(self, kind: str | None = None) -> list[Record]:
        """Records with values that a person has to choose between."""
        return [
            record
            for record in self._reading.conflicted(
                self._memory.tables if kind is None else [self._memory.table(kind)]
            )
            if kind in (None, record.kind)
        ]

    def fold_hash(self, casefile: str) -> bytes:
        """32 bytes that are equal on all devices that know the same changes of this casefile."""
        return self._reading.fold_hash(casefile)

    # -------------------------------------------------------------------------------- in here

    def _places_of(self, ids: Sequence[bytes]) -> dict[bytes, int]:
        """Where the record of each of these changes lies; what is not here is left out."""
        found: dict[bytes, int] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            among = f"IN ({', '.join('?' * len(some))})"
            for table in self._memory.tables:
                # The frontier of a record with one change is that change.
                found |= {
                    change: table.place(row)
                    for row, change in self._memory.connection.execute(
                        f"SELECT row, frontier FROM {table.name} WHERE frontier {among}", some
                    )
                }
            found |= self._memory.connection.execute(
                f"SELECT change, place FROM lineage WHERE change {among}", some
            ).fetchall()
        return found

    def _kind_at(self, table: Table, row: int) -> str:
        found = self._memory.one(f"SELECT kind FROM {table.name} WHERE row = ?", (row,))
        return table.kind.name if table.known or found is None else cast(str, found[0])

    def _purge(self) -> None:
        """Rewrite everything, so that nothing dropped stays readable in a freed page."""
        self._finding.purge()
        self._memory.connection.execute("VACUUM")
