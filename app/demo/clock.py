"""A clock that can be set back, so that fifteen months of work can be written down in seconds."""

from __future__ import annotations

from datetime import datetime

from storage.clock import Clock, SystemClock


class SetClock:
    """Shows the moment it was set to, and the machine's own time until then."""

    def __init__(self, real: Clock | None = None) -> None:
        self._real = real or SystemClock()
        self._shown: datetime | None = None

    def now(self) -> datetime:
        """The moment shown, aware, UTC."""
        return self._shown or self._real.now()

    def monotonic(self) -> float:
        return self._real.monotonic()

    def show(self, moment: datetime) -> None:
        """Stand still at that moment."""
        self._shown = moment
