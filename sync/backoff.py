"""How long to wait before the next round: a pure rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

EVERY: Final = timedelta(minutes=3)
"""Between rounds while all is well."""
FIRST: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(minutes=15)
_DOUBLINGS: Final = 16  # long past `LONGEST`


def wait_before(failures: int, chance: float) -> timedelta:
    """How long to wait after so many rounds in a row that failed; 0 failures: all was well.

    `chance` in 0 … 1 spreads devices that lost the office together: full jitter over the upper
    half of the wait. Doubles from `FIRST` up to `LONGEST`.
    Source: Brooker, "Exponential Backoff and Jitter" (2015), "equal jitter".
    """
    if failures == 0:
        return EVERY * (0.9 + 0.2 * chance)
    whole = min(FIRST * (1 << min(failures - 1, _DOUBLINGS)), LONGEST)
    return whole * (0.5 + 0.5 * chance)
