"""Pushing, pulling and editing between two devices, beside a bare endpoint with the same bytes."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests

from bench.bare import Bare
from bench.ground import (
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
            self.headers, self.ciphers = [], []
            for run in everything.runs:
                cipher = Cipher(u.keyring.by_kid[run.kid]._cipher, _CONTEXT)
                self.headers += [one.header for one in run.rebuilt(device.exchange.line.org)]
                self.ciphers += [cipher] * len(run.items)
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
    while device.vault.work_in_background():
        continue
    device.vault.search("kettle")


def _edit(one: Device, other: Device, casefiles: Sequence[str]) -> float:
    """Unsigned notes that both have, in all families, are written on: each saved by itself, as
    somebody does; then both sides in step again."""
    chance = random.Random(5)
    begun = [
        note(one.vault, casefiles[i % len(casefiles)], chance, signed=False) for i in range(EDITS)
    ]
    one.vault.write(begun)
    one.exchange.round()
    other.exchange.round()
    edits = [
        Statement(
            casefile=n.casefile, kind=n.kind, record=n.record, fields={"text": note_text(chance)}
        )
        for n in begun
    ]

    def both() -> None:
        for edit in edits:
            one.vault.write([edit])
        one.exchange.round()
        other.exchange.round()

    taken = seconds(both)
    if {other.vault.get(e.record).fields["text"] for e in edits} != {
        e.fields["text"] for e in edits
    }:
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
        opener = zip(self._outgoing.headers, self._outgoing.ciphers, strict=True)
        for items in self._office.pulled(0):
            kept: list[Change] = []
            for item, (header, cipher) in zip(items, opener, strict=False):
                self._texts.append(cipher.open(header, item)[2].get("text", ""))
                kept.append((header, item))
            self._there.keep(kept)
            self._count += len(kept)

    def index(self) -> None:
        """Only the full-text index over the same texts."""
        index = Index()
        index.add_words(self._texts)
        index.close()

    def edit(self) -> None:
        """Each edit sealed and forced to the disk by itself; all of them pushed, pulled, opened
        and kept on the other side."""
        header, cipher = self._outgoing.headers[0], self._outgoing.ciphers[0]
        items: list[bytes] = []
        for body in self._edits:
            items.append(cipher.seal(header, body))
            self._here.keep([(header, items[-1])])
        self._office.push(items)
        for batch in self._office.pulled(self._count):
            for item in batch:
                cipher.open(header, item)
            self._there.keep([(header, item) for item in batch])

    def close(self) -> None:
        self._here.close()
        self._there.close()
