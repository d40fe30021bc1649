"""Many devices at two offices on one PostgreSQL: nothing lost, nobody kept waiting.

Each device logs in, sends its changes one by one as they are saved, and reads its family, which
it shares with others, to the end. When a request is due is settled beforehand and does not wait
for slow answers to earlier ones of others: time is counted from that moment, so that an office
that falls behind cannot hide it.
"""

from __future__ import annotations

import heapq
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from bench.ground import process
from bench.table import Table
from builders import Casefile, Device, Organisation
from offices import Wire
from postgres import Cluster
from processes import Spoken
from storage.envelope import as_item
from storage.runs import in_runs
from sync.protocol import ChainAnswer, Login, Page
from sync.wire import CALLS, MEDIA_TYPE

CHANGES = 20
SHARED_BY = 5
"""Devices in one family."""
_AT_ONCE = 64
"""Requests under way; more would only measure this program's own queue."""
_TRIES = 20

Step = Callable[["Caller"], None]


@dataclass
class Outcome:
    """What it came to. Times in seconds, one for each request, from when it was due."""

    devices: int
    waited: list[float]
    took: float
    lost: int
    doubled: int
    refused: int
    """Requests that had to be made again."""

    def within(self, share: float) -> float:
        """The time in which so many of the requests were answered."""
        return sorted(self.waited)[int(share * len(self.waited)) - 1]


@dataclass
class Caller:
    """One device and what it still has to say, to whichever office it is sent."""

    device: Device
    casefile: Casefile
    addresses: Sequence[str]
    chance: random.Random
    bodies: list[bytes] = field(default_factory=list)
    token: bytes = b""
    read: list[tuple[bytes, int]] = field(default_factory=list)
    again: int = 0

    def seal(self) -> None:
        """Everything it will push, ready to go."""
        self.device.writes(self.casefile, *("text " * 40,) * CHANGES)
        for header, sealed in self.device.chains[self.casefile.id]:
            runs = in_runs([(header, as_item(sealed))])
            heads = [self.device.head(self.casefile.id, header.n)]
            self.bodies.append(CALLS["push"].pack_request(runs=runs, heads=heads, drops=[]))

    def steps(self) -> list[Step]:
        pushes = [lambda caller, body=body: caller.push(body) for body in self.bodies]
        return [Caller.login, *pushes, Caller.read_all]

    def login(self) -> None:
        device = self.device
        challenge = self._call("challenge", device=device.id)
        assert isinstance(challenge, bytes)
        signature = device.answer(challenge)
        given = self._call("login", device=device.id, challenge=challenge, signature=signature)
        assert isinstance(given, Login)
        self.token = given.token

    def push(self, body: bytes) -> None:
        (answer,) = cast(tuple[ChainAnswer], CALLS["push"].unpack_answer(self._post("push", body)))
        assert answer.refused is None, answer.refused

    def read_all(self) -> None:
        while True:
            after = len(self.read)
            page = self._call("pull", casefile=self.casefile.id, after=after)
            assert isinstance(page, Page)
            for run in page.runs:
                self.read += [(run.device, n) for n in range(run.first, run.last + 1)]
            assert len(self.read) == page.next, "a hole in the sequence"
            if page.next == page.top:
                return

    def _call(self, name: str, **values: object) -> object:
        call = CALLS[name]
        return call.unpack_answer(self._post(name, call.pack_request(**values)))

    def _post(self, name: str, body: bytes) -> bytes:
        """As a device does: again, at another moment, when nobody answers."""
        headers = {"Content-Type": MEDIA_TYPE}
        if CALLS[name].token:
            headers["Authorization"] = f"Bearer {self.token.hex()}"
        for _ in range(_TRIES):
            parts = urlsplit(self.chance.choice(self.addresses))
            line = HTTPConnection(str(parts.hostname), parts.port, timeout=60)
            try:
                line.request("POST", CALLS[name].path, body, headers)
                reply = line.getresponse()
                answer = reply.read()
            except (OSError, HTTPException):
                self.again += 1
                continue
            finally:
                line.close()
            if reply.status == 200:
                return answer
            assert reply.status == 503, (name, reply.status)
            self.again += 1
        raise AssertionError("nobody answers")


