"""A dashboard over 1,032 episodes with their contacts, plans and forms, and the lists behind it.

The records are those of the published figures (`published.rct`), written as the casebook writes
them, so that what is measured is what a supervisor of that service would wait for.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from app.casework.casebook import Casebook
from app.casework.figures import Span
from app.casework.schema import SCHEMA
from app.supervisor.figure_rows import row_of
from bench.table import RUNS, Table
from casebooks import Member
from cast import PASSPHRASE
from published import rct
from published.reading import on_a_device

EVENING = datetime(2018, 8, 31, 18, 0, tzinfo=UTC)
AT_ONCE = 100


def measure(table: Table, folder: Path) -> None:
    """The dashboard after unlocking, and the slowest list of records of any tile."""
    folder.mkdir(parents=True, exist_ok=True)
    span = Span(first=rct.FIRST, last=rct.LAST)
    with on_a_device(folder, EVENING, "rct", rct.write) as grace:
        many = sum(grace.vault.count(kind.name) for kind in SCHEMA.kinds)
        first, own, lists, busy_lists = [], [], [], []
        for _run in range(RUNS):
            book = _unlocked(grace)
            began, busy = time.perf_counter(), time.process_time()
            seen = book.figures.dashboard(span)
            first.append(time.perf_counter() - began)
            own.append(time.process_time() - busy)
            taken = [_listing(book, f.tile.code, span) for f in seen.figures]
            lists.append(max(waited for waited, _ in taken))
            busy_lists.append(max(worked for _, worked in taken))
            book.close()
        table.add(
            f"dashboard after unlock, {many:,} records",
            statistics.median(first),
            "s",
            must=1.0,
        )
        table.add("of this, the processor's time", statistics.median(own), "s", must=1.0)
        table.add(
            "the slowest tile's list of records",
            statistics.median(lists) * 1000,
            "ms",
            must=100.0,
        )
        table.add(
            "of this, the processor's time", statistics.median(busy_lists) * 1000, "ms", must=100.0
        )


def _unlocked(grace: Member) -> Casebook:
    """The casebook as it is after the device was locked and unlocked: nothing is remembered."""
    grace.vault.lock()
    grace.vault.unlock(PASSPHRASE)
    return grace.book.with_clock(grace.vault._surroundings.clock)


def _listing(book: Casebook, code: str, span: Span) -> tuple[float, float]:
    """From the tap to the words of the first hundred rows: waited, and worked by the processor."""
    began, busy = time.perf_counter(), time.process_time()
    figure = book.figures.tile(code, span)
    if figure is not None:
        behind = book.figures.behind(figure.numerator.things, figure)
        for one in behind[:AT_ONCE]:
            row_of(one, figure, book)
    return time.perf_counter() - began, time.process_time() - busy
