"""What each kind of record tells the timeline of a family: one entry, or one for each change.

Must not know in which order they stand, nor how many are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from app.casework.attendance import of_appointment, outcome_word
from app.casework.casebook import (
    from_details,
    from_family,
    from_pathway,
    from_records,
    from_reminders,
)
from app.casework.casebook import reading as r
from app.casework.casebook.adoption import changed_by, written_by
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.marks import mark, outcomes_of
from app.casework.casebook.signature import wording
from app.casework.excerpt import excerpt
from app.casework.life_event import What
from app.casework.receipt import NO_CALL, State
from app.casework.safe_contact import Allowed
from app.casework.timeline import Entry, Event
from storage.query import Record

_NO_EVENT = frozenset({State.PLANNED, State.HELD, State.SENDING, State.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some records of one kind of a family, to be told as entries."""

    ledger: Ledger
    family: str
    records: list[Record]


def notes(found: Found) -> Iterator[Entry]:
    """Each note, by the words that were signed; of a restricted one not a word."""
    for record in found.records:
        restricted = record.casefile != found.family
        said = wording(found.ledger, record)
        yield Entry(
            at=r.maybe_moment(said.fields, "occurred_at") or record.at,
            event=Event.RESTRICTED_NOTE if restricted else Event.NOTE,
            record=record.record,
            kind=record.kind,
            code=r.text(said.fields, "contact_type"),
            text="" if restricted else excerpt(r.text(said.fields, "text")),
            author=said.author,
            appointment=r.maybe_text(said.fields, "appointment"),
            note=record.record,
            signed=r.maybe_moment(said.fields, "signed_at") is not None,
            sent=record.sent,
        )


def about_notes(event: Event, dated: str, words: str) -> Callable[[Found], Iterator[Entry]]:
    """Addenda, or reviews by supervisors, of notes."""

    def tell(found: Found) -> Iterator[Entry]:
        for record in found.records:
            if event is Event.REVIEW and not found.ledger.access.is_supervisor(record.device):
                continue
            hidden = record.casefile != found.family
            yield Entry(
                at=r.maybe_moment(record.fields, dated) or record.at,
                event=event,
                record=record.record,
                kind=record.kind,
                code=r.text(record.fields, "act"),
                text="" if hidden else excerpt(r.text(record.fields, words)),
                author=written_by(found.ledger, record),
                note=r.maybe_text(record.fields, "note"),
                sent=record.sent,
            )

    return tell


def appointments(found: Found) -> Iterator[Entry]:
    """Each appointment with what came of it."""
    outcomes = outcomes_of(found.ledger, [record.record for record in found.records])
    for record in found.records:
        one = from_records.appointment(record, found.family)
        recorded = outcomes.get(one.id, [])
        event, code, text = Event.APPOINTMENT, one.kind, one.about
        if one.cancelled:
            event, code, text = Event.CANCELLED, one.cancelled_by or "", one.cancel_reason
        elif recorded:
            theirs = mark(one, recorded)
            event = Event.OUTCOME
            code = outcome_word(
                of_appointment([a.code for a in recorded])
                if theirs.code.value == "0"
                else theirs.code,
                not_brought=theirs.not_brought,
            )
            text = " ".join(dict.fromkeys(a.obstacle_text for a in recorded if a.obstacle_text))
        yield Entry(
            at=one.starts,
            event=event,
            record=record.record,
            kind=record.kind,
            code=code,
            text=excerpt(text),
            author=recorded[0].recorded_by if recorded else written_by(found.ledger, record),
            appointment=record.record,
            sent=record.sent,
        )


def contacts(found: Found) -> Iterator[Entry]:
    """Each telephone contact."""
    for record in found.records:
        yield Entry(
            at=r.maybe_moment(record.fields, "occurred_at") or record.at,
            event=Event.CONTACT,
            record=record.record,
            kind=record.kind,
            code=r.text(record.fields, "outcome"),
            text=excerpt(r.text(record.fields, "summary")),
            author=written_by(found.ledger, record),
            sent=record.sent,
        )


def conversations(event: Event, dated: str) -> Callable[[Found], Iterator[Entry]]:
    """Obstacle conversations, as they were raised or as they were closed."""

    def tell(found: Found) -> Iterator[Entry]:
        for record in found.records:
            one = from_records.conversation(record, found.family)
            closed = event is Event.OBSTACLE_CLOSED
            said = " ".join(filter(None, (one.text, one.agreed))) if closed else ""
            yield Entry(
                at=r.maybe_moment(record.fields, dated) or record.at,
                event=event,
                record=record.record,
                kind=record.kind,
                code=(one.code or "") if closed else (one.why or ""),
                text=excerpt(said),
                author=changed_by(found.ledger, record)
                if closed
                else written_by(found.ledger, record),
                sent=record.sent,
            )

    return tell


def life_events(found: Found) -> Iterator[Entry]:
    """Births, losses and removals."""
    for record in found.records:
        one = from_details.life_event(record, found.family)
        if one is None:
            continue
        event = _LIFE.get(one.what, Event.LOSS)
        yield Entry(
            at=found.ledger.at(one.on, one.at_time or time(0)),
            event=Event.TAKEN_BACK if one.taken_back else event,
            record=record.record,
            kind=record.kind,
            code=one.what,
            text=excerpt(one.text),
            author=written_by(found.ledger, record),
            person=found.ledger.shown(one.person),
            whole_day=one.at_time is None,
            sent=record.sent,
        )


