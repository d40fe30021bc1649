"""Pushing, pulling and editing between two devices, beside a bare endpoint with the same bytes."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from os import urandom
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests

from bench.bare import Bare
from bench.ground import (
    WORD,
    Device,
    bare,
    families,
    founded,
    joined,
    note,
    note_text,
    office,
    process,
    write_notes,
)
from bench.pieces import Change, Cipher, Disk, Index
from bench.table import RUNS, Table, seconds
from storage.vault import Statement

EDITS = 100
_CONTEXT = len(b"doorstep/change/1").to_bytes(4, "big") + b"doorstep/change/1"
"""What the product's ciphertexts are bound to before the header."""


def measure(table: Table, folder: Path, count: int) -> None:
    """Five times over: a fresh organisation, `count` notes pushed, pulled fresh, 100 edited."""
    taken: dict[str, list[float]] = {}
    wire = 0.0
    for run in range(RUNS):
        here = folder / str(run)
        with process(office(here / "office"), "/health") as (address, _office):
            sender = founded(here / "sender", address)
            casefiles = families(sender)
            sender.exchange.round()
            write_notes(sender.vault, casefiles, count)
            outgoing = Outgoing(sender)
            with _counted() as sizes:
                _add(taken, "push", seconds(sender.exchange.round))
            wire = sum(sizes) / outgoing.size
            receiver = joined(here / "receiver", address, sender)
            _add(taken, "pull", seconds(receiver.exchange.round))
            _add(taken, "search", taken["pull"][-1] + seconds(partial(_searchable, receiver)))
            _add(taken, "edit", _edit(sender, receiver, casefiles))
            sender.vault.close()
            receiver.vault.close()
        with process(bare(here / "bare"), "/docs") as (address, _bare):
            floor = Floor(Bare(address), outgoing, here)
            _add(taken, "push floor", seconds(floor.push))
            _add(taken, "pull floor", seconds(floor.pull))
            _add(taken, "index floor", seconds(floor.index))
            _add(taken, "edit floor", seconds(floor.edit))
            floor.close()
    median = {name: statistics.median(times) for name, times in taken.items()}
    table.add(f"push {count:,}", median["push"], "s", must=2.5, floor=median["push floor"])
    table.add(
        f"fresh pull of {count:,} to readable",
        median["pull"],
        "s",
        must=2.0,
        floor=median["pull floor"],
    )
    table.add(
        f"fresh pull of {count:,} to searchable",
        median["search"],
        "s",
        must=1.0,
        floor=2 * median["pull floor"] + 1.3 * median["index floor"],
    )
    table.add(
        f"edit {EDITS}, both sides synced",
        median["edit"],
        "s",
        must=1.5,
        floor=median["edit floor"],
    )
    table.add("bytes sent, to the padded ciphertext", wire, "x", must=1.1)


def _add(taken: dict[str, list[float]], name: str, value: float) -> None:
    taken.setdefault(name, []).append(value)


@contextmanager
def _counted() -> Iterator[list[int]]:
    """The size of every request body sent meanwhile."""
    sizes: list[int] = []
    send = requests.Session.send

    def counting(
        session: requests.Session, request: requests.PreparedRequest, **how: Any
    ) -> requests.Response:
        sizes.append(len(request.body or b""))
        return send(session, request, **how)

    with patch.object(requests.Session, "send", counting):
        yield sizes


class Outgoing:
    """What a device is about to push, in the batches it would use, and how to open it."""

    def __init__(self, device: Device) -> None:
        with device.vault._inside() as u:
            everything = device.vault.device_file.outbox(10**9, 10**12)
            self.openers: list[tuple[Cipher, bytes, bytes]] = []
            for run in everything.runs:
                cipher = Cipher(u.keyring.by_kid[run.kid]._cipher, _CONTEXT)
                rebuilt = run.rebuilt(device.exchange.line.org)
                self.openers += [(cipher, one.id, one.header) for one in rebuilt]
        self.batches: list[list[bytes]] = [[]]
        room = 2 * 1024 * 1024
        for item in (item for run in everything.runs for item in run.items):
            if len(self.batches[-1]) == 1000 or room < len(item):
                self.batches.append([])
                room = 2 * 1024 * 1024
            self.batches[-1].append(item)
            room -= len(item)

    @property
    def size(self) -> int:
        return sum(len(item) for batch in self.batches for item in batch)


def _searchable(device: Device) -> None:
    """The first search learns all words before it answers."""
    if not device.vault.search(WORD):
        raise RuntimeError("nothing was found")


def _edit(one: Device, other: Device, casefiles: Sequence[str]) -> float:
    """Unsigned notes that both have are written on, in one save; then both sides in step again.

    One save, since what a save costs by itself is another measure.
    """
    chance = random.Random(5)
    begun = [note(one.vault, casefiles[0], chance, signed=False) for _ in range(EDITS)]
    one.vault.write(begun)
    for device in (one, other):
        device.exchange.round()
        device.vault.search(WORD)
    edits = [
        Statement(
            casefile=n.casefile, kind=n.kind, record=n.record, fields={"text": note_text(chance)}
        )
        for n in begun
    ]

    def both() -> None:
        one.vault.write(edits)
        one.exchange.round()
        other.exchange.round()

    taken = seconds(both)
    if any(
        (found := other.vault.get(e.record)) is None or found.fields["text"] != e.fields["text"]
        for e in edits
    ):
        raise RuntimeError("the edits did not arrive")
    return taken


class Floor:
    """The same, by the bare pieces alone."""

    def __init__(self, office: Bare, outgoing: Outgoing, folder: Path) -> None:
        self._office = office
        self._outgoing = outgoing
        self._here, self._there = Disk(folder / "here.db"), Disk(folder / "there.db")
        self._count = 0
        self._texts: list[str] = []
        chance = random.Random(6)
        self._edits = [
            ["visit_note", bytes(16), {"text": note_text(chance)}, [bytes(32)], 1 << 56, bytes(16)]
            for _ in range(EDITS)
        ]

    def push(self) -> None:
        """A bare endpoint storing the same bytes in the same batches."""
        for batch in self._outgoing.batches:
            self._office.push(batch)

    def pull(self) -> None:
        """Bare endpoint, decrypt, durable insert."""
        openers = iter(self._outgoing.openers)
        for items in self._office.pulled(0):
            kept: list[Change] = []
            for item, (cipher, change, header) in zip(items, openers, strict=False):
                self._texts.append(cipher.open(header, item)[2].get("text", ""))
                kept.append((change, header, item))
            self._there.keep(kept)
            self._count += len(kept)

    def index(self) -> None:
        """Only the full-text index over the same texts."""
        index = Index()
        index.add_words(self._texts)
        index.close()

    def edit(self) -> None:
        """Sealed and kept, pushed, pulled, opened and kept on the other side: forced to a disk
        three times, as often as anybody must who has promised to keep it."""
        cipher, _, header = self._outgoing.openers[0]
        items = [cipher.seal(header, body) for body in self._edits]
        self._here.keep((urandom(32), header, item) for item in items)
        self._office.push(items)
        for batch in self._office.pulled(self._count):
            for item in batch:
                cipher.open(header, item)
            self._there.keep((urandom(32), header, item) for item in batch)

    def close(self) -> None:
        self._here.close()
        self._there.close()
