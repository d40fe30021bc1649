"""`doorstep-office desk …`: run desk processes of their own, pause, resume, and say how it stands.

Several processes, here or on other machines, share the work through the database alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from storage.clock import SystemClock
from sync.desk import desk_fingerprint
from sync.server import logs
from sync.server.apart import Apart
from sync.server.database import Database
from sync.server.desk import flags, forking, pausing, statuses
from sync.server.desk.desk import Desk
from sync.server.desk.figures import UNATTENDED, figures
from sync.server.desk.keys import UnusableKeys, replace_in
from sync.server.desk.making import keys_of, make_desk
from sync.server.desk.settings import DeskSettings
from sync.server.desk.ticker import Ticker
from sync.server.settings import Settings
from sync.server.surroundings import Surroundings

_OK: Final = 0
_UNUSABLE: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Carry out one command. Gives 0, or 2 when it could not be."""
    parser = argparse.ArgumentParser(
        prog="doorstep-office desk",
        description="The reminder desk by itself: several processes may share its work.",
        epilog="Each flag may also be set in the environment: DOORSTEP_OFFICE_DESK_SMS=notify.",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument(
        "command",
        choices=("run", "pause", "resume", "state", "renew"),
        help="run desk processes; pause or resume everything to families; say how it stands; "
        "renew the desk's keys",
    )
    parser.add_argument("--data", type=Path, help="folder of the office's database")
    parser.add_argument("--database-url", help="the office's database, where it is not in --data")
    parser.add_argument(
        "--kept-apart", type=Path, metavar="FOLDER", help="as for the office itself"
    )
    parser.add_argument("--desk-keys", type=Path, metavar="FILE", help="the desk's own keys")
    flags.add_flags(parser)
    given = vars(parser.parse_args(arguments))
    command = given.pop("command")
    try:
        settings, office = DeskSettings(**flags.taken(given)), Settings(**given)
    except (ValidationError, OSError) as error:
        print(f"A setting is not usable: {flags.unusable(error)}.", file=sys.stderr)
        return _UNUSABLE
    logs.set_up()
    try:
        if command == "run":
            return _run(settings, office)
        if command == "renew":
            return _renew(office)
        desk = open_desk(settings, office)
    except UnusableKeys:
        print("The reminder desk's keys cannot be read. Put the right file back.", file=sys.stderr)
        return _UNUSABLE
    except (OSError, SQLAlchemyError) as error:
        print(f"The database could not be opened ({type(error).__name__}).", file=sys.stderr)
        return _UNUSABLE
    try:
        _COMMANDS[command](desk)
    finally:
        desk.database.close()
    return _OK


def open_desk(settings: DeskSettings, office: Settings) -> Desk:
    """A desk with its own way into the office's database."""
    keys = keys_of(office)
    office.apart_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    surroundings = Surroundings(
        database=Database(office.url),
        clock=SystemClock(),
        randomness=os.urandom,
        limits=office.limits,
        apart=Apart(office.apart_folder),
    )
    surroundings.database.prepare(os.urandom)
    return make_desk(settings, surroundings, keys)


def _run(settings: DeskSettings, office: Settings) -> int:
    """Until told to stop. Processes are made before anything is opened, so that none shares a
    connection with another."""
    keys_of(office)  # made once, before several look for them
    many = max(1, settings.workers)
    print(f"The reminder desk runs in {many} process{'es' if many > 1 else ''}. Ctrl-C stops it.")
    sys.stdout.flush()
    return forking.supervise(many, lambda: _work(settings, office))


def _renew(office: Settings) -> int:
    """Give the desk new keys beside the old ones, which still open what was sealed to them."""
    if office.desk_secret is not None:
        print("The desk's keys are in the environment; renew them in a file.", file=sys.stderr)
        return _UNUSABLE
    keys = keys_of(office).renewed(os.urandom)
    replace_in(office.desk_keys_file, keys)
    print(f"The reminder desk is now {desk_fingerprint(keys.identity())}. Start the office again;")
    print("a supervisor then compares this code in the app and confirms it. Until that is done")
    print("nobody is told what becomes of reminders.")
    return _OK


def _work(settings: DeskSettings, office: Settings) -> None:
    desk = open_desk(settings, office)
    ticker = Ticker(desk, tick_s=settings.tick_s, alarm_tick_s=settings.alarm_tick_s)
    ticker.start()
    forking.until_told()
    ticker.stop()
    desk.database.close()


def _pause(desk: Desk) -> None:
    pausing.set_paused(desk, True)
    print("Paused: nothing goes to families. Alarms still ring.")


def _resume(desk: Desk) -> None:
    pausing.set_paused(desk, False)
    print("The desk is working again.")


def _state(desk: Desk) -> None:
    now = figures(desk)
    print("Paused." if now.paused_since is not None else "Working.")
    if not now.certified:
        print("No supervisor has certified this desk yet.")
    if not now.attended:
        print(UNATTENDED)
    for trouble in now.troubles:
        print(f"{trouble.provider}: {trouble.sentence}")
    for count in now.reminders:
        print(f"{count.many:6} {statuses.in_words(count.state):13} {count.sentence}".rstrip())
    for count in now.alarms:
        kind = count.reason.replace("_", " ")
        print(f"{count.many:6} alarms {statuses.in_words(count.state)} ({kind})")
    print(f"{now.tasks:6} calls that nobody has seen")


_COMMANDS: Final[dict[str, Callable[[Desk], None]]] = {
    "pause": _pause,
    "resume": _resume,
    "state": _state,
}
