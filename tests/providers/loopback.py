"""A stand-in provider: a real HTTP server on this machine that can also fail as providers do.

Faults are chosen per request by a function, so that a test says exactly what goes wrong, or lets
seeded chance say it. What was accepted is kept whatever the caller was told about it.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Fault(Enum):
    """How one request to send goes wrong."""

    ACCEPT_THEN_HANG = "takes the message and does not answer until the caller gives up"
    ACCEPT_THEN_CUT = "takes the message and breaks the connection"
    ACCEPT_THEN_502 = "takes the message, and a gateway answers with an error"
    ERROR_500 = "fails before taking it, and says so"
    UNAVAILABLE_503 = "is not taking anything"
    TOO_MANY_429 = "asks the caller to slow down"


Faults = Callable[["Ask"], Fault | None]


def no_faults(_ask: Ask) -> Fault | None:
    """Everything works."""
    return None


def failing(*kinds: Fault) -> Faults:
    """The first requests to send go wrong in these ways, one after the other."""
    left = list(kinds)
    return lambda _ask: left.pop(0) if left else None


def seeded_faults(seed: object, shares: Mapping[Fault, float]) -> Faults:
    """Each fault with its share of all requests to send, in a repeatable order."""
    chance, turn = random.Random(f"faults {seed}"), threading.Lock()

    def choose(_ask: Ask) -> Fault | None:
        with turn:
            drawn = chance.random()
        for fault, share in shares.items():
            if drawn < share:
                return fault
            drawn -= share
        return None

    return choose


@dataclass(frozen=True)
class Ask:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode(), keep_blank_values=True)


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(status: int, body: object) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


class StandIn:
    """A server in threads of this process; `with StandIn() as s:` and its address is `s.address`.

    Subclasses answer in `answer`, and ask `self.fault(ask)` when they are asked to send.
    """

    def __init__(self, faults: Faults = no_faults) -> None:
        self.faults = faults
        self.asks: list[tuple[str, str]] = []
        self._turn = threading.Lock()
        self._closing = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        assert self._server is not None
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def answer(self, ask: Ask) -> Reply | Fault:
        raise NotImplementedError

    def __enter__(self) -> StandIn:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def hang(self, connection: socket.socket) -> None:
        """Say nothing until the caller hangs up."""
        connection.settimeout(0.05)
        while not self._closing.is_set():
            try:
                if connection.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that was killed in mid-sentence is what tests are for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        ask = Ask(
            method=self.command,
            path=parts.path,
            query={k: v[0] for k, v in parse_qs(parts.query).items()},
            headers=self.headers,
            body=self.rfile.read(length),
        )
        stand_in = self.server.stand_in
        stand_in.asks.append((ask.method, ask.path))
        reply = stand_in.answer(ask)
        if isinstance(reply, Fault):
            self.close_connection = True
            if reply is Fault.ACCEPT_THEN_HANG:
                stand_in.hang(self.connection)
                return
            if reply is Fault.ACCEPT_THEN_CUT:
                return
            reply = Reply(
                502,
                b"<html>Bad Gateway</html>",
                {"Content-Type": "text/html", "Connection": "close"},
            )
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: a test's output is its own."""


def now_iso() -> str:
    """As Notify writes an instant."""
    seconds = time.time()
    return (
        time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1e6):06}Z"
    )
