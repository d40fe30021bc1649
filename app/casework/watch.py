"""Whose device must have been heard of lately before a message may go, and when she works.

Somebody may have marked a number unsafe on a tablet without a signal. So the desk asks when each
watched device last brought what it had to withdraw, counting only the time in which its owner
worked: a part-time worker's day off neither blocks a message nor hides a stop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.casework.appointment import WorkingHours
from app.casework.moments import at_wall_time

LOOK_BACK = timedelta(days=28)
"""How far before a message its owner's working time is listed; an assumption. A device that was
silent for longer than that is silent enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One device with the spells, UTC, in which its owner works before the message goes."""

    device: str
    spells: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Somebody who goes to the family: what the text calls her, when she works, on which devices.

    `phone` is her own work number for neutral staff texts, empty when unknown.
    """

    person: str
    first_name: str
    hours: WorkingHours
    devices: tuple[str, ...] = ()
    phone: str = ""

    def works_on(self, day: date, closed: Collection[date]) -> bool:
        return day.weekday() in self.hours.days and day not in closed

    def watched(self, until: datetime, closed: frozenset[date], zone: ZoneInfo) -> list[Watched]:
        """Her devices with her working time up to that instant."""
        if not self.devices:
            return []
        spells = _spells(self.hours, until, closed, zone)
        return [Watched(device=device, spells=spells) for device in self.devices]


@lru_cache(maxsize=4096)
def _spells(
    hours: WorkingHours, until: datetime, closed: frozenset[date], zone: ZoneInfo
) -> tuple[tuple[datetime, datetime], ...]:
    last = until.astimezone(zone).date()
    found = []
    for day in (last - timedelta(days=n) for n in range(LOOK_BACK.days, -1, -1)):
        if day.weekday() in hours.days and day not in closed:
            begin, end = _working_day(day, hours, zone)
            if begin < until:
                found.append((begin, min(end, until)))
    return tuple(found)


@lru_cache(maxsize=4096)
def _working_day(day: date, hours: WorkingHours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return at_wall_time(day, hours.begin, zone), at_wall_time(day, hours.end, zone)


def owner_day(owner: Watcher | None, last: date, today: date, closed: Collection[date]) -> date:
    """The day a call is due: her last working day up to `last`, today at the earliest.

    When she does not work between today and then, it is due on the last open day, for duty.
    """
    for day in _backwards(last, today):
        if owner is not None and owner.works_on(day, closed):
            return day
    for day in _backwards(last, today):
        if day.weekday() < 5 and day not in closed:
            return day
    return max(last, today)


def _backwards(last: date, today: date) -> Iterator[date]:
    for n in range((last - today).days + 1):
        yield last - timedelta(days=n)
