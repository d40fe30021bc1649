"""The desk's means, given to every part of it: keys, providers, limits, the office's own means.

What one process learns, another reads in the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.clock import Clock
from storage.seal import Randomness
from sync.server.database import Database
from sync.server.desk.keys import DeskKeys
from sync.server.desk.pace import Pace
from sync.server.desk.providers.base import Provider
from sync.server.desk.spans import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from sync.server.surroundings import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLimits:
    """How much, how often, how long. Durations in milliseconds unless a name says otherwise.

    `a_day` bounds what one number gets in automated messages a day. `threads` send at once in one
    process. `lease` is how long an attempt may take before another process looks after it, `fresh`
    how long a claim may have waited before the provider is called. `looks` are the pauses before
    each look-up of what is not known, `polls` before each question after what has not arrived,
    `unreported` the same where the provider does not report by itself.
    `keep` is how long numbers and words outlive their reminder. `unseen` is how long a task may
    go unseen before duty is told, within `staff_from` to `staff_until` (hours by `zone`).
    """

    a_day: int = 4
    threads: int = 8
    lease: int = MINUTE_MS
    fresh: int = 5 * SECOND_MS
    looks: tuple[int, ...] = (
        2 * SECOND_MS,
        10 * SECOND_MS,
        MINUTE_MS,
        5 * MINUTE_MS,
        15 * MINUTE_MS,
    )
    polls: tuple[int, ...] = (
        10 * MINUTE_MS,
        HOUR_MS,
        4 * HOUR_MS,
        12 * HOUR_MS,
        24 * HOUR_MS,
        48 * HOUR_MS,
    )
    unreported: tuple[int, ...] = (
        5 * SECOND_MS,
        MINUTE_MS,
        5 * MINUTE_MS,
        15 * MINUTE_MS,
        HOUR_MS,
        4 * HOUR_MS,
        12 * HOUR_MS,
        24 * HOUR_MS,
        48 * HOUR_MS,
    )
    keep: int = 7 * DAY_MS
    unseen: int = 2 * HOUR_MS
    staff_from: int = 8
    staff_until: int = 20
    zone: str = "Europe/London"
    duty: str | None = None
    """The duty worker's number (E.164), for where an order names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One desk. `providers` by channel: "sms" and "voice"; a channel without one sends nothing."""

    office: Surroundings
    keys: DeskKeys = field(repr=False)
    providers: Mapping[str, Provider]
    limits: DeskLimits = field(default_factory=DeskLimits)
    pace: Pace = field(default_factory=Pace, repr=False)

    @property
    def database(self) -> Database:
        return self.office.database

    @property
    def clock(self) -> Clock:
        return self.office.clock

    @property
    def randomness(self) -> Randomness:
        return self.office.randomness

    def polls(self, provider: str | None) -> tuple[int, ...]:
        """The pauses before each question after what went through this provider."""
        reports = any(each.reports for each in self.providers.values() if each.name == provider)
        return self.limits.polls if reports else self.limits.unreported

    def now(self) -> int:
        """Milliseconds since 1970 by the office's clock."""
        return self.office.now()
