"""Marks laid on afterwards on what somebody else told, and gathering what a document may say.

A signed note takes no mark into its text any more, and other records have none: for them the mark
is a record of its own, in the same casefile, so that whoever reads the one reads the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import time

from app.casework.attendance import Code, outcome_word
from app.casework.casebook import from_records, household
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.notes import Notes
from app.casework.casebook.third_party_marks import mark_id
from app.casework.disclosure import Disclosure, Piece, Reader, disclose
from app.casework.errors import Unknown
from app.casework.note import Note
from storage.kinds import Fields
from storage.query import Record

Marks = Mapping[int | None, str]
"""Passages by number, None for the whole, with who told it or whom it is about; may be empty."""

_WORDS = {
    "contact": ("occurred_at", "summary", "outcome"),
    "referral": ("received_at", "reason", "source"),
    "period": ("since", "reason", "code"),
    "decision": ("on", "reason", "outcome"),
    "risk_note": ("since", "text", "level"),
    "access_note": ("since", "text", ""),
    "goal": ("agreed_at", "text", "status"),
    "action": ("agreed_at", "text", "status"),
    "plan": ("agreed_at", "text", "plan"),
    "plan_review": ("on", "text", ""),
    "life_event": ("on", "text", "what"),
}
"""Of each kind what dates it, its words, and its code."""


_ABOUT = {"contact": "person", "period": "subject", "life_event": "person"}
"""Of each kind the field that says whom it is about."""


class Disclosures:
    """What is marked as somebody else's, and what may go into a document."""

    def __init__(self, ledger: Ledger, notes: Notes) -> None:
        self._ledger = ledger
        self._notes = notes

    def mark(self, record: str, *, passage: int | None = None, who: str = "") -> None:
        """Mark a record, or one paragraph of it, as told by or about somebody else. Unknown."""
        found = self._record(record)
        fields = r.plain_fields(of=record, passage=passage, who=who.strip(), standing="marked")
        self._ledger.write(
            [
                self._ledger.statement(
                    found.casefile, "third_party", mark_id(record, passage), fields
                )
            ]
        )

    def lift(self, record: str, *, passage: int | None = None) -> None:
        """It was marked by mistake. What says the same at that time elsewhere stays marked."""
        mark = self._ledger.one(mark_id(record, passage), "third_party")
        self._ledger.change(mark, r.plain_fields(standing="lifted"))

    def marks(self, record: str) -> Marks:
        """The marks of one record that stand."""
        found = self._ledger.vault.get(record)
        return self._marks(found.casefile).get(record, {}) if found else {}

    def pieces(self, family: str) -> list[Piece]:
        """Everything of a family that could go into a document, in order of time.

        Restricted notes come without their text: whoever prints has not opened them.
        """
        found = [
            piece
            for casefile in self._ledger.together(family)
            for piece in self._of_casefile(casefile)
        ]
        found += self._addresses(family)
        return sorted(found, key=lambda p: (p.at is None, p.at or self._ledger.now, p.id))

    def for_reader(
        self, family: str, reader: Reader, *, put_in: Collection[str] = ()
    ) -> Disclosure:
        """What of a family may go into a document for that reader, and what is left out of it."""
        lived = household.addresses(self._ledger, family)
        return disclose(reader, self.pieces(family), addresses=lived, put_in=put_in)

    # --- within

    def _record(self, record: str) -> Record:
        found = self._ledger.vault.get(record)
        if found is None:
            raise Unknown
        return found

    def _marks(self, casefile: str) -> dict[str, dict[int | None, str]]:
        found: dict[str, dict[int | None, str]] = {}
        for record in self._ledger.find("third_party", casefile=casefile):
            if r.text(record.fields, "standing") != "lifted":
                passage = r.maybe_whole(record.fields, "passage")
                about = found.setdefault(r.text(record.fields, "of"), {})
                about[passage] = r.text(record.fields, "who")
        return found

    def _of_casefile(self, family: str) -> Iterator[Piece]:
        for casefile in self._ledger.casefiles_of(family):
            marks = self._marks(casefile)
            for record in self._ledger.find("visit_note", casefile=casefile):
                yield from _note(self._notes.shown_in_list(record), marks)
        marks = self._marks(family)
        for kind, (dated, words, code) in _WORDS.items():
            for record in self._ledger.find(kind, casefile=family):
                if r.text(record.fields, "standing") == "taken_back":
                    continue
                on = r.maybe_day(record.fields, dated)
                at = r.maybe_moment(record.fields, dated) or record.at
                yield Piece(
                    id=record.record,
                    kind=kind,
                    text=r.text(record.fields, words),
                    at=self._ledger.at(on, time(0)) if on else at,
                    recorded=record.at,
                    author=record.author,
                    code=_coded(kind, record.fields, code),
                    about=r.text(record.fields, _ABOUT.get(kind, "")),
                    marks=marks.get(record.record, {}),
                )
        yield from self._outcomes(family)

    def _outcomes(self, family: str) -> Iterator[Piece]:
        """Who was seen at which appointment and who was not; workers' own attendance left out."""
        people = {p.record for p in self._ledger.find("person", casefile=family)}
        for record in self._ledger.find("attendance", casefile=family):
            one = from_records.attendance(record)
            at = r.maybe_moment(record.fields, "starts")
            if at is None or one.code is Code.NOT_YET or one.attendee not in people:
                continue
            yield Piece(
                id=record.record,
                kind="attendance",
                text=one.obstacle_text,
                at=at,
                author=record.author,
                code=outcome_word(one.code, not_brought=one.not_brought),
                about=one.attendee,
            )

    def _addresses(self, family: str) -> Iterator[Piece]:
        for address in household.addresses(self._ledger, family):
            since = address.since
            yield Piece(
                id=address.id,
                kind="address",
                text=address.one_line,
                at=self._ledger.at(since, time(0)) if since else None,
                code=address.person,
                secret_from=address.secret_from,
                marks=self.marks(address.id),
            )


def _coded(kind: str, fields: Fields, name: str) -> str:
    """What a record is, in codes: a period or decision is nothing without its kind."""
    code = r.text(fields, name)
    if kind == "period":
        answer = "" if r.flag(fields, "answer", default=True) else ":no"
        return f"{r.text(fields, 'kind')}:{code}{answer}"
    if kind == "decision":
        return f"{r.text(fields, 'decision')}:{code}"
    return code


def _note(note: Note, marks: Mapping[str, Marks]) -> Iterator[Piece]:
    """A note and its addenda; an addendum shares the note's fate."""
    yield Piece(
        id=note.id,
        kind="visit_note",
        text="" if note.restricted else note.text,
        at=note.occurred_at,
        author=note.writer,
        code=note.contact_type,
        signed=note.signed,
        restricted=note.restricted,
        wrong_family=note.in_wrong_family,
        marks=marks.get(note.id, {}),
    )
    for addendum in note.addenda:
        yield Piece(
            id=addendum.id,
            kind="addendum",
            text="" if note.restricted else addendum.text,
            at=addendum.signed_at,
            author=addendum.writer,
            restricted=note.restricted,
            wrong_family=note.in_wrong_family,
            marks=marks.get(addendum.id, {}),
        )
