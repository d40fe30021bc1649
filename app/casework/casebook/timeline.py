"""Collects everything that happened with a family, newest first, a page at a time.

Each kind gives its newest few, already ordered by storage; the page is the newest of those. So a
page costs the same whether a family has ten notes or a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.casebook import entries
from app.casework.casebook.ledger import Ledger
from app.casework.moments import as_text
from app.casework.timeline import Entry, Event, Page
from storage.query import Before, Not

_LATER = tuple(Event)
"""Of two entries of the same second the one that follows from the other stands later here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where one kind of entry comes from: the records, the field that dates them, and how told."""

    kind: str
    by: str
    events: frozenset[Event]
    tell: Callable[[entries.Found], Iterable[Entry]]
    closed: bool = False
    restricted: bool = False
    begun: bool = False
    """Only what has begun: what is to come stands among the bookings."""


def page(
    ledger: Ledger,
    family: str,
    *,
    limit: int,
    offset: int = 0,
    events: Collection[Event] | None = None,
) -> Page:
    """Entries from `offset` on, newest first; `events` keeps only some kinds."""
    wanted = set(Event) if events is None else set(events)
    enough = offset + limit + 1
    found: list[Entry] = []
    recorded: dict[str, datetime] = {}
    for source in _SOURCES:
        if not source.events & wanted:
            continue
        for own in ledger.together(family):
            for casefile in ledger.casefiles_of(own) if source.restricted else [own]:
                records = ledger.find(
                    source.kind,
                    _which(source, ledger),
                    casefile=casefile,
                    order_by=(f"-{source.by}",),
                    limit=enough,
                )
                recorded |= {one.record: one.at for one in records}
                told = source.tell(entries.Found(ledger=ledger, family=own, records=records))
                found += [
                    replace(e, under=own) if own != family else e for e in told if e.event in wanted
                ]
    found.sort(key=lambda e: _in_order(e, recorded.get(e.record, e.at)), reverse=True)
    return Page(entries=tuple(found[offset : offset + limit]), more=len(found) >= enough)


def _in_order(entry: Entry, recorded: datetime) -> tuple[datetime, datetime, int, str]:
    """By its moment. Of what has a day only, by the minute in which it was written down."""
    written = recorded.replace(second=0, microsecond=0) if entry.whole_day else entry.at
    return (entry.at, written, _LATER.index(entry.event), entry.record)


def _which(source: _Source, ledger: Ledger) -> Mapping[str, object]:
    if source.begun:
        return {source.by: Before(as_text(ledger.now))}
    return {source.by: Not(None)} if source.closed else {}


_SOURCES = (
    _Source(
        kind="visit_note",
        by="occurred_at",
        events=frozenset({Event.NOTE, Event.RESTRICTED_NOTE}),
        tell=entries.notes,
        restricted=True,
    ),
    _Source(
        kind="addendum",
        by="signed_at",
        events=frozenset({Event.ADDENDUM}),
        tell=entries.about_notes(Event.ADDENDUM, "signed_at", "text"),
        restricted=True,
    ),
    _Source(
        kind="note_review",
        by="at",
        events=frozenset({Event.REVIEW}),
        tell=entries.about_notes(Event.REVIEW, "at", "comment"),
        restricted=True,
    ),
    _Source(
        kind="appointment",
        by="starts",
        events=frozenset({Event.APPOINTMENT, Event.CANCELLED, Event.OUTCOME}),
        tell=entries.appointments,
        begun=True,
    ),
    _Source(
        kind="safe_contact",
        by="person",
        events=frozenset({Event.SAFE_CONTACT}),
        tell=entries.agreements,
    ),
    _Source(
        kind="contact", by="occurred_at", events=frozenset({Event.CONTACT}), tell=entries.contacts
    ),
    _Source(kind="receipt", by="at", events=frozenset({Event.MESSAGE}), tell=entries.messages),
    _Source(kind="reply", by="at", events=frozenset({Event.REPLY}), tell=entries.replies),
    _Source(kind="alarm_log", by="at", events=frozenset({Event.ALARM}), tell=entries.alarms),
    _Source(
        kind="obstacle",
        by="raised_at",
        events=frozenset({Event.OBSTACLE}),
        tell=entries.conversations(Event.OBSTACLE, "raised_at"),
    ),
    _Source(
        kind="obstacle",
        by="closed_at",
        events=frozenset({Event.OBSTACLE_CLOSED}),
        tell=entries.conversations(Event.OBSTACLE_CLOSED, "closed_at"),
        closed=True,
    ),
    _Source(
        kind="life_event",
        by="on",
        events=frozenset({Event.BORN, Event.LOSS, Event.REMOVED, Event.TAKEN_BACK}),
        tell=entries.life_events,
    ),
    _Source(kind="period", by="since", events=frozenset({Event.PERIOD}), tell=entries.periods),
    _Source(kind="decision", by="on", events=frozenset({Event.DECISION}), tell=entries.decisions),
    _Source(
        kind="episode",
        by="closed_at",
        events=frozenset({Event.CLOSED}),
        tell=entries.closures,
        closed=True,
    ),
    *(
        _Source(
            kind="recorded_twice",
            by=by,
            events=frozenset({event}),
            tell=entries.joins(event, by),
            closed=True,
        )
        for event, by in ((Event.JOINED, "at"), (Event.PARTED, "parted_at"))
    ),
    *(
        _Source(
            kind=kind, by=by, events=frozenset({event}), tell=entries.days(event, by, code, words)
        )
        for kind, by, event, code, words in (
            ("referral", "received_at", Event.REFERRAL, "source", "reason"),
            ("allocation", "since", Event.ALLOCATION, "function", ""),
            ("plan", "agreed_at", Event.PLAN, "plan", "text"),
            ("plan_review", "on", Event.PLAN_REVIEWED, "", "text"),
            ("goal", "agreed_at", Event.GOAL, "status", "text"),
            ("action", "agreed_at", Event.ACTION, "status", "text"),
            ("risk_note", "since", Event.RISK, "level", "text"),
            ("access_note", "since", Event.ACCESS, "", "text"),
            ("address", "since", Event.ADDRESS, "", "lines"),
        )
    ),
)
