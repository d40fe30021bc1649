"""When a message may go: waking hours, no bank holiday, and the hours the person called safe.

All three must agree. Hours are meant on the wall clock where the person lives and are worked out
to instants here, clock changes included. Nothing left means no message, never "send anyway".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.casework.moments import at_wall_time
from app.casework.safe_contact import Route

SHORTEST = timedelta(minutes=15)
"""A window needs room for the desk's ticker, a queue and one retry; an assumption."""

EARLIER = 3
"""Days by which a message may go before its day, when that day has no window; an assumption."""

_MIDNIGHT = time.min


@dataclass(frozen=True, slots=True, kw_only=True)
class WakingHours:
    """Wall-clock hours in which the service sends anything; `days` empty means any day.

    Source of 09:00 to 19:00: proposed from the service manual's "not late at night", to be
    confirmed with each service.
    """

    begin: time = time(9)
    end: time = time(19)
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SendWindow:
    """One stretch of one local day, as instants in UTC."""

    opens: datetime
    closes: datetime
    day: date

    @property
    def length(self) -> timedelta:
        return self.closes - self.opens


def windows_on(
    day: date, waking: WakingHours, closed: Collection[date], route: Route, zone: ZoneInfo
) -> list[SendWindow]:
    """Every stretch of that local day in which a message may go to that route, in order."""
    if day in closed or (waking.days and day.weekday() not in waking.days):
        return []
    if route.days and day.weekday() not in route.days:
        return []
    found = []
    for begin, end in _safe(route):
        opens = max(waking.begin, begin)
        closes = waking.end if end is None else min(waking.end, end)
        if opens < closes:
            found.append(
                SendWindow(
                    opens=at_wall_time(day, opens, zone),
                    closes=at_wall_time(day, closes, zone),
                    day=day,
                )
            )
    return [w for w in found if w.length >= SHORTEST]


def send_window(
    aim: datetime,
    waking: WakingHours,
    closed: Collection[date],
    route: Route,
    zone: ZoneInfo,
    now: datetime,
) -> SendWindow | None:
    """Where a message meant for that moment goes: later that day, or up to three days earlier.

    `aim` is on the wall clock where the person lives; midnight means any time of its day. The
    longest stretch of the latest day that has one and is not over. Its opening may have
    passed: it does not move with the clock, so that planning twice gives the same window twice.
    None when nothing is left.
    """
    for day in (aim.date() - timedelta(days=n) for n in range(EARLIER + 1)):
        left = [
            w
            for w in windows_on(day, waking, closed, route, zone)
            if w.closes - max(w.opens, now) >= SHORTEST
        ]
        later = [replace(w, opens=max(w.opens, aim.astimezone(UTC))) for w in left]
        left = [w for w in later if w.closes - max(w.opens, now) >= SHORTEST] or left
        if left:
            return max(left, key=lambda w: (w.length, w.opens))
    return None


def _safe(route: Route) -> Iterator[tuple[time, time | None]]:
    """Safe wall-clock stretches of one day; None is midnight at its end."""
    begin, end = route.from_time or _MIDNIGHT, route.to_time
    if end is None or end == _MIDNIGHT:
        yield begin, None
    elif begin <= end:
        yield begin, end
    else:
        yield _MIDNIGHT, end
        yield begin, None
