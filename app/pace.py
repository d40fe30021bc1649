"""When the next exchange with the office is due: the rule alone, with its clock handed in.

Soon after a save, at once when the person wishes it or begins to look, otherwise every minute while
somebody looks and every five minutes while nobody does; after a failure later and later. The jitter
keeps a whole team that comes back into signal from knocking at the office in the same second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SAVED_S = 2.0
"""After a save: long enough to take the next tap along, short enough to be gone at the door."""
WATCHED_S, UNWATCHED_S = 60.0, 300.0
LOOKED_S = 10.0
"""What was fetched so lately is new enough for whoever begins to look."""
FIRST_RETRY_S, LAST_RETRY_S = 5.0, 120.0
JITTER = 0.25


@dataclass(slots=True)
class Pace:
    """Seconds of a monotonic clock; `chance` gives 0 to 1."""

    monotonic: Callable[[], float]
    chance: Callable[[], float]
    _due: float = 0.0
    _failures: int = 0
    _ended: float | None = None
    """When the last round ended, well or not."""

    def due(self) -> bool:
        """Whether a round should begin now. True at the very start."""
        return self.monotonic() >= self._due

    def asked(self) -> None:
        """Sync now, or the signal came back: nothing is waited for."""
        self._due = self.monotonic()
        self._failures = 0

    def looked(self) -> None:
        """Somebody unlocked the device or came back to it, and wants to see what came in."""
        now = self.monotonic()
        if self._ended is None or now - self._ended >= LOOKED_S:
            self._due = min(self._due, now)

    def saved(self) -> None:
        """Something new is only on this device. While the office is out of reach the pace stays."""
        if not self._failures:
            self._due = min(self._due, self.monotonic() + SAVED_S)

    def went_well(self, *, watched: bool) -> None:
        """A round ended as it should."""
        self._failures = 0
        self._next(WATCHED_S if watched else UNWATCHED_S)

    def failed(self, *, permanent: bool) -> None:
        """A round was broken off: doubled waits, to two minutes; a refusal waits the longest."""
        self._failures += 1
        wait = min(LAST_RETRY_S, FIRST_RETRY_S * 2 ** min(self._failures - 1, 10))
        self._next(UNWATCHED_S if permanent else wait)

    def _next(self, seconds: float) -> None:
        self._ended = self.monotonic()
        self._due = self._ended + seconds * (1 + JITTER * (2 * self.chance() - 1))
