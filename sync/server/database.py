"""The office's one doorway to its database: transactions that read, and transactions that write.

Must not know what is in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select

from storage.seal import Randomness
from sync.server import dialects, layout
from sync.server.tables import office


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
        """Bring the tables to this office's layout; a new database gets them all.

        Safe with several processes at once. Raises layout.NewerLayout for one from a later office.
        When anything is raised, every connection is let go of.
        """
        try:
            self._prepare(randomness)
        except BaseException:
            self.close()
            raise

    def _prepare(self, randomness: Randomness) -> None:
        with self.reading() as connection:
            if layout.current(connection) == layout.newest():
                return
        with self.writing() as connection:
            dialects.hold_layout(connection)
            layout.bring(connection)
            if connection.execute(select(office.c.one)).first() is None:
                first = {"one": 1, "length": 0, "pepper": randomness(32)}
                connection.execute(office.insert(), first)

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
