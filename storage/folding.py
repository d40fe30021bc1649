"""Folds changes into the records in memory, as cheaply as each one's place in the history allows.

Most changes begin a record, and most others follow everything that is known of it: neither needs
an older change. Only where a change meets others it has not seen are those opened again and the
record worked out anew. Must not know how records are asked for, nor the search index; text that
the index must let go of is set aside in `stale`.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from storage.kinds import Fields, Value
from storage.layout import LARGEST, Table
from storage.memory import FRESH, Memory, pack, unpack_fields
from storage.merge import Folded, fields_of_one, fold, freezes, succeed
from storage.opened import Opened

Reopen = Callable[[Sequence[bytes]], Mapping[bytes, Opened]]
"""Older changes of a record, opened again. An id it leaves out counts as not here yet."""

_ID: Final = 32
_NOTHING: Final = pack({})


class Folding:
    """Writes changes into `memory`. Every method belongs inside one of its transactions."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._execute = memory.connection.execute
        self._executemany = memory.connection.executemany

    def apply(self, changes: Iterable[Opened], reopen: Reopen) -> set[str]:
        """Fold changes in, in any order, repeats harmless; returns the kinds whose records
        changed."""
        beginning: dict[str, list[Opened]] = {}
        following: dict[tuple[str, str, str], list[Opened]] = {}
        begun: set[tuple[str, str]] = set()
        for change in changes:
            record = (change.record, change.casefile)
            if change.parents or change.redacted or record in begun:
                key = (change.kind, *record)
                following.setdefault(key, []).append(change)
            else:
                begun.add(record)
                beginning.setdefault(change.kind, []).append(change)
        touched: set[str] = set()
        for kind, firsts in beginning.items():
            there_already = self._begin(self._memory.table(kind), firsts)
            for change in there_already:
                key = (kind, change.record, change.casefile)
                following.setdefault(key, []).append(change)
            if len(there_already) < len(firsts):
                touched.add(kind)
        for (kind, _, _), followers in following.items():
            if self._follow(self._memory.table(kind), followers, reopen):
                touched.add(kind)
        return touched

    def ids_at(self, table: Table, row: int) -> list[bytes]:
        """The ids of a record's changes, oldest first."""
        traced = self._execute(
            "SELECT change FROM lineage WHERE place = ? ORDER BY step", (table.place(row),)
        ).fetchall()
        if traced:
            return [i for (i,) in traced]
        found = self._memory.one(f"SELECT frontier FROM {table.name} WHERE row = ?", (row,))
        return split_ids(found[0]) if found else []

    def refold(self, table: Table, row: int, news: Sequence[Opened], reopen: Reopen) -> None:
        """Work a record out anew from all its changes, opened again but for those in hand."""
        known = self.ids_at(table, row)
        in_hand = {c.id for c in news}
        missing = [i for i in known if i not in in_hand]
        everything = [*(reopen(missing).values() if missing else ()), *news]
        held = {c.id for c in everything}
        self._write(table, row, everything, [i for i in known if i not in held])

    # ------------------------------------------------------------------------- one row a record

    def _begin(self, table: Table, changes: Sequence[Opened]) -> list[Opened]:
        """Add records of one change each; returns the changes whose record was there already."""
        number, typed = self._memory.number, table.typed
        kind = None if table.known else changes[0].kind
        growing, freezing = bool(table.kind.growing), table.kind.frozen_by is not None
        first_row = row = self._memory.next_row[table.number]
        rows, said = [], []
        for c in changes:
            fields = fields_of_one(table.kind, c.fields) if growing else c.fields
            frozen = 1 if freezing and freezes(table.kind, c) else None
            said.append(fields)
            rows.append(
                (
                    row, c.record, number(c.casefile), kind, c.id, min(c.hlc, LARGEST),
                    number(c.author), number(c.device), c.n if c.mine else 0, frozen,
                    pack(fields), *typed(fields),
                )
            )  # fmt: skip
            row += 1
        done = self._executemany(table.begin, rows).rowcount
        self._memory.next_row[table.number] = row
        if done == len(changes):
            self._keep_in_mind(table, first_row, said)
            return []
        new = {
            r
            for (r,) in self._execute(f"SELECT row FROM {table.name} WHERE row >= ?", (first_row,))
        }
        return [c for r, c in enumerate(changes, first_row) if r not in new]

    def _keep_in_mind(self, table: Table, first_row: int, said: Sequence[Fields]) -> None:
        """What new records say, until search has learnt it."""
        fresh = self._memory.fresh
        if table.kind.searchable and len(fresh) + len(said) <= FRESH:
            fresh.update(enumerate(map(table.text, said), start=table.place(first_row)))

    def _follow(self, table: Table, changes: Sequence[Opened], reopen: Reopen) -> bool:
        """Fold further changes of one record in; False when all of them were known."""
        memory, head = self._memory, changes[0]
        changes = list({c.id: c for c in changes}.values())
        own = (head.record, memory.number(head.casefile))
        found = memory.one(
            "SELECT row, frontier, versions, own, frozen, gone, conflicts, fields "
            f"FROM {table.name} WHERE {table.same}",
            own if table.known else (*own, head.kind),
        )
        if found is None:
            row = memory.next_row[table.number]
            memory.next_row[table.number] += 1
            self._execute(
                f"INSERT INTO {table.name} (row, record, casefile, kind) VALUES (?, ?, ?, ?)",
                (row, *own, None if table.known else head.kind),
            )
            self._write(table, row, changes, ())
            return True
        row, frontier, versions, own, frozen, gone, conflicts, fields = found
        heads = split_ids(frontier)
        alone = heads if versions == 1 else []
        # What says nothing, as a redaction itself does, neither began a record nor changed it:
        # who did is then a matter for the whole history.
        plain = not gone and fields != _NOTHING
        successors, others = _succession(heads, changes) if plain else ([], list(changes))
        others = [c for c in others if not self._is_known(c.id, alone)]
        if others:
            self.refold(table, row, [*successors, *others], reopen)
            return True
        if not successors:
            return False
        place = table.place(row)
        self._trace(place, [*alone, *(c.id for c in successors)], versions + 1 - len(alone))
        cells: dict[str, object] = {
            "frontier": successors[-1].id,
            "versions": versions + len(successors),
            "own": max(own, _last_own(successors)),
        }
        counted = _until_frozen(table, successors) if not frozen else []
        if counted:
            last = counted[-1]
            disputed = unpack_fields(conflicts) if conflicts else {}
            values = before = unpack_fields(fields)
            for change in counted:
                values = succeed(table.kind, values, change)
                disputed = {n: v for n, v in disputed.items() if n not in change.fields}
            cells |= {
                "last": min(last.hlc, LARGEST),
                "changed_by": memory.number(last.author),
                "frozen": 1 if freezes(table.kind, last) else None,
                "conflicts": pack(disputed) if disputed else None,
            }
            self._set_values(table, row, cells, before, values)
        else:
            self._set(table, row, cells)
        return True

    def _write(
        self,
        table: Table,
        row: int,
        everything: Sequence[Opened],
        unopened: Sequence[bytes],
    ) -> None:
        """Write a record as everything folds; `unopened` are its own, but cannot be had now."""
        place, number = table.place(row), self._memory.number
        folded = fold(table.kind, everything)
        fields, own = self._memory.one(
            f"SELECT fields, own FROM {table.name} WHERE row = ?", (row,)
        ) or (None, None)
        self._execute("DELETE FROM lineage WHERE place = ?", (place,))
        order = [*folded.order, *unopened]
        if len(order) > 1:
            self._trace(place, order, 1)
        cells: dict[str, object] = {
            "frontier": b"".join(folded.frontier),
            "versions": len(order),
            "own": max(own or 0, _last_own(everything)),
            "frozen": 1 if folded.frozen else None,
            "gone": 1 if folded.gone or not everything else None,
            "conflicts": _packed_conflicts(folded),
        }
        if everything:
            # Where no change counts, whoever is there has to stand for who began the record.
            first, last = folded.first or everything[0], folded.last or everything[-1]
            cells |= {
                "first": min(first.hlc, LARGEST),
                "last": min(last.hlc, LARGEST),
                "author": number(first.author),
                "device": number(first.device),
                "changed_by": number(last.author),
            }
        self._set_values(table, row, cells, unpack_fields(fields) if fields else {}, folded.values)

    def _set_values(
        self,
        table: Table,
        row: int,
        cells: dict[str, object],
        before: Mapping[str, Value],
        after: Mapping[str, Value],
    ) -> None:
        cells["fields"] = pack(after)
        self._memory.fresh.pop(table.place(row), None)
        cells.update(zip(table.columns.values(), table.typed(after), strict=True))
        self._set(table, row, cells)
        if row <= self._memory.indexed[table.number]:
            held, said = table.text(before), table.text(after)
            if held != said:
                # What the index was given stays set aside until the index has let go of it.
                self._execute("INSERT OR IGNORE INTO stale VALUES (?, ?)", (table.place(row), held))

    def _set(self, table: Table, row: int, cells: Mapping[str, object]) -> None:
        changed = ", ".join(f"{name} = ?" for name in cells)
        self._execute(f"UPDATE {table.name} SET {changed} WHERE row = ?", (*cells.values(), row))

    def _trace(self, place: int, ids: Sequence[bytes], step: int) -> None:
        self._executemany(
            "INSERT INTO lineage VALUES (?, ?, ?)",
            [(i, place, n) for n, i in enumerate(ids, start=step)],
        )

    def _is_known(self, change: bytes, alone: Sequence[bytes]) -> bool:
        if change in alone:
            return True
        return self._memory.one("SELECT 1 FROM lineage WHERE change = ?", (change,)) is not None


