"""An appointment, a weekly series, clashes, travel gaps and the free slots of a week.

A series keeps the wall clock: "Tuesdays at ten" stays at ten when the clocks change. Travel is
judged from postcodes alone, since a map is not always within reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from app.casework.moments import UK, at_wall_time

SAME_DISTRICT = timedelta(minutes=15)
ELSEWHERE = timedelta(minutes=30)
"""Time between two venues when only postcodes are known; an assumption, to be confirmed."""

LONGEST_SERIES = 104
"""Two years of weeks: a longer series is a slip of the finger."""


class VenueType(StrEnum):
    """Standard codes of where an appointment takes place; a profile may add places to go to."""

    HOME = "home"
    CHILDRENS_CENTRE = "childrens_centre"
    CLINIC = "clinic"
    OFFICE = "office"
    COMMUNITY = "community"
    TELEPHONE = "telephone"
    VIDEO = "video"


REMOTE = frozenset({VenueType.TELEPHONE, VenueType.VIDEO})


class Status(StrEnum):
    """Whether an appointment stands. What came of it is attendance, not status."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class CancelledBy(StrEnum):
    """Who called it off; decides between NHS codes 2 and 4."""

    FAMILY = "family"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One appointment with a family. `starts` is UTC; `local` is what the parent was told.

    `kind` and `venue_type` are codes of the service's profile, standard ones or its own.
    `other_starts` holds further start times that somebody else chose offline: until a person
    settles it, all of them are shown. `session` is the group's, where it is one of a group.
    `version` goes up with every change that a reminder tells of.
    """

    id: str
    family: str
    kind: str
    starts: datetime
    zone: ZoneInfo = UK
    minutes: int = 60
    venue_type: str = VenueType.HOME
    venue: str = ""
    address: str = ""
    postcode: str = ""
    workers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    about: str = ""
    series: str | None = None
    programme: str = ""
    session: str = ""
    planned: bool = True
    status: Status = Status.BOOKED
    cancelled_by: CancelledBy | None = None
    cancel_reason: str = ""
    version: int = 0
    other_starts: tuple[datetime, ...] = ()
    sent: bool = False

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def local(self) -> datetime:
        return self.starts.astimezone(self.zone)

    @property
    def cancelled(self) -> bool:
        return self.status is Status.CANCELLED

    @property
    def place(self) -> str:
        """What makes two venues the same place; empty when nobody has to travel."""
        if self.venue_type in REMOTE:
            return ""
        place = self.postcode or self.address or self.venue or self.family
        return " ".join(place.split()).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two appointments at once that share a worker or somebody of the family."""

    appointment: Appointment
    workers: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelGap:
    """The time between two consecutive appointments and whether it is enough to get there.

    `minutes` is negative when they overlap; `needed` is 0 when nobody has to move.
    """

    minutes: int
    needed: int

    @property
    def tight(self) -> bool:
        return self.minutes < self.needed


class Taken(Protocol):
    """Anything that takes up time: a visit, or a session that somebody leads."""

    @property
    def starts(self) -> datetime: ...

    @property
    def ends(self) -> datetime: ...

    @property
    def cancelled(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A stretch of a worker's day with nothing in it."""

    starts: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends - self.starts).total_seconds()) // 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """When somebody works: days with Monday as 0, and wall-clock times."""

    days: frozenset[int] = frozenset(range(5))
    begin: time = time(9)
    end: time = time(17, 30)


def weekly(first: datetime, times: int, zone: ZoneInfo, *, every_weeks: int = 1) -> list[datetime]:
    """The starts of a series, UTC, each at the same wall-clock time as the first.

    Raises ValueError unless `times` is 1 to 104 and `every_weeks` at least 1.
    """
    if not 1 <= times <= LONGEST_SERIES or every_weeks < 1:
        raise ValueError("a series has 1 to 104 appointments, at least a week apart")
    local = first.astimezone(zone)
    return [
        at_wall_time(local.date() + timedelta(weeks=n * every_weeks), local.time(), zone)
        for n in range(times)
    ]


def clashes(wanted: Appointment, others: Iterable[Appointment]) -> list[Clash]:
    """Appointments that stand at the same time and need one of the same people, earliest first.

    One that ends as the next begins does not clash. An appointment never clashes with itself. To a
    group's session a family's worker does not go: it clashes for those who are expected there.
    """
    found = [
        Clash(
            appointment=other,
            workers=tuple(
                w
                for w in wanted.workers
                if w in other.workers and not wanted.session and not other.session
            ),
            people=tuple(p for p in wanted.people if p in other.people),
        )
        for other in others
        if other.id != wanted.id
        and not other.cancelled
        and wanted.starts < other.ends
        and other.starts < wanted.ends
    ]
    return sorted((c for c in found if c.workers or c.people), key=lambda c: c.appointment.starts)


def district(postcode: str) -> str:
    """The outward half of a UK postcode: `AB1 2CD` and `ab12cd` give `ab1`; otherwise empty."""
    packed = "".join(postcode.split()).lower()
    return packed[:-3] if len(packed) >= 5 else ""


def travel_needed(here: Appointment, there: Appointment) -> timedelta:
    """How long to allow between two venues, from what is known without a map."""
    if not here.place or not there.place or here.place == there.place:
        return timedelta(0)
    near = district(here.postcode) and district(here.postcode) == district(there.postcode)
    return SAME_DISTRICT if near else ELSEWHERE


def travel_gaps(day: Sequence[Appointment]) -> list[TravelGap | None]:
    """The gap before each of one worker's appointments in order; None before the first."""
    gaps: list[TravelGap | None] = [None] * min(1, len(day))
    for here, there in pairwise(day):
        between = int((there.starts - here.ends).total_seconds()) // 60
        needed = int(travel_needed(here, there).total_seconds()) // 60
        gaps.append(TravelGap(minutes=between, needed=needed))
    return gaps


def free_slots(
    on: date,
    booked: Iterable[Taken],
    hours: WorkingHours,
    zone: ZoneInfo,
    *,
    at_least: timedelta = timedelta(minutes=30),
    not_before: datetime | None = None,
) -> list[FreeSlot]:
    """The gaps of one working day that are long enough, in order; none on a day off.

    `not_before` leaves out what has passed. What was called off gives its time back.
    """
    if on.weekday() not in hours.days:
        return []
    cursor = at_wall_time(on, hours.begin, zone)
    if not_before is not None:
        cursor = max(cursor, not_before)
    closing = at_wall_time(on, hours.end, zone)
    slots = []
    for taken in sorted((a for a in booked if not a.cancelled), key=lambda a: a.starts):
        until = min(taken.starts, closing)
        if until - cursor >= at_least:
            slots.append(FreeSlot(starts=cursor, ends=until))
        cursor = max(cursor, taken.ends)
    if closing - cursor >= at_least:
        slots.append(FreeSlot(starts=cursor, ends=closing))
    return slots
