"""The reminder desk: how fast it hands reminders on, and what it does not do under fire.

The desk's processes are real ones on PostgreSQL, which syncs every commit; the provider is a
stand-in that speaks the real HTTP API in this process, and so takes its part of the machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from at_the_desk.fire import desk_running, desk_with_keys, make_many, put_many, wait_until
from at_the_desk.ordeal import ordeal
from bench.table import Table
from postgres import Cluster
from providers.notify_stand_in import NotifyStandIn

_WORKERS = 2
_NOTIFYS = 50
_MUST = 200


def measure(table: Table, many: int) -> None:
    """`many` due reminders under fire; half as many without a limit, and some with the one that we
    keep for Notify."""
    with _database() as url:
        free = _rate(url, many // 2, per_second=0)
    with _database() as url:
        slow = _rate(url, many // 20, per_second=_NOTIFYS)
    table.add(f"{many // 2:,} reminders, PostgreSQL: each", 1000 / free, "ms", must=1000 / _MUST)
    table.add("the same within Notify's limit: a second", slow, "", must=_NOTIFYS * 1.05)
    with _database() as url:
        _fire(table, "PostgreSQL, 3 processes", url, many, workers=3)
    with tempfile.TemporaryDirectory(prefix="doorstep-desk-") as name:
        _fire(table, "SQLite, 1 process", f"sqlite:///{name}/office.sqlite3", many, workers=1)


@contextmanager
def _database() -> Iterator[str]:
    cluster = Cluster(durable=True)
    try:
        yield cluster.url(cluster.create())
    finally:
        cluster.remove()


def _rate(url: str, many: int, *, per_second: int) -> float:
    """Reminders a second, from the first that the provider took to the last."""
    with tempfile.TemporaryDirectory(prefix="doorstep-desk-") as name:
        at_desk = desk_with_keys(url, Path(name))
        put_many(at_desk, make_many(at_desk, many, 1))
        with (
            NotifyStandIn() as notify,
            desk_running(url, Path(name), notify.address, workers=_WORKERS, per_second=per_second),
        ):
            wait_until(lambda: len(notify.sent) == many, 600)
        at_desk.desk.database.close()
    times = sorted(text.at for text in notify.sent)
    return (many - 1) / (times[-1] - times[0])


def _fire(table: Table, where: str, url: str, many: int, *, workers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="doorstep-desk-") as name:
        at_desk = desk_with_keys(url, Path(name))
        came_to = ordeal(at_desk, url, Path(name), many, workers, patience_s=1800)
        at_desk.desk.database.close()
    what = f"{many:,} under fire, {where}:"
    table.add(f"{what} doubled", came_to.doubled, "", must=0)
    table.add(f"{what} outside the window", came_to.outside, "", must=0)
    table.add(f"{what} after it was taken back", came_to.taken_back, "", must=0)
    table.add(f"{what} unsent, nobody knows why", came_to.unexplained, "", must=0)
