"""Notes: written, signed, immutable from then on, with addenda; some opened only for a reason.

A draft has the id that its note will have, so that saving twice, signing twice or writing on two
devices never makes two notes of one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.appointment import Appointment
from app.casework.card import FamilyTag
from app.casework.casebook import from_records, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.family_lines import tag
from app.casework.casebook.ledger import Ledger
from app.casework.contact_type import ContactType
from app.casework.errors import (
    AlreadySigned,
    NotSigned,
    NotYourNote,
    ReasonNeeded,
    Unknown,
)
from app.casework.note import Note, NoteDraft, checked_for_signing, checked_text
from storage.drafts import Draft
from storage.kinds import Value
from storage.query import Not, Record

_SAID = (
    "contact_type", "occurred_at", "appointment", "people", "workers", "child_seen", "seen_alone",
    "goals", "text", "started_at", "moved_from",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningCard:
    """What is shown before a note is signed, so that it is signed into the right family."""

    family: FamilyTag
    people: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody opened a restricted note: who, which, why, when."""

    note: str
    reader: str
    reason: str
    at: datetime


class Notes:
    """Everything about writing and reading notes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    # --- writing

    def start(
        self,
        family: str,
        *,
        appointment: str | None = None,
        contact_type: ContactType | None = None,
        restricted: bool = False,
        occurred_at: datetime | None = None,
    ) -> NoteDraft:
        """A draft to write in; nothing is kept before `save_draft`.

        With an appointment, its kind, time and people are filled in. Saving the first restricted
        note of a family founds its linked casefile, for me and my team's supervisors.
        """
        ledger = self._ledger
        one = self._appointment(family, appointment) if appointment else None
        return NoteDraft(
            id=ledger.vault.new_id(),
            family=family,
            restricted=restricted,
            contact_type=contact_type or (one.kind if one else ContactType.HOME_VISIT),
            occurred_at=occurred_at or (one.starts if one else ledger.now),
            appointment=appointment,
            people=one.people if one else (),
            workers=one.workers if one else (ledger.me.person,),
            started_at=ledger.now,
        )

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
        found = [self._draft(d) for d in self._ledger.vault.drafts()]
        mine = [d for d in found if family is None or d.family == family]
        return sorted(mine, key=lambda d: (d.saved_at or d.started_at, d.id), reverse=True)

    def open_draft(self, draft: str) -> NoteDraft:
        """One draft. Raises Unknown."""
        for kept in self._ledger.vault.drafts():
            if kept.draft_id == draft:
                return self._draft(kept)
        raise Unknown

    def drop_draft(self, draft: str) -> None:
        """Throw a draft away. An unsigned note that is on record stays there."""
        self._ledger.vault.drop_draft(draft)

    def check(self, text: str) -> None:
        """Raises NoteTooLong or PastedImage; what is written stays where it is."""
        checked_text(text)

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

        Raises Missing for an empty note, NoteTooLong, PastedImage, AlreadySigned. Signing what is
        signed already with the same text is harmless: a second tap signs nothing twice.
        """
        checked_for_signing(draft.text)
        before = self._ledger.vault.get(draft.id)
        if before is not None and r.maybe_text(before.fields, "signed_at"):
            if r.text(before.fields, "text") != draft.text:
                raise AlreadySigned
        else:
            self._write(draft, signed_at=self._ledger.now)
        self._ledger.vault.drop_draft(draft.id)
        return self.get(draft.id)

    def signing_card(self, family: str) -> SigningCard:
        """Whose casefile the note is about to be signed into."""
        named = tag(self._ledger, family)
        people = [from_records.person(p, {}) for p in self._ledger.find("person", casefile=family)]
        homes = self._ledger.find(
            "address", {"until": None}, casefile=family, order_by=("since",), limit=1
        )
        return SigningCard(
            family=named,
            people=tuple(p.name for p in people if p.name),
            address=from_records.address(homes[0]).one_line if homes else "",
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

    # --- reading

    def get(self, note: str, *, reason: str | None = None) -> Note:
        """One note with its addenda and reviews.

        A restricted note that I did not write needs a reason, which is recorded for its writer and
        the supervisors to see. Raises ReasonNeeded, Unknown.
        """
        record = self._record(note)
        mine = record.author == self._ledger.me.person
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
        for casefile in self._ledger.casefiles_of(family):
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
        return [self.shown_in_list(record) for record in found if record.author == me]

    def openings(self, family: str) -> list[Opening]:
        """Who opened restricted notes of a family and why, newest first."""
        found: list[Opening] = []
        for casefile in self._ledger.restricted_of(family):
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

    def casefile_for(self, family: str, *, restricted: bool) -> str:
        """The casefile that a note of mine belongs in."""
        return self._restricted_casefile(family) if restricted else family

    def shown_in_list(self, record: Record) -> Note:
        """A note for a list: without the text of somebody else's restricted note."""
        restricted = self._is_restricted(record)
        hide = restricted and record.author != self._ledger.me.person
        return self._note(record, text_hidden=hide)

    # --- within

    def _note(self, record: Record, *, text_hidden: bool = False) -> Note:
        about = {"note": record.record}
        # What stands in another casefile does not count: only who may write here may say it.
        casefile = record.casefile
        return from_records.note(
            record,
            self._ledger.family_of(casefile),
            addenda=[
                from_records.addendum(a)
                for a in self._ledger.find("addendum", about, casefile=casefile)
            ],
            reviews=[
                from_records.review_act(a)
                for a in self._ledger.find("note_review", about, casefile=casefile)
            ],
            in_wrong_family=self._ledger.vault.count(
                "wrong_family", {"note": record.record, "casefile": casefile}
            )
            > 0,
            text_hidden=text_hidden,
        )

    def _write(self, draft: NoteDraft, *, signed_at: datetime | None) -> None:
        casefile = self._casefile(draft)
        before = self._ledger.vault.get(draft.id)
        fields = {**self._fields(draft), "writer": self._ledger.me.person}
        if before is not None:
            if r.maybe_text(before.fields, "signed_at"):
                raise AlreadySigned
            # The signature is for this text: it travels in the signing change, changed or not.
            fields = {**r.differing(before.fields, fields), "text": draft.text}
        if signed_at is not None:
            fields |= r.plain_fields(signed_at=signed_at)
        self._ledger.write([self._ledger.statement(casefile, "visit_note", draft.id, fields)])
        self._ledger.vault.drop_draft(draft.id)

    def _fields(self, draft: NoteDraft) -> dict[str, Value]:
        return r.plain_fields(**{name: getattr(draft, name) for name in _SAID})

    def _draft(self, kept: Draft) -> NoteDraft:
        family = self._ledger.family_of(kept.casefile)
        return from_records.draft(kept.draft_id, family, kept.fields, kept.saved_at)

    def _record(self, note: str) -> Record:
        return self._ledger.one(note, "visit_note")

    def _require_mine(self, record: Record) -> None:
        if record.author != self._ledger.me.person:
            raise NotYourNote

    def _is_restricted(self, record: Record) -> bool:
        return self._ledger.family_of(record.casefile) != record.casefile

    def _appointment(self, family: str, appointment: str) -> Appointment:
        record = self._ledger.one(appointment, "appointment")
        if record.casefile != family:
            raise Unknown
        return from_records.appointment(record, family)

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
