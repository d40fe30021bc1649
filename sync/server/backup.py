"""One office in one file, read at one moment and readable on either kind of database.

    "doorstep-office backup 1\\n"
    {revision, at, organisation, version}                  msgpack, as all that follows
    [table, [column, …]], then its rows: [[value, …], …]   as often as needed; [] ends the table
    {table: how many rows, …}
    SHA-256 of everything above                             32 bytes

Left out is what must not outlive a restore (`tables.FLEETING`): logins under way, counted failures
and the secret that hides addresses. There is no key in it that opens anything: what it tells a
thief is what the office's database tells one. Must not know what the tables are for.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgpack
from sqlalchemy import Connection, Table, select

from storage.envelope import MAX_CHANGE_BYTES
from sync.forms import pack
from sync.server import layout
from sync.server.database import Database
from sync.server.tables import FLEETING, metadata, office

_MAGIC: Final = b"doorstep-office backup 1\n"
_DIGEST_BYTES: Final = 32
_ROWS: Final = 200
_ROWS_BYTES: Final = 1024 * 1024
"""Rows that stand together: few enough to be held in memory."""
_LARGEST: Final = 16 * MAX_CHANGE_BYTES
_CHUNK: Final = 1024 * 1024


class BadBackup(Exception):
    """The file is not a whole backup of an office: cut off, damaged, or something else."""


class NothingThere(Exception):
    """There is no office's data where it was looked for."""


class OlderLayout(Exception):
    """An older office wrote this database, and no newer one has been started on it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a backup says of itself. `at`: milliseconds since 1970."""

    revision: str
    at: int
    organisation: bytes
    version: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one table."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]

    def as_mappings(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def write(database: Database, path: Path, *, at: int, version: str) -> dict[str, int]:
    """Back an office up into a new file; gives how many rows there are of each table.

    The office may be at work meanwhile. Raises FileExistsError, NothingThere, OlderLayout,
    layout.NewerLayout, OSError when the disk is full, and what the database raises.
    """
    if path.exists():
        raise FileExistsError(path)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for nobody else
    part = Path(name)
    try:
        with os.fdopen(file, "wb") as out:
            counts = _write_all(database, _Hashing(out), at, version)
            out.flush()
            os.fsync(out.fileno())
        check(part)
        part.rename(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    _sync_folder(path.parent)
    return counts


def _sync_folder(folder: Path) -> None:
    """So that the file's name is on the disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class _Hashing:
    """A file being written, with the hash of what was written so far."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.hash.update(data)
        self._out.write(data)


def _write_all(database: Database, out: _Hashing, at: int, version: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    with database.reading() as connection:
        revision = layout.current(connection)
        if revision is None:
            raise NothingThere
        if revision != layout.newest():
            raise OlderLayout
        organisation = connection.execute(select(office.c.org)).scalar_one()
        out.write(_MAGIC)
        about = {"revision": revision, "at": at, "organisation": organisation or b""}
        out.write(pack({**about, "version": version}))
        for table in metadata.sorted_tables:
            if not table.info.get(FLEETING):
                counts[table.name] = _write_table(connection, table, out)
    out.write(pack(counts))
    out.write(out.hash.digest())
    return counts


def _write_table(connection: Connection, table: Table, out: _Hashing) -> int:
    columns = [column for column in table.columns if not column.info.get(FLEETING)]
    out.write(pack([table.name, [column.name for column in columns]]))
    rows = connection.execution_options(yield_per=_ROWS).execute(
        select(*columns).order_by(*table.primary_key.columns)
    )
    count, together, size = 0, list[list[Any]](), 0
    for row in rows:
        together.append(list(row))
        count += 1
        size += sum(len(value) for value in row if isinstance(value, bytes))
        if len(together) >= _ROWS or size >= _ROWS_BYTES:
            out.write(pack(together))
            together, size = [], 0
    if together:
        out.write(pack(together))
    out.write(pack([]))
    return count


def check(path: Path) -> About:
    """Read a whole backup and see that nothing of it is missing or changed. Raises BadBackup."""
    size = path.stat().st_size - _DIGEST_BYTES
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC or size < len(_MAGIC):
            raise BadBackup("the file is not an office's backup")
        file.seek(0)
        seen, left = hashlib.sha256(), size
        while left:
            chunk = file.read(min(_CHUNK, left))
            if not chunk:
                raise BadBackup("the file ends early")
            seen.update(chunk)
            left -= len(chunk)
        if file.read() != seen.digest():
            raise BadBackup("the file is cut off or damaged")
    return _about(next(_values(path), None))


def read(path: Path) -> Iterator[Rows]:
    """The rows of a backup that was checked, table by table. Raises BadBackup."""
    values = _values(path)
    next(values)
    counts: dict[str, int] = {}
    for value in values:
        if isinstance(value, Mapping):
            if dict(value) != counts:
                raise BadBackup("a table is not whole")
            return
        name, columns = _heading(value)
        counts[name] = 0
        for rows in values:
            if not rows:
                break
            if not isinstance(rows, list) or not all(len(row) == len(columns) for row in rows):
                raise BadBackup("a table's rows do not have its columns")
            counts[name] += len(rows)
            yield Rows(name, columns, rows)
    raise BadBackup("the file has no end")


def _heading(value: object) -> tuple[str, tuple[str, ...]]:
    match value:
        case [str() as name, [*columns]]:
            return name, tuple(map(str, columns))
    raise BadBackup("a table has no heading")


def _about(value: object) -> About:
    match value:
        case {
            "revision": str() as revision,
            "at": int() as at,
            "organisation": bytes() as organisation,
            "version": str() as version,
        }:
            return About(revision=revision, at=at, organisation=organisation, version=version)
    raise BadBackup("the file does not say what it is")


def _values(path: Path) -> Iterator[Any]:
    """What is packed in a backup, one value after another. Raises BadBackup."""
    left = path.stat().st_size - len(_MAGIC) - _DIGEST_BYTES
    unpacker = msgpack.Unpacker(max_buffer_size=_LARGEST, strict_map_key=True)
    with path.open("rb") as file:
        file.seek(len(_MAGIC))
        while left > 0:
            chunk = file.read(min(_CHUNK, left))
            if not chunk:
                raise BadBackup("the file ends early")
            left -= len(chunk)
            try:
                unpacker.feed(chunk)
                yield from unpacker
            except (ValueError, msgpack.exceptions.UnpackException) as error:
                raise BadBackup("the file holds what no office wrote") from error
