"""The office as a web application: doorkeeper, routes, manual, and calm answers to every fault."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp

from sync.server import manual, replies, routes
from sync.server.desk import callbacks, page_routes
from sync.server.desk.desk import Desk
from sync.server.desk.settings import Secrets
from sync.server.doorkeeper import BodyTooLarge, Doorkeeper
from sync.server.office import OfficeService

log = logging.getLogger(__name__)

_ABOUT = (
    "A blind relay: it keeps sealed changes in order and decides who may push and pull which "
    "casefile. It holds no key that opens one. Bodies are msgpack; ids are 16 random bytes."
)


def create_application(
    service: OfficeService,
    *,
    trusted_proxies: Collection[str] = (),
    desk: Desk | None = None,
    secrets: Secrets | None = None,
) -> ASGIApp:
    """The ASGI application around one office, with the pages and callbacks of its `desk`."""
    ours = our_version()
    app = FastAPI(
        title="Doorstep office",
        version=ours,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.include_router(routes.calls(service))
    app.include_router(routes.health(service, ours))
    if desk is not None:
        app.include_router(callbacks.routes(desk, secrets or Secrets()))
        app.include_router(page_routes.routes(desk, secrets or Secrets()))
    _add_manual(app)

    async def no_such_address(_request: Request, _error: Exception) -> Response:
        return replies.nothing_here()

    async def gone_away(_request: Request, _error: Exception) -> Response:
        return replies.fault()  # to nobody: the device lost its signal in mid-sentence

    async def something_broke(_request: Request, error: Exception) -> Response:
        # Its kind and place only: its text, and a full trace, might quote what was sent.
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{PurePath(place.filename).name}:{place.lineno}"
        log.error("fault", extra={"kind": type(error).__name__, "where": where})
        return replies.fault()

    async def body_too_large(_request: Request, _error: Exception) -> Response:
        return replies.too_large()

    app.add_exception_handler(ClientDisconnect, gone_away)
    app.add_exception_handler(BodyTooLarge, body_too_large)
    app.add_exception_handler(HTTPException, no_such_address)
    app.add_exception_handler(Exception, something_broke)
    return Doorkeeper(app, trusted_proxies=trusted_proxies)


def our_version() -> str:
    """The installed version, or "development" in a checkout that was never installed."""
    try:
        return version("doorstep")
    except PackageNotFoundError:
        return "development"


def _add_manual(app: FastAPI) -> None:
    def described() -> dict[str, object]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, description=_ABOUT, routes=app.routes
            )
            schema["components"] = manual.components()
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]

    async def openapi(_request: Request) -> Response:
        return JSONResponse(described())

    async def docs(_request: Request) -> Response:
        return HTMLResponse(manual.page(described()))

    app.add_route("/openapi.json", openapi, include_in_schema=False)
    app.add_route("/docs", docs, include_in_schema=False)
