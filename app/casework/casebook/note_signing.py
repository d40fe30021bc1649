"""From draft to signed note: put on record, signed, immutable from then on, with addenda below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.casebook import from_family, from_records, household
from app.casework.casebook import reading as r
from app.casework.casebook.adoption import written_by
from app.casework.casebook.family_lines import tag
from app.casework.casebook.note_reading import NoteReading
from app.casework.errors import (
    AlreadySigned,
    NotASensibleDate,
    NotSigned,
    NotYourNote,
)
from app.casework.family import FamilyTag
from app.casework.moments import local_day
from app.casework.note import Note, NoteDraft, checked_for_signing, checked_text
from app.casework.people import PersonKind
from storage.query import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningCard:
    """What is shown before a note is signed, so that it is signed into the right family."""

    family: FamilyTag
    people: tuple[str, ...]
    address: str


class NoteSigning(NoteReading):
    """Putting notes on record."""

    def check(self, draft: NoteDraft) -> None:
        """Raises NoteTooLong, PastedImage or NotASensibleDate; what is written stays as it is."""
        checked_text(draft.text)
        self._happened(draft)

    def put_aside(self, draft: NoteDraft) -> Note:
        """Put an unsigned note on record, so that it is seen elsewhere and waits to be signed.

        Raises NoteTooLong, PastedImage, AlreadySigned.
        """
        checked_text(draft.text)
        self._write(draft, signed_at=None)
        return self.get(draft.id)

    def reopen(self, note: str) -> NoteDraft:
        """Go on writing an unsigned note. Raises AlreadySigned, NotYourNote."""
        record = self._record(note)
        self._require_mine(record)
        if r.maybe_text(record.fields, "signed_at"):
            raise AlreadySigned
        family = self._ledger.family_of(record.casefile)
        open_here = [d for d in self.drafts(family) if d.id == note]
        if open_here:
            return open_here[0]
        found = from_records.draft(record.record, family, record.fields, record.changed_at)
        return replace(found, restricted=record.casefile != family, on_record=True, saved_at=None)

    def sign(self, draft: NoteDraft) -> Note:
        """Sign: from now on the note does not change. Gives the note.

        Raises Missing for an empty note, NoteTooLong, PastedImage, AlreadySigned, and
        NotASensibleDate for a contact on a day still to come. Signing what is
        signed already with the same text is harmless: a second tap signs nothing twice.
        """
        checked_for_signing(draft.text)
        self._happened(draft)
        before = self._ledger.vault.get(draft.id)
        if before is not None and r.maybe_text(before.fields, "signed_at"):
            if r.text(before.fields, "text") != draft.text:
                raise AlreadySigned
            self._ledger.vault.drop_draft(draft.id)
        else:
            self._write(draft, signed_at=self._ledger.now)
        return self.get(draft.id)

    def signing_card(self, family: str) -> SigningCard:
        """Whose casefile the note is about to be signed into.

        Without an address that is secret from anybody: whoever is there may look on.
        """
        named = tag(self._ledger, family)
        people = [from_family.person(p, {}) for p in self._ledger.of_family("person", family)]
        adults = {p.id for p in people if p.kind is PersonKind.ADULT}
        lived = household.addresses(self._ledger, family, current=True)
        homes = [a for a in lived if not a.secret_from and a.person in adults]
        homes.sort(key=lambda a: str(a.since))
        return SigningCard(
            family=named,
            people=tuple(dict.fromkeys(p.name for p in people if p.name and p.living)),
            address=homes[0].one_line if homes else "",
        )

    def add_addendum(self, note: str, text: str) -> Note:
        """Add to a signed note, below it. Raises NotSigned, Missing and what `check` raises."""
        record = self._record(note)
        if not r.maybe_text(record.fields, "signed_at"):
            raise NotSigned
        me = self._ledger.me.person
        self._ledger.new(
            record.casefile,
            "addendum",
            r.plain_fields(
                note=note, text=checked_for_signing(text), writer=me, signed_at=self._ledger.now
            ),
        )
        return self._note(record)

    # --- within

    def _write(self, draft: NoteDraft, *, signed_at: datetime | None) -> None:
        casefile = self._casefile(draft)
        before = self._ledger.vault.get(draft.id)
        fields = {**self._fields(draft), "writer": self._ledger.me.person}
        if before is not None:
            if r.maybe_text(before.fields, "signed_at"):
                raise AlreadySigned
            if signed_at is None:
                fields = r.differing(before.fields, fields)
        if signed_at is not None:
            # The signing change says the whole note: it is what was signed, and nothing else is.
            fields |= r.plain_fields(signed_at=signed_at)
        self._ledger.write(
            [self._ledger.statement(casefile, "visit_note", draft.id, fields)],
            drop_draft=draft.id,
        )

    def _happened(self, draft: NoteDraft) -> None:
        """Nobody signs that she was where nobody has been yet."""
        if local_day(draft.occurred_at, self._ledger.zone) > self._ledger.today:
            raise NotASensibleDate("occurred_at", "in_the_future")

    def _require_mine(self, record: Record) -> None:
        if written_by(self._ledger, record) != self._ledger.me.person:
            raise NotYourNote
