"""Real offices for tests: on a free port of this machine, or in process.

`served()` runs the same application as `doorstep-office`, in a thread; `Wire` speaks to it with
nothing but `requests` and the published table, so that a test may also send what no app would.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import cast

import requests
import uvicorn

from sync.server.application import create_application
from sync.server.desk.desk import Desk
from sync.server.desk.settings import Secrets
from sync.server.office import OfficeService
from sync.wire import CALLS, MEDIA_TYPE
from sync.wire_errors import unpack_error


@contextmanager
def served(
    service: OfficeService,
    *,
    trusted_proxies: Collection[str] = (),
    desk: Callable[[str], tuple[Desk, Secrets]] | None = None,
) -> Iterator[str]:
    """Serve an office over HTTP; gives its address, "http://127.0.0.1:<port>".

    `desk` is given that address, and gives the reminder desk to serve with it.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    at_desk, secrets = desk(address) if desk else (None, None)
    config = uvicorn.Config(
        create_application(service, trusted_proxies=trusted_proxies, desk=at_desk, secrets=secrets),
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the office did not start")
            time.sleep(0.005)
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class Wire:
    """`sync.protocol.Office` over HTTP, as plainly as can be: `wire.pull(token, casefile=…)`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False

    def post(
        self, name: str, body: bytes, token: bytes | None = None, **headers: str
    ) -> requests.Response:
        """Send any bytes to a call."""
        sent = {"Content-Type": MEDIA_TYPE, **headers}
        if token is not None:
            sent["Authorization"] = f"Bearer {token.hex()}"
        return self.session.post(
            self.address + CALLS[name].path, data=body, headers=sent, timeout=30
        )

    def call(self, name: str, token: bytes | None = None, /, **values: object) -> object:
        """Make a call; raises what the office refused it with."""
        reply = self.post(name, CALLS[name].pack_request(**values), token)
        if reply.status_code != 200:
            raise unpack_error(reply.content)
        return CALLS[name].unpack_answer(reply.content)

    def health(self) -> str:
        found = self.session.get(self.address + "/health", timeout=30).json()
        return cast(str, found["organisation"])

    def close(self) -> None:
        self.session.close()
