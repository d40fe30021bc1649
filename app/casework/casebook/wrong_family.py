"""A note that was written on the wrong family: moved to the right one, the wrong copy removed.

Moving is the writer's; removing is a supervisor's, because it destroys text on every device and
at the office. Until she has done so the wrong copy is marked, never silently hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.casebook import reading as r
from app.casework.casebook import third_party_marks
from app.casework.casebook.adoption import written_by
from app.casework.casebook.family_lines import tag
from app.casework.casebook.ledger import derived_id
from app.casework.casebook.note_signing import NoteSigning
from app.casework.casebook.team import Team
from app.casework.errors import NotYourNote, SameFamily, Unknown
from app.casework.note import NoteDraft
from storage.query import Not, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCopy:
    """A note found in the wrong family, and where it belongs. Names are empty where not known."""

    id: str
    note: str
    family: str
    family_name: str
    moved_to: str
    moved_to_name: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    reason: str
    removed: bool


class WrongFamily(NoteSigning):
    """Moving notes between families and removing what was left behind."""

    def move(self, note: str, to_family: str, *, reason: str = "") -> str:
        """Move a draft or note to the right family; gives the id it has there.

        A draft that is only on this device moves without a trace. What is on record is written
        into the right casefile, signed with its original time when it was signed, and a
        supervisor is asked to remove the wrong copy. Doing it twice moves nothing twice. Raises
        SameFamily, NotYourNote, Unknown.
        """
        self._ledger.one(to_family, "family")
        record = self._ledger.vault.get(note)
        if record is None:
            return self._move_draft(self.open_draft(note), to_family).id
        if record.kind != "visit_note":
            raise Unknown
        family = self._ledger.family_of(record.casefile)
        if self._ledger.remaining(family) == self._ledger.remaining(to_family):
            raise SameFamily
        # Whoever took it in for a writer whose access has ended can put it right too.
        if self._ledger.me.person not in (record.author, written_by(self._ledger, record)):
            raise NotYourNote
        copy = derived_id("moved", note, to_family)
        if self._ledger.vault.get(copy) is None:
            self._write_copy(record, copy, to_family, reason)
        for draft in self.drafts(family):
            if draft.id == note:
                self.drop_draft(note)
        return copy

    def wrong_copies(self, *, removed: bool = False) -> list[WrongCopy]:
        """Copies that wait to be removed, the longest first; or those that were."""
        where = {"status": "removed" if removed else Not("removed")}
        found = [self._wrong_copy(record) for record in self._ledger.find("wrong_family", where)]
        return sorted(found, key=lambda w: (w.asked_at, w.id))

    def remove_wrong_copy(self, wrong: str) -> None:
        """Destroy the wrong copy's text on every device and at the office. Supervisors only.

        Its addenda and reviews go with it. Raises OnlySupervisors, Unknown.
        """
        self._ledger.require_supervisor()
        record = self._ledger.one(wrong, "wrong_family")
        note = r.text(record.fields, "note")
        for kind in ("addendum", "note_review"):
            for about in self._ledger.find(kind, {"note": note}, casefile=record.casefile):
                self._ledger.vault.redact(about.record)
        found = self._ledger.vault.get(note)
        if found is not None and found.casefile == record.casefile:
            self._ledger.vault.redact(note)
        self._ledger.change(record, r.plain_fields(status="removed", removed_at=self._ledger.now))

    def _move_draft(self, draft: NoteDraft, to_family: str) -> NoteDraft:
        if draft.family == to_family:
            raise SameFamily
        moved = self.save_draft(
            replace(
                draft,
                id=derived_id("moved", draft.id, to_family),
                family=to_family,
                appointment=None,
                people=(),
                goals=(),
            )
        )
        self.drop_draft(draft.id)
        return moved

    def _write_copy(self, record: Record, copy: str, to_family: str, reason: str) -> None:
        """The copy and the request in one transaction: never a note in two families unmarked."""
        restricted = self._ledger.family_of(record.casefile) != record.casefile
        casefile = self.casefile_for(to_family, restricted=restricted)
        # Who was present, which appointment and which goals were chosen from the wrong family.
        kept = {
            name: value
            for name, value in record.fields.items()
            if name not in {"appointment", "people", "goals"}
        }
        self._ledger.write(
            [
                self._ledger.statement(
                    casefile, "visit_note", copy, {**kept, "moved_from": record.record}
                ),
                *(
                    self._ledger.statement(
                        casefile,
                        "addendum",
                        derived_id("moved", a.record),
                        {**a.fields, "note": copy},
                    )
                    for a in self._ledger.find(
                        "addendum", {"note": record.record}, casefile=record.casefile
                    )
                ),
                *third_party_marks.moved(self._ledger, record, copy, casefile),
                self._ledger.statement(
                    record.casefile,
                    "wrong_family",
                    derived_id("wrong", record.record),
                    r.plain_fields(
                        note=record.record,
                        moved_to=to_family,
                        copy=copy,
                        asked_by=self._ledger.me.person,
                        asked_at=self._ledger.now,
                        reason=reason.strip(),
                        status="asked",
                    ),
                ),
            ]
        )

    def _wrong_copy(self, record: Record) -> WrongCopy:
        f = record.fields
        family, moved_to = self._ledger.family_of(record.casefile), r.text(f, "moved_to")
        return WrongCopy(
            id=record.record,
            note=r.text(f, "note"),
            family=family,
            family_name=tag(self._ledger, family).name,
            moved_to=moved_to,
            moved_to_name=tag(self._ledger, moved_to).name,
            asked_by=record.author,
            asked_by_name=Team(self._ledger).name_of(record.author),
            asked_at=r.maybe_moment(f, "asked_at") or record.at,
            reason=r.text(f, "reason"),
            removed=r.text(f, "status") == "removed",
        )