def organised(devices: int, offices: Sequence[Spoken]) -> list[Caller]:
    """An organisation with so many devices and a family for every few of them."""
    organisation = Organisation()
    grace = organisation.joins("supervisor")
    root = organisation.directory.root_public
    offices[0].found_organisation(root_public=root, statements=organisation.packed(), claim="")
    grace.login(offices[0])
    workers = [organisation.device("worker") for _ in range(devices)]
    for worker in workers:
        offices[0].publish(grace.token, organisation.certify(worker, grace).packed())
    addresses = [office.wire.address for office in offices]
    callers = []
    for start in range(0, devices, SHARED_BY):
        group = workers[start : start + SHARED_BY]
        family = organisation.found(grace, group, office=offices[start // SHARED_BY % len(offices)])
        callers += [
            Caller(w, family, addresses, random.Random(i)) for i, w in enumerate(group, start)
        ]
    for caller in callers:
        caller.seal()
    return callers


def day(callers: Sequence[Caller], seconds: float) -> Outcome:
    """Let everybody do all of it, spread evenly over so many seconds."""
    plan = _Plan(callers, seconds)
    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for each in [pool.submit(plan.work, began) for _ in range(_AT_ONCE)]:
            each.result()
    took = time.monotonic() - began
    families: dict[bytes, list[tuple[bytes, int]]] = {}
    for caller in callers:
        caller.read_all()  # what others sent after it had read
        families[caller.casefile.id] = caller.read
    there = [change for read in families.values() for change in read]
    sent = {(caller.device.id, n) for caller in callers for n in range(1, CHANGES + 1)}
    return Outcome(
        devices=len(callers),
        waited=plan.waited,
        took=took,
        lost=len(sent.difference(there)),
        doubled=len(there) - len(set(there)),
        refused=sum(caller.again for caller in callers),
    )


class _Plan:
    """Who does what when: a device's next step is due when its time has come and the one before
    is done."""

    def __init__(self, callers: Sequence[Caller], seconds: float) -> None:
        self._lock = threading.Lock()
        self.waited: list[float] = []
        chance = random.Random(1)
        self._due: list[tuple[float, int, Caller, Iterator[Step]]] = []
        for number, caller in enumerate(callers):
            steps = caller.steps()
            gap = seconds / len(steps)
            first = chance.random() * gap
            heapq.heappush(self._due, (first, number, caller, iter(steps)))
        self._gap = gap

    def work(self, began: float) -> None:
        """Take what is due next, until nothing is left."""
        while True:
            with self._lock:
                if not self._due:
                    return
                due, number, caller, steps = heapq.heappop(self._due)
            step = next(steps, None)
            if step is None:
                continue
            time.sleep(max(0.0, began + due - time.monotonic()))
            step(caller)
            done = time.monotonic() - began
            with self._lock:
                self.waited.append(done - due)
                heapq.heappush(self._due, (max(due + self._gap, done), number, caller, steps))


@contextmanager
def offices_on(url: str, folder: Path, count: int) -> Iterator[list[Spoken]]:
    """Offices in processes of their own on one database."""
    with ExitStack() as stack:
        found = []
        for number in range(count):
            address, _ = stack.enter_context(
                process(_office(folder / f"office-{number}", url), "/health")
            )
            wire = Wire(address)
            stack.callback(wire.close)
            found.append(Spoken(wire))
        yield found


def _office(folder: Path, url: str) -> Callable[[int], list[str]]:
    return lambda port: [
        *("-m", "sync.server", "--data", str(folder), "--port", str(port), "--open-claim"),
        *(("--database-url", url) if url else ()),
    ]


def measure(table: Table, folder: Path, devices: int) -> None:
    """`devices` at two offices on PostgreSQL, which syncs every commit; then at one on SQLite."""
    cluster = Cluster(durable=True)
    try:
        for name, url, count in (
            ("PostgreSQL, 2 processes", cluster.url(cluster.create()), 2),
            ("SQLite, 1 process", "", 1),
        ):
            with offices_on(url, folder / name, count) as offices:
                outcome = day(organised(devices, offices), seconds=devices * 0.15)
            _rows(table, name, outcome)
    finally:
        cluster.remove()


def _rows(table: Table, name: str, outcome: Outcome) -> None:
    what = f"{outcome.devices:,} devices x {CHANGES}, {name}:"
    table.add(f"{what} lost", outcome.lost + outcome.doubled, "", must=0)
    table.add(f"{what} 95 % within", outcome.within(0.95), "s", must=1.0)
    table.add(f"{what} all done", outcome.took, "s", must=180)
    print(f"  {len(outcome.waited):,} steps, {outcome.refused} made again", file=sys.stderr)
