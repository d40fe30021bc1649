"""Search as you type over everything this device can read, and the family behind each find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.casebook import family_lines
from app.casework.casebook import reading as r
from app.casework.casebook.adoption import written_by
from app.casework.casebook.ledger import Ledger
from storage.query import Record

_DATED = ("occurred_at", "starts", "signed_at", "at", "raised_at", "received_at", "since")
_NOT_OF_FAMILIES = frozenset({"worker", "team"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One record found by its words. The snippet of a restricted note that is not mine is empty.

    `under` is the family's other casefile where it was found in that one.
    """

    record: str
    kind: str
    family: str
    family_name: str
    family_ref: str
    snippet: str
    at: datetime | None
    restricted: bool
    under: str | None = None


class Search:
    """Finding by words."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __call__(self, text: str, *, limit: int = 50) -> list[Found]:
        """What the words typed so far find; each word may be only the beginning of one."""
        if not text.strip():
            return []
        names = family_lines.features(self._ledger)
        found = []
        for hit in self._ledger.vault.search(text, limit=limit):
            record = self._ledger.vault.get(hit.record)
            if record is None or hit.kind in _NOT_OF_FAMILIES:
                continue
            written_in = self._ledger.family_of(hit.casefile)
            restricted = written_in != hit.casefile
            family = self._ledger.remaining(written_in)
            known = names.get(family)
            mine = written_by(self._ledger, record) == self._ledger.me.person
            found.append(
                Found(
                    record=hit.record,
                    kind=hit.kind,
                    family=family,
                    family_name=known.name if known else "",
                    family_ref=known.ref if known else "",
                    snippet="" if restricted and not mine else hit.snippet,
                    at=_when(record),
                    restricted=restricted,
                    under=written_in if written_in != family else None,
                )
            )
        return found


def _when(record: Record) -> datetime | None:
    moments = (r.maybe_moment(record.fields, name) for name in _DATED)
    return next((m for m in moments if m is not None), None)
