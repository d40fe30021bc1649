"""`make demo`: an office and three devices on this machine, with fictional families.

Four processes on loopback, each with its own data folder below demo/, and one page with the
addresses, the passphrases and a signal switch for each device. The data are kept from one time to
the next; `--fresh` makes them anew. A process that ends by itself is started again from the page;
Ctrl-C, at any time, ends all that was started.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import shutil
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.casework.profile import BadProfile, NoProfile, Shelf
from app.demo import Cast, generate
from app.doorbell import ring
from app.places import PROFILES
from app.wording.profile_faults import all_words
from demo.any_hour import write_profile
from demo.link import Link
from demo.organisation import Founded, Person, everybody, found
from demo.page import Device, demo_page
from demo.program import Program
from storage.clock import SystemClock

ROOT = Path(__file__).resolve().parents[2]
READY = "ready"
FIRST_PORT = 8460


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Loopback ports of one demo, all beside each other: office, links, page, devices."""

    first: int

    @property
    def office(self) -> int:
        return self.first

    def link(self, n: int) -> int:
        return self.first + 1 + n

    @property
    def page(self) -> int:
        return self.first + 10

    def device(self, n: int) -> int:
        return self.first + 11 + n


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What is to be run: whose service, who plays it, and where its data lie."""

    folder: Path
    service: str
    people: Sequence[Person]
    seed: int


def main() -> None:
    """Set up what is missing, start everything, and wait."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="make all data anew")
    parser.add_argument("--service", default="reconnect", help="whose profile, words and stages")
    parser.add_argument("--folder", type=Path, help="where the data lie (default: demo/SERVICE)")
    parser.add_argument(
        "--first-port", type=int, default=FIRST_PORT, help="of fourteen (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=2026, help="another seed, other families")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    folder = asked.folder or ROOT / "demo" / asked.service
    try:
        people = everybody(asked.service)
    except NoProfile:
        known = ", ".join(p.service for p in Shelf(shipped=PROFILES).contents().profiles)
        print(f"There is no service called {asked.service}. There are: {known}.", file=sys.stderr)
        raise SystemExit(2) from None
    except BadProfile as bad:
        print("\n".join(all_words(bad)), file=sys.stderr)
        raise SystemExit(2) from None
    if asked.fresh and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder=folder, service=asked.service, people=people, seed=asked.seed)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_until_told(_run(demo, Ports(first=asked.first_port))))


async def _until_told(running: Coroutine[Any, Any, None]) -> None:
    """Run until it ends or somebody asks the process to; what was started ends with it."""
    task = asyncio.create_task(running)
    told = False

    def end() -> None:
        nonlocal told
        if not told:  # a second Ctrl-C must not interrupt the ending
            told = True
            task.cancel()

    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(sign, end)
    await task


async def _run(demo: Demo, ports: Ports) -> None:
    folder = demo.folder
    profiles = write_profile(folder / "profiles", demo.service)
    links = [Link(person.key, ports.office) for person in demo.people]
    office = Program(
        "The office",
        "sync.server",
        [
            *("--data", str(folder / "office"), "--port", str(ports.office), "--open-claim"),
            *("--desk-sms", "console", "--desk-voice", "console", "--desk-open-console"),
            *("--desk-tick-s", "5"),
        ],
        folder / "office.log",
    )
    devices = [
        _device(folder, profiles, person, link, ports.device(n))
        for n, (person, link) in enumerate(zip(demo.people, links, strict=True))
    ]
    made = (folder / READY).exists()
    if not made:
        # Begun and not finished: an office that is claimed already cannot be founded again.
        for left in ("office", *(person.key for person in demo.people)):
            shutil.rmtree(folder / left, ignore_errors=True)
    try:
        await office.start(lambda: _answers(f"http://127.0.0.1:{ports.office}/health"))
        for n, link in enumerate(links):
            await link.start(ports.link(n))
        if not made:
            await asyncio.to_thread(_make, demo, profiles, [link.url for link in links])
        for device in devices:
            await device.start()
        await _serve(devices, office, ports)
    finally:
        for program in (*(device.program for device in devices), office):
            await program.end()
        for link in links:
            await link.stop()


