"""`doorstep-office`: open the database, say how to claim and stop it, serve until told to."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from starlette.types import ASGIApp

from sync.desk import desk_fingerprint
from sync.server import keeping, logs
from sync.server.application import create_application, our_version
from sync.server.desk import command, flags
from sync.server.desk.keys import UnusableKeys
from sync.server.desk.making import keys_of, make_desk
from sync.server.desk.settings import DeskSettings
from sync.server.desk.ticker import Ticker
from sync.server.dialects import UnknownDatabase
from sync.server.layout import NewerLayout
from sync.server.office import OfficeService
from sync.server.settings import Settings

_SENDS = {
    "none": "It sends no texts and rings no alarms: --desk-sms names who carries them.",
    "console": "It sends no texts and shows them at /desk/console.",
    "notify": "Texts go through GOV.UK Notify; how it stands: /desk.",
    "twilio": "Texts go through Twilio; how it stands: /desk.",
}
_GRACE_S = 10  # a push under way is answered; a forgotten connection does not hold the office up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one office, its reminder desk alone, or one of the commands about backups.

    Gives 0 after a graceful stop or a command carried out, 2 when it could not be.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["desk"]:
        return command.main(given[1:])
    if given and given[0] in keeping.COMMANDS:
        return keeping.main(given)
    try:
        settings, at_desk = _settings(given)
    except (ValidationError, OSError) as error:
        print(f"A setting is not usable: {flags.unusable(error)}.", file=sys.stderr)
        return 2
    logs.set_up()
    try:
        listener = _listen(settings)
    except OSError:
        print(
            f"Nothing can listen at {settings.host}:{settings.port}: is it taken?", file=sys.stderr
        )
        return 2
    try:
        _make_private(settings.data)
        _make_private(settings.apart_folder)
        keys = keys_of(settings)
        service = OfficeService(
            settings.url, limits=settings.limits, kept_apart=settings.apart_folder, desk=keys
        )
    except UnusableKeys:
        print("The reminder desk's keys cannot be read. Put the right file back.", file=sys.stderr)
        return 2
    except NewerLayout:
        print("This data was written by a newer office. Install that version.", file=sys.stderr)
        return 2
    except (UnknownDatabase, ArgumentError):
        print(
            "The database has to be SQLite or PostgreSQL: postgresql://name@host/database.",
            file=sys.stderr,
        )
        return 2
    except (OSError, SQLAlchemyError) as error:
        print(f"The database could not be opened ({type(error).__name__}).", file=sys.stderr)
        return 2
    desk = make_desk(at_desk, service.surroundings, keys)
    ticker = Ticker(desk, tick_s=at_desk.tick_s, alarm_tick_s=at_desk.alarm_tick_s)
    try:
        _greet(settings, at_desk, service, listener.getsockname()[1])
        if at_desk.workers:
            ticker.start()
        application = create_application(
            service,
            trusted_proxies=settings.trusted_proxies,
            desk=desk,
            secrets=at_desk.secrets,
        )
        _serve(settings, application, listener)
    finally:
        ticker.stop()
        service.close()
    print("The office has stopped; everything it acknowledged is kept.")
    return 0


def _settings(arguments: Sequence[str]) -> tuple[Settings, DeskSettings]:
    parser = argparse.ArgumentParser(
        prog="doorstep-office",
        description="The central office: keeps sealed changes in order, and reads none of them.",
        epilog="Each flag may also be set in the environment: DOORSTEP_OFFICE_PORT=8460."
        " For backups: doorstep-office backup --help, doorstep-office restore --help.",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--data", type=Path, help="folder for its data (doorstep-office)")
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="postgresql://name@host/database, instead of an SQLite file in --data;"
        " better in the environment when it holds a password",
    )
    parser.add_argument(
        "--kept-apart",
        type=Path,
        metavar="FOLDER",
        help="where to write down what a restore must not undo (--data); best on another disk",
    )
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (8460); 0 takes a free one")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file, to speak HTTPS itself")
    parser.add_argument("--tls-key", type=Path, help="PEM file of the certificate's key")
    parser.add_argument(
        "--trusted-proxy",
        dest="trusted_proxies",
        action="append",
        metavar="ADDRESS",
        help="a reverse proxy whose X-Forwarded-Proto and X-Forwarded-For are believed",
    )
    parser.add_argument(
        "--open-claim",
        action="store_true",
        help="let anybody claim an empty office without the printed code (demo on loopback)",
    )
    parser.add_argument(
        "--desk-keys",
        type=Path,
        metavar="FILE",
        help="the reminder desk's own keys (desk.keys in --data); never part of a backup",
    )
    parser.add_argument("--bytes-a-day", type=int, help="sealed bytes a device may push a day")
    parser.add_argument("--failed-enrolments", type=int, help="per address and hour (20)")
    parser.add_argument("--version", action="version", version=our_version())
    flags.add_flags(parser)
    given = vars(parser.parse_args(arguments))
    at_desk = DeskSettings(**flags.taken(given))
    return Settings(**given), at_desk


def _make_private(folder: Path) -> None:
    """The folder is nobody else's business, though what is in it is sealed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.umask(0o077)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


def _greet(settings: Settings, at_desk: DeskSettings, service: OfficeService, port: int) -> None:
    scheme = "https" if settings.tls_certificate else "http"
    print(f"Doorstep office {our_version()} at {scheme}://{settings.host}:{port}")
    print("How it is spoken to: /docs. How it is: /health. Ctrl-C stops it.")
    print(f"Its reminder desk is {desk_fingerprint(service.desk())}. {_SENDS[at_desk.sms]}")
    org = service.health()
    if org:
        print(f"It serves the organisation {org}.")
    elif settings.open_claim:
        service.open_claim()
        print("It belongs to nobody yet, and takes the first organisation that is started on it.")
    else:
        print("It belongs to nobody yet. Starting an organisation on it needs this code:")
        print(f"\n    {service.require_claim()}\n")
        print("A new code is printed each time it starts, until it is claimed.")
    if not settings.tls_certificate and not settings.trusted_proxies:
        print("Without TLS it answers this machine only.")
    sys.stdout.flush()


def _serve(settings: Settings, application: ASGIApp, listener: socket.socket) -> None:
    config = uvicorn.Config(
        application,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # the doorkeeper decides whom to believe
        timeout_graceful_shutdown=_GRACE_S,
    )
    # uvicorn stops gracefully and then repeats the signal; what is closed after it must still be.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: None)
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    sys.exit(main())
