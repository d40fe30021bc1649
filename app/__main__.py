"""`doorstep`: one device process.

On a phone or in a packaged program it runs in that program's window. Anywhere else it serves the
app to a browser on this machine alone, and prints the address to follow.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import flet as ft
import platformdirs
from flet.utils import is_embedded, is_mobile

from app.background import Ticker
from app.casework.profile import BadProfile, read_profile
from app.device import Device, on_this_machine
from app.doorbell import ring
from app.logs import begin_logging
from app.opening import open_device
from app.recovering import recover
from app.root import opener
from app.routes import SCREENS
from app.session import Session
from app.wording import Kind, _, plain
from app.wording.profile_faults import all_words, bad_profile_words
from storage.errors import StorageError
from sync.errors import SyncError

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a device until it is told to stop. Exits with 1 and a kind sentence when it cannot."""
    begin_logging()
    if is_mobile() or is_embedded():
        in_its_own_window(Path(os.environ["FLET_APP_STORAGE_DATA"]))
        return
    chosen = _arguments(arguments)
    if chosen.what == "recover":
        rebuild_here(chosen)
        return
    if chosen.what == "profile":
        check_profile(chosen.file)
        return

    def say(address: str) -> None:
        print(f"Doorstep is ready. Open this address in a browser on this machine:\n{address}")
        sys.stdout.flush()
        if chosen.browser:
            webbrowser.open(address)

    if (fresh := ring(chosen.data)) is not None:
        # It runs already, and whoever starts it again has closed the browser it was open in.
        say(fresh)
        return
    device = on_this_machine(chosen.data, key_store=chosen.key_store, profiles=chosen.profiles)
    session = device_session(device)
    from app.web import serve  # not on phones: its libraries are not there

    serve(session, SCREENS, port=chosen.port, say=say)


def device_session(device: Device) -> Session:
    """The session of a device, with its vault if it has one. Exits when that cannot be opened."""
    try:
        vault, notice = open_device(device)
    except StorageError as error:
        print(plain(error), file=sys.stderr)
        raise SystemExit(1) from None
    session = Session(
        folder=device.folder,
        furnishing=device.furnishing(),
        vault=vault,
        device=device,
        clock=device.surroundings.clock,
    )
    session.notice = notice or told_of_profiles(device)
    return session


def told_of_profiles(device: Device) -> Kind | None:
    """Read every service's file once at start. What is wrong with one is printed in full, and
    said in short before unlocking; the device goes on with the last good one.
    """
    bad = device.shelf.contents().bad
    for one in bad:
        log.warning("a profile is not used: %d faults", len(one.faults))
        print("\n".join(all_words(one)), file=sys.stderr)
    return bad_profile_words(bad[0]) if bad else None


def check_profile(file: Path) -> None:
    """`doorstep profile FILE`: what is wrong with a file, or what it describes. Exits with 1."""
    try:
        profile = read_profile(file.read_bytes(), file.name)
    except OSError:
        print(_("There is no such file."), file=sys.stderr)
        raise SystemExit(1) from None
    except BadProfile as bad:
        print("\n".join(all_words(bad)), file=sys.stderr)
        raise SystemExit(1) from None
    print(
        _("{name}: {stages} stages, {measures} measures, {tiles} figures. No faults.").format(
            name=profile.name.en,
            stages=len(profile.stages),
            measures=len(profile.measures),
            tiles=len(profile.tiles),
        )
    )


def rebuild_here(chosen: argparse.Namespace) -> None:
    """`doorstep recover`: a supervisor's laptop from the words on paper, in a terminal."""
    device = on_this_machine(chosen.data, key_store=chosen.key_store)
    try:
        recover(device, address=chosen.office, person=chosen.person, say=print)
    except (StorageError, SyncError) as error:
        print(plain(error), file=sys.stderr)
        raise SystemExit(1) from None


def in_its_own_window(folder: Path) -> None:
    """A packaged app: Flet's own window, and this device's data in the platform's folder."""
    device = on_this_machine(folder)
    session = device_session(device)
    ticker = Ticker(session)
    draw = opener(session, SCREENS)

    async def begin(page: ft.Page) -> None:
        ticker.start()
        await draw(page)

    ft.run(begin)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="doorstep", description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(platformdirs.user_data_dir("doorstep", appauthor=False)),
        help="folder of this device's data; one device, one folder (default: %(default)s)",
    )
    parser.add_argument("--port", type=int, default=0, help="loopback port (default: a free one)")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="only print the address"
    )
    parser.add_argument(
        "--no-key-store",
        dest="key_store",
        action="store_false",
        help="do not use this platform's key store; the passphrase must be long then",
    )
    parser.add_argument(
        "--profiles",
        type=Path,
        default=os.environ.get("DOORSTEP_PROFILES") or None,
        help="folder of your organisation's own service profiles (or DOORSTEP_PROFILES)",
    )
    what = parser.add_subparsers(dest="what", metavar="recover | profile")
    recovering = what.add_parser("recover", help="rebuild a supervisor's laptop from 24 words")
    recovering.add_argument("--office", required=True, help="address of the office")
    recovering.add_argument("--person", help="whose device it will be (default: who set it up)")
    checking = what.add_parser("profile", help="say what is wrong with a service's profile")
    checking.add_argument("file", type=Path, help="such as profiles/our-service.toml")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
