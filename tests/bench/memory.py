"""Memory at 10,000 notes: a device process above the Flet baseline, and the office's own.

Resident bytes as the system counts them, read once things are calm; the moment of scrypt aside.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil

from bench.ground import families, founded, joined, office, process, write_notes
from bench.table import Table

_BASELINE = """
import sys
sys.path[:0] = {paths!r}
import app.web, flet, psutil
print(psutil.Process().memory_info().rss)
"""
_DEVICE = """
import sys
sys.path[:0] = {paths!r}
import app.web, flet, psutil
from pathlib import Path
from app.casework.schema import SCHEMA
from app.device import Device
from bench.ground import PASSPHRASE, WORD, surroundings
device = Device(folder=Path({folder!r}), surroundings=surroundings())
vault = device.open()
vault.unlock(PASSPHRASE)
exchange = device.exchange(vault)
book = device.furnishing().casebook(vault, exchange)
book.diary.today()
book.families.lines()
vault.search(WORD)
exchange.round()
print(psutil.Process().memory_info().rss)
vault.close()
"""


def measure(table: Table, folder: Path, many: int) -> None:
    """Device and office, each as a process that did its work."""
    with process(office(folder / "office"), "/health") as (address, started):
        sender = founded(folder / "sender", address)
        casefiles = families(sender)
        write_notes(sender.vault, casefiles, many)
        sender.exchange.round()
        receiver = joined(folder / "receiver", address, sender)
        receiver.exchange.round()
        sender.vault.close()
        receiver.vault.close()
        baseline = _rss(_BASELINE)
        device = _rss(_DEVICE, folder=str(receiver.path.parent))
        office_bytes = psutil.Process(started.pid).memory_info().rss
    mib = 1024 * 1024
    table.add(
        f"device process above Flet, {many:,} notes", (device - baseline) / mib, "MiB", must=250.0
    )
    table.add(f"office process, {many:,} changes", office_bytes / mib, "MiB", must=120.0)


def _rss(script: str, **values: str) -> int:
    here = Path(__file__).resolve()
    paths = [str(here.parent), str(here.parents[1]), str(here.parents[2])]
    filled = script.format(paths=paths, **values)
    done = subprocess.run(
        [sys.executable, "-c", filled], capture_output=True, text=True, check=True
    )
    return int(done.stdout.strip().splitlines()[-1])
