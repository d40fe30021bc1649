"""Time as an argument, and the hybrid clock that orders concurrent changes.

The clock only breaks ties between changes that have not seen each other, so a clock ten years
wrong changes no fold; the hybrid part keeps one device's changes in the order they were made.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTER_BITS = 16
_LAST_MILLISECOND = 253_402_300_799_999
AHEAD_OF_US = timedelta(minutes=5)
"""How far another clock may be ahead before it is not followed (requirements.md section 4)."""


class Clock(Protocol):
    """Where now comes from. Both may be frozen, skewed or stepped in tests."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC. May be wrong, and may go backwards."""

    def monotonic(self) -> float:
        """Seconds that never go backwards, from an arbitrary start."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, UTC; negative before it."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment_of_milliseconds(count: int) -> datetime:
    """The reverse of `milliseconds`. Raises OverflowError for a year past 9999."""
    return _EPOCH + timedelta(milliseconds=count)


def moment_of(stamp: int) -> datetime:
    """The wall-clock moment inside a hybrid stamp; at the latest the end of the year 9999, as a
    stamp made elsewhere may claim any time at all."""
    return _EPOCH + timedelta(milliseconds=min(stamp >> _COUNTER_BITS, _LAST_MILLISECOND))


class HybridClock:
    """Stamps that never repeat or go back on one device: 48 bits of milliseconds, 16 of counter.

    A stamp seen from elsewhere pulls ours forward only when it is at most `AHEAD_OF_US` ahead,
    so that one broken clock does not poison everybody's.
    Source: Kulkarni et al., "Logical Physical Clocks" (2014).
    """

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self.last = last

    def stamp(self) -> int:
        """The next stamp for a change made here, now."""
        physical = max(0, milliseconds(self._clock.now())) << _COUNTER_BITS
        self.last = physical if physical > self.last else self.last + 1
        return self.last

    def saw(self, *stamps: int) -> None:
        """Take notice of stamps made elsewhere."""
        limit = max(0, milliseconds(self._clock.now() + AHEAD_OF_US)) << _COUNTER_BITS
        self.last = max(self.last, max((s for s in stamps if s <= limit), default=0))
