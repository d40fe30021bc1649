"""Where a child lives from a day on, as a step of an event that can be taken back whole."""

from __future__ import annotations

from datetime import date

from app.casework.casebook import life_events
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.life_events import Step
from app.casework.period import PeriodKind
from storage.query import Record


def lives_from(ledger: Ledger, person: Record, placement: str, on: date) -> list[Step]:
    """The placement that stood ends on that day, and the new one begins."""
    standing = ledger.find(
        "period",
        {"subject": person.record, "kind": PeriodKind.PLACEMENT.value, "until": None},
        casefile=person.casefile,
    )
    begins = r.plain_fields(
        subject=person.record, kind=PeriodKind.PLACEMENT, code=placement, since=on, until=None
    )
    return [
        *(life_events.of_record(period, r.plain_fields(until=on)) for period in standing),
        # Taken back it is a stretch of no days, which stays to be read.
        Step(
            casefile=person.casefile,
            kind="period",
            record=derived_id("placement", person.record, placement, on.isoformat()),
            after=begins,
            before=r.plain_fields(until=on),
        ),
    ]
