"""`make demo`: an office and three devices on this machine, with fictional families.

Four processes on loopback, each with its own data folder below demo/, and one page with the
addresses, the passphrases and a signal switch for each device. The data are kept from one time to
the next; `--fresh` makes them anew. Ends all it started on Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
import uvicorn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.casework.profile import BadProfile, NoProfile, Shelf
from app.demo import Cast, generate
from app.places import PROFILES
from app.wording.profile_faults import all_words
from demo.link import Link
from demo.organisation import Founded, Person, everybody, found
from demo.page import Device, demo_page

ROOT = Path(__file__).resolve().parents[2]
READY = "ready"
OFFICE_PORT, FIRST_LINK_PORT, PAGE_PORT, FIRST_DEVICE_PORT = 8460, 8461, 8470, 8471
WAIT_S = 60.0


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
    parser.add_argument("--page-port", type=int, default=PAGE_PORT)
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
        asyncio.run(_until_told(_run(demo, asked.page_port)))


async def _until_told(running: Coroutine[Any, Any, None]) -> None:
    """Run until it ends or somebody asks the process to; what was started ends with it."""
    task = asyncio.create_task(running)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
    await task


async def _run(demo: Demo, page_port: int) -> None:
    folder = demo.folder
    started: list[asyncio.subprocess.Process] = []
    links = [Link(person.key, OFFICE_PORT) for person in demo.people]
    try:
        started.append(
            await _start("sync.server", _office_arguments(folder), folder / "office.log")
        )
        await asyncio.to_thread(_answering, f"http://127.0.0.1:{OFFICE_PORT}/health")
        for n, link in enumerate(links):
            await link.start(FIRST_LINK_PORT + n)
        if not (folder / READY).exists():
            await asyncio.to_thread(_make, demo, [link.url for link in links])
        devices = []
        for n, (person, link) in enumerate(zip(demo.people, links, strict=True)):
            process, address = await _device(folder, person, FIRST_DEVICE_PORT + n)
            started.append(process)
            devices.append(_shown(person, address, link))
        await _serve(devices, page_port, started)
    finally:
        for process in reversed(started):
            await _end(process)
        for link in links:
            await link.stop()


def _make(demo: Demo, addresses: Sequence[str]) -> None:
    """The organisation and its history, through the product's own doors."""
    folder = demo.folder
    for person in demo.people:
        shutil.rmtree(folder / person.key, ignore_errors=True)
    began = time.monotonic()
    print("Founding the organisation and pairing three devices…", flush=True)
    by_key = dict(zip((p.key for p in demo.people), addresses, strict=True))
    founded: Founded = found(folder, by_key, demo.service)
    print("Writing fifteen months with thirty families (about a minute)…", flush=True)
    desks = (founded.grace, founded.amina, founded.rhian)

    def carry() -> None:
        # Twice: the second round receives what the others sent after one's own first.
        for desk in (*desks, *desks):
            desk.round()

    cast = Cast(grace=founded.grace.book, amina=founded.amina.book, rhian=founded.rhian.book)
    generate(cast, now=datetime.now(UTC), carry=carry, seed=demo.seed)
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


def _office_arguments(folder: Path) -> list[str]:
    return ["--data", str(folder / "office"), "--port", str(OFFICE_PORT), "--open-claim"]


async def _device(
    folder: Path, person: Person, port: int
) -> tuple[asyncio.subprocess.Process, str]:
    """Start one device; gives the address with its launch token, which it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *("--data", str(folder / person.key), "--port", str(port)),
        *("--no-browser", "--no-key-store"),
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=(folder / f"{person.key}.log").open("ab"),
        start_new_session=True,
    )
    printed = process.stdout
    async with asyncio.timeout(WAIT_S):
        while printed is not None and (line := (await printed.readline()).decode()):
            if line.startswith("http://"):
                return process, line.strip()
    raise RuntimeError(f"{person.what} did not start; see {person.key}.log")


async def _start(module: str, arguments: Sequence[str], log: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=ROOT,
        stdout=log.open("ab"),
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask a process of ours to end, and wait; only then insist."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _answering(address: str) -> None:
    end = time.monotonic() + WAIT_S
    while True:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.RequestException:
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


def _shown(person: Person, address: str, link: Link) -> Device:
    return Device(
        key=person.key,
        person=f"{person.name}, {person.title.lower()}",
        what=person.what,
        passphrase=person.passphrase,
        opens=address,
        link=link,
    )


class _Page(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them anew before our devices have ended."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(
    devices: Sequence[Device], port: int, started: Sequence[asyncio.subprocess.Process]
) -> None:
    """The page, until somebody stops it or a process of the demo ends by itself."""
    office = f"http://127.0.0.1:{OFFICE_PORT}"
    config = uvicorn.Config(
        demo_page(devices, office), host="127.0.0.1", port=port, log_level="warning", lifespan="off"
    )
    server = _Page(config)
    print(_words(devices, office, port), flush=True)
    serving = asyncio.create_task(server.serve())
    ended = [asyncio.create_task(process.wait()) for process in started]
    try:
        await asyncio.wait({serving, *ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        await serving
        for task in ended:
            task.cancel()


def _words(devices: Sequence[Device], office: str, port: int) -> str:
    lines = ["", "Doorstep's demo is running. Everything on one page, with the signal switches:"]
    lines += ["", f"    http://127.0.0.1:{port}/", ""]
    for d in devices:
        lines += [f"{d.person}: {d.what}", f"    {d.opens}", f"    passphrase: {d.passphrase}", ""]
    lines += [f"The office: {office}/docs", "", "Ctrl-C ends it; the data stay for next time."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
