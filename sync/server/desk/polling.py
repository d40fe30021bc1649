"""Fetches what providers were texted, where their calls to us did not come through.

A provider tries a few times and then gives up; a STOP must not be lost by that. What was heard
already changes nothing.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from sync.server.desk import incoming_texts
from sync.server.desk.desk import Desk


@runtime_checkable
class Fetches(Protocol):
    """A provider that can be asked for what came in."""

    def fetch_texts(self) -> list[tuple[str, str, str]]:
        """The last ones: id, number and words of each, newest first; nothing when out of reach."""


def fetch_texts(desk: Desk) -> int:
    """Hear what came in; gives how many were looked at."""
    looked = 0
    for provider in desk.providers.values():
        if isinstance(provider, Fetches):
            for message, number, text in reversed(provider.fetch_texts()):
                incoming_texts.heard(
                    desk, number=number, text=text, message=provider.name + message
                )
                looked += 1
    return looked
