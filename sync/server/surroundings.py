"""What every part of the office is given: its database, the directory, time, randomness, limits."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.clock import Clock, milliseconds
from storage.seal import Randomness
from sync.server.apart import Apart
from sync.server.database import Database
from sync.server.roll import Roll

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one device or address may ask for. Generous: honest work never meets them.

    A device's daily bytes are three hundred times a busy worker's day (some 100 changes of
    16 KiB); what is over is taken the next day. Failed enrolments are per address and hour, so
    that a hub full of families behind one address is not shut out by one stranger.
    """

    bytes_a_day: int = 512 * 1024 * 1024
    failed_enrolments: int = 20
    parked_bytes: int = 32 * 1024 * 1024
    open_challenges: int = 16
    open_invites: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """One office's means. Clock and randomness are injected, so that tests can set both."""

    database: Database
    clock: Clock
    randomness: Randomness
    limits: Limits = field(default_factory=Limits)
    apart: Apart = field(default_factory=Apart)
    roll: Roll = field(default_factory=Roll)

    def now(self) -> int:
        """Milliseconds since 1970 by the office's clock."""
        return milliseconds(self.clock.now())
