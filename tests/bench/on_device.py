"""Opening, rebuilding, saving, searching and redrawing, each beside the bare pieces it needs."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.casework.casebook import Casebook
from app.device import Granted
from bench.ground import PASSPHRASE, WORD, Device, body, families, founded, note, write_notes
from bench.pieces import Cipher, Disk, Index, SealedDatabase
from bench.table import RUNS, Table, medians, seconds
from storage.image import Image

_HEADER = bytes(111)
"""As long as a change's header is."""
_SAVES = 50
_AT_ONCE = 1000


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
    for name, at_many, at_more in (
        ("unlock", few[0], lots[0]),
        ("rebuild", few[1], lots[1]),
    ):
        table.add(
            f"growth: {name} per record at {more:,} to {many:,}",
            (at_more / more) / (at_many / many),
            "x",
            must=1.25,
        )
    table.add(f"unlock against rebuild at {more:,}", lots[0] / lots[1], "x", must=0.2)
    device.vault.close()


def _opening(table: Table, device: Device, count: int) -> tuple[float, float]:
    """Unlock from the image, and rebuild without it; gives both medians in seconds.

    Product and floor take turns, so that they share the weather.
    """
    vault = device.vault

    def unlock() -> None:
        vault.unlock(PASSPHRASE)
        book = Casebook(
            vault,
            clock=vault.device_file.surroundings.clock,
            access=Granted(device.exchange.line),
        )
        book.diary.today()
        vault.search(WORD)

    def without_image() -> None:
        vault.lock()
        Image(device.path).remove()

    vault.lock()
    unlock()  # as on any day but the first: the image then holds what search has learnt
    vault.lock()
    vault.unlock(PASSPHRASE)
    with vault._inside() as u:
        bare_image = SealedDatabase(device.path.with_name("floor.image"), u.readable.serialize())
    vault.lock()
    unlocks, opens = [], []
    for _run in range(RUNS):
        unlocks.append(seconds(unlock))
        opens.append(seconds(bare_image.open))
        vault.lock()
    table.add(
        f"unlock to Today and search, {count:,} notes",
        median(unlocks),
        "s",
        must=3.0,
        floor=median(opens),
    )
    vault.unlock(PASSPHRASE)
    bare_log = _BareLog(device, count)
    rebuilds, indexings = [], []
    for _run in range(RUNS):
        without_image()
        rebuilds.append(seconds(unlock))
        indexings.append(seconds(bare_log.index))
    bare_log.close()
    table.add(
        f"rebuild without the image, {count:,} notes",
        median(rebuilds),
        "s",
        must=1.5,
        floor=median(indexings),
    )
    return median(unlocks), median(rebuilds)


class _BareLog:
    """As many sealed notes on disk; `index` reads, decrypts and indexes them."""

    def __init__(self, device: Device, count: int) -> None:
        self._file = device.path.with_name("floor.db")
        self._file.unlink(missing_ok=True)
        self._cipher = Cipher(AESGCM(os.urandom(32)))
        self._disk = Disk(self._file)
        chance = random.Random(3)
        notes = (note(device.vault, "00" * 16, chance) for _ in range(count))
        self._disk.keep(
            (os.urandom(32), _HEADER, self._cipher.seal(_HEADER, body(n))) for n in notes
        )

    def index(self) -> None:
        index = Index()
        for bodies in self._opened():
            index.add_records(bodies)
            index.add_words(one[2]["text"] for one in bodies)
        index.close()

    def _opened(self) -> Iterator[list[list[Any]]]:
        bodies = []
        for _id, header, item in self._disk.all():
            bodies.append(self._cipher.open(header, item))
            if len(bodies) == _AT_ONCE:
                yield bodies
                bodies = []
        yield bodies

    def close(self) -> None:
        self._disk.close()


def _saving(table: Table, device: Device, casefiles: list[str], folder: Path) -> None:
    """One note, durable, beside a bare sealed insert with `synchronous=FULL`.

    The notes are thought of beforehand: making them up is nobody's work.
    """
    chance = random.Random(11)
    runs = [
        [[note(device.vault, casefiles[0], chance) for _ in range(_SAVES)] for _ in range(RUNS)]
        for _side in range(2)
    ]
    disk, cipher = Disk(folder / "saved.db"), Cipher(AESGCM(os.urandom(32)))

    def save() -> None:
        for one in runs[0].pop():
            device.vault.write([one])

    def bare() -> None:
        for one in runs[1].pop():
            disk.keep([(os.urandom(32), _HEADER, cipher.seal(_HEADER, body(one)))])

    value, floor = medians(save, bare)
    table.add("save one note, durable", value / _SAVES, "s", must=2.0, floor=floor / _SAVES)
    disk.close()


def _looking(table: Table, device: Device) -> None:
    """A keystroke of the search, worst of what people type; the median of each, the largest."""
    vault = device.vault
    slowest = 0.0
    for typed in ("b", "ba", "bab", "baby", "baby sle", "kettle", "bedtime story", "t w", WORD):
        slowest = max(slowest, medians(lambda typed=typed: vault.search(typed))[0])
    table.add("search, slowest keystroke at 10,000 notes", slowest * 1000, "ms", must=20.0)
