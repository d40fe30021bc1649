"""How the declared kinds become tables of the in-memory database, and values become cells.

One table for each kind, one more for kinds this version does not know. A declared column is a cell
of its own, NULL where the value has another type; all fields are kept beside it, so nothing is
dropped. An index is made when a cell is first asked for: columns that nobody filters by cost a
pull nothing. Must not know how records are folded.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from storage.kinds import Fields, Kind, Schema, Value

FORMAT: Final = 2
"""Goes up whenever the tables below change: an image of another format is rebuilt."""
PLACE_BITS: Final = 40
"""A place says table and row in one number: the table's number, then 40 bits of row."""
LARGEST: Final = (1 << 63) - 1
"""The largest whole number a cell holds; as a stamp it is in the year 6429."""

SHARED: Final = (
    "CREATE TABLE names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE marks (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # The changes of records that have several, oldest first by `step`. A record of one change
    # has it in `frontier` alone, so that a first pull writes one row for each record.
    "CREATE TABLE lineage (change BLOB PRIMARY KEY, place, step) WITHOUT ROWID",
    "CREATE INDEX lineage_place ON lineage (place, step)",
    # Text that the search index still holds although the record no longer says it.
    "CREATE TABLE stale (place INTEGER PRIMARY KEY, text TEXT NOT NULL)",
)

CELLS: Final = (
    "record", "casefile", "kind", "frontier", "first", "last", "author", "device", "changed_by",
    "versions", "own", "frozen", "gone", "conflicts", "fields",
)  # fmt: skip
"""Cells of every record. `kind` is NULL where the table says it; `casefile`, `author`, `device`
and `changed_by` are numbers of `names`; `frontier` holds its ids end to end, sorted; `first` and
`last` are hybrid stamps; `own` is the n of the last change that this device made of it, 0 when it
made none; `frozen` and `gone` are 1 or NULL; `conflicts` and `fields` are packed."""


class Table:
    """Where the records of one kind lie, and the statements that reach them.

    Without a kind it is the table for all kinds that this version does not know.
    """

    def __init__(self, number: int, kind: Kind | None) -> None:
        self.number = number
        self.known = kind is not None
        self.kind = kind or Kind(name="")
        self.from_outside = kind is None or kind.from_inbox
        self.name = f"records_{number}"
        texts = [f.name for f in self.kind.columns if f.column == "text"]
        numbers = [(f.name, f.column == "real") for f in self.kind.columns if f.column != "text"]
        self.columns = {n: f"column_{i}" for i, n in enumerate([*texts, *(n for n, _ in numbers)])}
        self._texts, self._numbers = texts, numbers
        self._searchable = self.kind.searchable
        cells = ("row", *CELLS, *self.columns.values())
        said = ", ".join(f"?{11 + i}" for i in range(1 + len(self.columns)))
        # Takes row, record, casefile, kind, id, stamp, author, device, own n, frozen, fields and
        # the declared cells: what a first change leaves open is not handed over ten thousand times.
        self.begin = (
            f"INSERT OR IGNORE INTO {self.name} ({', '.join(cells)}) VALUES (?1, ?2, ?3, ?4, ?5, "
            f"?6, ?6, ?7, ?8, ?7, 1, ?9, ?10, NULL, NULL, {said})"
        )
        self.same = f"record = ? AND casefile = ?{'' if self.known else ' AND kind = ?'}"

    def definition(self) -> Iterator[str]:
        """The statements that make this table. Columns have no declared type on purpose: SQLite
        would take the number 5 for the text "5"."""
        cells = ", ".join((*CELLS, *self.columns.values()))
        yield f"CREATE TABLE {self.name} (row INTEGER PRIMARY KEY, {cells})"
        own = "record, casefile" if self.known else "record, casefile, kind"
        yield f"CREATE UNIQUE INDEX {self.name}_record ON {self.name} ({own})"

    def index(self, cell: str) -> str:
        """The statement that makes filtering and ordering by this cell quick."""
        of = {"conflicts": "row", "own": "casefile, own"}.get(cell, cell)
        only = {"conflicts": " WHERE conflicts IS NOT NULL", "own": " WHERE own > 0"}.get(cell, "")
        return f"CREATE INDEX {self.index_name(cell)} ON {self.name} ({of}){only}"

    def index_name(self, cell: str) -> str:
        return f"{self.name}_{cell}"

    def typed(self, fields: Fields) -> list[Value]:
        """The cells of the declared columns; a value of another type leaves its cell empty."""
        get = fields.get
        cells: list[Value] = [v if type(v := get(n)) is str else None for n in self._texts]
        for name, real in self._numbers:
            value = get(name)
            whole = isinstance(value, int) and -LARGEST <= value <= LARGEST
            cells.append(value if whole or (real and isinstance(value, float)) else None)
        return cells

    def text(self, fields: Fields) -> str:
        """The words of a record that may be searched, one field a line."""
        get = fields.get
        return "\n".join([v for n in self._searchable if type(v := get(n)) is str and v])

    def place(self, row: int) -> int:
        return self.number << PLACE_BITS | row

    def described(self) -> tuple[object, ...]:
        """What of the kind decides how its records lie here."""
        kind = self.kind
        return (
            kind.name,
            kind.frozen_by,
            [
                (f.name, f.policy.value, f.column, f.searchable, f.loosest_first)
                for f in kind.fields
            ],
        )


def tables(schema: Schema) -> list[Table]:
    """The table for unknown kinds, then one for each kind in the order of the schema."""
    return [Table(0, None), *(Table(i, k) for i, k in enumerate(schema.kinds, start=1))]


def table_of(place: int) -> int:
    """The number of the table that a place is in."""
    return place >> PLACE_BITS


def row_of(place: int) -> int:
    """The row that a place is in."""
    return place & (1 << PLACE_BITS) - 1


def layout_mark(schema: Schema, shelves: list[Table], *, full_text: bool) -> str:
    """Changes whenever an image made under another schema, format or index must not be used."""
    described = repr((FORMAT, full_text, schema.version, [t.described() for t in shelves]))
    return hashlib.sha256(described.encode()).hexdigest()
