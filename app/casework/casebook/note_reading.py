"""Reading notes. Somebody else's restricted note is opened only for a reason, which is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.casebook import from_records, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.adoption import written_by
from app.casework.casebook.drafts import Drafts
from app.casework.casebook.signature import wording
from app.casework.errors import (
    ReasonNeeded,
)
from app.casework.note import Note, NoteDraft
from storage.query import Not, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody opened a restricted note: who, which, why, when."""

    note: str
    reader: str
    reason: str
    at: datetime


class NoteReading(Drafts):
    """Notes as they stand, with their addenda and reviews."""

    def get(self, note: str, *, reason: str | None = None) -> Note:
        """One note with its addenda and reviews.

        A restricted note that I did not write needs a reason, which is recorded for its writer and
        the supervisors to see. Raises ReasonNeeded, Unknown.
        """
        record = self._record(note)
        mine = written_by(self._ledger, record) == self._ledger.me.person
        if self._is_restricted(record) and not mine:
            if reason is None or not reason.strip():
                raise ReasonNeeded
            self._ledger.new(
                record.casefile,
                "opening",
                r.plain_fields(
                    note=note,
                    reader=self._ledger.me.person,
                    reason=reason.strip(),
                    at=self._ledger.now,
                ),
            )
        return self._note(record)

    def of_family(self, family: str, *, limit: int = 50, offset: int = 0) -> list[Note]:
        """A family's notes, newest first. Restricted ones come without their text."""
        found: list[Record] = []
        casefiles = [
            c for own in self._ledger.together(family) for c in self._ledger.casefiles_of(own)
        ]
        for casefile in casefiles:
            found += self._ledger.find(
                "visit_note", casefile=casefile, order_by=("-occurred_at",), limit=limit + offset
            )
        found.sort(key=lambda n: (r.text(n.fields, "occurred_at"), n.record), reverse=True)
        return [self.shown_in_list(record) for record in found[offset : offset + limit]]

    def of_appointment(self, appointment: str) -> Note | NoteDraft | None:
        """The note of an appointment, signed before unsigned before draft."""
        wrong = waiting.wrong_copies(self._ledger)
        found = [
            record
            for record in self._ledger.find("visit_note", {"appointment": appointment})
            if record.record not in wrong
        ]
        found.sort(key=lambda n: (not r.text(n.fields, "signed_at"), n.at))
        if found and r.maybe_text(found[0].fields, "signed_at"):
            return self.shown_in_list(found[0])
        draft = next((d for d in self.drafts() if d.appointment == appointment), None)
        return draft or (self.shown_in_list(found[0]) if found else None)

    def mine(self, *, signed: bool | None = None, limit: int = 50) -> list[Note]:
        """Notes I wrote, newest first."""
        where: dict[str, object] = {"writer": self._ledger.me.person}
        if signed is not None:
            where["signed_at"] = Not(None) if signed else None
        found = self._ledger.find("visit_note", where, order_by=("-occurred_at",), limit=limit)
        me = self._ledger.me.person
        mine = [record for record in found if written_by(self._ledger, record) == me]
        return [self.shown_in_list(record) for record in mine]

    def openings(self, family: str) -> list[Opening]:
        """Who opened restricted notes of a family and why, newest first."""
        found: list[Opening] = []
        casefiles = [
            c for own in self._ledger.together(family) for c in self._ledger.restricted_of(own)
        ]
        for casefile in casefiles:
            found += [
                Opening(
                    note=r.text(o.fields, "note"),
                    reader=o.author,
                    reason=r.text(o.fields, "reason"),
                    at=r.maybe_moment(o.fields, "at") or o.at,
                )
                for o in self._ledger.find("opening", casefile=casefile)
            ]
        return sorted(found, key=lambda o: (o.at, o.note), reverse=True)

    def shown_in_list(self, record: Record) -> Note:
        """A note for a list: without the text of somebody else's restricted note."""
        restricted = self._is_restricted(record)
        hide = restricted and written_by(self._ledger, record) != self._ledger.me.person
        return self._note(record, text_hidden=hide)

    # --- within

    def _note(self, record: Record, *, text_hidden: bool = False) -> Note:
        about = {"note": record.record}
        # What stands in another casefile does not count: only who may write here may say it.
        casefile = record.casefile
        return from_records.note(
            record,
            self._ledger.family_of(casefile),
            wording(self._ledger, record),
            addenda=[
                replace(from_records.addendum(a), writer=written_by(self._ledger, a))
                for a in self._ledger.find("addendum", about, casefile=casefile)
            ],
            reviews=[
                replace(from_records.review_act(a), reviewer=written_by(self._ledger, a))
                for a in self._ledger.find("note_review", about, casefile=casefile)
                if self._ledger.access.is_supervisor(a.device)
            ],
            in_wrong_family=self._ledger.vault.count(
                "wrong_family", {"note": record.record}, casefile=casefile
            )
            > 0,
            text_hidden=text_hidden,
        )

    def _record(self, note: str) -> Record:
        return self._ledger.one(note, "visit_note")

    def _is_restricted(self, record: Record) -> bool:
        return self._ledger.family_of(record.casefile) != record.casefile
