"""Who may talk to a device's web server: the browser that brought the launch token, nobody else.

Other programs and other users of the same machine can reach the loopback address too, and so can
a web page in the same browser. So: a one-time token exchanged for a cookie, and the right Host
and Origin on every request and websocket. Pure ASGI; knows nothing of Flet or of records.
"""

from __future__ import annotations

import hmac
import math
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from app.doorbell import HEADER, PATH, Doorbell

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN_BYTES = 16
BLOCKED = ("/docs", "/redoc", "/openapi.json", "/oauth_callback", "/upload")
"""What the Flet server offers besides the app; none of it is ours."""
_LASTING = (".wasm", ".js", ".mjs", ".ttf", ".otf", ".woff2", ".png", ".frag", ".bin")
"""Client files that carry no one's words and change only with the installed version."""


FRESH_S = 600.0
"""Seconds for which a later link waits to be followed; time enough to copy it, not to leave it."""


class LaunchToken:
    """The 128-bit secret in the printed address: good for one browser.

    The browser that used it holds the cookie, and gets in by the same link again. Who has closed
    that browser needs `another`.
    """

    def __init__(
        self, value: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.value = value or secrets.token_urlsafe(TOKEN_BYTES)
        self._clock = clock
        self._open: dict[str, float] = {self.value: math.inf}

    def another(self) -> str:
        """A fresh one, good once and for `FRESH_S` seconds."""
        fresh = secrets.token_urlsafe(TOKEN_BYTES)
        self._open[fresh] = self._clock() + FRESH_S
        return fresh

    def take(self, offered: str) -> bool:
        """Whether `offered` opens a new browser; each does so once."""
        now = self._clock()
        self._open = {value: until for value, until in self._open.items() if until > now}
        found = [v for v in self._open if hmac.compare_digest(offered.encode(), v.encode())]
        for value in found:
            del self._open[value]
        return bool(found)


class Gate:
    """The middleware. `port` is the one listened on; `policy` the content security policy.

    `closed` is said to a browser that may not come in; `bell` answers a second start.
    """

    def __init__(
        self,
        app: App,
        *,
        port: int,
        token: LaunchToken,
        policy: str,
        closed: str = "",
        bell: Doorbell | None = None,
    ) -> None:
        self._app = app
        self._closed = closed.encode()
        self._bell = bell
        self._token = token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}
        # Cookies are shared between all ports of a host, and several devices may run on one.
        self.cookie = f"doorstep_{port}"
        self._secret = secrets.token_urlsafe(32)
        self._headers = _security_headers(policy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            if self._from_here(scope, websocket=True) and self._known(scope):
                await self._app(scope, receive, send)
            else:
                await _refuse_socket(receive, send)
            return
        if not self._from_here(scope, websocket=False):
            await self._answer(send, 403, b"Not from here.")
        elif scope["path"] == PATH and scope["method"] == "POST":
            await self._ring(scope, send)
        elif (offered := _offered_token(scope)) is not None:
            await self._let_in(scope, send, offered)
        elif not self._known(scope):
            await self._answer(send, 403, self._closed)
        elif scope["method"] not in ("GET", "HEAD"):
            await self._answer(send, 405, b"Only reading.")
        elif scope["path"].rstrip("/").startswith(BLOCKED):
            await self._answer(send, 404, b"Not here.")
        else:
            await self._app(scope, receive, self._sealing(scope, send))

    async def _ring(self, scope: Scope, send: Send) -> None:
        """A second start asks for a way in; a page could not, as it says where it is from."""
        shown = _header(scope, HEADER.encode())
        from_a_page = _header(scope, b"origin") is not None
        address = None if self._bell is None or from_a_page else self._bell.answer(shown)
        if address is None:
            await self._answer(send, 403, self._closed)
        else:
            await self._answer(send, 200, address.encode())

    def _from_here(self, scope: Scope, *, websocket: bool) -> bool:
        """The right Host always; the right Origin where one is sent, and on every websocket."""
        if _header(scope, b"host") not in self._hosts:
            return False
        origin = _header(scope, b"origin")
        if origin is None:
            return not websocket
        return origin in self._origins

    def _known(self, scope: Scope) -> bool:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(_header(scope, b"cookie") or "")
        except CookieError:
            return False
        brought = jar.get(self.cookie)
        return brought is not None and hmac.compare_digest(
            brought.value.encode(), self._secret.encode()
        )

    async def _let_in(self, scope: Scope, send: Send, offered: str) -> None:
        """Exchange the token for the cookie and send the browser to the clean address."""
        if not (self._known(scope) or self._token.take(offered)):
            await self._answer(send, 403, self._closed)
            return
        path = "/" + scope["path"].lstrip("/\\")
        cookie = f"{self.cookie}={self._secret}; Path=/; HttpOnly; SameSite=Strict"
        await self._answer(
            send,
            303,
            b"",
            [(b"location", path.encode("ascii", "ignore")), (b"set-cookie", cookie.encode())],
        )

    def _sealing(self, scope: Scope, send: Send) -> Send:
        """Send with our headers in place of the Flet server's more generous ones."""
        lasting = scope["path"].endswith(_LASTING)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self._headers}
                drop = ours | {b"access-control-allow-origin", b"cache-control", b"server"}
                kept = [(k, v) for k, v in message.get("headers", ()) if k.lower() not in drop]
                # "no-cache" keeps a copy but asks each time, so an update is never missed.
                cache = b"private, no-cache" if lasting else b"no-store"
                message["headers"] = [*kept, *self._headers, (b"cache-control", cache)]
            await send(message)

        return sealed

    async def _answer(
        self, send: Send, status: int, words: bytes, extra: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(words)).encode()),
            (b"cache-control", b"no-store"),
            *self._headers,
            *extra,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": words})


def content_policy(script_hashes: Iterable[str], port: int) -> str:
    """What the page may load: itself, and nothing from anywhere else.

    CanvasKit needs `wasm-unsafe-eval` and workers from blobs; Flutter writes its own styles.
    """
    scripts = " ".join(["'self'", *script_hashes, "'wasm-unsafe-eval'", "blob:"])
    sockets = f"ws://127.0.0.1:{port} ws://localhost:{port}"
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob: {sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _security_headers(policy: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-embedder-policy", b"require-corp"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (
            b"permissions-policy",
            b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ]


def _header(scope: Scope, name: bytes) -> str | None:
    """The header's value; None when it is missing, "" (never right) when it is given twice."""
    found = [value for key, value in scope["headers"] if key.lower() == name]
    if not found:
        return None
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _offered_token(scope: Scope) -> str | None:
    given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token")
    return given[0] if given else None


async def _refuse_socket(receive: Receive, send: Send) -> None:
    """Before accepting, a close is answered with 403 by the server."""
    message = await receive()
    if message["type"] == "websocket.connect":
        await send({"type": "websocket.close", "code": 1008})
