"""Appraisals of families on this device: asking an agency, what came back, what is overdue."""

from __future__ import annotations

from datetime import date

from app.casework.appraisal import (
    AppraisalAsked,
    AppraisalForm,
    checked_back,
    due_day,
    most_urgent_first,
)
from app.casework.casebook import courses
from app.casework.casebook import reading as r
from app.casework.casebook.happenings_of_work import APPRAISAL
from app.casework.casebook.ledger import Ledger
from app.casework.errors import Missing, OutOfOrder
from app.casework.moments import local_day
from app.casework.profile.flow import Appraisal
from storage.query import Record


class Appraisals:
    """What was asked of agencies."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of_family(self, family: str) -> tuple[AppraisalAsked, ...]:
        """Those of a family, the most urgent first."""
        found = self._ledger.of_family("action", family, {"kind": APPRAISAL})
        return tuple(most_urgent_first(map(self._asked, found)))

    def out(self) -> tuple[AppraisalAsked, ...]:
        """Every one that is not back, of all families here, the most urgent first."""
        found = self._ledger.find("action", {"kind": APPRAISAL, "status": "open"})
        return tuple(most_urgent_first(map(self._asked, found)))

    def kind(self, code: str) -> Appraisal | None:
        """What the profile says of that kind."""
        return next((a for a in self._ledger.profile.appraisals if a.code == code), None)

    def ask(self, family: str, form: AppraisalForm) -> str:
        """Ask for one; gives its id. Raises Missing without a kind, OutOfOrder for a day ahead."""
        if not form.kind:
            raise Missing("appraisal")
        if form.asked_on > self._ledger.today:
            raise OutOfOrder("asked_on", "in_the_future", self._ledger.today)
        kind = self.kind(form.kind)
        due = due_day(kind, form.asked_on, self._ledger.profile.calendar)
        latest = courses.told(self._ledger, family).latest
        return self._ledger.new(
            self._ledger.remaining(family),
            "action",
            r.plain_fields(
                kind=APPRAISAL,
                appraisal=form.kind,
                agency=form.agency or (kind.agency if kind else "") or None,
                text=form.text.strip() or None,
                worker=self._ledger.me.person,
                episode=latest.id if latest else None,
                agreed_at=form.asked_on,
                due=due,
                status="open",
            ),
        )

    def back(self, appraisal: str, on: date, said: str = "") -> None:
        """It is here, with what it says in a few words. Raises Unknown, OutOfOrder."""
        record = self._ledger.one(appraisal, "action")
        checked_back(self._asked(record), on, self._ledger.today)
        changed = r.plain_fields(status="done", completed_at=on)
        if said.strip():
            changed["result"] = said.strip()
        self._ledger.change(record, changed)

    def withdraw(self, appraisal: str) -> None:
        """It is no longer wanted. Raises Unknown."""
        record = self._ledger.one(appraisal, "action")
        withdrawn = r.plain_fields(status="dropped", completed_at=self._ledger.today)
        self._ledger.change(record, withdrawn)

    def reopen(self, appraisal: str) -> None:
        """It was marked as back, or as withdrawn, by mistake. Raises Unknown."""
        record = self._ledger.one(appraisal, "action")
        self._ledger.change(record, r.plain_fields(status="open", completed_at=None))

    def _asked(self, record: Record) -> AppraisalAsked:
        f = record.fields
        status = r.text(f, "status")
        return AppraisalAsked(
            id=record.record,
            family=self._ledger.remaining(record.casefile),
            kind=r.text(f, "appraisal"),
            agency=r.text(f, "agency"),
            asked_on=r.maybe_day(f, "agreed_at") or local_day(record.at, self._ledger.zone),
            due=r.maybe_day(f, "due"),
            back_on=r.maybe_day(f, "completed_at") if status == "done" else None,
            withdrawn=status in ("dropped", "closed"),
            text=r.text(f, "text"),
            said=r.text(f, "result"),
            author=record.author,
            sent=record.sent,
        )
