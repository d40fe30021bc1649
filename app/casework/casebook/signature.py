"""What a signed note says: what its signing change says, whatever else arrived beside it.

The signature closes a note to all that has seen it. A change made elsewhere at the same time, by
somebody who had not, still folds in; under a signature it must not show as signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from storage.kinds import Fields
from storage.query import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a note says and who said it. `beside` are texts written at the same time, elsewhere."""

    fields: Fields
    author: str
    beside: tuple[str, ...]


def wording(ledger: Ledger, record: Record) -> Wording:
    """The note as signed; as it stands while it is unsigned."""
    fields, author = record.fields, record.author
    if record.frozen and record.versions > 1:
        signed_at = r.text(record.fields, "signed_at")
        for change in ledger.vault.history(record.record):
            if signed_at and r.text(change.fields, "signed_at") == signed_at:
                fields, author = change.fields, change.author
                break
    shown = r.text(fields, "text")
    others = (r.text(v.fields, "text") for v in record.conflicts.get("text", ()))
    return Wording(
        fields=fields,
        author=author,
        beside=tuple(dict.fromkeys(t for t in others if t != shown)),
    )
