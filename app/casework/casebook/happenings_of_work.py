"""What plans, appraisals, interventions and forms say has happened. See `happenings`."""

from __future__ import annotations

from collections.abc import Iterator

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.course import Happening
from storage.query import Record

APPRAISAL = "appraisal"
"""The kind of an action that is asked of an agency."""


def plan(_ledger: Ledger, record: Record) -> Iterator[Happening]:
    """Agreed on a day, and reviewed on another."""
    f = record.fields
    about = (r.text(f, "plan"),)
    for event, name in (("plan_agreed", "agreed_at"), ("plan_reviewed", "reviewed_at")):
        on = r.maybe_day(f, name)
        if on is not None:
            yield Happening(event=event, on=on, about=about, plan=record.record)


def plan_review(ledger: Ledger, record: Record) -> Iterator[Happening]:
    """A review after the first, which stands in the plan itself."""
    f = record.fields
    on = r.maybe_day(f, "on")
    if on is not None and r.flag(f, "again"):
        plan = r.text(f, "plan")
        found = ledger.vault.get(plan) if plan else None
        about = (r.text(found.fields, "plan"),) if found else ()
        yield Happening(event="plan_reviewed", on=on, about=about, plan=plan)


def appraisal(_ledger: Ledger, record: Record) -> Iterator[Happening]:
    """Asked for, and back."""
    f = record.fields
    about = (r.text(f, "appraisal"),)
    asked, back = r.maybe_day(f, "agreed_at"), r.maybe_day(f, "completed_at")
    if asked is not None:
        yield Happening(event="appraisal_requested", on=asked, about=about, appraisal=record.record)
    if back is not None and r.text(f, "status") == "done":
        yield Happening(event="appraisal_returned", on=back, about=about, appraisal=record.record)


def intervention(_ledger: Ledger, record: Record) -> Iterator[Happening]:
    """Started, and ended."""
    f = record.fields
    about = (r.text(f, "intervention"),)
    for event, name in (
        ("intervention_started", "started_at"),
        ("intervention_ended", "ended_at"),
    ):
        on = r.maybe_day(f, name)
        if on is not None:
            yield Happening(event=event, on=on, about=about)


def measurement(_ledger: Ledger, record: Record) -> Iterator[Happening]:
    """A form was filled in."""
    f = record.fields
    taken = r.maybe_day(f, "taken_at")
    if taken is not None:
        about = (r.text(f, "measure"), r.text(f, "occasion"))
        yield Happening(event="measured", on=taken, about=about)
