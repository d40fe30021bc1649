"""Every call of the protocol at its address: a thin skin over `OfficeService`.

Bodies are read by `sync.wire`'s table and by nothing else. Must not know what a call does.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from sync.errors import SignedOut, SyncError
from sync.forms import Malformed
from sync.server import replies
from sync.server.dialects import CONNECTIONS, DatabaseTrouble
from sync.server.manual import described
from sync.server.office import OfficeService
from sync.wire import CALLS, MEDIA_TYPE, Call

log = logging.getLogger(__name__)

_COUNTS_FAILURES: Final = frozenset({"found_organisation", "enrol", "enrolment"})


def calls(service: OfficeService) -> APIRouter:
    """A route for each call in the table."""
    router = APIRouter()
    # As many threads as connections: more would only queue for one with a body in their hands.
    threads = CapacityLimiter(CONNECTIONS)
    for call in CALLS.values():
        router.add_api_route(
            call.path,
            _endpoint(service, call, threads),
            methods=["POST"],
            name=call.name,
            summary=call.says,
            response_class=Response,
            response_model=None,
            openapi_extra=described(call),
        )
    return router


def _endpoint(
    service: OfficeService, call: Call, threads: CapacityLimiter
) -> Callable[[Request], Awaitable[Response]]:
    method: Callable[..., object] = getattr(service, call.name)
    counts = call.name in _COUNTS_FAILURES

    def carry_out(body: bytes, token: bytes | None, address: str) -> Response:
        try:
            values = call.unpack_request(body)
        except Malformed:
            return replies.not_understood()
        if counts:
            values["address"] = address
        try:
            given = method(**values) if token is None else method(token, **values)
        except SyncError as error:
            return replies.refused(error)
        except DatabaseTrouble as trouble:
            log.error("database", extra={"kind": type(trouble).__name__, "call": call.name})
            return replies.trouble()
        return replies.done(call.pack_answer(given))

    async def endpoint(request: Request) -> Response:
        if request.headers.get("content-type") != MEDIA_TYPE:
            return replies.not_understood()
        body = await request.body()
        token = None
        if call.token:
            token = _token(request.headers)
            if token is None:
                return replies.refused(SignedOut("the login has run out"))
        address: str = request.state.address
        return await to_thread.run_sync(carry_out, body, token, address, limiter=threads)

    return endpoint


def _token(headers: Mapping[str, str]) -> bytes | None:
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or len(text) != 64:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def health(service: OfficeService, version: str) -> APIRouter:
    """Whether the office is there, whose it is, and whether its database answers."""
    router = APIRouter()

    @router.get("/health", summary="Whose office this is, and whether it works.")
    async def look() -> JSONResponse:
        threads = CapacityLimiter(1)
        reachable = await to_thread.run_sync(service.reachable, limiter=threads)
        org = await to_thread.run_sync(service.health, limiter=threads) if reachable else ""
        return JSONResponse(
            {
                "organisation": org,
                "version": version,
                "database": "reachable" if reachable else "unreachable",
            },
            200 if reachable else 503,
        )

    return router
