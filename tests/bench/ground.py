"""The ground the measures stand on: an organisation, and notes of 1,000 characters in 30 families.

Real vaults, a real office in a process of its own, and a passphrase that costs nothing (the
deliberate scrypt is not what is measured).
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from app.casework.schema import SCHEMA
from fakes import cheap_kdf
from storage.recovery import new_seed
from storage.surroundings import Surroundings
from storage.vault import Statement, Vault, create_vault
from sync.ahead import in_a_thread
from sync.client import HttpOffice
from sync.exchange import Exchange
from sync.founding import found_family
from sync.line import Line
from sync.pairing import approve, join, make_invite, pending, poll
from sync.setting_up import found_organisation

PASSPHRASE = "kettle marble otter meadow"
CASEFILES = 30
CHARACTERS = 1000
_LINE = (
    "baby mother visit home routine sleep feeding smiled settled worried talked agreed next week "
    "partner kitchen upstairs cot bottle clinic midwife appointment bus late morning afternoon "
    "played floor eyes voice calm tired crying held gently listened bedtime story garden nursery"
)
_WORDS = tuple(_LINE.split(" "))
WORD = "kitchen"
"""In nearly every note: what a search for it costs, no other exceeds."""


@dataclass(frozen=True, slots=True)
class Device:
    """One open device."""

    path: Path
    vault: Vault
    exchange: Exchange


def note_text(chance: random.Random) -> str:
    """Words to the length of a note; a rare one now and then, as in life."""
    words: list[str] = []
    length = 0
    while length < CHARACTERS:
        word = chance.choice(_WORDS)
        if chance.random() < 0.05:
            word += str(chance.randrange(10_000))
        words.append(word)
        length += len(word) + 1
    return " ".join(words)[:CHARACTERS]


def note(vault: Vault, casefile: str, chance: random.Random, *, signed: bool = True) -> Statement:
    """One note as the casebook writes it."""
    day = f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    return Statement(
        casefile=casefile,
        kind="visit_note",
        record=vault.new_id(),
        fields={
            "text": note_text(chance),
            "contact_type": "home_visit",
            "occurred_at": f"{day}T10:00:00Z",
            "started_at": f"{day}T11:00:00Z",
            "signed_at": f"{day}T11:20:00Z" if signed else None,
            "writer": vault.me.person if vault.me else "",
            "people": [],
            "child_seen": "yes",
        },
    )


def body(statement: Statement) -> list[object]:
    """What a change says of it, as both the product and a floor seal it."""
    record, author = bytes.fromhex(statement.record), bytes(16)
    return [statement.kind, record, statement.fields, [], 1 << 56, author, []]


def write_notes(vault: Vault, casefiles: list[str], count: int, seed: int = 7) -> None:
    """`count` notes, spread over the casefiles, 500 to a transaction."""
    chance = random.Random(seed)
    for start in range(0, count, 500):
        casefile = casefiles[(start // 500) % len(casefiles)]
        vault.write([note(vault, casefile, chance) for _ in range(min(500, count - start))])


def surroundings() -> Surroundings:
    """The real machine but for the deliberate slowness of scrypt."""
    return Surroundings(kdf=cheap_kdf)


def founded(folder: Path, address: str) -> Device:
    """A fresh organisation's first device."""
    folder.mkdir(parents=True)
    path = folder / "doorstep.db"
    vault = create_vault(path, PASSPHRASE, schema=SCHEMA, surroundings=surroundings())
    office = HttpOffice(address)
    found_organisation(vault, office, seed=new_seed(random.randbytes), address=address)
    device = Device(path, vault, _exchange(vault, office))
    device.exchange.round()
    return device


def _exchange(vault: Vault, office: HttpOffice) -> Exchange:
    """Rounds as the app makes them (`app.device`)."""
    return Exchange(vault, office, line=Line(vault, office, begin=in_a_thread()))


def families(device: Device) -> list[str]:
    """Thirty casefiles."""
    return [found_family(device.exchange.line) for _ in range(CASEFILES)]


def joined(folder: Path, address: str, by: Device, *, colleague: bool = False) -> Device:
    """Another device of the same supervisor, or a colleague's: it may read all she may."""
    folder.mkdir(parents=True)
    path = folder / "doorstep.db"
    me = by.vault.me
    made = make_invite(
        by.exchange.line,
        inviter="Grace",
        role="supervisor",
        person=me.person if me and not colleague else None,
    )
    vault = create_vault(path, PASSPHRASE, schema=SCHEMA, surroundings=surroundings())
    office = HttpOffice(address)
    join(vault, office, made.invite)
    for request in pending(by.exchange.line):
        approve(by.exchange.line, request)
    poll(vault, office)
    by.exchange.round()
    return Device(path, vault, _exchange(vault, office))


@contextmanager
def process(
    arguments: Callable[[int], list[str]], path: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of ours in its own process on a free port; gives its address once it answers.

    What it logs is shown only if it does not come up: the table is for figures.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, *arguments(port)]
        started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        try:
            end = time.monotonic() + 30
            while True:
                try:
                    requests.get(address + path, timeout=1)
                    break
                except requests.RequestException as error:  # it may listen before it answers
                    if time.monotonic() > end or started.poll() is not None:
                        said.seek(0)
                        raise RuntimeError(said.read().decode(errors="replace")) from error
                    time.sleep(0.02)
            yield address, started
        finally:
            started.terminate()
            started.wait(20)


def office(folder: Path) -> Callable[[int], list[str]]:
    """How the real office is started."""
    return lambda port: [
        *("-m", "sync.server", "--data", str(folder), "--port", str(port), "--open-claim"),
        *("--bytes-a-day", str(10**12)),
    ]


def bare(folder: Path) -> Callable[[int], list[str]]:
    """How the floor is started."""
    folder.mkdir(parents=True, exist_ok=True)
    return lambda port: [str(Path(__file__).with_name("bare.py")), str(folder), str(port)]


def copied(path: Path, to: Path) -> Path:
    """A closed vault's folder, copied."""
    shutil.copytree(path.parent, to)
    return to / path.name
