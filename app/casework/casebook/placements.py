"""Where a child lives from a day on, as steps of an event that can be taken back whole.

A stretch that ends on the day it began was taken back: it stays to be read and counts nowhere.
"""

from __future__ import annotations

from datetime import date

from app.casework.casebook import life_events
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.life_events import Step
from app.casework.period import PeriodKind
from storage.query import Record
from storage.vault import Statement


def lives_from(ledger: Ledger, person: Record, placement: str, on: date) -> list[Step]:
    """The placement that stood ends on that day, and the new one begins.

    One that is known to have begun later stays, and the new one ends with it.
    """
    record = derived_id("placement", person.record, placement, on.isoformat())
    return _begun(ledger, person, record, placement, on)


def lives_from_birth(ledger: Ledger, person: Record, placement: str, on: date) -> list[Step]:
    """Where a child lives from birth. Said again it corrects the one there is, day or place, also
    when the child has moved on since; an empty `placement` leaves the place as it was said.
    """
    record = _from_birth(person.record)
    before = ledger.vault.get(record)
    if before is None:
        if not placement:
            return []
        return _begun(ledger, person, record, placement, on)
    if _taken_back(before) and not placement:
        return []
    said = r.plain_fields(since=on, **({"code": placement} if placement else {}))
    if _taken_back(before):
        said["until"] = None
    return [life_events.of_record(before, said)]


def born_on(ledger: Ledger, person: str, on: date) -> list[Statement]:
    """The day of birth was corrected: what began with it begins on the right day."""
    before = ledger.vault.get(_from_birth(person))
    if before is None or _taken_back(before):
        return []
    differing = r.differing(before.fields, r.plain_fields(since=on))
    return [ledger.statement(before.casefile, before.kind, before.record, differing)]


def _from_birth(person: str) -> str:
    """One record for each child, whoever writes the birth down and however often."""
    return derived_id("placement", person, "birth")


def _begun(ledger: Ledger, person: Record, record: str, placement: str, on: date) -> list[Step]:
    standing = ledger.find(
        "period",
        {"subject": person.record, "kind": PeriodKind.PLACEMENT.value, "until": None},
        casefile=person.casefile,
    )
    begun = {period.record: r.text(period.fields, "since") for period in standing}
    later = [since for since in begun.values() if since > on.isoformat()]
    ends = r.plain_fields(until=on)
    return [
        *(
            life_events.of_record(period, ends)
            for period in standing
            if begun[period.record] not in later
        ),
        Step(
            casefile=person.casefile,
            kind="period",
            record=record,
            after={
                **r.plain_fields(
                    subject=person.record, kind=PeriodKind.PLACEMENT, code=placement, since=on
                ),
                "until": min(later, default=None),
            },
            before=ends,
        ),
    ]


def _taken_back(period: Record) -> bool:
    return r.text(period.fields, "until") == r.text(period.fields, "since") != ""
