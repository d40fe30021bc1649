"""What a signed note says: what its signing change says, whatever else arrived beside it.

The signature closes a note to all that has seen it. A change made elsewhere at the same time, by
somebody who had not, still folds in; under a signature it must not show as signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.casebook import reading as r
from app.casework.casebook.adoption import QUOTED, Adopted, adopted
from app.casework.casebook.ledger import Ledger
from storage.kinds import Fields
from storage.query import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a note says and who said it. `beside` are texts written at the same time, elsewhere."""

    fields: Fields
    author: str
    beside: tuple[str, ...]
    adopted: Adopted | None = None
    """Set where a supervisor took it into the record for its author."""


def wording(ledger: Ledger, record: Record) -> Wording:
    """The note as signed; as it stands while it is unsigned."""
    fields, author, taken_in = record.fields, record.author, None
    signed_at = r.text(record.fields, "signed_at") if record.frozen else ""
    if (signed_at and record.versions > 1) or QUOTED in record.fields:
        for change in ledger.vault.history(record.record):
            if not signed_at or r.text(change.fields, "signed_at") == signed_at:
                fields = change.fields if signed_at else fields
                taken_in = adopted(ledger, change)
                author = taken_in.author if taken_in else change.author
                break
    shown = r.text(fields, "text")
    others = (r.text(v.fields, "text") for v in record.conflicts.get("text", ()))
    return Wording(
        fields=fields,
        author=author,
        adopted=taken_in,
        beside=tuple(dict.fromkeys(t for t in others if t != shown)),
    )
