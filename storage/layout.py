"""How the declared kinds become tables of the in-memory database, and values become cells.

One table for each kind, one more for kinds this version does not know. A declared column is a cell
of its own, NULL where the value has another type; all fields are kept beside it, so nothing is
dropped. An index is made when a column is first asked for, so that columns nobody filters by cost
a pull nothing. Must not know how records are folded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from storage.kinds import ColumnType, Fields, Kind, Schema

FORMAT: Final = 1
"""Goes up whenever the tables below change: an image of another format is rebuilt."""
PLACE_BITS: Final = 40
"""A place says table and row in one number: the table's number, then 40 bits of row."""
LARGEST: Final = (1 << 63) - 1
"""The largest whole number a cell holds."""

SHARED: Final = """
CREATE TABLE names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE marks (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE lineage (
    change BLOB PRIMARY KEY, place INTEGER NOT NULL, step INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lineage_place ON lineage (place, step);
CREATE TABLE unsent (change BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
"""
"""`lineage` names the changes of records that have several, oldest first by `step`; a record of
one change has it in `frontier` alone, so that a first pull writes one row a record."""

CELLS: Final = (
    "record", "casefile", "kind", "frontier", "first", "last", "author", "device", "changed_by",
    "versions", "unsent", "frozen", "gone", "conflicts", "fields",
)  # fmt: skip
"""Cells of every record. `casefile`, `author`, `device` and `changed_by` are numbers of `names`;
`frontier` holds its ids end to end, sorted; `first` and `last` are hybrid stamps; `unsent` counts
changes; `frozen` and `gone` are 1 or NULL; `conflicts` and `fields` are packed."""

_FITTING: Final[Mapping[ColumnType, tuple[type, ...]]] = {
    "text": (str,),
    "integer": (int, bool),
    "real": (float, int),
}


class Table:
    """Where the records of one kind lie, and the statements that reach them.

    With `kind` None it is the table for all kinds this version does not know.
    """

    def __init__(self, number: int, kind: Kind | None) -> None:
        self.number = number
        self.known = kind is not None
        self.kind = kind or Kind(name="")
        self.name = f"records_{number}"
        self.columns = {f.name: f"column_{i}" for i, f in enumerate(self.kind.columns)}
        self._typed = [(f.name, _FITTING[f.column]) for f in self.kind.columns if f.column]
        cells = (*CELLS, *self.columns.values())
        self.insert = (
            f"INSERT OR IGNORE INTO {self.name} (row, {', '.join(cells)}) "
            f"VALUES (?, {', '.join('?' * len(cells))})"
        )
        changing = (*CELLS[3:], *self.columns.values())
        self.update = (
            f"UPDATE {self.name} SET {', '.join(c + ' = ?' for c in changing)} WHERE row = ?"
        )
        # A kind that another device made up is part of what tells two of its records apart.
        self.same = "record = ? AND casefile = ? AND kind IS ?"

    def definition(self) -> Iterable[str]:
        """The statements that make this table. Columns have no declared type on purpose: SQLite
        would compare the text "5" with the number 5 as equal."""
        cells = ", ".join((*CELLS, *self.columns.values()))
        yield f"CREATE TABLE {self.name} (row INTEGER PRIMARY KEY, {cells})"
        own = "record, casefile" if self.known else "record, casefile, kind"
        yield f"CREATE UNIQUE INDEX {self.name}_record ON {self.name} ({own})"
        yield (
            f"CREATE INDEX {self.name}_conflicts ON {self.name} (row) WHERE conflicts IS NOT NULL"
        )

    def index(self, cell: str) -> str:
        """The statement that makes filtering and ordering by this cell quick."""
        return f"CREATE INDEX IF NOT EXISTS {self.name}_{cell} ON {self.name} ({cell})"

    def typed_cells(self, fields: Fields) -> list[object]:
        """The values of the declared columns; a value of another type leaves its cell empty."""
        return [
            value if isinstance(value := fields.get(name), fitting) and _storable(value) else None
            for name, fitting in self._typed
        ]

    def place(self, row: int) -> int:
        return self.number << PLACE_BITS | row


def row_of(place: int) -> int:
    return place & (1 << PLACE_BITS) - 1


def tables(schema: Schema) -> list[Table]:
    """A table for each kind, in the order of the schema, and the one for unknown kinds first."""
    return [Table(0, None), *(Table(i, k) for i, k in enumerate(schema.kinds, start=1))]


def layout_mark(schema: Schema, full_text: str) -> str:
    """Changes whenever an image made under another schema or index must not be used."""
    described = repr((FORMAT, full_text, schema.version, [_described(k) for k in schema.kinds]))
    return hashlib.sha256(described.encode()).hexdigest()


def _described(kind: Kind) -> object:
    return kind.name, kind.frozen_by, [
        (f.name, f.policy.value, f.column, f.searchable, f.loosest_first) for f in kind.fields
    ]


def _storable(value: object) -> bool:
    return not isinstance(value, int) or -LARGEST <= value <= LARGEST