def _make(demo: Demo, profiles: Path, addresses: Sequence[str]) -> None:
    """The organisation and its history, through the product's own doors."""
    folder = demo.folder
    began = time.monotonic()
    print("Founding the organisation and pairing three devices…", flush=True)
    by_key = dict(zip((p.key for p in demo.people), addresses, strict=True))
    shelf = Shelf([profiles], shipped=PROFILES)
    founded: Founded = found(folder, by_key, demo.service, shelf)
    print("Writing fifteen months with thirty families (about a minute)…", flush=True)
    desks = (founded.grace, founded.amina, founded.rhian)

    def carry() -> None:
        # Twice: the second round receives what the others sent after one's own first.
        for desk in (*desks, *desks):
            desk.round()

    cast = Cast(grace=founded.grace.book, amina=founded.amina.book, rhian=founded.rhian.book)
    generate(cast, now=SystemClock().now(), carry=carry, seed=demo.seed)
    # As a device in use has long since done: what a newcomer writes is then all that waits on it.
    for desk in desks:
        desk.book.groups.follow_what_was_left()
        desk.book.reminders.reconcile()
    carry()
    for desk in desks:
        desk.vault.close()
    (folder / "recovery-key.txt").write_text(
        "The demo's recovery key. A real one is on paper only.\n\n"
        + "\n".join(f"{n}. {word}" for n, word in enumerate(founded.recovery, 1))
        + "\n",
        encoding="utf-8",
    )
    (folder / READY).write_text("made\n", encoding="utf-8")
    print(f"Done in {time.monotonic() - began:.0f} s.", flush=True)


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False


def _device(folder: Path, profiles: Path, person: Person, link: Link, port: int) -> Device:
    program = Program(
        person.what.capitalize(),
        "app",
        [
            *("--data", str(folder / person.key), "--port", str(port)),
            *("--profiles", str(profiles), "--no-browser", "--no-key-store"),
        ],
        folder / f"{person.key}.log",
    )
    return Device(
        key=person.key,
        person=f"{person.name}, {person.title.lower()}",
        what=person.what,
        passphrase=person.passphrase,
        program=program,
        fresh_link=lambda: ring(folder / person.key),
        link=link,
    )


class _Page(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them anew before our devices have ended."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(devices: Sequence[Device], office: Program, ports: Ports) -> None:
    """The page, until somebody stops it or the office ends, without which nothing travels."""
    config = uvicorn.Config(
        demo_page(devices, f"http://127.0.0.1:{ports.office}"),
        host="127.0.0.1",
        port=ports.page,
        log_level="warning",
        lifespan="off",
    )
    server = _Page(config)
    serving = asyncio.create_task(server.serve())
    office_ended = asyncio.create_task(office.ended())
    watching = [asyncio.create_task(_tell_when_ended(d, ports.page)) for d in devices]
    try:
        await server.listens.wait()
        print(_words(devices, ports), flush=True)
        await asyncio.wait({serving, office_ended}, return_when=asyncio.FIRST_COMPLETED)
        if office_ended.done():
            print("The office ended by itself; see office.log.", file=sys.stderr)
    finally:
        for task in (office_ended, *watching):
            task.cancel()
        server.should_exit = True
        await serving


async def _tell_when_ended(device: Device, page_port: int) -> None:
    while True:
        await device.program.ended()
        print(
            f"{device.program.what} has stopped. What was written on it is kept. "
            f"Start it again on http://127.0.0.1:{page_port}/",
            flush=True,
        )
        await device.program.started()


def _words(devices: Sequence[Device], ports: Ports) -> str:
    page = f"http://127.0.0.1:{ports.page}/"
    lines = ["", "Doorstep's demo is running. Everything on one page, with the signal switches:"]
    lines += ["", f"    {page}", ""]
    for d in devices:
        lines += [f"{d.person}: {d.what}", f"    {page}open/{d.key}"]
        lines += [f"    passphrase: {d.passphrase}", ""]
    office = f"http://127.0.0.1:{ports.office}"
    lines += [f"The office: {office}/docs", f"What its desk sends: {office}/desk/console", ""]
    lines += ["Ctrl-C ends it; the data stay for next time."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
