"""Whose words a record holds when a supervisor took it in for somebody whose access had ended.

Her device wrote it anew, so the change is hers; the words are not. The original is quoted in it,
and a quotation counts from a supervisor's device only: anybody can write a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from storage.kinds import Fields
from storage.query import Record, Version

QUOTED = "adopted_from"
"""The field in which the vault quotes the original; see `Vault.adopt`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Who wrote it, and who took it into the record when."""

    author: str
    by: str
    at: datetime


def adopted(ledger: Ledger, change: Version) -> Adopted | None:
    """What a change quotes, if a supervisor took it in."""
    author = _quoted(ledger, change.fields, change.device)
    return Adopted(author=author, by=change.author, at=change.at) if author else None


def written_by(ledger: Ledger, record: Record) -> str:
    """The person who began a record: never the supervisor who only took it in."""
    if QUOTED not in record.fields:
        return record.author
    if record.versions == 1:
        return _quoted(ledger, record.fields, record.device) or record.author
    first = next(iter(ledger.vault.history(record.record)), None)
    said = adopted(ledger, first) if first is not None else None
    return said.author if said else record.author


def changed_by(ledger: Ledger, record: Record) -> str:
    """The same for whoever said the latest of it."""
    if QUOTED not in record.fields:
        return record.changed_by
    said = adopted(ledger, ledger.vault.history(record.record)[-1])
    return said.author if said else record.changed_by


def _quoted(ledger: Ledger, fields: Fields, device: str) -> str:
    quoted = fields.get(QUOTED)
    if not isinstance(quoted, Mapping) or not ledger.access.is_supervisor(device):
        return ""
    return r.text(quoted, "author")
