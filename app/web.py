"""Serves one device process to the browser on the same machine: the demo, and laptops.

On 127.0.0.1 only, behind the `Gate`. Nothing comes from a network: CanvasKit, fonts and icons are
the installed package's and ours. Nothing is compressed: over loopback that made the first visit
slower and the process 40 MB larger.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import flet as ft
import flet.fastapi as flet_web
import uvicorn

from app.background import Ticker
from app.doorbell import Doorbell
from app.gate import App, Gate, LaunchToken, Message, Receive, Scope, Send, content_policy
from app.index_page import index_page, script_hashes
from app.paper import ROOT, Papers
from app.places import ASSETS
from app.root import Screens, opener
from app.session import Session
from app.wording import _

log = logging.getLogger(__name__)
SESSION_SECONDS = 900
"""How long a tab may be gone before it starts anew; the vault's own lock does not wait for it."""


class WebHost:
    """One device process on one loopback port; port 0 takes a free one.

    `main` draws a tab; `on_stop` is awaited before the process ends (lock, seal). With `folder`,
    a second start on the same data is given a fresh address. `papers` are the sheets that a tab
    may fetch to print.
    """

    def __init__(
        self,
        main: Callable[[ft.Page], Any],
        *,
        title: str,
        language: str,
        port: int = 0,
        token: LaunchToken | None = None,
        folder: Path | None = None,
        papers: Papers | None = None,
        on_start: Callable[[], Any] | None = None,
        on_stop: Callable[[], Any] | None = None,
    ) -> None:
        self._on_start, self._on_stop = on_start, on_stop
        self.token = token or LaunchToken()
        self._socket = socket.socket()
        # A device restarted at once must get its old port back.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        page = index_page(title=title, language=language)
        flet_app = flet_web.app(
            main,
            assets_dir=str(ASSETS),
            app_name=title,
            no_cdn=True,
            session_timeout_seconds=SESSION_SECONDS,
        )
        inner = PaperTray(FrontPage(CalmSockets(flet_app), page), papers or Papers())
        policy = content_policy(script_hashes(page), self.port)
        self._bell = Doorbell(folder, self._another) if folder is not None else None
        self.asgi: App = Gate(
            _Lasting(inner, self._life),
            port=self.port,
            token=self.token,
            policy=policy,
            closed=_(
                "This address was used already, or belongs to another browser. Start Doorstep "
                "once more on this machine, without ending it: that opens a fresh address."
            ),
            bell=self._bell,
        )

    @property
    def address(self) -> str:
        """What the person follows, launch token included."""
        return self._with(self.token.value)

    def _another(self) -> str:
        return self._with(self.token.another())

    def _with(self, token: str) -> str:
        return f"http://127.0.0.1:{self.port}/?token={token}"

    def run(self) -> None:
        """Serve until SIGTERM or Ctrl+C, then lock and seal before leaving."""
        config = uvicorn.Config(
            self.asgi,
            ws="websockets-sansio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=3,
        )
        server = uvicorn.Server(config)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[self._socket]))

    @contextlib.asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await flet_web.app_manager.start()
        await _called(self._on_start)
        self._hang_bell()
        try:
            yield
        finally:
            if self._bell is not None:
                self._bell.take_down()
            await _called(self._on_stop)
            await flet_web.app_manager.shutdown()

    def _hang_bell(self) -> None:
        if self._bell is None:
            return
        try:
            self._bell.hang(self.port)
        except OSError as error:
            log.warning("no way back in for a closed browser: %s", type(error).__name__)


class CalmSockets:
    """Lets what is sent to a socket that just closed go nowhere.

    The Flet server takes that for a crash and forgets to note that the tab is gone: it would count
    as being looked at for ever, and whoever loads the page again would find it empty.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def calmly(message: Message) -> None:
            with contextlib.suppress(OSError):
                await send(message)

        await self._app(scope, receive, calmly)


class FrontPage:
    """Answers every address that is no file with our page, so that a deep link opens the app."""

    def __init__(self, app: App, page: bytes) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or Path(scope["path"]).suffix not in ("", ".html"):
            await self._app(scope, receive, send)
            return
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(self._page)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else self._page
        await send({"type": "http.response.body", "body": body})


class PaperTray:
    """Hands a sheet of paper to the page that prints it."""

    def __init__(self, app: App, papers: Papers) -> None:
        self._app = app
        self._papers = papers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(ROOT):
            await self._app(scope, receive, send)
            return
        sheet = self._papers.take(scope["path"]) if scope["method"] == "GET" else None
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(sheet or b"")).encode()),
        ]
        status = 404 if sheet is None else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": sheet or b""})


class _Lasting:
    """Runs our own start and stop around the served app; a mounted app's never run."""

    def __init__(
        self, app: App, life: Callable[[], contextlib.AbstractAsyncContextManager[None]]
    ) -> None:
        self._app = app
        self._life = life

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        step = "startup"
        try:
            await receive()
            async with self._life():
                await send({"type": "lifespan.startup.complete"})
                step = "shutdown"
                await receive()
        except Exception as error:  # noqa: BLE001 - told to the server, without its text
            log.error("%s failed: %s", step, type(error).__name__)
            message: Message = {"type": f"lifespan.{step}.failed", "message": ""}
            await send(message)
            return
        await send({"type": "lifespan.shutdown.complete"})


async def _called(what: Callable[[], Any] | None) -> None:
    started = what() if what is not None else None
    if asyncio.iscoroutine(started):
        await started


def serve(session: Session, screens: Screens, *, port: int = 0, say: Callable[[str], None]) -> None:
    """Serve one device process until it is told to stop; `say` is given the address to follow."""
    ticker = Ticker(session)
    session.papers = Papers()
    host = WebHost(
        opener(session, screens),
        title=_("Doorstep"),
        language=session.settings.language,
        port=port,
        folder=session.folder,
        papers=session.papers,
        on_start=ticker.start,
        on_stop=ticker.stop,
    )
    say(host.address)
    host.run()
