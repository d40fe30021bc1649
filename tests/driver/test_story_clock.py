"""The clock of the stories: morning, in every process that a story starts."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from app.wording.dates import HERE
from driver.story_clock import StoryClock, moved_to_morning
from storage.clock import SystemClock


@pytest.mark.parametrize(
    "real",
    [
        datetime(2026, 11, 26, 23, 58, tzinfo=UTC),
        datetime(2026, 11, 27, 0, 2, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    ],
)
def test_stories_begin_in_the_morning_whenever_they_are_run(real: datetime) -> None:
    begins = (real + moved_to_morning(real, "10:00")).astimezone(HERE)
    assert (begins.date(), begins.hour, begins.minute) == (real.astimezone(HERE).date(), 10, 0)


def test_a_process_that_a_story_starts_goes_by_the_moved_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOORSTEP_STORIES_FROM", "04:00")
    asked = "from storage.clock import SystemClock; print(SystemClock().now().isoformat())"
    with StoryClock().runs():
        here = SystemClock().now()
        there = subprocess.run(
            [sys.executable, "-c", asked], check=True, capture_output=True, text=True
        ).stdout
    assert here.astimezone(HERE).hour == 4
    assert abs(datetime.fromisoformat(there.strip()) - here) < timedelta(seconds=20)
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
