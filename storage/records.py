"""The readable records while the vault is open: an in-memory SQLite that every screen asks.

It is a cache of what the sealed changes fold to, and is kept as a sealed image beside them. A
change is folded in as cheaply as its place in the history allows: most begin a record or follow
everything known of it, and only a real merge asks for older changes again. Must not know keys,
envelopes or files; nothing in here reaches a disk.
"""

from __future__ import annotations

import hashlib
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

import msgpack

from storage import search
from storage.clock import moment_of
from storage.errors import StorageError
from storage.kinds import Fields, Schema, Value
from storage.layout import (
    CELLS,
    LARGEST,
    PLACE_BITS,
    SHARED,
    Table,
    layout_mark,
    row_of,
    tables,
)
from storage.merge import Folded, canonical, fields_of_one, fold, freezes, succeed
from storage.opened import Opened
from storage.query import Hit, Record, Version, Where, condition

Reopen = Callable[[Sequence[bytes]], Mapping[bytes, Opened]]
"""Older changes of a record, opened again. An id it leaves out counts as not here yet."""

_ID: Final = 32
_LAST_STAMP: Final = 253_402_300_799_000 << 16  # the year 9999, where `datetime` ends
_CONSIDERED: Final = 200  # matches of one kind that search weighs, the newest
_RECORD: Final = (
    "row, record, casefile, kind, first, last, author, device, changed_by, versions, unsent, "
    "frozen, conflicts, fields"
)

_pack = msgpack.Packer().pack


class AnotherLayout(StorageError):
    """This image was made under another schema or SQLite; it has to be rebuilt from the changes."""


