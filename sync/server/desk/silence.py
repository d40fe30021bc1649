"""The silence rule: a worker out of contact may have learnt that a phone is unsafe.

Where there is any sign of domestic abuse the device gives an order a longest silence, and the
devices of the workers who might know better, each with the spells in which its owner works.
Nothing goes out unless every one of them whose owner has worked since it was last heard from has
pushed its withdrawals within that time. A day off is no silence: nobody learnt anything in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_HOUR_MS: Final = 60 * 60 * 1000

Spell = tuple[int, int]
"""When somebody works: from, until, in milliseconds since 1970."""
Watch = Sequence[tuple[bytes, Sequence[Spell]]]
"""Devices and their owners' spells."""


def overdue(
    now: int, max_silence: int | None, watch: Watch, heard: Mapping[bytes, int]
) -> tuple[bytes, ...]:
    """The watched devices that must be heard from before this order may go out.

    `max_silence` in hours, or None where the rule does not apply; `heard` gives when each device
    last finished pushing its withdrawals. A device never heard from has been silent for ever.
    """
    if max_silence is None:
        return ()
    since = now - max_silence * _HOUR_MS
    return tuple(
        device
        for device, spells in watch
        if heard.get(device, -1) < since and _worked(spells, heard.get(device, -1), now)
    )


def at_work(now: int, watch: Watch) -> bool:
    """Whether any of the watched owners works at this moment."""
    return any(begin <= now < end for _, spells in watch for begin, end in spells)


def _worked(spells: Sequence[Spell], after: int, before: int) -> bool:
    return any(begin < before and end > after for begin, end in spells)
