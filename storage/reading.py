"""Answers what screens ask of the records in memory. Must not know how they came to be."""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

import msgpack

from storage.clock import moment_of
from storage.kinds import Value
from storage.layout import Table
from storage.memory import AT_ONCE, Memory, unpack_fields
from storage.merge import canonical
from storage.query import Awaiting, Record, Sql, Version, Where, condition

_CELLS: Final = (
    "record, casefile, kind, first, last, author, device, changed_by, versions, own, frozen, "
    "conflicts, fields"
)


class Reading:
    """Reads from `memory`; changes nothing in it but the indexes it finds missing."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        memory.connection.create_function("field", 2, _field, deterministic=True)
        memory.connection.create_function("list_has", 3, _list_has, deterministic=True)
        self._wherever = " UNION ALL ".join(
            f"SELECT {t.number}, row, first FROM {t.name} WHERE record = ?1" for t in memory.tables
        )

    def find(
        self,
        kind: str,
        where: Where,
        *,
        casefile: str | None,
        order_by: Sequence[str],
        limit: int | None,
        offset: int,
    ) -> list[Record]:
        table = self._memory.table(kind)
        wanted = self._where(table, kind, where, casefile)
        order = [self._order(table, name) for name in order_by]
        rows = self._memory.connection.execute(
            # Sorting row numbers alone: dragging every note's text through the sorter would
            # cost more than all the rest.
            f"SELECT row FROM {table.name} WHERE {wanted.text} "
            f"ORDER BY {''.join(o.text + ', ' for o in order)}first, record LIMIT ? OFFSET ?",
            (
                *wanted.parameters,
                *(p for o in order for p in o.parameters),
                -1 if limit is None else limit,
                offset,
            ),
        ).fetchall()
        return self.records(table, [row for (row,) in rows])

    def cells(self, kind: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        table = self._memory.table(kind)
        at = "gone IS NULL" if table.known else "gone IS NULL AND kind = ?"
        columns = [table.columns.get(name) for name in names]
        wanted = [c for c in columns if c is not None]
        few = len(wanted) == len(names)
        rows = self._memory.connection.execute(
            f"SELECT record, casefile, {', '.join(wanted) if few and wanted else 'fields'} "
            f"FROM {table.name} WHERE {at}",
            () if table.known else (kind,),
        ).fetchall()
        known = self._memory.names
        if few and wanted:
            return [(record, known[casefile], *cells) for record, casefile, *cells in rows]
        found: list[tuple[Any, ...]] = []
        for record, casefile, packed in rows:
            get = unpack_fields(packed).get
            found.append((record, known[casefile], *[get(name) for name in names]))
        return found

    def count(self, kind: str, where: Where, *, casefile: str | None) -> int:
        table = self._memory.table(kind)
        wanted = self._where(table, kind, where, casefile)
        found = self._memory.one(
            f"SELECT count(*) FROM {table.name} WHERE {wanted.text}", wanted.parameters
        )
        return cast(int, found[0]) if found else 0

    def tally(
        self, kind: str, by: Sequence[str], where: Where, *, casefile: str | None
    ) -> dict[tuple[Value, ...], int]:
        table = self._memory.table(kind)
        wanted = self._where(table, kind, where, casefile)
        groups = [self._value(table, name) for name in by]
        numbers = ", ".join(str(i) for i in range(1, len(groups) + 1))
        rows = self._memory.connection.execute(
            f"SELECT {''.join(g.text + ', ' for g in groups)}count(*) FROM {table.name} "
            f"WHERE {wanted.text}{' GROUP BY ' + numbers if groups else ''}",
            (*(p for g in groups for p in g.parameters), *wanted.parameters),
        )
        return {tuple(cells[:-1]): cells[-1] for cells in rows}

    def where_is(
        self, record: str, kind: str | None = None, casefile: str | None = None
    ) -> tuple[Table, int] | None:
        """The table and row of a record. Knowing its kind and casefile makes it quicker.

        Should several records have one id, the one with the oldest stamp is meant; and before it
        one that members alone can write: whoever may leave things in an inbox knows some ids.
        """
        memory = self._memory
        if kind is not None and casefile is not None:
            table = memory.table(kind)
            own = (record, memory.number_if_known(casefile))
            found = memory.one(
                f"SELECT row FROM {table.name} WHERE {table.same}",
                own if table.known else (*own, kind),
            )
            return (table, found[0]) if found else None
        candidates = memory.connection.execute(self._wherever, (record,)).fetchall()
        if not candidates:
            return None
        number, row, _ = min(
            candidates,
            key=lambda c: (memory.tables[c[0]].from_outside, c[2] or 0, c[0], c[1]),
        )
        return memory.tables[number], row

    def frontier(self, table: Table, row: int) -> bytes:
        """The ids that no known change of this record replaces, end to end."""
        found = self._memory.one(f"SELECT frontier FROM {table.name} WHERE row = ?", (row,))
        return cast(bytes, found[0]) if found else b""

    def records(self, table: Table, rows: Sequence[int]) -> list[Record]:
        """The records at these rows, in the order given; none for a row whose record is gone."""
        found: dict[int, Record] = {}
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            for row, *cells in self._memory.connection.execute(
                f"SELECT row, {_CELLS} FROM {table.name} "
                f"WHERE row IN ({', '.join('?' * len(some))}) AND gone IS NULL",
                some,
            ):
                found[row] = self._record(table, cells)
        return [found[row] for row in rows if row in found]

    def conflicted(self, tables: Iterable[Table]) -> list[Record]:
        """Records of these tables with a value to be chosen, by table, the oldest first."""
        found: list[Record] = []
        for table in tables:
            self._memory.ensure_index(table, "conflicts")
            rows = self._memory.connection.execute(
                f"SELECT row FROM {table.name} WHERE conflicts IS NOT NULL ORDER BY first, record"
            ).fetchall()
            found += self.records(table, [row for (row,) in rows])
        return found

    def unsent(self, waiting: Iterable[str], limit: int | None) -> list[Awaiting]:
        found: list[tuple[int, str, str, str]] = []
        for casefile, table, lacking in self._waiting(waiting):
            rows = self._memory.connection.execute(
                f"SELECT last, record, kind FROM {table.name} WHERE {lacking.text} "
                "ORDER BY last, record LIMIT ?",
                (*lacking.parameters, -1 if limit is None else limit),
            )
            found += [(at, record, casefile, kind or table.kind.name) for at, record, kind in rows]
        found.sort()
        return [
            Awaiting(record=record, kind=kind, casefile=casefile, at=moment_of(at))
            for at, record, casefile, kind in (found if limit is None else found[:limit])
        ]

    def tally_unsent(self, waiting: Iterable[str]) -> dict[tuple[str, str], int]:
        tally: Counter[tuple[str, str]] = Counter()
        for casefile, table, lacking in self._waiting(waiting):
            for kind, count in self._memory.connection.execute(
                f"SELECT kind, count(*) FROM {table.name} WHERE {lacking.text} GROUP BY kind",
                lacking.parameters,
            ):
                tally[casefile, kind or table.kind.name] += count
        return dict(tally)

    def _waiting(self, casefiles: Iterable[str]) -> Iterator[tuple[str, Table, Sql]]:
        """Each casefile and table, with what holds for records there that the office lacks."""
        memory = self._memory
        wanted = list(casefiles)
        for table in memory.tables if wanted else ():
            memory.ensure_index(table, "own")
            for casefile in wanted:
                number, sent = (
                    memory.number_if_known(casefile),
                    memory.acknowledged.get(casefile, 0),
                )
                yield casefile, table, Sql("casefile = ? AND own > 0 AND own > ?", (number, sent))

    def fold_hash(self, casefile: str) -> bytes:
        """32 bytes over all that the changes of a casefile decide, and nothing else."""
        digest = hashlib.sha256()
        for table in sorted(self._memory.tables, key=lambda t: t.kind.name):
            rows = self._memory.connection.execute(
                f"SELECT record, kind, frontier, frozen, gone, conflicts, fields FROM {table.name} "
                "WHERE casefile = ? ORDER BY kind, record",
                (self._memory.number_if_known(casefile),),
            )
            for record, kind, frontier, frozen, gone, conflicts, fields in rows:
                what = [kind or table.kind.name, record, frontier, frozen, gone]
                disputed = _alike(msgpack.unpackb(conflicts)) if conflicts else None
                digest.update(canonical([*what, disputed, msgpack.unpackb(fields)]))
        return digest.digest()

    # ------------------------------------------------------------------------------ pieces of SQL

    def _where(self, table: Table, kind: str, where: Where, casefile: str | None) -> Sql:
        conditions = [Sql("gone IS NULL")]
        if not table.known:
            conditions.append(Sql("kind = ?", (kind,)))
        if casefile is not None:
            self._memory.ensure_index(table, "casefile")
            number = self._memory.number_if_known(casefile)
            conditions.append(Sql("casefile = ?", (number,)))
        for name, wanted in where.items():
            conditions.append(condition(self._value(table, name), wanted, name))
        return Sql(
            " AND ".join(c.text for c in conditions),
            tuple(p for c in conditions for p in c.parameters),
        )

    def _value(self, table: Table, name: str) -> Sql:
        """The SQL that stands for a field: its cell, or a look into the packed fields.

        `record` is the record's own id, `author` and `device` who began it, so that they can be
        left out or tallied without reading the records.
        """
        if name == "record":
            return Sql("record")
        if name in {"author", "device"}:
            return Sql(f"(SELECT name FROM names WHERE number = {name})")
        cell = table.columns.get(name)
        if cell is None:
            return Sql("field(fields, ?)", (name,))
        self._memory.ensure_index(table, cell)
        return Sql(cell)

    def _order(self, table: Table, name: str) -> Sql:
        value = self._value(table, name.removeprefix("-"))
        direction = "DESC" if name.startswith("-") else "ASC"
        return Sql(f"{value.text} {direction} NULLS LAST", value.parameters)

    # ------------------------------------------------------------------------------- from cells

    def _record(self, table: Table, cells: Sequence[Any]) -> Record:
        (record, casefile, kind, first, last, author, device, changed_by, versions, own, frozen,
         conflicts, fields) = cells  # fmt: skip
        names = self._memory.names
        began = moment_of(first)
        return Record(
            record=record,
            kind=table.kind.name if table.known else kind,
            casefile=names[casefile],
            fields=unpack_fields(fields),
            conflicts=self._conflicts(conflicts, names[casefile]) if conflicts else {},
            author=names[author],
            device=names[device],
            at=began,
            changed_by=names[changed_by],
            changed_at=began if last == first else moment_of(last),
            sent=not own or own <= self._memory.acknowledged.get(names[casefile], 0),
            frozen=bool(frozen),
            versions=versions,
        )

    def _conflicts(self, packed: bytes, casefile: str) -> Mapping[str, tuple[Version, ...]]:
        acknowledged = self._memory.acknowledged.get(casefile, 0)
        return {
            name: tuple(
                Version(
                    change_id=change,
                    fields={name: value},
                    author=author,
                    device=device,
                    at=moment_of(stamp),
                    sent=own <= acknowledged,
                )
                for change, value, author, device, stamp, own in standing
            )
            for name, standing in msgpack.unpackb(packed).items()
        }


def _alike(disputed: Mapping[str, Sequence[Sequence[Value]]]) -> dict[str, list[list[Value]]]:
    """What stands in each field, without what only this device knows of it."""
    return {name: [list(version[:5]) for version in found] for name, found in disputed.items()}


def _field(packed: bytes, name: str) -> str | int | float | None:
    """A field that has no column, for SQL; lists and maps cannot be compared."""
    value = unpack_fields(packed).get(name)
    return None if isinstance(value, list | dict) else value


def _list_has(packed: bytes, name: str, member: object) -> bool:
    """Whether a field is a list with this member; SQL has no truth values, so 1 means true too."""
    value = unpack_fields(packed).get(name)
    return isinstance(value, list) and member in value
