"""Unfinished notes: kept durably while they are written, on this device only.

A draft has the id that its note will have, so that saving twice, signing twice or writing on two
devices never makes two notes of one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.casework.appointment import Appointment
from app.casework.attendance import SEEN
from app.casework.casebook import from_records
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.marks import outcomes_of
from app.casework.casebook.unfinished import is_form
from app.casework.contact_type import ContactType
from app.casework.errors import (
    Unknown,
)
from app.casework.note import NoteDraft
from storage.drafts import Draft
from storage.kinds import Value

SAID = (
    "contact_type", "occurred_at", "appointment", "people", "workers", "child_seen", "seen_alone",
    "goals", "text", "started_at", "moved_from",
)  # fmt: skip


class Drafts:
    """Starting to write, and keeping what is written."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def start(
        self,
        family: str,
        *,
        appointment: str | None = None,
        contact_type: str | None = None,
        restricted: bool = False,
        occurred_at: datetime | None = None,
        draft: str | None = None,
    ) -> NoteDraft:
        """A draft to write in; nothing is kept before `save_draft`. `draft` is its id, if chosen.

        With an appointment, its kind, time and people are filled in: those who came, once that
        is recorded. Saving the first restricted
        note of a family founds its linked casefile, for me and my team's supervisors. What is new
        about a family that was recorded twice is written in the casefile that remains.
        """
        ledger = self._ledger
        family = ledger.remaining(family)
        one = self._appointment(family, appointment) if appointment else None
        return NoteDraft(
            id=draft or ledger.vault.new_id(),
            family=family,
            restricted=restricted,
            contact_type=contact_type or (one.kind if one else ContactType.HOME_VISIT),
            occurred_at=occurred_at or (one.starts if one else ledger.now),
            appointment=appointment,
            people=self._present(one) if one else (),
            workers=one.workers if one else (ledger.me.person,),
            started_at=ledger.now,
        )

    def new_id(self) -> str:
        """An id for a draft that is about to be begun, so that it has an address already."""
        return self._ledger.vault.new_id()

    def save_draft(self, draft: NoteDraft) -> NoteDraft:
        """Keep a draft durably. Never refuses what is written, so that nothing is lost."""
        casefile = self._casefile(draft)
        self._ledger.vault.save_draft(
            casefile,
            draft.id,
            {
                **self._fields(draft),
                "restricted": draft.restricted,
                "on_record": draft.on_record,
            },
        )
        return replace(draft, saved_at=self._ledger.now)

    def drafts(self, family: str | None = None) -> list[NoteDraft]:
        """Drafts on this device, the latest saved first."""
        found = [self._draft(d) for d in self._ledger.vault.drafts() if not is_form(d)]
        whose = () if family is None else self._ledger.together(family)
        mine = [d for d in found if family is None or d.family in whose]
        return sorted(mine, key=lambda d: (d.saved_at or d.started_at, d.id), reverse=True)

    def open_draft(self, draft: str) -> NoteDraft:
        """One draft. Raises Unknown."""
        for kept in self._ledger.vault.drafts():
            if kept.draft_id == draft and not is_form(kept):
                return self._draft(kept)
        raise Unknown

    def drop_draft(self, draft: str) -> None:
        """Throw a draft away. An unsigned note that is on record stays there."""
        self._ledger.vault.drop_draft(draft)

    def casefile_for(self, family: str, *, restricted: bool) -> str:
        """The casefile that a note of mine belongs in."""
        return self._restricted_casefile(family) if restricted else family

    # --- within

    def _draft(self, kept: Draft) -> NoteDraft:
        family = self._ledger.family_of(kept.casefile)
        return from_records.draft(kept.draft_id, family, kept.fields, kept.saved_at)

    def _fields(self, draft: NoteDraft) -> dict[str, Value]:
        return r.plain_fields(**{name: getattr(draft, name) for name in SAID})

    def _casefile(self, draft: NoteDraft) -> str:
        return self.casefile_for(draft.family, restricted=draft.restricted)

    def _restricted_casefile(self, family: str) -> str:
        """Where my restricted notes of that family go; founded when there is none yet.

        A casefile that a colleague founded is not mine to write in: she chose who reads it.
        """
        me = self._ledger.me.person
        for casefile in self._ledger.restricted_of(family):
            found = self._ledger.find("restricted", casefile=casefile, limit=1)
            if found and found[0].author == me:
                return casefile
        casefile = self._ledger.access.found(linked_to=family)
        self._ledger.write(
            [
                self._ledger.statement(
                    casefile, "restricted", casefile, {"family": family, "founded_by": me}
                )
            ]
        )
        return casefile

    def _present(self, one: Appointment) -> tuple[str, ...]:
        """Who was there as far as is recorded; those expected while nothing is."""
        ledger = self._ledger
        recorded = outcomes_of(ledger, [one.id]).get(one.id, [])
        came = {ledger.shown(a.attendee) for a in recorded if a.code in SEEN}
        expected = tuple(map(ledger.shown, one.people))
        if not recorded:
            return expected
        others = sorted(came.difference(expected, map(ledger.shown, one.workers)))
        return (*(p for p in expected if p in came), *others)

    def _appointment(self, family: str, appointment: str) -> Appointment:
        record = self._ledger.one(appointment, "appointment")
        if record.casefile not in self._ledger.together(family):
            raise Unknown
        return from_records.appointment(record, record.casefile)
