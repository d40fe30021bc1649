"""Answers as HTTP responses: msgpack, and for every refusal the same shape.

A refusal carries a stable code and a fixed sentence: no stack, no SQL, nothing the caller sent.
"""

from __future__ import annotations

import logging
from typing import Final

from starlette.responses import Response

from sync.errors import InviteRefused, NotUnderstood, SyncError
from sync.wire import MEDIA_TYPE
from sync.wire_errors import BUSY, OFFICE_FAULT, code_of, pack_error

log = logging.getLogger(__name__)

STATUS: Final = {
    "not-understood": 400,
    "signed-out": 401,
    "device-unknown": 401,
    "device-revoked": 403,
    "refused": 403,
    "https-required": 403,
    "not-yours": 404,
    "stale": 409,
    "not-our-office": 409,
    "invite-refused": 410,
    "too-much": 429,
    OFFICE_FAULT: 500,
    BUSY: 503,
}


def done(encoded: bytes) -> Response:
    """A call that was carried out, with what it gives."""
    return Response(encoded, media_type=MEDIA_TYPE)


def refusal(status: int, code: str, sentence: str, reason: str = "") -> Response:
    """A call that was not."""
    return Response(pack_error(code, sentence, reason), status, media_type=MEDIA_TYPE)


def refused(error: SyncError) -> Response:
    """The response for one of our own errors."""
    code = code_of(error)
    reason = error.reason if isinstance(error, InviteRefused) else ""
    return refusal(STATUS[code], code, str(error), reason)


def not_understood() -> Response:
    """The body is not what was agreed."""
    return refused(NotUnderstood("the request does not have the published form"))


def nothing_here() -> Response:
    """An address that does not exist: the same answer as what is not yours."""
    return refusal(404, "not-yours", "there is nothing here under that name")


def too_large() -> Response:
    """More bytes than any call needs; the rest of them is not worth reading."""
    reply = refusal(413, "too-much", "a request is larger than any call needs")
    reply.headers["Connection"] = "close"
    return reply


def trouble() -> Response:
    """The database is away, busy or full."""
    return refusal(STATUS[BUSY], BUSY, "the office cannot reach its database; try again soon")


def fault() -> Response:
    """Something in the office is wrong."""
    return refusal(STATUS[OFFICE_FAULT], OFFICE_FAULT, "something went wrong at the office")
