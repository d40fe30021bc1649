"""Addresses that providers call: each with a code in it, each proven, each answered calmly.

A forged call is refused; one about something unknown, repeated or out of order is answered like
any other, so that nobody learns by asking, and no provider goes on repeating itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response
from twilio.request_validator import RequestValidator

from sync.server import replies
from sync.server.desk import calls, codes, incoming_texts, statuses, told
from sync.server.desk.calls import Answered
from sync.server.desk.desk import Desk
from sync.server.desk.settings import CALLBACKS, Secrets
from sync.server.dialects import DatabaseTrouble

log = logging.getLogger(__name__)

_THREADS: Final = 4
_CALM: Final = Response(status_code=200)
_FORGED: Final = 403
_EMPTY_TWIML: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

Form = dict[str, str]


def routes(desk: Desk, secrets: Secrets) -> APIRouter:
    """Everything under /desk/callbacks."""
    router = APIRouter(include_in_schema=False)
    threads = CapacityLimiter(_THREADS)

    def add(path: str, act: Callable[[bytes, Request], Response]) -> None:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            return await to_thread.run_sync(_guarded, act, body, request, limiter=threads)

        router.add_api_route(CALLBACKS + path, endpoint, methods=["POST"])

    def notify(act: Callable[[dict[str, Any]], None], purpose: str) -> _Act:
        code = codes.of_office(desk.keys.secret, purpose)

        def receive(body: bytes, request: Request) -> Response:
            if not codes.same(request.path_params["code"], code):
                return replies.nothing_here()
            if not _bears(request, secrets.notify_callback_token):
                return _forged("notify")
            try:
                told_us = json.loads(body)
            except (ValueError, RecursionError):
                return replies.not_understood()
            if not isinstance(told_us, dict):
                return replies.not_understood()
            act(told_us)
            return _CALM

        return receive

    def twilio(act: Callable[[Form, Request], Response]) -> _Act:
        def receive(body: bytes, request: Request) -> Response:
            form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
            if not _signed(request, form, secrets):
                return _forged("twilio")
            return act(form, request)

        return receive

    def attempt(act: Callable[[Form, bytes, int], Response]) -> _Act:
        def receive(form: Form, request: Request) -> Response:
            found = codes.attempt_of(desk.keys.secret, request.path_params["code"])
            return act(form, *found) if found else replies.nothing_here()

        return twilio(receive)

    def receipt(of: dict[str, Any]) -> None:
        standing = statuses.of_notify(str(of.get("status")))
        reference = _hex(of.get("reference"))
        if standing is not None and reference is not None:
            told.of_reference(desk, reference, standing, str(of.get("id") or ""))

    def reply(of: dict[str, Any]) -> None:
        incoming_texts.heard(
            desk,
            number=str(of.get("source_number") or ""),
            text=str(of.get("message") or ""),
            message="notify" + str(of.get("id") or ""),
        )

    def text(form: Form, request: Request) -> Response:
        code = codes.of_office(desk.keys.secret, "twilio-reply")
        if not codes.same(request.path_params["code"], code):
            return replies.nothing_here()
        incoming_texts.heard(
            desk,
            number=form.get("From", ""),
            text=form.get("Body", ""),
            message="twilio" + form.get("MessageSid", ""),
            provider_says_stop=form.get("OptOutType") == "STOP",
        )
        return _twiml(_EMPTY_TWIML)

    def status(form: Form, reference: bytes, number: int) -> Response:
        error = form.get("ErrorCode", "")
        standing = statuses.of_twilio_text(
            form.get("MessageStatus", ""), int(error) if error.isdecimal() else None
        )
        if standing is not None:
            told.of_attempt(desk, reference, number, standing, form.get("MessageSid", ""))
        return _CALM

    def call_status(form: Form, reference: bytes, number: int) -> Response:
        standing = statuses.of_twilio_call(form.get("CallStatus", ""), form.get("AnsweredBy", ""))
        if standing is not None:
            told.of_attempt(desk, reference, number, standing, form.get("CallSid", ""))
        return _CALM

    def spoken(say: Callable[[Desk, Answered, str], str], field: str) -> _Attempt:
        def respond(form: Form, reference: bytes, number: int) -> Response:
            code = codes.of_attempt(desk.keys.secret, reference, number)
            call = Answered(
                reference=reference,
                attempt=number,
                after_greeting=secrets.address("key", code) or "",
                after_details=secrets.address("answer", code) or "",
            )
            return _twiml(say(desk, call, form.get(field, "")))

        return respond

    add("/notify/receipt/{code}", notify(receipt, "notify-receipt"))
    add("/notify/reply/{code}", notify(reply, "notify-reply"))
    add("/twilio/reply/{code}", twilio(text))
    add("/twilio/status/{code}", attempt(status))
    add("/twilio/call/{code}", attempt(call_status))
    add("/twilio/voice/{code}", attempt(spoken(calls.picked_up, "AnsweredBy")))
    add("/twilio/key/{code}", attempt(spoken(calls.expected, "Digits")))
    add("/twilio/answer/{code}", attempt(spoken(calls.answer, "Digits")))
    return router


_Act = Callable[[bytes, Request], Response]
_Attempt = Callable[[Form, bytes, int], Response]


def _guarded(act: _Act, body: bytes, request: Request) -> Response:
    try:
        return act(body, request)
    except DatabaseTrouble as trouble:
        log.error("database", extra={"kind": type(trouble).__name__})
        return replies.trouble()  # the provider comes again


def _bears(request: Request, token: str | None) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if token is None or kind.lower() != "bearer":
        return False
    return codes.same(given, token)


def _signed(request: Request, form: Form, secrets: Secrets) -> bool:
    """Over the address that Twilio was given, which a proxy may have changed on the way."""
    if secrets.twilio_token is None or secrets.public_url is None:
        return False
    address = secrets.public_url + request.url.path
    if request.url.query:
        address += "?" + request.url.query
    signature = request.headers.get("x-twilio-signature", "")
    return bool(RequestValidator(secrets.twilio_token).validate(address, form, signature))


def _forged(provider: str) -> Response:
    log.warning("callback refused", extra={"provider": provider})
    return Response(status_code=_FORGED)


def _twiml(words: str) -> Response:
    return Response(words, media_type="text/xml")


def _hex(value: object) -> bytes | None:
    try:
        found = bytes.fromhex(str(value))
    except ValueError:
        return None
    return found if len(found) == 16 else None
