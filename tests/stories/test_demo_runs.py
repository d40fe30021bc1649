"""The demo as a newcomer meets it: opened again, one device killed, interrupted while it starts."""

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from driver.server import ROOT, wait_until
from stories.town import PEOPLE, WORKER, Founding

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]
PORTS = 14


class Demo:
    """`build/demo` on ports of its own, over data that were made before."""

    def __init__(self, folder: Path) -> None:
        self.first = free_ports()
        self.log = folder / "demo.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, str(ROOT / "build" / "demo")),
                    *("--folder", str(folder), "--first-port", str(self.first)),
                ],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.seen: set[psutil.Process] = set()

    def children(self) -> list[psutil.Process]:
        """What it has started and still runs."""
        if self.process.poll() is None:
            self.seen.update(psutil.Process(self.process.pid).children(recursive=True))
        return [p for p in self.seen if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

    def device(self, key: str) -> psutil.Process | None:
        found = [p for p in self.children() if any(a.endswith(f"/{key}") for a in p.cmdline())]
        return found[0] if found else None

    def ask(self, path: str, method: str = "GET", port: int = 0) -> tuple[int, str, str]:
        """Status, where to, and what it says."""
        line = http.client.HTTPConnection("127.0.0.1", port or self.first + 10, timeout=90)
        try:
            line.request(method, path)
            answer = line.getresponse()
            return answer.status, answer.headers["location"] or "", unescape(answer.read().decode())
        finally:
            line.close()

    def runs(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text())
        return "Ctrl-C ends it" in self.log.read_text()

    def interrupt(self, *, times: int = 1) -> None:
        """Ctrl-C, and see it gone."""
        self.children()
        for _ in range(times):
            self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def free_ports() -> int:
    """The first of so many free loopback ports in a row."""
    for first in range(21460, 60000, PORTS):
        probes = [socket.socket() for _ in range(PORTS)]
        try:
            for n, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + n))
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
        return first
    raise AssertionError("no ports")


@pytest.fixture
def demo(founding: Founding, tmp_path: Path) -> Iterator[Demo]:
    founding.town(tmp_path)  # the data as if an earlier `make demo` had made them
    (tmp_path / "ready").write_text("made\n")
    demo = Demo(tmp_path)
    yield demo
    left = demo.children()
    demo.process.kill()
    demo.process.wait(20)
    for process in left:
        process.kill()


def test_open_leads_into_the_device_each_time(demo: Demo) -> None:
    wait_until(demo.runs, "the demo", 120)
    for _browser in range(2):
        status, address, _body = demo.ask(f"/open/{WORKER}")
        assert status == 303
        parts = urlsplit(address)
        assert demo.ask(f"/?{parts.query}", port=parts.port or 0)[0] == 303
    demo.interrupt()
    assert demo.children() == []


def test_a_device_that_dies_is_offered_to_be_started_again_and_the_others_go_on(demo: Demo) -> None:
    wait_until(demo.runs, "the demo", 120)
    tablet = demo.device(WORKER)
    assert tablet is not None
    tablet.kill()
    again = f"Start {PEOPLE[WORKER].what} again"
    wait_until(lambda: again in demo.ask("/")[2], "the page to say so")
    wait_until(lambda: "has stopped" in demo.log.read_text(), "the terminal to say so")
    assert demo.ask(f"/open/{WORKER}")[1] == "/"
    assert "token" in demo.ask("/open/laptop")[1]
    assert demo.ask(f"/start/{WORKER}", "POST")[0] == 303
    assert again not in demo.ask("/")[2]
    assert "token" in demo.ask(f"/open/{WORKER}")[1]
    demo.interrupt()
    assert demo.children() == []


@pytest.mark.parametrize("key", ["laptop", WORKER])
def test_interrupted_while_a_device_starts_it_leaves_nothing_behind(demo: Demo, key: str) -> None:
    wait_until(lambda: demo.device(key), "the device's process", 120)
    demo.interrupt(times=2)
    assert demo.children() == []
    assert "Traceback" not in demo.log.read_text()
