"""Where two people wrote without having seen each other, and a person has to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.casebook import family_lines
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.team import Team
from app.casework.errors import AlreadySigned
from storage.kinds import Fields, Value
from storage.query import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values that stand beside each other. `here`: written on this device."""

    value: Value
    author: str
    author_name: str
    at: datetime
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field with more than one value, the one shown for now first."""

    record: str
    kind: str
    casefile: str
    family: str
    family_name: str
    field: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a record as its history shows it."""

    at: datetime
    author: str
    author_name: str
    fields: Fields
    sent: bool


class Conflicts:
    """Seeing what stands beside each other, and settling it."""

    def __init__(self, ledger: Ledger, team: Team) -> None:
        self._ledger = ledger
        self._team = team

    def all(self, family: str | None = None) -> list[Conflict]:
        """Everything that waits for a choice. A signed note is settled by its signature."""
        found = []
        for record in self._ledger.vault.conflicted():
            about = self._ledger.remaining(self._ledger.family_of(record.casefile))
            if record.frozen or family not in (None, about, record.casefile):
                continue
            found += self._of(record, about)
        return found

    def settle(self, record: str, field: str, value: Value) -> None:
        """Keep that value; the others stay in history. Raises AlreadySigned for a signed note."""
        found = self._ledger.vault.get(record)
        known = self._ledger.one(record, found.kind if found else "")
        if known.frozen:
            raise AlreadySigned
        self._ledger.change(known, {field: value})

    def history(self, record: str) -> list[Change]:
        """Every change of a record, oldest first."""
        return [
            Change(
                at=v.at,
                author=v.author,
                author_name=self._team.name_of(v.author),
                fields=v.fields,
                sent=v.sent,
            )
            for v in self._ledger.vault.history(record)
        ]

    def _of(self, record: Record, family: str) -> list[Conflict]:
        known = family_lines.features(self._ledger).get(family)
        here = self._ledger.me.device
        return [
            Conflict(
                record=record.record,
                kind=record.kind,
                casefile=record.casefile,
                family=family,
                family_name=known.name if known else "",
                field=field,
                choices=tuple(
                    Choice(
                        value=v.fields.get(field),
                        author=v.author,
                        author_name=self._team.name_of(v.author),
                        at=v.at,
                        here=v.device == here,
                    )
                    for v in versions
                ),
            )
            for field, versions in record.conflicts.items()
        ]
