"""When the screen blanks and when the device locks: the rules alone.

A tablet left on a kitchen table must not go on showing a family's life. What is measured here is
attention, so this module knows the two clocks and the names of the attached tabs, and nothing of
keys, records or pixels.

Each lapse is the longer of what the two clocks say: a phone's monotonic clock may stand still
while it sleeps, and its wall clock may be put back to buy time. A clock put forward only locks
sooner, which is the safe side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.clock import Clock


class Why(StrEnum):
    """What made the device lock; the unlock screen says it."""

    AWAY = "away"
    IDLE = "idle"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Seconds. Source: requirements.md section 2, number 2."""

    away: float = 30.0
    out: float = 300.0
    """The same, after tapping ring or map: she is on the telephone or finding the door."""
    idle: float = 180.0
    warning: float = 60.0
    """How long before locking the screen says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is due now. At most one of the two is set."""

    lock: Why | None = None
    seconds_left: int | None = None
    """Whole seconds until the lock, once the warning is due and someone can see it."""


@dataclass(frozen=True, slots=True)
class _Mark:
    monotonic: float
    wall: datetime


@dataclass(slots=True)
class Lifecycle:
    """Watches attention on one device process. Call from one thread: the event loop's."""

    clock: Clock
    rules: Rules = field(default_factory=Rules)
    _in_sight: set[str] = field(default_factory=set)
    _open: bool = False
    _touched: _Mark | None = None
    _left: _Mark | None = None
    _went_out: _Mark | None = None

    # -- what happens ---------------------------------------------------------------------
    def unlocked(self) -> None:
        """The passphrase was right: attention starts now."""
        self._open = True
        self._went_out = None
        self._touched = self._mark()
        self._left = None if self._in_sight else self._mark()

    def locked(self) -> None:
        """Nothing is left to guard."""
        self._open = False
        self._touched = self._left = self._went_out = None

    def touched(self) -> Verdict:
        """Somebody tapped or typed; also the answer to "Stay".

        A verdict with `lock` means it came too late (a laptop's lid was shut, say): the lock must
        be carried out, and the tap must not.
        """
        verdict = self.verdict()
        if verdict.lock is None:
            self._touched = self._mark()
            self._went_out = None
        return verdict

    def went_out(self) -> None:
        """Ring or map was tapped: leaving is expected now, and lasts longer."""
        self._touched = self._went_out = self._mark()

    def left(self, tab: str) -> None:
        """The tab went out of sight: hidden, in the background, or its window closed."""
        self._in_sight.discard(tab)
        if not self._in_sight and self._left is None:
            self._left = self._mark()

    def came_back(self, tab: str) -> Verdict:
        """The tab can be seen again. A verdict with `lock` must be carried out before showing it.

        Coming back counts as attention, unless it came too late.
        """
        verdict = self.verdict()
        self._in_sight.add(tab)
        if verdict.lock is None:
            self._left = None
            self._touched = self._mark()
            self._went_out = None
        return verdict

    # -- what follows ---------------------------------------------------------------------
    def covered(self, tab: str) -> bool:
        """Whether this tab must show nothing but the cover."""
        return tab not in self._in_sight

    def verdict(self) -> Verdict:
        """What the rules say now. Cheap: called every second."""
        if not self._open or self._touched is None:
            return Verdict()
        left, why = self._remaining(self._touched)
        if left <= 0:
            return Verdict(lock=why)
        if left <= self.rules.warning and self._in_sight:
            return Verdict(seconds_left=math.ceil(left))
        return Verdict()

    def _remaining(self, touched: _Mark) -> tuple[float, Why]:
        """Seconds until the lock, and what it would be for."""
        if self._went_out is not None:
            out = self.rules.out - self._since(self._went_out)
            return out, Why.IDLE if self._in_sight else Why.AWAY
        idle = self.rules.idle - self._since(touched)
        if self._left is None:
            return idle, Why.IDLE
        away = self.rules.away - self._since(self._left)
        return (away, Why.AWAY) if away <= idle else (idle, Why.IDLE)

    def _mark(self) -> _Mark:
        return _Mark(self.clock.monotonic(), self.clock.now())

    def _since(self, mark: _Mark) -> float:
        wall = (self.clock.now() - mark.wall).total_seconds()
        return max(self.clock.monotonic() - mark.monotonic, wall, 0.0)
