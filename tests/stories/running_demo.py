"""The demo as `make demo` starts it: its own process, on ports of its own, with what it starts."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from html import unescape
from pathlib import Path

import psutil

from driver.server import ROOT

PORTS = 14


class Demo:
    """`build/demo` on ports of its own, over data that were made before."""

    def __init__(self, folder: Path, first: int = 0) -> None:
        self.first = first or free_ports()
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
