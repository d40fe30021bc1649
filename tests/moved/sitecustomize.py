"""Moves the clock of a process that a story starts; Python runs a module of this name by itself.

Only where `tests/driver/story_clock.py` put this folder on the path. The product has no option for
it, so that nobody can have a text sent in the night.
"""

import os
from datetime import UTC, datetime, timedelta

from storage.clock import SystemClock

_MOVED = timedelta(seconds=float(os.environ["DOORSTEP_STORY_CLOCK_S"]))


def _now(_clock: SystemClock) -> datetime:
    return datetime.now(UTC) + _MOVED


SystemClock.now = _now  # type: ignore[method-assign]
