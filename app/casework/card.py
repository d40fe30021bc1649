"""One appointment on Today, with everything to know before going in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.casework.appointment import Appointment, FreeSlot, TravelGap
from app.casework.attendance import Attendance
from app.casework.family import FamilyTag
from app.casework.group import GroupSession
from app.casework.life_event import LifeEvent
from app.casework.note import NoteState
from app.casework.people import PersonKind
from app.casework.safe_contact import Caution, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to do: `obstacle`, `action`, `goal_review`, `plan_review`, `appraisal`, `note`,
    `outcome`, `route_review`, or a `clock`; of a clock `text` is its code, of a plan or an
    appraisal the code of its kind.
    """

    code: str
    family: str
    record: str
    text: str = ""
    day: date | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody expected at an appointment, for marking the outcome."""

    id: str
    name: str
    kind: PersonKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One appointment of the day.

    `travel` is None for the first of the day. `phone` is the best route to ring now, None when
    there is none that may be rung; `cautions` are about that route. `unsafe` are routes of those
    who can be met here that must not be used, whatever else may be. `note_id` goes with `note`.
    `known` is what must be known before a word is said: a loss, a child who has left home.
    `kept_from` are those expected who must not learn the address; it is empty then.
    """

    appointment: Appointment
    family: FamilyTag
    travel: TravelGap | None = None
    due: tuple[Due, ...] = ()
    phone: Route | None = None
    phone_person: str = ""
    cautions: tuple[Caution, ...] = ()
    unsafe: tuple[Route, ...] = ()
    address: str = ""
    kept_from: tuple[str, ...] = ()
    known: tuple[LifeEvent, ...] = ()
    risks: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    note: NoteState | None = None
    note_id: str | None = None
    outcomes: tuple[Attendance, ...] = ()
    people: tuple[Expected, ...] = ()
    clashes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a week: what is booked, what sessions are led, and the stretches that are free."""

    date: date
    appointments: tuple[Appointment, ...]
    led: tuple[GroupSession, ...]
    free: tuple[FreeSlot, ...]
    working: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days from Monday."""

    monday: date
    days: tuple[Day, ...]
