"""What differs between the databases an office may run on: nothing else names one of them.

SQLite is the embedded default: write-ahead log, every commit on the disk before it is answered,
and writers that take the write lock first, so that none finds out half-way that it must begin
again.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Row,
    Table,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

CONNECTIONS: Final = 8
"""At once; more would only wait for the same write lock, and each keeps a page cache."""
NO_TURN: Final[AbstractContextManager[object]] = nullcontext()
DatabaseTrouble: Final = (DBAPIError, PoolTimeout)
"""The database is away, busy or full: not the caller's fault, and worth another try."""
_BUSY_S: Final = 30
_CACHE_KIB: Final = 4096
_JOURNAL_BYTES: Final = 16 * 1024 * 1024
_LOG_PAGES: Final = 4_000  # 16 MiB before the log is copied over: a large push pays one such pause


class _Cursor(Protocol):
    def execute(self, statement: str) -> object: ...
    def close(self) -> None: ...


class _Raw(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...


def open_engine(url: str) -> tuple[Engine, AbstractContextManager[object]]:
    """An engine for `url`, and what a writer in this process takes first.

    SQLite's own waiting polls with pauses of up to 100 ms; threads of one process queue instead.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=CONNECTIONS, max_overflow=0), NO_TURN
    memory = parsed.database in (None, "", ":memory:")
    engine = _sqlite(parsed, memory)
    return engine, threading.RLock()


def _sqlite(url: URL, memory: bool) -> Engine:
    if memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=CONNECTIONS,
            max_overflow=0,
            connect_args={"check_same_thread": False, "timeout": _BUSY_S},
        )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: _Raw, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where this module says, as it says
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # a redacted ciphertext leaves no copy in a free page
        "temp_store=MEMORY",
        f"cache_size=-{_CACHE_KIB}",
        f"journal_size_limit={_JOURNAL_BYTES}",
        f"wal_autocheckpoint={_LOG_PAGES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_write(connection: Connection) -> None:
    """Start a transaction that will write."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def forget_log(connection: Connection) -> None:
    """Copy a write-ahead log over and empty it, so that nothing overwritten stays readable there.

    While somebody is reading it stays a little longer. A server looks after its own.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def begin_read(connection: Connection) -> None:
    """Start a transaction whose reads all see one moment."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def insert_if_missing(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows whose key is not there yet; of two callers at once neither fails."""
    if rows:
        connection.execute(_insert_if_missing(connection.dialect.name, table), list(rows))


@functools.cache
def _insert_if_missing(dialect: str, table: Table) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()


class Upsert:
    """Inserts a row, or where its key is there already changes that one.

    `changes` is given the columns of the row that was to be inserted. The row stays locked to the
    end of the transaction, so that of two callers at once each sees what the other did.
    """

    def __init__(
        self,
        table: Table,
        changes: Callable[[Mapping[str, ColumnElement[Any]]], Mapping[str, object]],
    ) -> None:
        keys = [column.name for column in table.primary_key.columns]
        self._statements: dict[str, Executable] = {}
        for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
            wanted = insert(table)
            self._statements[dialect] = wanted.on_conflict_do_update(
                index_elements=keys, set_=dict(changes(dict(wanted.excluded.items())))
            ).returning(*table.c)

    def put(self, connection: Connection, row: Mapping[str, object]) -> Row[Any]:
        """Put one row; gives it as it is then."""
        statement = self._statements[connection.dialect.name]
        return connection.execute(statement, dict(row)).one()


def is_shared(engine: Engine) -> bool:
    """Whether everybody shares one connection, so that readers too must take turns."""
    return isinstance(engine.pool, StaticPool)