def split_ids(joined: bytes) -> list[bytes]:
    """The ids of a frontier cell."""
    return [joined[i : i + _ID] for i in range(0, len(joined), _ID)]


def _succession(
    heads: Sequence[bytes], changes: Sequence[Opened]
) -> tuple[list[Opened], list[Opened]]:
    """Changes that each replace everything known before it, in that order; and all others."""
    known, successors, waiting = set(heads), [], list(changes)
    progress = True
    while progress:
        progress, others = False, []
        for change in waiting:
            if known.issubset(change.parents) and change.fields:
                known, progress = {change.id}, True
                successors.append(change)
            else:
                others.append(change)
        waiting = others
    return successors, waiting


def _last_own(changes: Iterable[Opened]) -> int:
    """The highest n among those that this device made; 0 when it made none."""
    return max((c.n for c in changes if c.mine), default=0)


def _until_frozen(table: Table, successors: Sequence[Opened]) -> list[Opened]:
    """The changes that count: up to the one that closes the record."""
    for i, change in enumerate(successors, start=1):
        if freezes(table.kind, change):
            return list(successors[:i])
    return list(successors)


def _packed_conflicts(folded: Folded) -> bytes | None:
    """For each field [id, value, author, device, stamp, own n] of every change that stands in it;
    what differs between devices is last."""
    if not folded.conflicts:
        return None
    described = {}
    for name, standing in sorted(folded.conflicts.items()):
        described[name] = [
            [
                *(c.id, c.fields[name], c.author, c.device, min(c.hlc, LARGEST)),
                c.n if c.mine else 0,
            ]
            for c in standing
        ]
    return pack(described)
