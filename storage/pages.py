"""Reading rows out of a damaged SQLite file, page by page, without SQLite.

SQLite gives up at the first page that makes no sense; here every leaf page is read by itself, and
of each page the newest version that the write-ahead log vouches for. What a row means, and whether
it is whole, is for the caller to judge. Never writes.
Source: "Database File Format", sqlite.org/fileformat2.html, sections 1.5, 1.6, 2.1 and 4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_TABLE_LEAF: Final = 0x0D
_FILE_HEADER: Final = 100
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_PAGE_SIZES: Final = tuple(1 << bits for bits in range(9, 17))
_DEFAULT_PAGE: Final = 4096
_MOST_OVERFLOW: Final = 4_096  # pages; a change is at most 1 MiB

Cell = None | int | float | str | bytes
Row = tuple[int, tuple[Cell, ...]]
"""rowid, values: an INTEGER PRIMARY KEY is None among the values."""


def rows_in(path: Path) -> Iterator[Row]:
    """Every row that can still be read, of all tables together, in no order."""
    data = path.read_bytes()
    wal = path.with_name(path.name + "-wal")
    size = _page_size(data)
    pages = {
        number: data[start : start + size]
        for number, start in enumerate(range(0, len(data), size), start=1)
    }
    if wal.exists():
        pages.update(_logged(wal.read_bytes(), size))
    for number, page in pages.items():
        if len(page) == size:
            yield from _leaf_rows(page, _FILE_HEADER if number == 1 else 0, pages)


def _page_size(data: bytes) -> int:
    if len(data) >= 18:
        (stated,) = struct.unpack_from(">H", data, 16)
        size = 65536 if stated == 1 else int(stated)
        if size in _PAGE_SIZES:
            return size
    return _DEFAULT_PAGE


def _logged(wal: bytes, size: int) -> dict[int, bytes]:
    """Pages of the write-ahead log up to its last commit, those left out whose checksum is wrong.

    A frame's checksum goes on from the one before it, which is written there: so frames beyond a
    damaged one can be checked too, where SQLite stops reading.
    """
    if len(wal) < _WAL_HEADER:
        return {}
    magic, _, _, _, *salts = struct.unpack_from(">6I", wal)
    order = ">" if magic & 1 else "<"
    before = struct.unpack_from(">2I", wal, 24)
    found: dict[int, bytes] = {}
    open_transaction: dict[int, bytes] = {}
    step = _FRAME_HEADER + size
    for start in range(_WAL_HEADER, len(wal) - step + 1, step):
        number, committed, *rest = struct.unpack_from(">6I", wal, start)
        if rest[:2] != salts:
            continue  # of an earlier round of the log
        page = wal[start + _FRAME_HEADER : start + step]
        after = (rest[2], rest[3])
        if _checksum(wal[start : start + 8] + page, before, order) == after:
            open_transaction[number] = page
        if committed:
            found.update(open_transaction)
            open_transaction = {}
        before = after
    return found


def _checksum(data: bytes, seed: tuple[int, int], order: str) -> tuple[int, int]:
    a, b = seed
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        a = (a + first + b) & 0xFFFFFFFF
        b = (b + second + a) & 0xFFFFFFFF
    return a, b


def _leaf_rows(page: bytes, start: int, pages: dict[int, bytes]) -> Iterator[Row]:
    if page[start] != _TABLE_LEAF:
        return
    (count,) = struct.unpack_from(">H", page, start + 3)
    if start + 8 + 2 * count > len(page):
        return
    for place in struct.unpack_from(f">{count}H", page, start + 8):
        try:
            yield _row(page, place, pages)
        except (IndexError, struct.error, ValueError, KeyError):
            continue  # this cell makes no sense; the next one may


def _row(page: bytes, place: int, pages: dict[int, bytes]) -> Row:
    length, place = _varint(page, place)
    rowid, place = _varint(page, place)
    payload = _payload(page, place, length, pages)
    end, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Cell] = []
    at = end
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError("a row has another length than it says")
    return (rowid - (1 << 64) if rowid >> 63 else rowid), tuple(values)


def _payload(page: bytes, place: int, length: int, pages: dict[int, bytes]) -> bytes:
    usable = len(page)
    most = usable - 35
    if length <= most:
        if place + length > usable:
            raise ValueError("a row ends beyond its page")
        return page[place : place + length]
    least = (usable - 12) * 32 // 255 - 23
    local = least + (length - least) % (usable - 4)
    local = local if local <= most else least
    parts = [page[place : place + local]]
    (following,) = struct.unpack_from(">I", page, place + local)
    missing = length - local
    for _ in range(_MOST_OVERFLOW):
        if missing <= 0:
            return b"".join(parts)
        overflow = pages[following]
        (following,) = struct.unpack_from(">I", overflow)
        parts.append(overflow[4 : 4 + missing])
        missing -= len(parts[-1])
    raise ValueError("a row has more overflow pages than it can need")


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for used in range(8):
        byte = data[place + used]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + used + 1
    return value << 8 | data[place + 8], place + 9


_INTEGER_BYTES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _value(data: bytes, at: int, kind: int) -> tuple[Cell, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind == 7:
        return float(struct.unpack_from(">d", data, at)[0]), at + 8
    size = _INTEGER_BYTES.get(kind)
    if size is not None:
        return int.from_bytes(data[at : at + size], "big", signed=True), at + size
    if kind < 12:
        raise ValueError("a row holds a value of an unknown kind")
    size = (kind - 12) // 2
    raw = data[at : at + size]
    if len(raw) != size:
        raise ValueError("a row's value is cut off")
    return (raw if kind % 2 == 0 else raw.decode()), at + size
