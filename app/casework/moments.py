"""Instants and days as records keep them, and back; local days and weeks as people mean them.

Inside, times are aware and UTC; "10 o'clock on Tuesday" exists only together with a zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")


def as_text(moment: datetime) -> str:
    """`2026-11-22T18:05:00Z`, whole seconds, so that text sorts as time. `moment` must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """The instant a record means, aware, UTC. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)


def day(text: str) -> date:
    """The date a record means: `2026-11-22`. Raises ValueError."""
    return date.fromisoformat(text)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant where the worker is."""
    return moment.astimezone(zone).date()


def at_wall_time(on: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant, UTC, at which a wall clock shows `wall` on that day.

    An hour that the clocks skip is taken as the same distance after the change (01:30 becomes
    02:30); of an hour that comes twice, the first.
    """
    there = datetime.combine(on, wall.replace(tzinfo=None), tzinfo=zone)
    return there.astimezone(UTC)


def day_bounds(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a local day begins and ends, UTC; 23 and 25 hours long on the days clocks change."""
    return at_wall_time(on, time(0), zone), at_wall_time(on + timedelta(days=1), time(0), zone)


def monday_of(on: date) -> date:
    """The first day of that day's week."""
    return on - timedelta(days=on.weekday())
