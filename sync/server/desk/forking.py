"""Keeps so many processes going: one that dies is replaced, and what it left is rescued.

A process is made with SIGTERM and SIGINT held back, and keeps them so: whoever tells us to stop at
that very moment is heard once it is known whom to pass it on to, and the new process hears of it
when it comes to wait. It waits with `until_told`.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

log = logging.getLogger(__name__)

_PAUSE_S: Final = 1.0
_TOLD: Final = frozenset({signal.SIGTERM, signal.SIGINT})


def supervise(many: int, work: Callable[[], None]) -> int:
    """Run `work` in `many` processes until told to stop; gives 0 after a graceful end."""
    stopping = False
    children: set[int] = set()

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            with suppress(ProcessLookupError):  # it ended a moment ago
                os.kill(child, signal.SIGTERM)

    def add() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD)
        if not stopping:
            children.add(_fork(work))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD)

    for name in _TOLD:
        signal.signal(name, stop)
    for _ in range(many):
        add()
    while children:
        gone, _ = os.wait()
        children.discard(gone)
        if not stopping:
            log.warning("a desk process is gone and is replaced", extra={"pid": gone})
            time.sleep(_PAUSE_S)
            add()
    return 0


def until_told() -> None:
    """In a process of `supervise`: wait until it is told to stop, which may have been before."""
    signal.sigwait(_TOLD)


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for name in _TOLD:
            signal.signal(name, signal.SIG_DFL)
        work()
        code = 0
    finally:
        os._exit(code)
