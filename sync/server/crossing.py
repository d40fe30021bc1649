"""Doing a call again that failed only because another one was made at the same moment.

Every call of the protocol may be repeated, so the office may repeat it too: of two first logins of
one device, or two foundings of one casefile, the second finds what the first left, and is answered
as if it had come a moment later. Must not know what a call does.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from sync.server.dialects import crossed
from sync.wire import CALLS

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Service = TypeVar("Service")

TRIES: Final = 6
"""Of one call. Whoever waits for the same rows is delayed by one other at a time, and no process
has more than eight at work; a sixth failure in a row is a fault and not a coincidence."""


def again_when_crossed(service: type[Service]) -> type[Service]:
    """Class decorator: every call of the protocol that `service` has is tried several times."""
    for name in CALLS:
        setattr(service, name, _tried(getattr(service, name)))
    return service


def until_uncrossed(call: Callable[[], T], name: str) -> T:
    """Make a call until no other one crosses it; raises what the last of `TRIES` raised."""
    for _ in range(TRIES - 1):
        try:
            return call()
        except DBAPIError as error:
            if not crossed(error):
                raise
            log.info("crossed", extra={"call": name})
    return call()


def _tried(call: Callable[P, T]) -> Callable[P, T]:
    @functools.wraps(call)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        return until_uncrossed(lambda: call(*args, **kwargs), call.__name__)

    return tried
