"""What a round tells those who wait for it: how far it is, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

Phase = Literal["contact", "sending", "receiving", "duties", "done"]

CLOCK_MAY_BE_OFF: Final = timedelta(minutes=5)
"""A device's clock further from the office's than this is shown as wrong (requirements.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a round is. `sent` of `total` things have been acknowledged by the office: changes,
    orders for the reminder desk, entries for others' inboxes.

    Both come from the outbox, never from what was merely handed to the network. `received` counts
    changes and entries written down here.
    """

    phase: Phase
    sent: int
    total: int
    received: int = 0


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a round ended. Casefile ids are hex.

    `sent` and `received` count changes of this round, `told` orders that the reminder desk took,
    `left` entries for others' inboxes; `still_here` counts all that is only on this device now.
    `refusals` says which of this device's casefiles the office would not take changes of
    (see `ChainAnswer.refused`), `doubted` in which ones it withheld or altered something (a word
    for what was wrong), `ended` which ones it no longer hands to this device. `quarantined`
    counts changes that wait for a supervisor's decision here. `revoked`: access has ended;
    `wiped`: the keys were destroyed on a signed order; `cloned`: this file is a copy and has to
    pair again. `clock_off` is how far this device's clock is ahead of the office's, when that is
    more than `CLOCK_MAY_BE_OFF`. `waiting_for_a_supervisor`: sent, but into quarantine.
    """

    sent: int = 0
    received: int = 0
    still_here: int = 0
    told: int = 0
    left: int = 0
    refusals: Mapping[str, str] = field(default_factory=dict)
    doubted: Mapping[str, str] = field(default_factory=dict)
    ended: tuple[str, ...] = ()
    quarantined: int = 0
    waiting_for_a_supervisor: int = 0
    drafts_received: int = 0
    revoked: bool = False
    wiped: bool = False
    cloned: bool = False
    clock_off: timedelta | None = None
