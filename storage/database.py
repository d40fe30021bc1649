"""Opening the one file on disk, and writing to it so that a commit is a promise.

WAL with `synchronous=FULL`; deleted bytes are overwritten; nothing temporary goes to disk; held
for this process alone. SQLite's errors become ours here and nowhere else.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from storage.errors import AlreadyOpen, DamagedFile, DiskFull, NewerFile, StorageError, WriteFailed
from storage.migrations import device_file

log = logging.getLogger(__name__)

# 16 MiB of WAL before SQLite copies it over by itself: a large pull then pays one such pause.
_CHECKPOINT_PAGES: Final = 4_000
_LOG_ROOM_BYTES: Final = 1024 * 1024  # about 200 saves
_PRAGMAS: Final = (
    "PRAGMA locking_mode=EXCLUSIVE",  # before journal_mode: then there is no shared-memory file
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=OFF",
    f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}",
)


def open_database(
    path: Path,
    connect: Callable[[Path], sqlite3.Connection],
    check: Callable[[sqlite3.Connection], None] = lambda _: None,
) -> Database:
    """Open or make the file, hold it for this process alone, and bring its layout up to date.

    `check` looks at the file before anything is written to it, and raises. Raises AlreadyOpen,
    DamagedFile, NewerFile, DiskFull or WriteFailed.
    """
    connection: sqlite3.Connection | None = None
    try:
        with translated():
            path.touch(mode=0o600)  # the log takes after it
            connection = connect(path)
            for pragma in _PRAGMAS:
                connection.execute(pragma).fetchall()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            check(connection)
            db = Database(connection, execute_plugins=False)
            _check_layout(db)
            device_file.apply(db)
            make_room(path)
            return db
    except BaseException:
        if connection is not None:
            connection.close()
        raise


@contextmanager
def log_kept(path: Path) -> Iterator[None]:
    """When the block ends in an error, the log is there again as it was before.

    On closing, SQLite folds the log into the file as far as it makes sense to it, and deletes the
    rest, which may be what has to be salvaged.
    """
    wal = path.with_name(path.name + "-wal")
    kept = path.with_name(path.name + "-wal.kept")
    if not wal.exists() or wal.stat().st_size == 0:
        yield
        return
    kept.unlink(missing_ok=True)
    try:
        kept.hardlink_to(wal)
    except OSError:  # not every file system has links
        shutil.copyfile(wal, kept)
    try:
        yield
    except BaseException:
        kept.replace(wal)
        raise
    kept.unlink()


def _refuse_newer(db: Database) -> None:
    known = {m.name for m in device_file.applied(db)}
    ours = {m.name for m in device_file._migrations}  # noqa: SLF001  the library lists only what is pending
    if known - ours:
        raise NewerFile("a later version of the app wrote this file")


def _check_layout(db: Database) -> None:
    """Raises DamagedFile unless the tables have the columns that the steps walked so far gave
    them: a flipped bit in a column's name would otherwise show only in the middle of a write."""
    try:
        _refuse_newer(db)
        made = Database(memory=True, execute_plugins=False)
        device_file.apply(made, stop_before=[step.name for step in device_file.pending(db)])
        whole = _columns(db) == _columns(made)
        made.close()
    except sqlite3.OperationalError as error:
        if _ours(error.sqlite_errorcode) is not None:  # the disk's errors are another matter
            raise
        raise DamagedFile("the file's tables cannot be made out") from error
    if not whole:
        raise DamagedFile("the file's tables are not those that were made")


def _columns(db: Database) -> set[tuple[bytes, bytes]]:
    """Every table with each of its columns, as bytes: damaged names may be no text."""
    return {
        (table, column)
        for table, column in db.execute(
            "SELECT CAST(t.name AS BLOB), CAST(c.name AS BLOB)"
            " FROM sqlite_schema t, pragma_table_info(t.name) c"
            " WHERE t.type = 'table' AND t.name <> ?",
            [device_file.migrations_table],
        )
    }


def check_structure(connection: sqlite3.Connection) -> None:
    """Raises DamagedFile unless the file's structure holds together; says nothing about what the
    bytes mean."""
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise DamagedFile("the file's structure is damaged")


@contextmanager
def durable(connection: sqlite3.Connection, *, forced: bool = True) -> Iterator[sqlite3.Connection]:
    """One transaction that is on disk when the block ends, or not at all.

    Without `forced` it survives the end of the process, but a power cut only once the next
    transaction is on disk. Raises DiskFull, WriteFailed or DamagedFile; then the file is as it
    was before.
    """
    with translated():
        if not forced:
            connection.execute("PRAGMA synchronous=NORMAL")
        if connection.in_transaction:  # the disk did not even take the rollback of the last one
            connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite has rolled back by itself after some errors
                connection.execute("ROLLBACK")
            raise
        finally:
            if not forced:
                connection.execute("PRAGMA synchronous=FULL")


def checkpoint(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the log into the file and empty it, so that no earlier state stays readable there.

    A disk that cannot take it now is no loss: the log stays, and the next time takes it along.
    """
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as error:
        log.warning("checkpoint put off", extra={"code": error.sqlite_errorname})
    make_room(path)


def reuse_log(connection: sqlite3.Connection) -> None:
    """Copy the log into the file but leave it its length, so that it begins again from its start
    and need not grow for what comes next."""
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    except sqlite3.OperationalError as error:
        log.info("log not begun again", extra={"code": error.sqlite_errorname})


def make_room(path: Path) -> None:
    """Lay out the log's first part in advance, with zeros, which SQLite takes for its end.

    Each save is forced to disk; where the file need not grow for that, it takes two thirds of
    the time. Without room it only takes longer.
    """
    wal = path.with_name(path.name + "-wal")
    try:
        missing = _LOG_ROOM_BYTES - wal.stat().st_size
        if missing > 0:
            with wal.open("ab") as file:
                file.write(bytes(missing))
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        log.info("no room made for the log", extra={"errno": error.errno})


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors about the disk as ours; others are mistakes in the code and stay."""
    try:
        yield
    except sqlite3.Error as error:
        ours = _ours(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK))
        if ours is None:
            raise
        raise ours from error


def _ours(code: int) -> StorageError | None:
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return DiskFull("the disk is full")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return AlreadyOpen("another process has this file open")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DamagedFile("the file on this device is damaged")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return WriteFailed(f"the disk did not take the write ({code})")
        case _:
            return None
