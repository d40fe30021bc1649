"""Marks laid on a record afterwards: where they stand, and how they go along with a moved note."""

from __future__ import annotations

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from storage.query import Record
from storage.vault import Statement


def mark_id(record: str, passage: int | None) -> str:
    """The same mark on every device; `passage` None stands for the whole record."""
    return derived_id("third_party", record, "" if passage is None else str(passage))


def moved(ledger: Ledger, record: Record, copy: str, casefile: str) -> list[Statement]:
    """The standing marks of a note, for its copy in another casefile."""
    found = ledger.find("third_party", {"of": record.record}, casefile=record.casefile)
    return [
        ledger.statement(
            casefile,
            "third_party",
            mark_id(copy, r.maybe_whole(mark.fields, "passage")),
            {**mark.fields, "of": copy},
        )
        for mark in found
        if r.text(mark.fields, "standing") != "lifted"
    ]
