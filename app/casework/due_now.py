"""Which visit is about to begin: what the worker's own alert is about.

Works from what is on the device alone, so that it comes with or without a signal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.casework.appointment import Appointment

BEFORE = timedelta(minutes=30)
"""How long before the start she is told; an assumption."""
AFTER = timedelta(minutes=10)
"""How long after the start it still stands there: she may be late."""


def due_now(
    appointments: Iterable[Appointment], now: datetime, *, before: timedelta = BEFORE
) -> tuple[Appointment, ...]:
    """Those that begin within that time or have just begun, the next one first."""
    soon = [
        a for a in appointments if not a.cancelled and a.starts - before <= now < a.starts + AFTER
    ]
    return tuple(sorted(soon, key=lambda a: (a.starts, a.id)))
