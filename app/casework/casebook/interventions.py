"""Interventions with families on this device: several may go on at once."""

from __future__ import annotations

from datetime import date

from app.casework.casebook import courses
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.errors import Missing
from app.casework.intervention import (
    Ending,
    Intervention,
    InterventionForm,
    checked_end,
    checked_start,
)
from app.casework.moments import local_day
from storage.query import Record


class Interventions:
    """What is offered to families."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of_family(self, family: str) -> tuple[Intervention, ...]:
        """Those of a family: what goes on first, then what ended, the latest first."""
        found = [self._read(x) for x in self._ledger.of_family("intervention", family)]
        found.sort(key=lambda one: (one.started_on, one.id), reverse=True)
        return tuple(sorted(found, key=lambda one: not one.open))

    def start(self, family: str, form: InterventionForm) -> str:
        """One begins; gives its id. Raises Missing without a code, OutOfOrder for a day ahead."""
        if not form.code:
            raise Missing("intervention")
        checked_start(form.on, self._ledger.today)
        latest = courses.told(self._ledger, family).latest
        return self._ledger.new(
            self._ledger.remaining(family),
            "intervention",
            r.plain_fields(
                intervention=form.code,
                started_at=form.on,
                worker=form.worker or None,
                text=form.text.strip() or None,
                episode=latest.id if latest else None,
            ),
        )

    def end(self, intervention: str, on: date, outcome: Ending) -> None:
        """It is over. Raises Unknown, OutOfOrder."""
        record = self._ledger.one(intervention, "intervention")
        checked_end(self._read(record), on, self._ledger.today)
        self._ledger.change(record, r.plain_fields(ended_at=on, outcome=outcome))

    def reopen(self, intervention: str) -> None:
        """It was ended by mistake. Raises Unknown."""
        record = self._ledger.one(intervention, "intervention")
        self._ledger.change(record, r.plain_fields(ended_at=None, outcome=None))

    def _read(self, record: Record) -> Intervention:
        f = record.fields
        return Intervention(
            id=record.record,
            family=self._ledger.remaining(record.casefile),
            code=r.text(f, "intervention"),
            started_on=r.maybe_day(f, "started_at") or local_day(record.at, self._ledger.zone),
            ended_on=r.maybe_day(f, "ended_at"),
            outcome=r.maybe_coded(Ending, f, "outcome"),
            worker=r.text(f, "worker"),
            text=r.text(f, "text"),
            sent=record.sent,
        )
