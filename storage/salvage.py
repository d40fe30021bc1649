"""A damaged file is set aside, never overwritten; what can be read of it goes into a new one.

A change is taken over only when it is whole: the id worked out from its bytes must be the one it
was filed under, which needs no key. What others wrote and is missing comes again from the office;
when something of this device's own is missing, it goes on as a new device (`renewal`).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import msgpack

from storage.changes import INBOX, mark_of
from storage.clock import Clock
from storage.database import durable, open_database
from storage.device_file import SeqMark
from storage.envelope import HASH_BYTES, ZERO_ID, is_entry, parse_header, sealed_from
from storage.errors import BadEnvelope, DamagedFile
from storage.inbox import read_entry_header
from storage.pages import Cell, Row, rows_in
from storage.seal import NONCE_BYTES
from storage.statements import read_statement
from storage.surroundings import Surroundings

log = logging.getLogger(__name__)

_NEEDED: Final = ("device", "login")  # without these nothing can even be sent
_TO_OPEN: Final = ("lock", "keys")
_SHORTEST_ITEM: Final = NONCE_BYTES + HASH_BYTES


def set_aside(path: Path, clock: Clock, word: str = "damaged") -> Path:
    """Give a closed vault's files a name with the date in it; gives the new place.

    Raises OSError. Nothing that is there already is overwritten.
    """
    stamp = f"{clock.now():%Y-%m-%dT%H%M%SZ}"
    aside = path.with_name(f"{path.stem}.{word}-{stamp}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}.{word}-{stamp}-{number}{path.suffix}")
    for ending in ("-wal", ".image", ".seq", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def salvage(path: Path, surroundings: Surroundings) -> DamagedFile:
    """Set a damaged file aside and save what is whole of it; gives the error that says so.

    Raises DiskFull or WriteFailed, and then the damaged file is where it was.
    """
    found = _Found()
    found.sort_in(rows_in(path))
    expected = SeqMark(path).read()
    found.judge(expected)
    fresh = path.with_name(path.name + ".salvaged")
    for leftover in (fresh, fresh.with_name(fresh.name + "-wal")):
        leftover.unlink(missing_ok=True)
    worth = all(name in found.meta for name in _NEEDED) and (
        "secret" in found.meta or "secret-entry" in found.meta
    )
    if worth:
        _write(found, fresh, surroundings)
    aside = set_aside(path, surroundings.clock)
    if worth:
        fresh.rename(path)
        SeqMark(path).write(found.last_seq)
    log.warning("damaged file set aside", extra={"kept": len(found.changes), "lost": found.lost})
    return DamagedFile(
        "the file on this device was damaged and has been set aside",
        set_aside=aside,
        kept=len(found.changes),
        lost=found.lost,
        usable=worth and all(name in found.meta for name in _TO_OPEN),
    )


@dataclass(slots=True)
class _Head:
    chain: int
    casefile: bytes
    device: bytes
    n: int
    id: bytes
    signature: bytes | None = None
    acknowledged: int = 0
    named: int = 0


@dataclass(slots=True)
class _Found:
    """What was read, by table, each under its primary key."""

    meta: dict[str, bytes] = field(default_factory=dict)
    heads: dict[int, _Head] = field(default_factory=dict)
    changes: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    others: dict[str, dict[Cell, tuple[Cell, ...]]] = field(default_factory=dict)
    lost: int = 0
    cloned: bool = False
    last_seq: int = 0

    def sort_in(self, rows: Iterable[Row]) -> None:
        for rowid, values in rows:
            for fits, take in _TABLES:
                if fits(values):
                    take(self, rowid, values)
                    break

    def judge(self, expected_seq: int) -> None:
        """Count what is missing, and make the chains whole again."""
        self.last_seq = max([*self.changes, 0])
        me = self.meta.get("device")
        by_chain: dict[int, dict[int, int]] = {}
        for seq, (_, chain, n, *_) in self.changes.items():
            by_chain.setdefault(cast(int, chain), {})[cast(int, n)] = seq
        for chain, places in by_chain.items():
            if chain not in self.heads:
                raw = cast(bytes, self.changes[next(iter(places.values()))][4])
                casefile, device = _belongs(raw)
                self.heads[chain] = _Head(chain, casefile, device, 0, ZERO_ID)
        for chain, head in self.heads.items():
            self._judge_chain(head, by_chain.get(chain, {}), mine=head.device == me)
        if expected_seq > self.last_seq:
            # The newest commits are gone, and with them what nobody can count any more.
            self.lost = max(self.lost, expected_seq - self.last_seq)
            self.cloned = True

    def _judge_chain(self, head: _Head, places: dict[int, int], *, mine: bool) -> None:
        reach = max(head.n, *places, 0) if places else head.n
        missing = [n for n in range(1, reach + 1) if n not in places]
        self.lost += len(missing)
        whole = missing[0] - 1 if missing else reach
        if mine:
            # Whatever was not sent stays on the chain, gap or not, to be sealed again.
            self.cloned = self.cloned or bool(missing)
            head.n = max(places, default=0)
        else:
            for n in [n for n in places if n > whole]:
                del self.changes[places.pop(n)]
            head.n = whole
        if head.n:
            row = self.changes[places[head.n]]
            head.id = sealed_from(cast(bytes, row[4]), cast(bytes, row[5])).id
            head.signature = cast("bytes | None", row[6]) or head.signature
        else:
            head.id = ZERO_ID
        head.acknowledged = min(head.acknowledged, head.n)
        head.named = min(head.named, head.n)

    def keep(self, table: str, key: Cell, values: tuple[Cell, ...]) -> None:
        self.others.setdefault(table, {})[key] = values


# -- which row is of which table: each has a shape of its own ------------------------------------


def _shape(*types: type | tuple[type, ...]) -> Callable[[tuple[Cell, ...]], bool]:
    def fits(values: tuple[Cell, ...]) -> bool:
        return len(values) == len(types) and all(
            isinstance(v, t) for v, t in zip(values, types, strict=True)
        )

    return fits


_NOTHING: Final = type(None)
_BLOB_OR_NOTHING: Final = (bytes, _NOTHING)


def _take_change(found: _Found, seq: int, values: tuple[Cell, ...]) -> None:
    _, chain, n, mark, header, item, _ = cast(
        "tuple[None, int, int, int, bytes, bytes, bytes | None]", values
    )
    try:
        whole = _is_of(header, item, n) and mark_of(sealed_from(header, item).id) == mark
    except BadEnvelope:
        whole = False
    if whole:
        found.changes[seq] = values
    else:
        log.warning("a change is damaged", extra={"chain": chain, "n": n})


def _is_of(header: bytes, item: bytes, n: int) -> bool:
    """Whether a header may stand at this place, with such an item. Raises BadEnvelope."""
    if is_entry(header):
        read_entry_header(header)
        return len(item) >= HASH_BYTES
    return parse_header(header).n == n and len(item) >= _SHORTEST_ITEM


def _belongs(raw: bytes) -> tuple[bytes, bytes]:
    """The casefile and the device of the chain that a whole header is of."""
    if is_entry(raw):
        return read_entry_header(raw).casefile, INBOX
    header = parse_header(raw)
    return header.casefile, header.device


def _take_head(found: _Found, chain: int, values: tuple[Cell, ...]) -> None:
    _, casefile, device, n, head, signature, acknowledged, named, _ = cast(
        "tuple[None, bytes, bytes, int, bytes, bytes | None, int, int, str | None]", values
    )
    if (len(casefile), len(device), len(head)) == (16, 16, 32):
        found.heads[chain] = _Head(chain, casefile, device, n, head, signature, acknowledged, named)


def _take_meta(found: _Found, _: int, values: tuple[Cell, ...]) -> None:
    name, value = cast(tuple[str, bytes], values)
    found.meta[name] = value


def _take_grant(found: _Found, _: int, values: tuple[Cell, ...]) -> None:
    try:
        if read_statement(cast(bytes, values[5])).id == values[0]:
            found.keep("grants", values[0], values)
    except BadEnvelope:
        log.warning("a grant is damaged")


def _under_first(table: str) -> Callable[[_Found, int, tuple[Cell, ...]], None]:
    def take(found: _Found, _: int, values: tuple[Cell, ...]) -> None:
        found.keep(table, values[0], values)

    return take


def _under_rowid(table: str) -> Callable[[_Found, int, tuple[Cell, ...]], None]:
    def take(found: _Found, rowid: int, values: tuple[Cell, ...]) -> None:
        found.keep(table, rowid, (rowid, *values[1:]))

    return take


_TABLES: Final[
    Sequence[
        tuple[
            Callable[[tuple[Cell, ...]], bool], Callable[[_Found, int, tuple[Cell, ...]], None]
        ]
    ]
] = (
    (_shape(_NOTHING, int, int, int, bytes, bytes, _BLOB_OR_NOTHING), _take_change),
    (
        _shape(
            _NOTHING, bytes, bytes, int, bytes, _BLOB_OR_NOTHING, int, int, (str, _NOTHING)
        ),
        _take_head,
    ),
    (_shape(str, bytes), _take_meta),
    (_shape(bytes, bytes, int, int, int, bytes), _take_grant),
    (_shape(bytes, bytes, int, bytes), _under_first("keys")),
    (_shape(_NOTHING, bytes), _under_rowid("directory")),
    (_shape(bytes, bytes, bytes, bytes, bytes, bytes), _under_first("drafts")),
    (
        _shape(
            bytes, bytes, bytes, int, bytes, bytes, _BLOB_OR_NOTHING, (int, _NOTHING), str, int,
            _BLOB_OR_NOTHING,
        ),
        _under_first("quarantine"),
    ),
    (_shape(bytes, bytes), _under_first("redacted")),
    (
        _shape(_NOTHING, bytes, str, int, _BLOB_OR_NOTHING, bytes, (str, _NOTHING), int),
        _under_rowid("orders"),
    ),
    (
        _shape(_NOTHING, bytes, bytes, bytes, bytes, bytes, (str, _NOTHING), int),
        _under_rowid("leavings"),
    ),
)  # fmt: skip


# -- the new file --------------------------------------------------------------------------------


def _write(found: _Found, path: Path, surroundings: Surroundings) -> None:
    """Bookmarks are left out: everything is pulled again, and what is here is recognised."""
    db = open_database(path, surroundings.connect)
    try:
        with durable(db.conn) as connection:
            _fill(found, connection)
    finally:
        db.close()


def _fill(found: _Found, connection: sqlite3.Connection) -> None:
    if found.cloned:
        found.meta["cloned"] = cast(bytes, msgpack.packb(1))
    found.meta.pop("damaged", None)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", found.meta.items())
    connection.executemany(
        "INSERT INTO heads (chain, casefile, device, n, id, signature, acknowledged, named)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (h.chain, h.casefile, h.device, h.n, h.id, h.signature, h.acknowledged, h.named)
            for h in found.heads.values()
        ],
    )
    gone = found.others.get("redacted", {})
    connection.executemany(
        "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(seq, *_without_text(values, gone)) for seq, values in sorted(found.changes.items())],
    )
    for table, rows in found.others.items():
        for values in rows.values():
            if table == "quarantine" and values[7] not in (None, *found.changes):
                continue
            connection.execute(
                f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * len(values))})",  # noqa: S608
                values,
            )


def _without_text(values: tuple[Cell, ...], gone: dict[Cell, tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """A change as it is kept: an older page may still have held what was redacted since."""
    _, chain, n, mark, header, item, signature = values
    sealed = sealed_from(cast(bytes, header), cast(bytes, item))
    if sealed.id in gone:
        item = sealed.nonce + sealed.ct_hash
    return chain, n, mark, header, item, signature
