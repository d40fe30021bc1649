"""Putting a backup back, into an empty office or over another: all of it, or nothing.

A backup is of yesterday. What was decided and dropped since is put back from what was kept apart
(see `apart`); logins end; and the office says from then on that it was restored, so that devices
read every casefile anew and hand in again what the office has forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, delete, func, inspect, select, update
from sqlalchemy.exc import DataError, IntegrityError

from storage.seal import Randomness
from storage.statements import DIRECTORY, FIRST
from sync.server import backup, dialects, grants, layout, redaction, register
from sync.server.apart import Remembered
from sync.server.backup import About, BadBackup
from sync.server.crossing import until_uncrossed
from sync.server.database import Database
from sync.server.desk import optouts
from sync.server.desk.restored import after_restore
from sync.server.tables import casefiles, invites, metadata, office

_REVISIONS: Final = "alembic_version"


class NotEmpty(Exception):
    """The office has an organisation's data, and nobody said to replace it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore came to."""

    about: About
    changes: int
    casefiles: int
    decisions: int
    """Statements of the directory and grants that were made after the backup and put back."""
    dropped: int
    """Changes in the backup whose text had been dropped since, and was dropped again."""
    awaited: int
    """Such changes that the backup does not hold: they will come back without their text."""
    looked_up: int
    """Reminders that may have left since the backup was made: never sent again, but looked up."""


def restore(
    database: Database,
    path: Path,
    *,
    replace: bool,
    remembered: Remembered,
    randomness: Randomness,
    now: int,
) -> Restored:
    """Put the backup at `path` into `database`, which is left as it was when anything is raised.
    `now`: milliseconds since 1970.

    Raises BadBackup, NotEmpty unless `replace`, layout.NewerLayout when a newer office wrote the
    backup or the database, and what the database raises.
    """
    about = backup.check(path)
    if not layout.knows(about.revision):
        raise layout.NewerLayout

    def all_of_it() -> Restored:
        with database.writing() as connection:
            dialects.hold_layout(connection)
            dialects.hold_standing(connection, alone=True)
            if layout.current(connection) is not None:
                if not replace and _is_somebodys(connection):
                    raise NotEmpty
                _clear(connection)
            layout.bring(connection, about.revision)
            _fill(connection, path, pepper=randomness(32))
            layout.bring(connection)
            dialects.count_on(connection, metadata.sorted_tables)
            connection.execute(update(office).values(restored=randomness(16)))
            # One that was used since must not be used again: its inviter makes a new one.
            connection.execute(delete(invites).where(invites.c.request.is_(None)))
            looked_up = after_restore(connection, now)
            return _what_came_since(connection, about, remembered, looked_up)

    return until_uncrossed(all_of_it, "restore")


def _is_somebodys(connection: Connection) -> bool:
    return connection.execute(select(func.count(office.c.org))).scalar_one() > 0


def _clear(connection: Connection) -> None:
    """Drop the office's own tables, of whatever layout; somebody else's are left alone."""
    ours = {*metadata.tables, _REVISIONS} & set(inspect(connection).get_table_names())
    there = MetaData()
    there.reflect(connection, only=sorted(ours))
    there.drop_all(connection)


def _fill(connection: Connection, path: Path, *, pepper: bytes) -> None:
    """Insert every row, into the layout that the backup was made of."""
    there = MetaData()
    there.reflect(connection)
    for part in backup.read(path):
        table = there.tables.get(part.table)
        if table is None or not set(part.columns) <= set(table.columns.keys()):
            raise BadBackup("a table is not one of an office's")
        secret = {"pepper": pepper} if part.table == office.name else {}
        try:
            connection.execute(table.insert(), [row | secret for row in part.as_mappings()])
        except (DataError, IntegrityError) as error:
            raise BadBackup("a row is not one of an office's") from error


def _what_came_since(
    connection: Connection, about: About, remembered: Remembered, looked_up: int
) -> Restored:
    """Put back what must not be undone, and count."""
    org = about.organisation or _first_organisation(remembered)
    decided = [statement for statement in remembered.decided if statement.org == org]
    decisions = register.put_back(connection, decided) + grants.put_back(connection, decided)
    dropped, awaited = redaction.drop_again(connection, remembered.erased)
    for number, said in remembered.numbers.items():
        if said.stop:  # one that was allowed since stays stopped: duty allows it once more
            optouts.put_down(connection, number, said.by, said.at)
    changes, count = connection.execute(
        select(func.coalesce(func.sum(casefiles.c.top), 0), func.count()).select_from(casefiles)
    ).one()
    return Restored(
        about=about,
        changes=int(changes),
        casefiles=count,
        decisions=decisions,
        dropped=dropped,
        awaited=awaited,
        looked_up=looked_up,
    )


def _first_organisation(remembered: Remembered) -> bytes | None:
    """Whose an office became after it was backed up empty."""
    for statement in remembered.decided:
        if statement.context == DIRECTORY and statement.prev == FIRST:
            return statement.org
    return None