class Readable:
    """All readable records of one vault. The vault's lock keeps threads apart."""

    def __init__(self, schema: Schema, connection: sqlite3.Connection) -> None:
        self._schema = schema
        self._connection = connection
        connection.execute("PRAGMA temp_store = MEMORY")  # sorting would spill clear text to disk
        connection.create_function("field", 2, _field, deterministic=True)
        connection.create_function("list_has", 3, _list_has, deterministic=True)
        self._tables = tables(schema)
        self._by_kind = {t.kind.name: t for t in self._tables if t.known}
        self._words = search.WordIndex(connection, full_text=search.has_full_text(connection))
        self._mark = layout_mark(schema, "fts5" if self._words.full_text else "like")
        self._each = " UNION ALL ".join(
            f"SELECT {t.number}, row, first FROM {t.name} WHERE record = ?1" for t in self._tables
        )

    @classmethod
    def empty(cls, schema: Schema) -> Readable:
        """Nothing known yet."""
        readable = cls(schema, _connect())
        execute = readable._connection.execute
        with readable._transaction(recall=False):
            for statement in SHARED.split(";"):
                execute(statement)
            for table in readable._tables:
                for statement in table.definition():
                    execute(statement)
            readable._words.create()
            execute("INSERT INTO marks VALUES ('layout', ?)", (readable._mark,))
        readable._recall()
        return readable

    @classmethod
    def load(cls, schema: Schema, serialized: bytes | memoryview) -> Readable:
        """What `serialize` gave; raises AnotherLayout when it does not fit or is damaged."""
        connection = _connect()
        try:
            connection.deserialize(serialized)
            readable = cls(schema, connection)
            found = connection.execute("SELECT value FROM marks WHERE name = 'layout'").fetchone()
        except sqlite3.Error as error:
            connection.close()
            raise AnotherLayout("the image of the records cannot be read") from error
        if found != (readable._mark,):
            connection.close()
            raise AnotherLayout("the image of the records was made under another schema")
        readable._recall()
        return readable

    def serialize(self) -> bytes:
        """Everything, for `load`. Clear text: the caller seals it."""
        return self._connection.serialize()

    def close(self) -> None:
        self._connection.close()

    # ------------------------------------------------------------------ what the image reflects

    def set_position(self, position: bytes) -> None:
        """Keep, with the records, how much of the changes they reflect."""
        self._connection.execute(
            "INSERT OR REPLACE INTO marks VALUES ('position', ?)", (position,)
        )

    def get_position(self) -> bytes:
        """What `set_position` was given last; empty before that."""
        found = self._connection.execute(
            "SELECT value FROM marks WHERE name = 'position'"
        ).fetchone()
        return cast(bytes, found[0]) if found else b""

    # ------------------------------------------------------------------------------ folding in

    def apply(
        self, changes: Sequence[Opened], reopen: Reopen, *, index_now: bool = True
    ) -> set[str]:
        """Fold changes in, all or none; returns the kinds whose records changed.

        Any order, repeats harmless. `reopen` is asked only where a change meets others that it
        has not seen. With `index_now` false, search learns of them through `index_pending`.
        """
        with self._transaction():
            pending = self._pending()
            later: dict[tuple[str, str, str], list[Opened]] = {}
            first: dict[str, list[Opened]] = {}
            begun: set[tuple[str, str, str]] = set()
            for change in changes:
                key = (change.kind, change.casefile, change.record)
                if change.parents or change.redacted or key in begun:
                    later.setdefault(key, []).append(change)
                else:
                    begun.add(key)
                    first.setdefault(change.kind, []).append(change)
            touched: set[str] = set()
            for kind, beginning in first.items():
                already = self._begin(self._table(kind), beginning)
                for change in already:
                    key = (kind, change.casefile, change.record)
                    later.setdefault(key, []).insert(0, change)
                if len(already) < len(beginning):
                    touched.add(kind)
            for key, following in later.items():
                if self._follow(self._table(key[0]), following, reopen):
                    touched.add(key[0])
            if index_now and not pending:
                self.index_pending()
        return touched

    def _begin(self, table: Table, changes: Sequence[Opened]) -> list[Opened]:
        """Add records of one change each; returns the changes whose record was there already."""
        number = self._number
        kind = None if table.known else changes[0].kind
        plain = not table.kind.growing
        freezing = table.kind.frozen_by
        row = self._next_row[table.number]
        rows = []
        for c in changes:
            fields = c.fields if plain else fields_of_one(table.kind, c.fields)
            author = number(c.author)
            stamp = c.hlc if c.hlc < LARGEST else LARGEST
            rows.append(
                (
                    row, c.record, number(c.casefile), kind, c.id, stamp, stamp, author,
                    number(c.device), author, 1, 0 if c.sent else 1,
                    1 if freezing and freezes(table.kind, c) else None, None, None, _pack(fields),
                    *table.typed_cells(fields),
                )
            )  # fmt: skip
            row += 1
        done = self._connection.executemany(table.insert, rows).rowcount
        self._next_row[table.number] = row
        already: list[Opened] = []
        if done < len(changes):
            here = {
                c.id
                for c, cells in zip(changes, rows, strict=True)
                if self._one(f"SELECT 1 FROM {table.name} WHERE row = ?", (cells[0],))
            }
            already = [c for c in changes if c.id not in here]
        unsent = [
            (c.id, table.place(cast(int, cells[0])))
            for c, cells in zip(changes, rows, strict=True)
            if not c.sent
        ]
        if unsent:
            left = {c.id for c in already}
            self._connection.executemany(
                "INSERT OR IGNORE INTO unsent VALUES (?, ?)",
                [u for u in unsent if u[0] not in left],
            )
        return already

    def _follow(self, table: Table, changes: Sequence[Opened], reopen: Reopen) -> bool:
        """Fold further changes of one record in; False when all of them were known."""
        head = changes[0]
        found = self._one(
            "SELECT row, fields, frontier, first, author, device, versions, unsent, frozen, gone, "
            f"conflicts FROM {table.name} WHERE {table.same}",
            (head.record, self._number(head.casefile), None if table.known else head.kind),
        )
        if found is None:
            return self._refold(table, None, changes, reopen)
        (row, packed, frontier, first, author, device, versions, unsent, frozen, gone,
         conflicts) = found  # fmt: skip
        place = table.place(row)
        values = cast(dict[str, Value], msgpack.unpackb(packed))
        before = self._text(table, values)
        disputed = cast(dict[str, object], msgpack.unpackb(conflicts)) if conflicts else {}
        heads = set(_ids(frontier))
        followed: list[Opened] = []
        waiting = list(changes)
        last: Opened | None = None
        progress = not gone
        while progress and waiting:
            progress, rest = False, []
            for change in waiting:
                if set(change.parents) != heads or change.redacted:
                    rest.append(change)
                    continue
                progress, heads = True, {change.id}
                followed.append(change)
                if frozen:
                    continue
                values = succeed(table.kind, values, change)
                disputed = {n: v for n, v in disputed.items() if n not in change.fields}
                last = change
                frozen = 1 if freezes(table.kind, change) else None
            waiting = rest
        unknown = self._unknown(waiting, _ids(frontier) if versions == 1 else [])
        if unknown:
            return self._refold(table, row, [*followed, *unknown], reopen)
        if not followed:
            return False
        self._trace(place, _ids(frontier) if versions == 1 else [], followed, versions)
        added = sum(not c.sent for c in followed)
        assignments: dict[str, object] = {
            "frontier": _joined(heads),
            "versions": versions + len(followed),
            "unsent": unsent + added,
            "frozen": frozen,
        }
        if last is not None:
            cells = dict(
                zip(table.columns.values(), table.typed_cells(values), strict=True)
            )
            assignments |= {
                "fields": _pack(values),
                "conflicts": _pack(disputed) if disputed else None,
                "last": min(last.hlc, LARGEST),
                "changed_by": self._number(last.author),
                **cells,
            }
            self._rewrite_words(table, row, before, self._text(table, values))
        self._assign(table, row, assignments)
        return True

    def _refold(
        self, table: Table, row: int | None, news: Sequence[Opened], reopen: Reopen
    ) -> bool:
        """Work a record out again from all its changes."""
        head = news[0]
        in_hand = {c.id: c for c in news}
        before = ""
        known: list[bytes] = []
        if row is None:
            row = self._next_row[table.number]
            self._next_row[table.number] += 1
            self._connection.execute(
                f"INSERT INTO {table.name} (row, record, casefile, kind) VALUES (?, ?, ?, ?)",
                (
                    row, head.record, self._number(head.casefile),
                    None if table.known else head.kind,
                ),
            )  # fmt: skip
        else:
            packed = self._one(f"SELECT fields FROM {table.name} WHERE row = ?", (row,))
            before = self._text(table, msgpack.unpackb(packed[0]) if packed else {})
            known = self._ids_at(table, row)
        missing = [i for i in known if i not in in_hand]
        reopened = reopen(missing) if missing else {}
        everything = [*reopened.values(), *in_hand.values()]
        folded = fold(table.kind, everything)
        self._write_folded(table, row, folded, everything, known, before)
        return True

    def _write_folded(
        self,
        table: Table,
        row: int,
        folded: Folded,
        everything: Sequence[Opened],
        known: Sequence[bytes],
        before: str,
    ) -> None:
        place = table.place(row)
        order = list(folded.order)
        held = set(order)
        order += [i for i in known if i not in held]  # not to be opened now, but still its own
        self._connection.execute("DELETE FROM lineage WHERE place = ?", (place,))
        self._connection.executemany(
            "INSERT INTO lineage VALUES (?, ?, ?)",
            [(i, place, step) for step, i in enumerate(order, start=1)],
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO unsent VALUES (?, ?)",
            [(c.id, place) for c in everything if not c.sent],
        )
        (unsent,) = self._one("SELECT count(*) FROM unsent WHERE place = ?", (place,)) or (0,)
        first, last = folded.first or everything[0], folded.last or everything[-1]
        disputed = {
            name: [[c.id, c.fields[name], c.author, c.device, min(c.hlc, LARGEST)] for c in standing]
            for name, standing in folded.conflicts.items()
        }
        self._assign(
            table,
            row,
            {
                "frontier": _joined(folded.frontier),
                "first": min(first.hlc, LARGEST),
                "last": min(last.hlc, LARGEST),
                "author": self._number(first.author),
                "device": self._number(first.device),
                "changed_by": self._number(last.author),
                "versions": len(order),
                "unsent": unsent,
                "frozen": 1 if folded.frozen else None,
                "gone": 1 if folded.gone else None,
                "conflicts": _pack(disputed) if disputed else None,
                "fields": _pack(folded.values),
                **dict(
                    zip(table.columns.values(), table.typed_cells(folded.values), strict=True)
                ),
            },
        )
        self._rewrite_words(table, row, before, self._text(table, folded.values))

    def _assign(self, table: Table, row: int, cells: Mapping[str, object]) -> None:
        changed = ", ".join(f"{name} = ?" for name in cells)
        self._connection.execute(
            f"UPDATE {table.name} SET {changed} WHERE row = ?", (*cells.values(), row)
        )

    def _trace(
        self, place: int, alone: Sequence[bytes], followed: Sequence[Opened], versions: int
    ) -> None:
        steps = [(i, place, 1) for i in alone]
        steps += [(c.id, place, n) for n, c in enumerate(followed, start=versions + 1)]
        self._connection.executemany("INSERT OR IGNORE INTO lineage VALUES (?, ?, ?)", steps)
        self._connection.executemany(
            "INSERT OR IGNORE INTO unsent VALUES (?, ?)",
            [(c.id, place) for c in followed if not c.sent],
        )

    def _unknown(self, changes: Sequence[Opened], alone: Sequence[bytes]) -> list[Opened]:
        return [
            c
            for c in changes
            if c.id not in alone
            and not self._one("SELECT 1 FROM lineage WHERE change = ?", (c.id,))
        ]

    def _ids_at(self, table: Table, row: int) -> list[bytes]:
        """The ids of a record's changes, oldest first."""
        traced = self._connection.execute(
            "SELECT change FROM lineage WHERE place = ? ORDER BY step", (table.place(row),)
        ).fetchall()
        if traced:
            return [i for (i,) in traced]
        found = self._one(f"SELECT frontier FROM {table.name} WHERE row = ?", (row,))
        return _ids(found[0]) if found and found[0] else []

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
        table = self._table(kind)
        clause, parameters = self._where(table, kind, where or {}, casefile)
        order = ", ".join([*(self._order(table, name, parameters) for name in order_by), "first", "record"])
        rows = self._connection.execute(
            f"SELECT {_RECORD} FROM {table.name} WHERE {clause} ORDER BY {order} LIMIT ? OFFSET ?",
            (*parameters, -1 if limit is None else limit, offset),
        ).fetchall()
        return [self._record(table, cells) for cells in rows]

    def count(self, kind: str, where: Where | None = None, *, casefile: str | None = None) -> int:
        """How many `find` would give."""
        table = self._table(kind)
        clause, parameters = self._where(table, kind, where or {}, casefile)
        found = self._one(f"SELECT count(*) FROM {table.name} WHERE {clause}", parameters)
        return cast(int, found[0]) if found else 0

    def tally(
        self,
        kind: str,
        by: Sequence[str],
        where: Where | None = None,
        *,
        casefile: str | None = None,
    ) -> dict[tuple[Value, ...], int]:
        """How many records there are for each combination of values of these fields."""
        table = self._table(kind)
        chosen: list[object] = []
        groups = [self._expression(table, name, chosen) for name in by]
        clause, parameters = self._where(table, kind, where or {}, casefile)
        numbers = ", ".join(str(i + 1) for i in range(len(groups)))
        rows = self._connection.execute(
            f"SELECT {''.join(g + ', ' for g in groups)} count(*) FROM {table.name} "
            f"WHERE {clause} {'GROUP BY ' + numbers if groups else ''}",
            (*chosen, *parameters),
        )
        return {tuple(cells[:-1]): cells[-1] for cells in rows}

    def get(self, record: str) -> Record | None:
        """The record with this id, of whatever kind."""
        at = self._at(record)
        if at is None:
            return None
        table, row = at
        cells = self._one(f"SELECT {_RECORD}, gone FROM {table.name} WHERE row = ?", (row,))
        return self._record(table, cells[:-1]) if cells and not cells[-1] else None

    def frontier(self, record: str) -> tuple[bytes, ...]:
        """The ids a change of this record written now replaces; none for a new record."""
        at = self._at(record)
        if at is None:
            return ()
        found = self._one(f"SELECT frontier FROM {at[0].name} WHERE row = ?", (at[1],))
        return tuple(_ids(found[0])) if found else ()

    def history_ids(self, record: str) -> list[bytes]:
        """The ids of a record's changes, oldest first."""
        at = self._at(record)
        return self._ids_at(*at) if at else []

    def conflicted(self, kind: str | None = None) -> list[Record]:
        """Records with values that a person has to choose between."""
        found = []
        for table in [self._table(kind)] if kind else self._tables:
            rows = self._connection.execute(
                f"SELECT {_RECORD} FROM {table.name} WHERE conflicts IS NOT NULL "
                "AND gone IS NULL ORDER BY first, record"
            ).fetchall()
            found += [self._record(table, cells) for cells in rows]
        return found

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 50) -> list[Hit]:
        """Records in which every word typed begins some word, the likeliest first.

        A whole word before the beginning of one, a short record before a long note, then the
        newest.
        """
        asked = search.words(text)
        places = self._words.beginning(asked)
        if not places:
            return []
        whole = self._words.whole(asked)
        weighed: list[tuple[bool, int, int, Table, int]] = []
        for table in self._tables:
            if kinds is not None and table.kind.name not in kinds:
                continue
            low = bisect_left(places, table.place(0))
            high = bisect_left(places, table.place(1 << PLACE_BITS))
            newest = places[max(low, high - _CONSIDERED) : high]
            if not newest:
                continue
            sizes = self._connection.execute(
                f"SELECT row, length(fields) FROM {table.name} "
                f"WHERE row IN ({', '.join('?' * len(newest))})",
                [row_of(p) for p in newest],
            )
            weighed += [
                (table.place(row) not in whole, size.bit_length(), -row, table, row)
                for row, size in sizes
            ]
        weighed.sort(key=lambda w: w[:3])
        hits = []
        for *_, table, row in weighed[:limit]:
            cells = self._one(f"SELECT {_RECORD} FROM {table.name} WHERE row = ?", (row,))
            if cells is None:
                continue
            found = self._record(table, cells)
            hits.append(
                Hit(
                    record=found.record,
                    kind=found.kind,
                    casefile=found.casefile,
                    snippet=search.snippet(self._text(table, found.fields), asked),
                )
            )
        return hits

    def fold_hash(self, casefile: str) -> bytes:
        """32 bytes that are equal on all devices that know the same changes of this casefile."""
        digest = hashlib.sha256()
        for table in self._tables:
            rows = self._connection.execute(
                f"SELECT record, kind, frontier, frozen, gone, conflicts, fields FROM {table.name} "
                "WHERE casefile = ? ORDER BY record, kind",
                (self._numbers.get(casefile, 0),),
            )
            for record, kind, frontier, frozen, gone, conflicts, fields in rows:
                digest.update(
                    canonical(
                        [
                            record, table.kind.name or kind, frontier, frozen, gone,
                            msgpack.unpackb(conflicts) if conflicts else None,
                            msgpack.unpackb(fields),
                        ]
                    )
                )  # fmt: skip
        return digest.digest()

    # -------------------------------------------------------------------------- keeping it true

    def mark_sent(self, ids: Sequence[bytes]) -> None:
        """The office has acknowledged these changes; unknown ids are harmless."""
        with self._transaction():
            for change in ids:
                found = self._one("SELECT place FROM unsent WHERE change = ?", (change,))
                if found is None:
                    continue
                table = self._tables[found[0] >> PLACE_BITS]
                self._connection.execute("DELETE FROM unsent WHERE change = ?", (change,))
                self._connection.execute(
                    f"UPDATE {table.name} SET unsent = unsent - 1 WHERE row = ?",
                    (row_of(found[0]),),
                )

    def index_pending(self, limit: int | None = None) -> int:
        """Put up to `limit` records that search does not know yet into its index; returns how
        many it took on, 0 when none are left."""
        done = 0
        with self._transaction():
            for table in self._tables:
                upto, end = self._indexed[table.number], self._next_row[table.number] - 1
                if limit is not None:
                    end = min(end, upto + limit - done)
                if end <= upto:
                    continue
                if table.kind.searchable:
                    rows = self._connection.execute(
                        f"SELECT row, fields FROM {table.name} WHERE row > ? AND row <= ?",
                        (upto, end),
                    )
                    self._words.add(
                        (table.place(row), text)
                        for row, packed in rows
                        if (text := self._text(table, msgpack.unpackb(packed)))
                    )
                    done += end - upto
                self._indexed[table.number] = end
                self._connection.execute(
                    "INSERT OR REPLACE INTO marks VALUES (?, ?)", (f"indexed {table.number}", end)
                )
        return done

    # -------------------------------------------------------------------------------- in here

    def _table(self, kind: str) -> Table:
        return self._by_kind.get(kind) or self._tables[0]

    def _at(self, record: str) -> tuple[Table, int] | None:
        """Where a record lies. Should two casefiles use one id, the older record is meant."""
        found = self._one(f"{self._each} ORDER BY 3, 1, 2 LIMIT 1", (record,))
        return (self._tables[found[0]], found[1]) if found else None

    def _where(
        self, table: Table, kind: str, where: Where, casefile: str | None
    ) -> tuple[str, list[object]]:
        parameters: list[object] = []
        clauses = ["gone IS NULL"]
        if not table.known:
            clauses.append("kind = ?")
            parameters.append(kind)
        if casefile is not None:
            self._ensure_index(table, "casefile")
            clauses.append("casefile = ?")
            parameters.append(self._numbers.get(casefile, 0))
        for name, wanted in where.items():
            expression = self._expression(table, name, parameters)
            clauses.append(condition(expression, wanted, name, parameters))
        return " AND ".join(clauses), parameters

    def _expression(self, table: Table, name: str, parameters: list[object]) -> str:
        cell = table.columns.get(name)
        if cell:
            self._ensure_index(table, cell)
            return cell
        return "field(fields, '{}')".format(name.replace("'", "''"))

    def _order(self, table: Table, name: str, parameters: list[object]) -> str:
        descending = name.startswith("-")
        expression = self._expression(table, name.removeprefix("-"), parameters)
        return f"{expression} {'DESC' if descending else 'ASC'} NULLS LAST"

    def _ensure_index(self, table: Table, cell: str) -> None:
        if (table.number, cell) not in self._ensured:
            self._connection.execute(table.index(cell))
            self._ensured.add((table.number, cell))

    def _record(self, table: Table, cells: Sequence[object]) -> Record:
        (_, record, casefile, kind, first, last, author, device, changed_by, versions, unsent,
         frozen, conflicts, fields) = cast("tuple[Any, ...]", cells)  # fmt: skip
        name = self._names
        return Record(
            record=record,
            kind=table.kind.name if table.known else kind,
            casefile=name[casefile],
            fields=msgpack.unpackb(fields),
            conflicts=self._conflicts(conflicts) if conflicts else {},
            author=name[author],
            device=name[device],
            at=_moment(first),
            changed_by=name[changed_by],
            changed_at=_moment(last),
            sent=not unsent,
            frozen=bool(frozen),
            versions=versions,
        )

    def _conflicts(self, packed: bytes) -> dict[str, tuple[Version, ...]]:
        return {
            name: tuple(
                Version(
                    change_id=change,
                    fields={name: value},
                    author=author,
                    device=device,
                    at=_moment(hlc),
                    sent=not self._one("SELECT 1 FROM unsent WHERE change = ?", (change,)),
                )
                for change, value, author, device, hlc in standing
            )
            for name, standing in msgpack.unpackb(packed).items()
        }

    def _text(self, table: Table, fields: Fields) -> str:
        """The words of a record that may be searched, one field a line."""
        return "\n".join(
            value for n in table.kind.searchable if isinstance(value := fields.get(n), str) and value
        )

    def _rewrite_words(self, table: Table, row: int, before: str, after: str) -> None:
        if before == after or row > self._indexed[table.number]:
            return
        place = table.place(row)
        if before:
            self._words.remove(place, before)
        if after:
            self._words.add([(place, after)])

    def _number(self, name: str) -> int:
        """The number that stands for a casefile, person or device, of whom there are few."""
        number = self._numbers.get(name)
        if number is None:
            number = len(self._numbers) + 1
            self._connection.execute("INSERT INTO names VALUES (?, ?)", (number, name))
            self._numbers[name] = number
            self._names[number] = name
        return number

    def _pending(self) -> bool:
        return any(
            t.kind.searchable and self._indexed[t.number] < self._next_row[t.number] - 1
            for t in self._tables
        )

    def _recall(self) -> None:
        """Read again what is kept in mind of the tables: after opening, and after a failure."""
        rows = self._connection.execute("SELECT number, name FROM names").fetchall()
        self._names = dict(rows)
        self._numbers = {name: number for number, name in rows}
        self._ensured: set[tuple[int, str]] = set()
        self._next_row: list[int] = []
        self._indexed: list[int] = []
        for table in self._tables:
            (last,) = self._one(f"SELECT max(row) FROM {table.name}", ()) or (None,)
            found = self._one(
                "SELECT value FROM marks WHERE name = ?", (f"indexed {table.number}",)
            )
            upto = cast(int, found[0]) if found else 0
            self._indexed.append(upto)
            self._next_row.append(max(cast(int, last or 0), upto) + 1)

    @contextmanager
    def _transaction(self, *, recall: bool = True) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            if recall:
                self._recall()
            raise
        self._connection.execute("COMMIT")

    def _one(self, statement: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
        return cast("tuple[Any, ...] | None", self._connection.execute(statement, parameters).fetchone())


def _connect() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def _ids(joined: bytes) -> list[bytes]:
    return [joined[i : i + _ID] for i in range(0, len(joined), _ID)]


def _joined(ids: set[bytes] | Sequence[bytes]) -> bytes:
    return b"".join(sorted(ids))


def _moment(stamp: int) -> datetime:
    return moment_of(min(stamp, _LAST_STAMP)).astimezone(UTC)


def _field(packed: bytes, name: str) -> object:
    """A field that has no column, for SQL; lists and maps cannot be compared."""
    value = msgpack.unpackb(packed).get(name)
    return value if isinstance(value, str | int | float | None) else None


def _list_has(packed: bytes, name: str, member: object) -> bool:
    value = msgpack.unpackb(packed).get(name)
    return isinstance(value, list) and member in value
