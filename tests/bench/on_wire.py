"""Pushing, pulling and editing between two devices, beside a bare endpoint with the same bytes."""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgpack
import requests

from bench.ground import Device, bare, families, founded, joined, office, process, write_notes
from bench.table import RUNS, Table, seconds
from storage.envelope import CasefileKey, unpack_body
from storage.vault import Statement

Batch = list[bytes]
Opener = tuple[CasefileKey, bytes]
"""The key and the header of one item."""


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
            batches, keys = _outgoing(sender)
            with _counted() as sizes:
                _add(taken, "push", seconds(sender.exchange.round))
            wire = sum(sizes) / sum(len(item) for batch in batches for item in batch)
            receiver = joined(here / "receiver", address, sender)
            _add(taken, "pull", seconds(receiver.exchange.round))
            _add(taken, "search", taken["pull"][-1] + seconds(partial(_searchable, receiver)))
            _add(taken, "edit", _edit(sender, receiver))
            sender.vault.close()
            receiver.vault.close()
        with process(bare(here / "bare"), "/docs") as (address, _bare):
            session = requests.Session()
            _add(taken, "push floor", seconds(partial(_bare_push, session, address, batches)))
            _add(taken, "pull floor", _bare_pull(session, address, keys, here / "floor.db"))
            _add(taken, "index floor", _bare_index(session, address, keys))
            _add(taken, "edit floor", _bare_edit(session, address, batches, keys, here / "e.db"))
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
        "edit 100, both sides synced", median["edit"], "s", must=1.5, floor=median["edit floor"]
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


def _outgoing(device: Device) -> tuple[list[Batch], list[Opener]]:
    """What the device is about to push, in the batches it would use, and how to open it."""
    with device.vault._inside() as u:
        everything = device.vault.device_file.outbox(limit_changes=10**9, limit_bytes=10**12)
        openers = [
            (u.keyring.by_kid[run.kid], sealed.header)
            for run in everything.runs
            for sealed in run.rebuilt(device.exchange.line.org)
        ]
    batches: list[Batch] = []
    batch: Batch = []
    size = 0
    for run in everything.runs:
        for item in run.items:
            if len(batch) == 1000 or size + len(item) > 2 * 1024 * 1024:
                batches.append(batch)
                batch, size = [], 0
            batch.append(item)
            size += len(item)
    if batch:
        batches.append(batch)
    return batches, openers


def _searchable(device: Device) -> None:
    while device.vault.work_in_background():
        continue
    device.vault.search("kettle")


def _edit(one: Device, other: Device) -> float:
    """100 notes get an addendum each; both sides in step again."""
    chance = random.Random(5)
    notes = one.vault.find("visit_note", limit=100)
    statements = [
        Statement(
            casefile=n.casefile,
            kind="addendum",
            record=one.vault.new_id(),
            fields={"note": n.record, "text": "x" * chance.randrange(900, 1000)},
        )
        for n in notes
    ]

    def both() -> None:
        one.vault.write(statements)
        one.exchange.round()
        other.exchange.round()

    return seconds(both)


# -- the floors ---------------------------------------------------------------------------------
def _bare_push(session: requests.Session, address: str, batches: list[Batch]) -> None:
    for batch in batches:
        session.post(address + "/push", data=msgpack.packb(batch)).raise_for_status()


def _pulled(session: requests.Session, address: str, after: int = 0) -> Iterator[Batch]:
    while batch := msgpack.unpackb(session.get(f"{address}/pull?after={after}").content):
        yield batch
        after += len(batch)


def _bare_pull(session: requests.Session, address: str, keys: list[Opener], file: Path) -> float:
    """Bare endpoint, decrypt, durable insert."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE changes (n INTEGER PRIMARY KEY, item BLOB)")

    def pull() -> None:
        n = 0
        for batch in _pulled(session, address):
            for item in batch:
                key, header = keys[n]
                unpack_body(key.decrypt(item[:12], item[12:], header))
                n += 1
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO changes (item) VALUES (?)", [(i,) for i in batch])
            connection.execute("COMMIT")

    taken = seconds(pull)
    connection.close()
    return taken


def _bare_index(session: requests.Session, address: str, keys: list[Opener]) -> float:
    """Only the full-text index over the same texts."""
    texts = []
    for n, item in enumerate(i for batch in _pulled(session, address) for i in batch):
        key, header = keys[n]
        texts.append((unpack_body(key.decrypt(item[:12], item[12:], header)).fields.get("text"),))
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5"
        "(text, content='', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    )

    def index() -> None:
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO words (text) VALUES (?)", texts)
        connection.execute("COMMIT")

    return seconds(index)


def _bare_edit(
    session: requests.Session,
    address: str,
    batches: list[Batch],
    keys: list[Opener],
    file: Path,
) -> float:
    """100 blobs sealed and kept, pushed, pulled, opened and kept on the other side."""
    key, header = keys[0]
    total = sum(len(b) for b in batches)
    clear = b"x" * 1000
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE changes (n INTEGER PRIMARY KEY, item BLOB)")

    def keep(items: Batch) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO changes (item) VALUES (?)", [(i,) for i in items])
        connection.execute("COMMIT")

    def both() -> None:
        items = []
        for _n in range(100):
            nonce = random.randbytes(12)
            items.append(nonce + key.encrypt(nonce, clear, header))
        keep(items)
        _bare_push(session, address, [items])
        for batch in _pulled(session, address, total):
            for item in batch:
                key.decrypt(item[:12], item[12:], header)
            keep(batch)

    taken = seconds(both)
    connection.close()
    return taken
