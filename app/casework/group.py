"""Groups and courses: their sessions, who is expected, who came, and who came for the first time.

Whoever leads a group need not know the families in it: of each parent she sees a name and what to
know before ringing, and nothing else. Pure rules; the casebook reads and writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.casework.attendance import SEEN, Code
from app.casework.folding import folded

MOST_SESSIONS = 104
"""Two years of weeks: more is a slip of the finger."""

MARKS = (Code.ON_TIME, Code.LATE_SEEN, Code.DID_NOT_ATTEND, Code.CANCELLED_BY_FAMILY)
"""What a register can say of somebody, in the order in which it offers them."""


class Told(StrEnum):
    """How somebody learns that a session is called off."""

    TEXT = "text"
    """A message goes out by the safe route."""
    RING = "ring"
    """Somebody who knows the family has a call to make."""
    HER_WORKER = "her_worker"
    """It was left for her family's worker, whose device finds it at its next exchange."""
    NOBODY = "nobody"
    """No family is on record behind this name: the leader has to see to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One cohort of a programme. `programme` is a code of the profile; leaders are person ids."""

    id: str
    programme: str
    cohort: str
    venue: str = ""
    leaders: tuple[str, ...] = ()
    audience: str = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSession:
    """One meeting: the `n`th of `of`. `starts` is UTC. Called off it keeps its number."""

    id: str
    group: str
    n: int
    of: int
    starts: datetime
    minutes: int
    cancelled: bool = False
    cancel_reason: str = ""

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody on a group's list. `warning` is what to know before contacting her.

    `family` and `person` are empty for a professional, and for somebody new whose name was only
    typed. `walked_in` is the session to which she came unannounced; she is expected from then on.
    """

    id: str
    group: str
    name: str
    warning: str = ""
    agency: str = ""
    family: str = ""
    person: str = ""
    walked_in: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a register said before it was corrected, since `at`, aware UTC."""

    code: Code
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a session's register says of one who is on the list; `before`, the oldest first."""

    id: str
    session: str
    enrolled: str
    code: Code
    before: tuple[Said, ...] = ()


def session_days(first: date, count: int, every_days: int, closed: Collection[date]) -> list[date]:
    """The days of a group's sessions. One that would fall on a closed day is left out, and the
    group ends later: no session is lost.

    Raises ValueError unless `count` is 1 to 104 and `every_days` at least 1.
    """
    if not 1 <= count <= MOST_SESSIONS or every_days < 1:
        raise ValueError("a group has 1 to 104 sessions, at least a day apart")
    found: list[date] = []
    day, step = first, timedelta(days=every_days)
    while len(found) < count:
        # Days on end, such as a two-day course, do not run over a weekend.
        weekend = every_days == 1 and day.weekday() >= 5 and first.weekday() < 5
        if day not in closed and not weekend:
            found.append(day)
        day += step
    return found


def expected_at(
    session: GroupSession, enrolled: Iterable[Enrolled], numbers: Mapping[str, int]
) -> list[Enrolled]:
    """Whose names stand on a session's register, by name. `numbers` are the sessions' numbers.

    Whoever walked in is on it from that session on; who has left is on none to come.
    """
    on_it = [
        one
        for one in enrolled
        if not one.left and (not one.walked_in or numbers.get(one.walked_in, 0) <= session.n)
    ]
    return sorted(on_it, key=lambda one: (folded(one.name), one.id))


def who_came(marks: Iterable[Mark]) -> frozenset[str]:
    """Each who came to at least one session, once however often she came."""
    return frozenset(mark.enrolled for mark in marks if mark.code in SEEN)


def already_on(
    enrolled: Sequence[Enrolled], *, person: str = "", name: str = ""
) -> Enrolled | None:
    """Who of a list is that person, or without one bears exactly that name; None if nobody does."""
    for one in enrolled:
        if one.left:
            continue
        if person and one.person == person:
            return one
        if not person and name and folded(one.name) == folded(name):
            return one
    return None
