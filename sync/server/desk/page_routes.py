"""The desk's pages at their addresses: signed in with a code, rate limited, written down."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sync.errors import TooMuch
from sync.server import replies
from sync.server.desk import (
    console_phone,
    numbers,
    optouts,
    pages,
    pausing,
    signing_in,
)
from sync.server.desk.desk import Desk
from sync.server.desk.figures import figures
from sync.server.desk.providers.console import Console, Shown, shown
from sync.server.desk.settings import Secrets, addresses
from sync.server.desk.signing_in import COOKIE, LASTS_MS, Role
from sync.server.dialects import DatabaseTrouble

log = logging.getLogger(__name__)

_THREADS: Final = 2
_MOST_FORM: Final = 4096
_SIGNED_OUT: Final = "You are not signed in any more, so nothing was changed. Do it again."
_SAFE: Final = {
    "Content-Security-Policy": pages.POLICY,
    "Referrer-Policy": "same-origin",  # without one, browsers do not say where a form comes from
}

Form = dict[str, str]
_Answer = Callable[[Request, Form, Role | None], Response]


def routes(desk: Desk, secrets: Secrets) -> APIRouter:
    """Everything under /desk that a person looks at."""
    router = APIRouter(include_in_schema=False)
    threads = CapacityLimiter(_THREADS)
    zone = desk.limits.zone

    def carry_out(act: _Answer, request: Request, body: bytes) -> Response:
        role = signing_in.signed_in(desk, request.cookies.get(COOKIE))
        form = {k: v[0] for k, v in parse_qs(body.decode(errors="replace")).items()}
        try:
            return act(request, form, role)
        except DatabaseTrouble as trouble:
            log.error("database", extra={"kind": type(trouble).__name__})
            return replies.trouble()

    def add(path: str, method: str, act: _Answer) -> None:
        async def endpoint(request: Request) -> Response:
            body = b""
            if method == "POST":
                body = (await request.body())[:_MOST_FORM]
                if not _from_here(request):
                    return Response(status_code=403)
            return await to_thread.run_sync(carry_out, act, request, body, limiter=threads)

        router.add_api_route(path, endpoint, methods=[method])

    def look(_request: Request, _form: Form, role: Role | None) -> Response:
        if role is None:
            return _sign_in()
        where = addresses(secrets, desk.keys) if role == "operator" else {}
        return _html(pages.overview(role, links(role), figures(desk), zone, where))

    def login(request: Request, form: Form, _role: Role | None) -> Response:
        try:
            cookie = signing_in.sign_in(desk, secrets, form.get("code", ""), request.state.address)
        except TooMuch:
            return _sign_in("Too many wrong codes from here. Try again in an hour.", 429)
        if cookie is None:
            return _sign_in("That is not the code. Nothing was changed.", 403)
        answer = RedirectResponse("/desk", status_code=303)
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=LASTS_MS // 1000,
            path="/desk",
            httponly=True,
            samesite="strict",
            secure=not _on_this_machine(request),
        )
        return answer

    def logout(_request: Request, _form: Form, _role: Role | None) -> Response:
        answer = RedirectResponse("/desk", status_code=303)
        answer.delete_cookie(COOKIE, path="/desk")
        return answer

    def stop_page(_request: Request, _form: Form, role: Role | None) -> Response:
        return _sign_in() if role is None else _html(pages.stop(links(role)))

    def stop(_request: Request, form: Form, role: Role | None) -> Response:
        if role is None:
            return _sign_in(_SIGNED_OUT, 403)
        typed = form.get("number", "")
        allow = form.get("act") == "allow"
        number = optouts.allow_typed(desk, typed) if allow else optouts.stop_typed(desk, typed)
        if number is None:
            problem = (
                "That is not a telephone number. Nothing was changed. Type it with its area code."
            )
            return _html(pages.stop(links(role), problem=problem, typed=typed), 422)
        shown_as = numbers.national(number)
        said = (
            f"{shown_as} may be used again."
            if allow
            else f"{shown_as} is stopped. Nothing more goes out to it. Is every digit right?"
        )
        return _html(pages.stop(links(role), said))

    def switch(paused: bool) -> _Answer:
        def act(_request: Request, _form: Form, role: Role | None) -> Response:
            if role != "operator":
                return _sign_in("This needs the operator's code.", 403)
            pausing.set_paused(desk, paused)
            return RedirectResponse("/desk", status_code=303)

        return act

    def console(request: Request, _form: Form, role: Role | None) -> Response:
        if not _may_see_console(request, role):
            return _sign_in()
        return _html(pages.console(links(role), _shown(), zone))

    def play(request: Request, form: Form, role: Role | None) -> Response:
        if not _may_see_console(request, role):
            return _sign_in(_SIGNED_OUT, 403)
        wanted = request.path_params["id"]
        for message in _shown():
            if message.id == wanted:
                said = console_phone.play(desk, message, form)
                return _html(pages.console(links(role), _shown(), zone, said))
        return replies.nothing_here()

    def _shown() -> Sequence[Shown]:
        return shown(desk.database, desk.keys, desk.now())

    def links(role: Role | None) -> tuple[str, ...]:
        if role is None:
            return ()
        console = any(isinstance(each, Console) for each in desk.providers.values())
        return (pages.STANDS, pages.STOP, *([pages.CONSOLE] if console else []))

    def _may_see_console(request: Request, role: Role | None) -> bool:
        return role is not None or (secrets.open_console and _on_this_machine(request))

    def _sign_in(said: str = "", status: int = 200) -> Response:
        possible = secrets.duty_code is not None or secrets.operator_code is not None
        return _html(pages.sign_in(said, possible=possible), status)

    add("/desk", "GET", look)
    add("/desk/login", "POST", login)
    add("/desk/logout", "POST", logout)
    add("/desk/stop", "GET", stop_page)
    add("/desk/stop", "POST", stop)
    add("/desk/pause", "POST", switch(True))
    add("/desk/resume", "POST", switch(False))
    add("/desk/console", "GET", console)
    add("/desk/console/{id}", "POST", play)
    return router


def _html(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, headers=_SAFE)


def _from_here(request: Request) -> bool:
    """Whether a form was sent from one of our own pages; browsers say so."""
    origin = request.headers.get("origin")
    if origin in (None, "null"):
        return origin is None
    return urlsplit(str(origin)).netloc == request.headers.get("host")


def _on_this_machine(request: Request) -> bool:
    try:
        return ipaddress.ip_address(request.state.address).is_loopback
    except ValueError:
        return False
