"""The hour at which stories happen: ten in the morning, whenever the tests are run.

Stories speak of "today 14:00" and "tomorrow", of what is over and what is due; at midnight each of
these means something else, and a town founded on Thursday is yesterday's. So office, devices and
the test itself see the real clock moved by one span, the same for a whole run. It goes on running,
and the day of the week stays the real one. `DOORSTEP_STORIES_FROM=23:50` begins at another hour.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch

from app.wording.dates import HERE
from storage.clock import SystemClock

MOVES = Path(__file__).resolve().parents[1] / "moved"


def moved_to_morning(real: datetime, hour: str) -> timedelta:
    """How far the clock is moved so that a run which begins at `real` begins at `hour` (HH:MM,
    local) of that day."""
    day = real.astimezone(HERE).date()
    # In UTC: on one clock, Python would not count the hour by which it was changed meanwhile.
    return datetime.combine(day, time.fromisoformat(hour), HERE).astimezone(UTC) - real


class StoryClock:
    """One span for a whole run."""

    def __init__(self) -> None:
        hour = os.environ.get("DOORSTEP_STORIES_FROM", "10:00")
        self.moved = moved_to_morning(datetime.now(UTC), hour)

    @contextmanager
    def runs(self) -> Iterator[None]:
        """Here, and in every process started meanwhile."""
        moved = self.moved

        def now(_clock: SystemClock) -> datetime:
            return datetime.now(UTC) + moved

        seconds = str(moved.total_seconds())
        with (
            patch.object(SystemClock, "now", now),
            patch.dict(os.environ, PYTHONPATH=str(MOVES), DOORSTEP_STORY_CLOCK_S=seconds),
        ):
            yield
