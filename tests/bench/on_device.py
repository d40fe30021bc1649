"""Opening, rebuilding, saving, searching and redrawing, each beside the bare pieces it needs."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgpack
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.casework.casebook import Casebook
from app.device import Granted
from bench.ground import PASSPHRASE, Device, families, founded, note, write_notes
from bench.table import Table, medians, seconds
from storage.envelope import (
    ZERO_ID,
    Body,
    CasefileKey,
    Header,
    as_item,
    seal_change,
    unpack_body,
)
from storage.image import Image
from storage.vault import Vault


def measure(table: Table, folder: Path, address: str, many: int, more: int) -> None:
    """All that needs no second device. `many` and `more` are counts of notes."""
    device = founded(folder / "device", address)
    casefiles = families(device)
    write_notes(device.vault, casefiles, many)
    few = _opening(table, device, many)
    _saving(table, device, casefiles, folder)
    _looking(table, device)
    write_notes(device.vault, casefiles, more - many, seed=8)
    lots = _opening(table, device, more)
    table.add(
        f"growth: unlock per record at {more:,} to {many:,}",
        (lots[0] / more) / (few[0] / many),
        "x",
        must=1.25,
    )
    table.add(
        f"growth: rebuild per record at {more:,} to {many:,}",
        (lots[1] / more) / (few[1] / many),
        "x",
        must=1.25,
    )
    table.add(f"unlock against rebuild at {more:,}", lots[0] / lots[1], "x", must=0.2)
    device.vault.close()


def _opening(table: Table, device: Device, count: int) -> tuple[float, float]:
    """Unlock from the image, and rebuild without it; gives both medians in seconds."""
    vault = device.vault
    vault.lock()

    def unlock() -> None:
        vault.unlock(PASSPHRASE)
        book = Casebook(
            vault,
            clock=vault.device_file.surroundings.clock,
            access=Granted(device.exchange.line),
        )
        book.diary.today()
        vault.search("kettle")

    def lock_again() -> None:
        vault.lock()

    vault.unlock(PASSPHRASE)
    bare_open = _bare_image(vault, device.path)
    vault.lock()
    times: list[float] = []
    floors: list[float] = []
    for _run in range(5):
        times.append(seconds(unlock))
        lock_again()
        floors.append(seconds(bare_open))
    unlocking, floor = sorted(times)[2], sorted(floors)[2]
    table.add(f"unlock to Today and search, {count:,} notes", unlocking, "s", must=3.0, floor=floor)
    vault.unlock(PASSPHRASE)
    index_floor = _index_floor(vault, count)
    rebuilds: list[float] = []
    for _run in range(5):
        vault.lock()
        Image(device.path).remove()
        rebuilds.append(seconds(unlock))
    rebuild = sorted(rebuilds)[2]
    table.add(
        f"rebuild without the image, {count:,} notes", rebuild, "s", must=1.5, floor=index_floor
    )
    return unlocking, rebuild


def _bare_image(vault: Vault, path: Path) -> Callable[[], None]:
    """Reading, decrypting and deserialising an image of the same size, with nothing around it."""
    with vault._inside() as u:
        serialized = u.readable.serialize()
    key, nonce = os.urandom(32), os.urandom(12)
    chunk = 1024 * 1024
    sealed = path.with_name("floor.image")
    cipher = AESGCM(key)
    with sealed.open("wb") as out:
        for start in range(0, len(serialized), chunk):
            out.write(cipher.encrypt(nonce, bytes(serialized[start : start + chunk]), b""))

    def bare() -> None:
        data = memoryview(sealed.read_bytes())
        clear = bytearray()
        for start in range(0, len(data), chunk + 16):
            clear += cipher.decrypt(nonce, data[start : start + chunk + 16], b"")
        connection = sqlite3.connect(":memory:")
        connection.deserialize(bytes(clear))
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.close()

    return bare


def _index_floor(vault: Vault, count: int) -> float:
    """Decrypting every change and indexing its text, with nothing around it; seconds."""
    key = CasefileKey(os.urandom(32), os.urandom(16), 1)
    chance = random.Random(3)
    sealed = []
    header = Header(
        org=bytes(16), casefile=key.casefile, device=bytes(16), n=1, prev=ZERO_ID, kid=key.kid
    )
    for _n in range(count):
        body = Body(
            kind="visit_note",
            record=os.urandom(16),
            fields=note(vault, "00" * 16, chance).fields,
            parents=(),
            hlc=1,
            author=bytes(16),
        )
        sealed.append(seal_change(header, body, key, os.urandom))

    def bare() -> None:
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE TABLE notes (record PRIMARY KEY, fields BLOB)")
        connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5"
            "(text, content='', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
        )
        rows, texts = [], []
        for one in sealed:
            assert one.ct is not None
            body = unpack_body(key.decrypt(one.nonce, one.ct, one.header))
            rows.append((body.record, msgpack.packb(body.fields)))
            texts.append((body.fields["text"],))
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO notes VALUES (?, ?)", rows)
        connection.executemany("INSERT INTO words (text) VALUES (?)", texts)
        connection.execute("COMMIT")
        connection.close()

    return medians(bare)[0]


def _saving(table: Table, device: Device, casefiles: list[str], folder: Path) -> None:
    """One note, durable, beside a bare sealed insert with `synchronous=FULL`."""
    chance = random.Random(11)
    floor_file = sqlite3.connect(folder / "floor.db", isolation_level=None)
    floor_file.execute("PRAGMA journal_mode=WAL")
    floor_file.execute("PRAGMA synchronous=FULL")
    floor_file.execute("CREATE TABLE changes (id BLOB PRIMARY KEY, header BLOB, item BLOB)")
    key = CasefileKey(os.urandom(32), os.urandom(16), 1)

    def save() -> None:
        for _n in range(50):
            device.vault.write([note(device.vault, casefiles[0], chance)])

    def bare() -> None:
        for n in range(1, 51):
            header = Header(
                org=bytes(16),
                casefile=key.casefile,
                device=bytes(16),
                n=n,
                prev=ZERO_ID,
                kid=key.kid,
            )
            body = Body(
                kind="visit_note",
                record=os.urandom(16),
                fields=note(device.vault, casefiles[0], chance).fields,
                parents=(),
                hlc=1,
                author=bytes(16),
            )
            sealed = seal_change(header, body, key, os.urandom)
            floor_file.execute(
                "INSERT INTO changes VALUES (?, ?, ?)", [sealed.id, sealed.header, as_item(sealed)]
            )

    value, floor = medians(save, bare)
    table.add("save one note, durable", value / 50, "s", must=2.0, floor=floor / 50)
    floor_file.close()


def _looking(table: Table, device: Device) -> None:
    """A keystroke of the search, worst of what people type; the median of each, the largest."""
    vault = device.vault
    slowest = 0.0
    for typed in ("b", "ba", "bab", "baby", "baby sle", "kettle", "bedtime story", "t w"):
        slowest = max(slowest, medians(lambda typed=typed: vault.search(typed))[0])
    table.add("search, slowest keystroke at 10,000 notes", slowest * 1000, "ms", must=20.0)
