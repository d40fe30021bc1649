"""What speaks against signing a note as it stands: asked, because a signature cannot be undone.

None of it forbids signing: the worker was there. Pure rules over what the writing screen shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.casework.appointment import REMOTE, Appointment
from app.casework.attendance import MISSED, SEEN, Attendance
from app.casework.contact_type import ContactType
from app.casework.family import Family
from app.casework.note import NoteDraft, Seen

LONG_AGO = timedelta(days=366)
"""A contact further back is more often a slip of the finger than a note written so late."""
_WITHOUT_CHILDREN = frozenset(
    {
        ContactType.TELEPHONE_SUPPORT,
        ContactType.PROFESSIONALS_MEETING,
        ContactType.SUPERVISION,
        ContactType.OTHER,
    }
)


class Against(StrEnum):
    """Why to look again; the app words each."""

    CANCELLED = "cancelled"
    NOT_THERE = "not_there"
    NOT_TICKED = "not_ticked"
    NOBODY = "nobody"
    CHILD_NOT_SAID = "child_not_said"
    LONG_AGO = "long_ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reason, and the id of whom it is about where it is about somebody."""

    against: Against
    person: str = ""


def doubts(
    draft: NoteDraft,
    family: Family,
    *,
    appointment: Appointment | None,
    outcomes: Iterable[Attendance],
    on: date,
    today: date,
) -> list[Doubt]:
    """Everything that speaks against it, gravest first. `on` is the day of the contact.

    `outcomes` are those recorded for its appointment.
    """
    found: list[Doubt] = []
    if appointment is not None and appointment.cancelled:
        found.append(Doubt(against=Against.CANCELLED))
    for outcome in outcomes:
        if family.person(outcome.attendee) is None:
            continue  # a worker, or somebody who is no longer here
        ticked = outcome.attendee in draft.people
        if ticked and outcome.code in MISSED:
            found.append(Doubt(against=Against.NOT_THERE, person=outcome.attendee))
        elif not ticked and outcome.code in SEEN:
            found.append(Doubt(against=Against.NOT_TICKED, person=outcome.attendee))
    met = _met_in_person(draft, appointment)
    if met and not draft.people:
        found.append(Doubt(against=Against.NOBODY))
    if met and family.children_at_home and draft.child_seen is Seen.NOT_SAID:
        found.append(Doubt(against=Against.CHILD_NOT_SAID))
    if on < today - LONG_AGO:
        found.append(Doubt(against=Against.LONG_AGO))
    return sorted(found, key=lambda doubt: tuple(Against).index(doubt.against))


def _met_in_person(draft: NoteDraft, appointment: Appointment | None) -> bool:
    """Whether a home is entered or a family comes: then who and the child are asked after."""
    remote = appointment is not None and appointment.venue_type in REMOTE
    return not remote and draft.contact_type not in _WITHOUT_CHILDREN
