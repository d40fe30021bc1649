"""What every request passes before anything reads it, and every answer on its way out.

Refuses plain HTTP from anywhere but this machine, and bodies larger than any call needs, before
they are parsed. Must not know what the calls are.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Collection
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.forms import MAX_BODY_BYTES
from sync.server import replies
from sync.wire_errors import HTTPS_REQUIRED

log = logging.getLogger(__name__)

_ONE_YEAR_S = 365 * 24 * 60 * 60
_ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}


class BodyTooLarge(Exception):
    """More bytes arrived than any call needs, and more than were announced."""


class Doorkeeper:
    """ASGI middleware; `trusted_proxies` are addresses whose forwarding headers are believed."""

    def __init__(self, app: ASGIApp, *, trusted_proxies: Collection[str] = ()) -> None:
        self._app = app
        self._proxies = frozenset(trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else ""
        private, address = self._judge(scope["scheme"], headers, peer)
        scope["state"] = {**scope.get("state", {}), "address": address}
        began, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    out.setdefault(name, value)
                if not address or not _loopback(address):
                    out["Strict-Transport-Security"] = f"max-age={_ONE_YEAR_S}; includeSubDomains"
            await send(message)

        if not private:
            sentence = "the office speaks over HTTPS only"
            await replies.refusal(403, HTTPS_REQUIRED, sentence)(scope, receive, answer)
        elif _claims_too_much(headers):
            await replies.too_large()(scope, receive, answer)
        else:
            # A fault has been answered and logged by now, with its kind and place; Starlette hands
            # it on so that the server may log its text, which could quote what somebody wrote.
            with suppress(Exception):
                await self._app(scope, _bounded(receive), answer)
            if status == 0:
                await replies.fault()(scope, receive, answer)
        log.debug(
            "answered",
            extra={"status": status, "seconds": round(time.perf_counter() - began, 4)},
        )

    def _judge(self, scheme: str, headers: Headers, peer: str) -> tuple[bool, str]:
        """Whether the request came privately, and from which address."""
        forwarded = headers.get("x-forwarded-proto")
        if peer in self._proxies:
            origin = headers.get("x-forwarded-for", "").split(",")[-1].strip()
            return forwarded == "https", origin or peer
        if scheme == "https":
            return True, peer
        # A proxy on this machine that nobody has named yet must not pass for the machine itself.
        return forwarded is None and "x-forwarded-for" not in headers and _loopback(peer), peer


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _claims_too_much(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > MAX_BODY_BYTES


def _bounded(receive: Receive) -> Receive:
    """The same body, which stops with `BodyTooLarge` when more comes than was announced."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY_BYTES:
            raise BodyTooLarge
        return message

    return bounded
