"""Keeps so many processes going: one that dies is replaced, and what it left is rescued."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

_PAUSE_S: Final = 1.0


def supervise(many: int, work: Callable[[], None]) -> int:
    """Run `work` in `many` processes until told to stop; gives 0 after a graceful end."""
    stopping = False
    children: set[int] = set()

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        for child in children:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for _ in range(many):
        children.add(_fork(work))
    while children:
        try:
            gone, _ = os.wait()
        except InterruptedError:
            continue
        children.discard(gone)
        if not stopping:
            log.warning("a desk process is gone and is replaced", extra={"pid": gone})
            time.sleep(_PAUSE_S)
            if not stopping:
                children.add(_fork(work))
    return 0


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        work()
        code = 0
    finally:
        os._exit(code)
