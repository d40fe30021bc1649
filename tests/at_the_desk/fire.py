"""Ten thousand reminders at once, processes that are killed, a provider that fails as providers do.

The desk's processes are real ones, started as an organisation would start them; the provider is a
stand-in that speaks the real HTTP API and remembers everything it ever took.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import func, select

from desks import HOUR, MINUTE, Bench, bench
from fakes import seeded
from providers.loopback import Fault, Faults, seeded_faults
from providers.notify_stand_in import KEY, TEMPLATE
from storage.capsule import Capsule
from storage.clock import SystemClock
from sync.server.desk import queue, statuses
from sync.server.desk.keys import DeskKeys, replace_in
from sync.server.desk.tables import capsules

SHARES = {
    Fault.ACCEPT_THEN_HANG: 0.08,
    Fault.ACCEPT_THEN_CUT: 0.02,
    Fault.ERROR_500: 0.03,
    Fault.UNAVAILABLE_503: 0.01,
    Fault.ACCEPT_THEN_502: 0.01,
    Fault.TOO_MANY_429: 0.02,
}
"""One in ten is taken without an answer, one in twenty answered with an error, some held back."""
NUMBERS = [f"+447700900{n:03}" for n in range(300, 1000)]


def faults(seed: object) -> Faults:
    return seeded_faults(seed, SHARES)


def desk_with_keys(url: str, folder: Path) -> Bench:
    """A desk's database, and its keys in a file for its processes."""
    keys = DeskKeys.fresh(seeded("fire"))
    replace_in(folder / "desk.keys", keys)
    return bench(url, SystemClock(), {}, keys=keys)


def put_many(at_desk: Bench, made: list[Capsule]) -> None:
    """All of them at once, as if devices had pushed them over weeks."""
    rows = [
        queue.row_of(capsule, statuses.PLANNED, None, at_desk.now)
        | queue.first_step(capsule)
        | {"fence": 0, "attempt": 0, "looked": 0, "claims_refusal": False}
        for capsule in made
    ]
    with at_desk.desk.database.writing() as connection:
        for start in range(0, len(rows), 500):
            connection.execute(capsules.insert(), rows[start : start + 500])


def make_many(
    at_desk: Bench, many: int, seed: int, numbers: Sequence[str] = NUMBERS, **values: object
) -> list[Capsule]:
    """Due reminders of many families to many numbers."""
    chance = random.Random(seed)
    by = at_desk.by()
    return [
        at_desk.plan(
            number=chance.choice(numbers),
            casefile=f"{chance.randrange(400):032x}",
            route=f"{at_desk.made:032x}",
            appointment=f"{at_desk.made:032x}",
            **{"opens": at_desk.now - HOUR, "closes": at_desk.now + HOUR} | values,
        ).made(by)
        for _ in range(many)
    ]


@contextmanager
def desk_running(
    url: str, folder: Path, provider: str, *, workers: int, threads: int = 8, per_second: int = 0
) -> Iterator[subprocess.Popen[bytes]]:
    """`doorstep-office desk run`, as its own processes."""
    settings = {
        "DATABASE_URL": url,
        "DESK_KEYS": str(folder / "desk.keys"),
        "DESK_SMS": "notify",
        "DESK_NOTIFY_URL": provider,
        "DESK_NOTIFY_KEY": KEY,
        "DESK_NOTIFY_TEMPLATE": TEMPLATE,
        "DESK_NOTIFY_PER_SECOND": str(per_second),
        "DESK_A_DAY": "1000000",
        "DESK_TIMEOUT_S": "0.5",
        "DESK_TICK_S": "0.5",
        "DESK_ALARM_TICK_S": "0.5",
        "DESK_WORKERS": str(workers),
        "DESK_THREADS": str(threads),
    }
    environment = os.environ | {f"DOORSTEP_OFFICE_{k}": v for k, v in settings.items()}
    with (folder / "desk.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sync.server", "desk", "run"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            for child in psutil.Process(process.pid).children():
                child.kill()
            process.kill()
            process.wait()


def kill_one_after(
    process: subprocess.Popen[bytes], sent: Callable[[], int], chance: random.Random
) -> int:
    """`kill -9` to one of its workers after a random 1 to 50 sends; gives after how many."""
    after = chance.randint(1, 50)
    goal = sent() + after
    wait_until(lambda: sent() >= goal or process.poll() is not None, 60)
    children = psutil.Process(process.pid).children()
    if children:
        chance.choice(children).kill()
    return after


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    """Until it is so, or fail."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def counted(at_desk: Bench) -> dict[tuple[str, str], int]:
    """Reminders by state and reason."""
    with at_desk.desk.database.reading() as connection:
        rows = connection.execute(
            select(capsules.c.state, capsules.c.reason, func.count()).group_by(
                capsules.c.state, capsules.c.reason
            )
        )
        return {(state, reason or ""): many for state, reason, many in rows}


def in_hand(at_desk: Bench, *states: str) -> int:
    """Reminders in these states that have to be looked at within two minutes."""
    with at_desk.desk.database.reading() as connection:
        return connection.execute(
            select(func.count())
            .select_from(capsules)
            .where(
                capsules.c.state.in_(states),
                capsules.c.due <= at_desk.now + 2 * MINUTE,
            )
        ).scalar_one()