_LIFE = {What.BORN: Event.BORN, What.REMOVED: Event.REMOVED}


def joins(event: Event, dated: str) -> Callable[[Found], Iterator[Entry]]:
    """Told once, in the casefile that remains or remained."""

    def tell(found: Found) -> Iterator[Entry]:
        for record in found.records:
            one = from_details.join(record)
            if one is None or one.stays != found.family:
                continue
            yield Entry(
                at=r.maybe_moment(record.fields, dated) or record.at,
                event=event,
                record=record.record,
                kind=record.kind,
                text=excerpt(one.reason),
                author=one.parted_by if event is Event.PARTED else one.author,
                sent=record.sent,
            )

    return tell


def days(event: Event, dated: str, code: str, words: str) -> Callable[[Found], Iterator[Entry]]:
    """Entries of which only the day is known."""

    def tell(found: Found) -> Iterator[Entry]:
        for record in found.records:
            hidden = event is Event.ADDRESS and r.texts(record.fields, "secret_from")
            on = r.maybe_day(record.fields, dated)
            yield Entry(
                at=_start_of(found.ledger, on) if on else record.at,
                event=event,
                record=record.record,
                kind=record.kind,
                code=r.text(record.fields, code),
                text="" if hidden else excerpt(r.text(record.fields, words)),
                author=written_by(found.ledger, record),
                whole_day=on is not None,
                sent=record.sent,
            )

    return tell


def periods(found: Found) -> Iterator[Entry]:
    """Stages, legal status, placements and indicators, from the day on which each began."""
    for record in found.records:
        one = from_family.period(record)
        if one is not None:
            answer = "" if one.holds else ":no"
            yield Entry(
                at=_start_of(found.ledger, one.since),
                event=Event.PERIOD,
                record=record.record,
                kind=record.kind,
                code=f"{one.kind}:{one.code}{answer}",
                text=excerpt(" ".join(filter(None, (one.by, one.reason)))),
                author=record.author,
                whole_day=True,
                sent=record.sent,
            )


def decisions(found: Found) -> Iterator[Entry]:
    """What a panel or somebody else decided."""
    for record in found.records:
        one = from_pathway.decided(record)
        said = " ".join(filter(None, (one.by, one.to, one.reason)))
        yield Entry(
            at=_start_of(found.ledger, one.on),
            event=Event.DECISION,
            record=record.record,
            kind=record.kind,
            code=f"{one.kind}:{one.outcome}",
            text=excerpt(said),
            author=record.author,
            whole_day=True,
            sent=record.sent,
        )


def agreements(found: Found) -> Iterator[Entry]:
    """Each time a number became safe or unsafe to use: who decided that may have to be asked."""
    for record in found.records:
        before = Allowed.UNKNOWN.value
        for change in found.ledger.vault.history(record.record):
            now = r.text(change.fields, "allowed") or before
            if now != before:
                yield Entry(
                    at=change.at,
                    event=Event.SAFE_CONTACT,
                    record=record.record,
                    kind=record.kind,
                    code=now,
                    text=r.text(record.fields, "number"),
                    author=change.author,
                    person=found.ledger.shown(r.text(record.fields, "person")),
                    sent=change.sent,
                )
            before = now


def messages(found: Found) -> Iterator[Entry]:
    """What became of messages. Those that merely wait, or that we took back, are no event."""
    for record in found.records:
        told = from_reminders.receipt(record)
        if told.state in _NO_EVENT or told.reason in NO_CALL:
            continue
        yield Entry(
            at=told.at,
            event=Event.MESSAGE,
            record=record.record,
            kind=record.kind,
            code=told.state,
            text=_text_of(found.ledger, told.reference),
            author="",
            appointment=told.appointment,
            sent=record.sent,
        )


def closures(found: Found) -> Iterator[Entry]:
    """Each time the work with the family was closed."""
    for record in found.records:
        one = from_pathway.episode(record, found.family)
        if one.closed_at is not None:
            yield Entry(
                at=_start_of(found.ledger, one.closed_at),
                event=Event.CLOSED,
                record=record.record,
                kind=record.kind,
                code=one.closure,
                text=excerpt(one.remark),
                author=record.changed_by,
                whole_day=True,
                sent=record.sent,
            )


def _text_of(ledger: Ledger, reference: str) -> str:
    planned = ledger.vault.get(reference)
    known = planned is not None and planned.kind == "reminder"
    return excerpt(r.text(planned.fields, "text")) if planned and known else ""


def replies(found: Found) -> Iterator[Entry]:
    """What a parent wrote back."""
    for record in found.records:
        one = from_reminders.reply(record)
        yield Entry(
            at=one.at,
            event=Event.REPLY,
            record=record.record,
            kind=record.kind,
            code=one.meaning,
            text=excerpt(one.text),
            author="",
            sent=record.sent,
        )


def alarms(found: Found) -> Iterator[Entry]:
    """What the office did about somebody who went in alone."""
    for record in found.records:
        yield Entry(
            at=r.maybe_stamp(record.fields, "at") or record.at,
            event=Event.ALARM,
            record=record.record,
            kind=record.kind,
            code=r.text(record.fields, "event"),
            author="",
            sent=record.sent,
        )


def _start_of(ledger: Ledger, on: date) -> datetime:
    return ledger.at(on, time(0))
