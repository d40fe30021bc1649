"""`doorstep-office` as processes of their own, to be asked, stopped and killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from offices import Wire
from storage.envelope import Head
from storage.runs import Run
from sync.wire import CALLS

Process = subprocess.Popen[str]


def start(folder: Path, *flags: str) -> tuple[Process, str]:
    """Start an office; gives it once it answers, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "--data", str(folder), "--port", str(port), *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            requests.get(address + "/health", timeout=5)
        except requests.ConnectionError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
        else:
            return process, address
    raise AssertionError(stop(process))


def stop(process: Process, how: signal.Signals = signal.SIGKILL) -> str:
    """End an office that this test started; gives what it said that nobody has read yet."""
    process.send_signal(how)
    said, _ = process.communicate(timeout=30)
    return said


@contextmanager
def running(folder: Path, count: int, *flags: str) -> Iterator[list[tuple[Process, str]]]:
    """Several offices at once; those still running are stopped afterwards."""
    offices: list[tuple[Process, str]] = []
    try:
        for number in range(count):
            offices.append(start(folder / f"office-{number}", *flags))
        yield offices
    finally:
        for process, _ in offices:
            if process.poll() is None:
                stop(process, signal.SIGTERM)
            if process.stdout is not None:
                process.stdout.close()


class Spoken:
    """`sync.protocol.Office` at an address, over `Wire`."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def __getattr__(self, name: str) -> Any:
        call = CALLS[name]

        def spoken(*arguments: object, **more: object) -> object:
            token = arguments[0] if call.token else None
            values = dict(zip(call.request, arguments[call.token :], strict=False))
            return self.wire.call(name, token, **values, **more)  # type: ignore[arg-type]

        return spoken


def push_body(runs: list[Run], heads: list[Head]) -> bytes:
    """The body of a push."""
    return CALLS["push"].pack_request(runs=runs, heads=heads, drops=[])


def send_and_kill(address: str, token: bytes, body: bytes, process: Process, delay: float) -> None:
    """Send a push and kill the office while it is at it."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port)) as line:
        line.sendall(
            b"POST /v1/push HTTP/1.1\r\nHost: office\r\nContent-Type: application/msgpack\r\n"
            b"Authorization: Bearer %b\r\nContent-Length: %d\r\n\r\n"
            % (token.hex().encode(), len(body))
            + body
        )
        time.sleep(delay)
        process.kill()
