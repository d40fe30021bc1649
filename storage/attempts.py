"""How often the passphrase was wrong, and how long to wait before the next try.

Each try is counted on disk before it is made, so that ending the process wins nothing. Waiting
runs on the monotonic clock: setting the device's time forward wins nothing either, and after a
restart the whole wait begins again.
"""

from __future__ import annotations

from collections.abc import Callable

from storage.clock import Clock
from storage.errors import TooManyTries
from storage.keys import TRIES, wait_after


class Attempts:
    """`failures` in a row, read from the file; `keep` writes the number down durably."""

    def __init__(self, failures: int, keep: Callable[[int], None], clock: Clock) -> None:
        self.failures = failures
        self._keep = keep
        self._clock = clock
        self._earliest = clock.monotonic() + wait_after(failures)

    @property
    def used_up(self) -> bool:
        return self.failures >= TRIES

    @property
    def left(self) -> int:
        """Wrong tries until the keys are destroyed."""
        return max(0, TRIES - self.failures)

    def wait(self) -> float:
        """Seconds until the next try is taken, 0 when it may be made now."""
        return max(0.0, self._earliest - self._clock.monotonic())

    def spend(self) -> None:
        """Count a try that is about to be made. Raises TooManyTries when it comes too early."""
        seconds = self.wait()
        if seconds > 0:
            raise TooManyTries(seconds)
        self._keep(self.failures + 1)
        self.failures += 1
        self._earliest = self._clock.monotonic() + wait_after(self.failures)

    def forgive(self) -> None:
        """The passphrase was right."""
        if self.failures:
            self._keep(0)
        self.failures = 0
        self._earliest = self._clock.monotonic()
