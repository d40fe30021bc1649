"""What differs between the databases an office may run on: nothing else names one of them.

SQLite is the embedded default: write-ahead log, every commit on the disk before it is answered,
and writers that take the write lock first, so that none finds out half-way that it must begin
again. PostgreSQL lets many write at once, each seeing what was committed before its statement
began; what must not change meanwhile is held by name: a casefile's row, everybody's standing.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Executable,
    Row,
    Select,
    Table,
    create_engine,
    delete,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

CONNECTIONS: Final = 8
"""At once; more would only wait for the same write lock, and each keeps a page cache."""
NO_TURN: Final[AbstractContextManager[object]] = nullcontext()
DatabaseTrouble: Final = (DBAPIError, PoolTimeout, OSError)
"""The database, or the disk for what is kept apart from it, is away, busy or full: not the
caller's fault, and worth another try."""
_BUSY_S: Final = 30
_CACHE_KIB: Final = 4096
_JOURNAL_BYTES: Final = 16 * 1024 * 1024
_LOG_PAGES: Final = 4_000  # 16 MiB before the log is copied over: a large push pays one such pause

_STANDING: Final = 0x646F6F72  # "door", and below "step": advisory locks are told apart by number
_LAYOUT: Final = 0x73746570
_HOLD_STANDING = select(func.pg_advisory_xact_lock_shared(_STANDING))
_CHANGE_STANDING = select(func.pg_advisory_xact_lock(_STANDING))
_HOLD_LAYOUT = select(func.pg_advisory_xact_lock(_LAYOUT))

# A session is told only what its administrator left at PostgreSQL's own default. A process that
# hangs with a row in its hands loses it after a minute; waiting for one ends in an answer.
_SESSION: Final = "".join(
    f"SELECT set_config('{name}', '{ours}', false) WHERE current_setting('{name}') = '{theirs}';"
    for name, theirs, ours in (
        ("lock_timeout", "0", f"{_BUSY_S}s"),
        ("idle_in_transaction_session_timeout", "0", "60s"),
        ("synchronous_commit", "off", "on"),  # acknowledged is on the disk
    )
)
_LINE: Final = {
    "connect_timeout": 5,
    "application_name": "doorstep-office",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""For libpq, where the URL does not say otherwise: a machine that went away is noticed."""
_CROSSED: Final = frozenset({"23505", "40001", "40P01"})
"""PostgreSQL's codes: the same key was inserted a moment ago, could not serialise, deadlock."""


class UnknownDatabase(Exception):
    """A URL of a database that the office cannot run on."""


class _Cursor(Protocol):
    def execute(self, statement: str) -> object: ...
    def close(self) -> None: ...


class _Raw(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...
    def commit(self) -> None: ...


def open_engine(url: str) -> tuple[Engine, AbstractContextManager[object]]:
    """An engine for `url`, and what a writer in this process takes first.

    SQLite's own waiting polls with pauses of up to 100 ms; threads of one process queue instead.
    Raises UnknownDatabase for what is neither SQLite nor PostgreSQL.
    """
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        return _postgresql(parsed), NO_TURN
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise UnknownDatabase
    memory = parsed.database in (None, "", ":memory:")
    return _sqlite(parsed, memory), threading.RLock()


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
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: _Raw, _entry: ConnectionPoolEntry) -> None:
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


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",  # whatever the server's default: see `hold_standing`
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=_BUSY_S,
        pool_pre_ping=True,  # PostgreSQL may have been restarted since
        connect_args={name: value for name, value in _LINE.items() if name not in url.query},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: _Raw, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(_SESSION)
    cursor.close()
    connection.commit()


def begin_write(connection: Connection) -> None:
    """Start a transaction that will write."""
    if _one_writer(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def forget_log(connection: Connection) -> None:
    """Copy a write-ahead log over and empty it, so that nothing overwritten stays readable there.

    While somebody is reading it stays a little longer. A server looks after its own.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def begin_read(connection: Connection) -> None:
    """Start a transaction whose reads all see one moment."""
    if _one_writer(connection):
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def hold_standing(connection: Connection, *, alone: bool = False) -> None:
    """Keep the directory, and with it everybody's standing, as it is until this transaction ends.

    Whoever writes on the strength of somebody's standing holds it, any number at once. `alone`: be
    the only one, to change it or to touch many casefiles; she waits for those before her and they
    who come later for her. (Locks on a row would let those who share it go first for ever.) Take
    it before reading what it protects: a statement sees what was committed before it began.
    """
    if not _one_writer(connection):
        connection.execute(_CHANGE_STANDING if alone else _HOLD_STANDING)


def hold_rows(connection: Connection, rows: Select[Any], values: Mapping[str, object]) -> None:
    """Hold what `rows`, a SELECT … FOR UPDATE in a fixed order, finds until this transaction ends.

    Read them again afterwards: of a row that was waited for PostgreSQL gives the newest version,
    but of what the same statement joins to it the version from before the wait.
    """
    if not _one_writer(connection):
        connection.execute(rows, values)


def forget(key: Column[bytes], old: ColumnElement[bool]) -> Delete:
    """A statement that deletes rows that are too old to matter; `key` is their primary key.

    Whoever comes by does it, so rows that somebody else is deleting or using are passed over:
    waiting for them, in no order, could go round in a circle.
    """
    stale = select(key).where(old).with_for_update(skip_locked=True)
    return delete(key.table).where(key.in_(stale))


def hold_layout(connection: Connection) -> None:
    """Be the only one to look after the tables' layout, however long it takes the one before."""
    if not _one_writer(connection):
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.execute(_HOLD_LAYOUT)


def count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """After rows were put back with the numbers they had: go on counting after the highest."""
    if _one_writer(connection):
        return  # it looks at the rows themselves
    for table in tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            highest = select(func.max(column)).scalar_subquery()
            following = func.coalesce(highest, 0) + 1
            connection.execute(select(func.setval(sequence, following, False)))


def crossed(error: DBAPIError) -> bool:
    """Whether a transaction failed only because of another one at the same moment: a repetition
    finds what that one left."""
    return getattr(error.orig, "sqlstate", None) in _CROSSED


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


def _one_writer(connection: Connection) -> bool:
    """Whether a writing transaction has the whole database to itself."""
    return connection.dialect.name == "sqlite"
