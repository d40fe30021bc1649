"""What a provider said must not be lost because the database is away for a moment.

Until it is written down the order stands as leaving; should this process die meanwhile, another
rescues and looks it up.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

log = logging.getLogger(__name__)

_FIRST_S: Final = 0.05
_LONGEST_S: Final = 5.0
_TRIES: Final = 200

_PASSING: Final = (OperationalError, InterfaceError, PoolTimeout)
"""Away, restarting or overrun: what a later try may find mended."""

T = TypeVar("T")


def until_answered(act: Callable[[], T], *, tries: int = _TRIES) -> T:
    """Do it, again and again while the database is away: some fifteen minutes, then its error."""
    pause = _FIRST_S
    for _ in range(tries - 1):
        try:
            return act()
        except _PASSING as trouble:
            log.warning("database", extra={"kind": type(trouble).__name__})
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_S)
    return act()
