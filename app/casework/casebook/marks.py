"""Gathers what came of each appointment of a family, for the pattern of engagement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import time, timedelta

from app.casework.appointment import Appointment, CancelledBy
from app.casework.attendance import Attendance, Code, of_appointment
from app.casework.casebook import from_records
from app.casework.casebook.adoption import changed_by
from app.casework.casebook.ledger import Ledger
from app.casework.engagement import Mark, Pattern, pattern
from app.casework.moments import as_text
from storage.query import Before, OneOf


def outcomes_of(ledger: Ledger, appointments: Iterable[str]) -> dict[str, list[Attendance]]:
    """What was recorded about each of those appointments, by appointment."""
    wanted = list(appointments)
    found: dict[str, list[Attendance]] = {}
    if wanted:
        for record in ledger.find("attendance", {"appointment": OneOf(wanted)}):
            one = replace(from_records.attendance(record), recorded_by=changed_by(ledger, record))
            found.setdefault(one.appointment, []).append(one)
    return found


def mark(appointment: Appointment, outcomes: Iterable[Attendance]) -> Mark:
    """One appointment's mark. What was written about workers says nothing of the family."""
    theirs = [a for a in outcomes if a.attendee not in appointment.workers]
    if appointment.cancelled:
        by_family = appointment.cancelled_by is not CancelledBy.SERVICE
        code = Code.CANCELLED_BY_FAMILY if by_family else Code.CANCELLED_BY_SERVICE
    else:
        code = of_appointment([a.code for a in theirs])
    return Mark(
        appointment=appointment.id,
        starts=appointment.starts,
        code=code,
        not_brought=code is Code.DID_NOT_ATTEND and any(a.not_brought for a in theirs),
    )


def marks_of(ledger: Ledger, family: str) -> list[Mark]:
    """One mark for each appointment up to the end of today, oldest first: somebody may ring in the
    morning about the afternoon."""
    tomorrow = ledger.at(ledger.today + timedelta(days=1), time.min)
    appointments = [
        from_records.appointment(record, family)
        for record in ledger.of_family(
            "appointment",
            family,
            {"starts": Before(as_text(tomorrow))},
            order_by=("starts",),
        )
    ]
    outcomes: dict[str, list[Attendance]] = {}
    for record in ledger.of_family("attendance", family):
        one = from_records.attendance(record)
        outcomes.setdefault(one.appointment, []).append(one)
    return [
        mark(a, outcomes.get(a.id, ()))
        for a in appointments
        if a.starts < ledger.now or a.id in outcomes
    ]


def pattern_of(ledger: Ledger, family: str) -> Pattern:
    """The family's engagement at a glance; telephone contacts are counted beside, never within."""
    calls = sum(ledger.vault.count("contact", casefile=c) for c in ledger.together(family))
    return pattern(marks_of(ledger, family), calls=calls)
