"""Databases for offices in tests: every test that asks for one runs on both kinds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from postgres import Cluster
from sync.server.office import OfficeService


class Place(Protocol):
    """One office's database, seen from outside, as whoever runs or steals the machine sees it."""

    url: str

    def files(self, *, log: bool = False) -> dict[str, bytes]:
        """Everything of it that is on the disk, by file. `log`: PostgreSQL's write-ahead log too,
        which every database of a cluster shares."""

    def sweep(self) -> None:
        """What the manual tells the administrator to do after a redaction that matters."""

    def vanish(self) -> None:
        """Lose it."""


@dataclass
class OnSqlite:
    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self._file}"

    @property
    def _file(self) -> Path:
        return self.folder / "office.sqlite3"

    def files(self, *, log: bool = False) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.glob("office.sqlite3*")}

    def sweep(self) -> None:
        """SQLite overwrites what it deletes (secure_delete)."""

    def vanish(self) -> None:
        for path in self.folder.glob("office.sqlite3*"):
            path.unlink()
        self._file.mkdir()  # nor can it be made anew


@dataclass
class OnPostgres:
    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        return self.cluster.url(self.name)

    def files(self, *, log: bool = False) -> dict[str, bytes]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            found = connection.execute(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
        return self.cluster.files(f"base/{found[0]}", *(["pg_wal"] if log else []))

    def sweep(self) -> None:
        for table in ("stretches", "quarantine"):
            self.cluster.say(f"VACUUM FULL {table}", self.name)

    def vanish(self) -> None:
        self.cluster.drop(self.name)

    @contextmanager
    def holding(self, *statements: str) -> Iterator[psycopg.Connection]:
        """Another session's open transaction that has carried these out: whoever needs what it
        holds waits until the block ends."""
        connection = psycopg.connect(self.url)
        try:
            for statement in statements:
                connection.execute(statement.encode())
            yield connection
        finally:
            connection.close()  # which takes everything back that was not committed

    def wait_until_waiting(self, count: int) -> None:
        """Until so many sessions wait for a lock."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            end = time.monotonic() + 20
            while time.monotonic() < end:
                found = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                ).fetchone()
                if found[0] == count:
                    return
                time.sleep(0.005)
            raise AssertionError(f"{found[0]} sessions wait for a lock, and not {count}")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this worker's own."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def prepared(cluster: Cluster) -> str:
    """The name of a database with the office's tables in it and nothing else, to be copied."""
    name = cluster.create()
    OfficeService(cluster.url(name)).close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A new office's database."""
    if request.param == "sqlite":
        yield OnSqlite(tmp_path)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(request.getfixturevalue("prepared"))
    yield OnPostgres(cluster, name)
    cluster.drop(name)


@pytest.fixture
def database_url(database: Place) -> str:
    return database.url
