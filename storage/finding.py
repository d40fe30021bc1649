"""Search over the records in memory: keeps the word index abreast and puts hits in order.

The index follows the records at leisure: what was folded in since is taken on in the background
after a large pull, and a little of it before each search. Must not know how changes merge.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from storage.layout import PLACE_BITS, Table, row_of, table_of
from storage.memory import Memory, unpack_fields
from storage.query import Hit
from storage.reading import Reading
from storage.search import WordIndex, snippet, words

_CATCH_UP: Final = 300
"""Records a search indexes by itself before it answers: under 10 ms of a keystroke's 20."""
_WEIGHED: Final = 200
"""Matches of one kind that are weighed against each other, the newest: a single letter begins a
word in nearly every note."""


class Finding:
    """Search, and what keeps it true."""

    def __init__(self, memory: Memory, reading: Reading) -> None:
        self._memory = memory
        self._reading = reading
        self._words = WordIndex(memory.connection, full_text=memory.full_text)

    def create(self) -> None:
        self._words.create()

    def search(self, text: str, kinds: Collection[str] | None, limit: int) -> list[Hit]:
        asked = words(text)
        if not asked:
            return []
        self.catch_up(_CATCH_UP)
        hits: list[Hit] = []
        for table, row in self._best(asked, kinds)[:limit]:
            for record in self._reading.records(table, [row]):
                stretch = snippet(table.text(record.fields), asked)
                hits.append(
                    Hit(
                        record=record.record,
                        kind=record.kind,
                        casefile=record.casefile,
                        snippet=stretch,
                    )
                )
        return hits

    def _best(self, asked: Sequence[str], kinds: Collection[str] | None) -> list[tuple[Table, int]]:
        """Tables and rows of matches, the likeliest first, as `Readable.search` promises."""
        places = self._words.beginning(asked)
        whole = self._words.whole(asked) if places else set()
        weighed: list[tuple[tuple[bool, int, int, int], Table, int]] = []
        for table in self._memory.tables:
            if kinds is not None and table.kind.name not in kinds:
                continue
            low = bisect_left(places, table.number << PLACE_BITS)
            high = bisect_left(places, table.number + 1 << PLACE_BITS, low)
            newest = places[max(low, high - _WEIGHED) : high]
            if not newest:
                continue
            measured = self._memory.connection.execute(
                f"SELECT row, length(fields), last FROM {table.name} "
                f"WHERE row IN ({', '.join('?' * len(newest))})",
                [row_of(place) for place in newest],
            )
            common = (high - low).bit_length()
            weighed += [
                # Doublings of a quarter of a kilobyte: a name, an appointment, a note.
                (
                    (table.place(row) not in whole, (size >> 8).bit_length(), common, -last),
                    table,
                    row,
                )
                for row, size, last in measured
            ]
        weighed.sort(key=lambda w: w[0])
        return [(table, row) for _, table, row in weighed]

    def pending(self) -> bool:
        """Whether some records are not findable yet as they now read."""
        return self._memory.one("SELECT 1 FROM stale") is not None or any(
            self._behind(table) for table in self._memory.tables
        )

    def catch_up(self, limit: int | None = None) -> int:
        """Index up to `limit` records that changed or are new; returns how many, 0 when none."""
        with self._memory.transaction():
            done = self._replace_stale(limit)
            # Kinds with little to do first: after a pull, names are found long before all notes.
            for table in sorted(self._memory.tables, key=self._behind):
                waiting = self._behind(table)
                if limit is not None:
                    waiting = min(waiting, limit - done)
                if waiting <= 0:
                    continue
                upto = self._memory.indexed[table.number]
                self._words.add((p, text) for p, text in self._said(table, upto, waiting) if text)
                self._memory.set_indexed(table, upto + waiting)
                done += waiting
        return done

    def _said(self, table: Table, upto: int, waiting: int) -> Iterator[tuple[int, str]]:
        """The words of the next rows of a table, with their places: from mind as far as that goes,
        the others read."""
        fresh, place = self._memory.fresh, table.place
        unread = []
        for row in range(upto + 1, upto + waiting + 1):
            text = fresh.pop(place(row), None)
            if text is None:
                unread.append(row)
            else:
                yield place(row), text
        if unread:
            rows = self._memory.connection.execute(
                f"SELECT row, fields FROM {table.name} WHERE row >= ? AND row <= ?",
                (unread[0], unread[-1]),
            )
            missing = set(unread)
            yield from (
                (place(row), table.text(unpack_fields(packed)))
                for row, packed in rows
                if row in missing
            )

    def purge(self) -> None:
        """Let go of words that no record says any more, now instead of some day."""
        with self._memory.transaction():
            self._replace_stale(None)
            self._words.purge()

    def _behind(self, table: Table) -> int:
        """How many rows of a table were added since it was last indexed."""
        if not table.kind.searchable:
            return 0
        return self._memory.next_row[table.number] - 1 - self._memory.indexed[table.number]

    def _replace_stale(self, limit: int | None) -> int:
        """Exchange the words of records that have changed since they were indexed."""
        stale = self._memory.connection.execute(
            "SELECT place, text FROM stale LIMIT ?", (-1 if limit is None else limit,)
        ).fetchall()
        for place, text in stale:
            if text:  # what had no words was never added
                self._words.remove(place, text)
        again = []
        for place, _ in stale:
            table = self._memory.tables[table_of(place)]
            found = self._memory.one(
                f"SELECT fields FROM {table.name} WHERE row = ?", (row_of(place),)
            )
            if found and (text := table.text(unpack_fields(found[0]))):
                again.append((place, text))
        self._words.add(again)
        self._memory.connection.executemany(
            "DELETE FROM stale WHERE place = ?", [(place,) for place, _ in stale]
        )
        return len(stale)
