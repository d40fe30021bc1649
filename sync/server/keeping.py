"""`doorstep-office backup` and `doorstep-office restore`: asked for by hand or by a timer, and
answered in sentences that say what was done and what to do next."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from storage.clock import SystemClock, milliseconds
from sync.server import apart, backup, restoring
from sync.server.application import our_version
from sync.server.backup import BadBackup, NothingThere, OlderLayout
from sync.server.database import Database
from sync.server.dialects import UnknownDatabase
from sync.server.layout import NewerLayout
from sync.server.restoring import NotEmpty, Restored
from sync.server.settings import Settings

COMMANDS = frozenset({"backup", "restore"})


class _Stop(Exception):
    """It cannot be done; the text says why, to whoever asked."""


def main(arguments: Sequence[str]) -> int:
    """Carry out one of the commands. Gives 0, or 2 when nothing was done."""
    asked = _parser().parse_args(arguments)
    given = {name: value for name, value in vars(asked).items() if name in Settings.model_fields}
    try:
        settings = Settings(**given)
        asked.carry_out(settings, asked)
    except ValidationError as error:
        names = ", ".join(str(part["loc"][0]) for part in error.errors() if part["loc"])
        return _sorry(f"A setting is not usable: {names}.")
    except _Stop as stop:
        return _sorry(str(stop))
    except (UnknownDatabase, ArgumentError):
        return _sorry(
            "The database has to be SQLite or PostgreSQL: postgresql://name@host/database."
        )
    except (OSError, SQLAlchemyError) as error:
        # Its kind only: its text may quote an address with a password in it.
        return _sorry(f"The disk or the database did not do it ({type(error).__name__}).")
    return 0


def _parser() -> argparse.ArgumentParser:
    where = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    where.add_argument("--data", type=Path, help="folder of the office's data (doorstep-office)")
    where.add_argument("--database-url", help="an SQLAlchemy URL, instead of a file in --data")
    parser = argparse.ArgumentParser(
        prog="doorstep-office",
        epilog="Each flag may also be set in the environment: DOORSTEP_OFFICE_DATABASE_URL=…",
    )
    commands = parser.add_subparsers(required=True)
    saving = commands.add_parser(
        "backup", parents=[where], help="put everything the office holds into one new file"
    )
    saving.add_argument("file", type=Path, help="where to; there must be no such file yet")
    saving.set_defaults(carry_out=_backup)
    putting = commands.add_parser(
        "restore", parents=[where], help="put a backup back, on SQLite or PostgreSQL"
    )
    putting.add_argument("file", type=Path, help="a file that `backup` made")
    putting.add_argument(
        "--replace", action="store_true", help="in place of what the office holds now"
    )
    putting.add_argument(
        "--kept-apart",
        dest="folders",
        action="append",
        type=Path,
        metavar="FOLDER",
        help="where the office kept what a restore must not undo (--data); once for each machine",
    )
    putting.set_defaults(carry_out=_restore)
    return parser


def _backup(settings: Settings, asked: argparse.Namespace) -> None:
    file: Path = asked.file
    database = _existing(settings)
    now = milliseconds(SystemClock().now())
    try:
        counts = backup.write(database, file, at=now, version=our_version())
    except FileExistsError as error:
        raise _Stop(f"There is a file {file} already; it was left as it is.") from error
    except NothingThere as error:
        raise _Stop("There is no office's data here to back up.") from error
    except OlderLayout as error:
        raise _Stop(
            "An older office wrote this data. Back up with that version, or start this one first."
        ) from error
    except NewerLayout as error:
        raise _Stop(
            "This data was written by a newer office. Back up with that version."
        ) from error
    finally:
        database.close()
    print(
        f"Backed up to {file}: {counts['casefiles']} casefiles, {counts['directory']} statements"
        f" of the directory, {file.stat().st_size:,} bytes. The file was read again and is whole."
    )


def _existing(settings: Settings) -> Database:
    """The office's database, which must be there: opening one would make it."""
    if not settings.database_url and not settings.sqlite_file.exists():
        raise _Stop(f"There is no office's data in {settings.data}.")
    return Database(settings.url)


def _restore(settings: Settings, asked: argparse.Namespace) -> None:
    file: Path = asked.file
    if not file.exists():
        raise _Stop(f"There is no file {file}.")
    folders: Sequence[Path] = asked.folders or [settings.apart_folder]
    remembered = apart.read(folders)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.umask(0o077)
    database = Database(settings.url)
    try:
        done = restoring.restore(
            database,
            file,
            replace=asked.replace,
            remembered=remembered,
            randomness=os.urandom,
            now=milliseconds(SystemClock().now()),
        )
    except BadBackup as error:
        raise _Stop(f"{file} is not a whole backup ({error}). Nothing was changed.") from error
    except NotEmpty as error:
        raise _Stop(
            "This office holds an organisation's data. Nothing was changed."
            " To put the backup in its place, say --replace."
        ) from error
    except NewerLayout as error:
        raise _Stop(
            "A newer office wrote the backup or the data here. Install that version."
        ) from error
    finally:
        database.close()
    _tell(file, done)
    if remembered.unreadable:
        print(f"Lines kept apart that nobody can read: {remembered.unreadable}.", file=sys.stderr)


def _tell(file: Path, done: Restored) -> None:
    made = datetime.fromtimestamp(done.about.at / 1000, UTC)
    print(
        f"Restored from {file}, made {made:%d %B %Y %H:%M} UTC:"
        f" {done.changes} changes in {done.casefiles} casefiles."
    )
    print(
        f"Decided since then about people, devices and casefiles, and put back: {done.decisions}."
    )
    print(
        f"Texts dropped since then: {done.dropped} dropped again,"
        f" {done.awaited} to come back without their text."
    )
    print("Devices hand in what the office has forgotten by themselves, at their next contact.")
    print("Everybody logs in anew, and open invites have ended.")
    print(
        f"Reminders that may have left since then: {done.looked_up}, looked up and not sent again."
        " The reminder desk is paused: when devices have been in contact, say"
        " `doorstep-office desk resume`."
    )
    print("Alarms set since then are lost: ring whoever is out alone now.")


def _sorry(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
