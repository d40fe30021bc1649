"""Fetches what providers were texted, where their calls to us did not come through.

A provider tries a few times, or once, and then gives up; a STOP must not be lost because the office
was being restarted. What was heard already changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

from sync.server.desk import incoming_texts
from sync.server.desk.desk import Desk

_BACK: Final = timedelta(days=2)
"""How far is looked back: the longest that an office may stand still over a weekend."""


@runtime_checkable
class Fetches(Protocol):
    """A provider that can be asked for what came in."""

    def fetch_texts(self, since: datetime) -> list[tuple[str, str, str]]:
        """What came in since then, if not before: id, number and words of each, newest first;
        nothing when out of reach."""


def fetch_texts(desk: Desk) -> int:
    """Hear what came in; gives how many were looked at."""
    looked = 0
    since = desk.clock.now() - _BACK
    for provider in desk.providers.values():
        if isinstance(provider, Fetches):
            for message, number, text in reversed(provider.fetch_texts(since)):
                incoming_texts.heard(
                    desk, number=number, text=text, message=provider.name + message
                )
                looked += 1
    return looked
