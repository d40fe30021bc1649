"""The in-memory SQLite under the readable records: its tables, and what is kept in mind of them.

Nothing in here reaches a disk: sorting and journal stay in memory too, as clear text would spill
otherwise. Must not know what a change is.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

import msgpack

from storage.errors import StorageError
from storage.kinds import Schema, Value
from storage.layout import SHARED, Table, layout_mark, tables

_packer = msgpack.Packer()  # keeps its buffer: a third quicker than packing with a new one


class AnotherLayout(StorageError):
    """This image was made under another schema or SQLite; it has to be rebuilt from the changes."""


FRESH: Final = 16_000
"""Records whose words are kept in mind: some 16 MiB of notes, a first pull of some size."""
AT_ONCE: Final = 500
"""Parameters in one statement; SQLite allowed 999 for a long time."""


class Memory:
    """Tables, names and rows. The vault's lock keeps threads apart."""

    def __init__(self, schema: Schema, image: bytes | memoryview | None = None) -> None:
        """Open an image, or start empty. Raises AnotherLayout when the image does not fit."""
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        # Notes of a page or so lie badly in SQLite's usual 4 KiB: with 16 the image is a sixth
        # smaller, copying it out ten times as quick, and a pull a tenth quicker.
        self.connection.execute("PRAGMA page_size = 16384")
        self.connection.execute("PRAGMA temp_store = MEMORY")
        self.full_text = has_full_text(self.connection)
        self.grown = False
        """Whether an index has grown since this was opened or last kept as an image: words of
        search, or a cell that somebody filtered by. It is work that an image saves."""
        self.fresh: dict[int, str] = {}
        """Words of records that search does not know yet, by place: as many as may be kept in mind
        from folding them in until they are indexed, which spares reading them again."""
        self.acknowledged: dict[str, int] = {}
        """How far the office has this device's own changes, by casefile."""
        self.tables = tables(schema)
        self._by_kind = {t.kind.name: t for t in self.tables if t.known}
        mark = layout_mark(schema, self.tables, full_text=self.full_text)
        try:
            if image is not None:
                if not len(image):
                    raise AnotherLayout("the image of the records is empty")
                self.connection.deserialize(image)
            if image is None:
                self._lay_out(mark)
            elif self.mark("layout") != mark:
                raise AnotherLayout("the image of the records was made under another schema")
            self._recall()
        except sqlite3.Error as error:
            self.connection.close()
            raise AnotherLayout("the image of the records cannot be read") from error
        except AnotherLayout:
            self.connection.close()
            raise

    def table(self, kind: str) -> Table:
        """Where records of this kind lie, known or not."""
        return self._by_kind.get(kind) or self.tables[0]

    def one(self, statement: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return cast(
            "tuple[Any, ...] | None", self.connection.execute(statement, parameters).fetchone()
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or none of it; a block inside a block is part of it."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            self._recall()
            raise
        self.connection.execute("COMMIT")

    # ------------------------------------------------------------------- names, marks and rows

    def number(self, name: str) -> int:
        """The number that stands for a casefile, person or device; they are few, and long."""
        number = self._numbers.get(name)
        if number is None:
            number = len(self._numbers) + 1
            self.connection.execute("INSERT INTO names VALUES (?, ?)", (number, name))
            self._numbers[name] = number
            self.names[number] = name
        return number

    def number_if_known(self, name: str) -> int:
        """As `number`, but 0, which stands for nobody, when the name was never met."""
        return self._numbers.get(name, 0)

    def mark(self, name: str) -> object:
        """A value kept with the records under this name; None when there is none."""
        found = self.one("SELECT value FROM marks WHERE name = ?", (name,))
        return found[0] if found else None

    def set_mark(self, name: str, value: object) -> None:
        self.connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))

    def set_indexed(self, table: Table, row: int) -> None:
        """From now on search knows this table's records up to this row."""
        self.indexed[table.number] = row
        self.grown = True
        self.set_mark(f"indexed {table.number}", row)

    def ensure_index(self, table: Table, cell: str) -> None:
        """Make the index for a cell that is asked for the first time."""
        name = table.index_name(cell)
        if name not in self._indexes:
            self.connection.execute(table.index(cell))
            self._indexes.add(name)
            self.grown = True

    def _lay_out(self, mark: str) -> None:
        with self.transaction():
            for statement in SHARED:
                self.connection.execute(statement)
            for table in self.tables:
                for statement in table.definition():
                    self.connection.execute(statement)
            self.set_mark("layout", mark)

    def _recall(self) -> None:
        """Read again what is kept in mind of the tables: after opening, and after a failure."""
        self.fresh.clear()
        rows = self.connection.execute("SELECT number, name FROM names").fetchall()
        self.names: dict[int, str] = dict(rows)
        self._numbers: dict[str, int] = {name: number for number, name in rows}
        made = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        self._indexes: set[str] = {name for (name,) in made}
        self.indexed: list[int] = []
        self.next_row: list[int] = []
        for table in self.tables:
            upto = cast(int, self.mark(f"indexed {table.number}") or 0)
            (last,) = self.one(f"SELECT max(row) FROM {table.name}") or (None,)
            self.indexed.append(upto)
            # Past every row that search may know: a row that was forgotten is never used again.
            self.next_row.append(max(last or 0, upto) + 1)


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5."""
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(text)")
    except sqlite3.OperationalError:
        return False
    connection.execute("DROP TABLE temp.probe")
    return True


def pack(value: object) -> bytes:
    """Bytes for a cell that holds more than one value."""
    packed: bytes = _packer.pack(value)
    return packed


def unpack_fields(packed: bytes) -> dict[str, Value]:
    """The values of a `fields` cell."""
    fields: dict[str, Value] = msgpack.unpackb(packed)
    return fields
