"""The office's one doorway to its database: transactions that read, and transactions that write.

Must not know what is in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, select

from storage.seal import Randomness
from sync.server import dialects
from sync.server.tables import VERSION, metadata, office


class NewerLayout(Exception):
    """The database was written by a newer office than this one; nothing was changed."""


class Database:
    """One database, by its URL; its tables are made when it is new."""

    def __init__(self, url: str) -> None:
        self.engine, self._turn = dialects.open_engine(url)
        self._shared = dialects.is_shared(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one moment throughout."""
        with self._turn if self._shared else dialects.NO_TURN, self.engine.connect() as connection:
            dialects.begin_read(connection)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it is on the disk when the block ends, or none."""
        with self._turn, self.engine.connect() as connection:
            dialects.begin_write(connection)
            yield connection
            connection.commit()

    def forget_log(self) -> None:
        """After text was dropped: leave no copy of it in what the database writes beside itself."""
        with self._turn, self.engine.connect() as connection:
            dialects.forget_log(connection)

    def prepare(self, randomness: Randomness) -> None:
        """Make the tables of a new database. Raises NewerLayout for one from a later office."""
        with self.writing() as connection:
            if not inspect(connection).has_table(office.name):
                metadata.create_all(connection)
                connection.execute(
                    office.insert(),
                    {"one": 1, "layout": VERSION, "length": 0, "pepper": randomness(32)},
                )
            elif connection.execute(select(office.c.layout)).scalar_one() > VERSION:
                raise NewerLayout

    def reachable(self) -> bool:
        """Whether the database answers right now."""
        try:
            with self.reading() as connection:
                connection.execute(select(office.c.one)).first()
        except dialects.DatabaseTrouble:
            return False
        return True

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
