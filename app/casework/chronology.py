"""What happened with a family, day by day, as a court or a conference reads it.

Pure. Dated, with its source, signed notes only: what may stand in it has been decided before, in
`disclosure`. That somebody was seen is said by the note of that day where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.casework.disclosure import Kept, Piece

HAPPENED = frozenset(
    {
        "addendum", "attendance", "contact", "decision", "life_event", "period", "plan",
        "plan_review", "referral", "visit_note",
    }
)  # fmt: skip
"""Kinds that are events. A goal, a warning or an address stands elsewhere in a report."""
_SEEN = ("on_time", "late_seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From a day to a day, both included; None: without that end."""

    first: date | None = None
    last: date | None = None

    def holds(self, on: date) -> bool:
        return (self.first is None or on >= self.first) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a chronology: the day, what it was in codes, its words, and who wrote it."""

    on: date
    piece: Piece
    text: str


def within(pieces: Iterable[Piece], span: Span, day_of: Callable[[datetime], date]) -> list[Piece]:
    """The events among the pieces that lie in the span."""
    return [
        p for p in pieces if p.kind in HAPPENED and p.at is not None and span.holds(day_of(p.at))
    ]


def chronology(kept: Iterable[Kept], day_of: Callable[[datetime], date]) -> tuple[Item, ...]:
    """The events in the order in which they happened."""
    found = [
        Item(on=day_of(one.piece.at), piece=one.piece, text=one.text)
        for one in kept
        if one.piece.kind in HAPPENED and one.piece.at is not None
    ]
    told = {item.on for item in found if item.piece.kind == "visit_note"}
    shown = [
        item
        for item in found
        if not (item.piece.kind == "attendance" and item.piece.code in _SEEN and item.on in told)
    ]
    return tuple(sorted(shown, key=_in_order))


def _in_order(item: Item) -> tuple[date, datetime, datetime, bool, str, str]:
    """By day and hour. What has a day only goes by when it was written down; within a minute, as
    when a family is entered, the referral is what the rest follows from."""
    piece = item.piece
    assert piece.at is not None  # else it is no event
    recorded = (piece.recorded or piece.at).replace(second=0, microsecond=0)
    return (item.on, piece.at, recorded, piece.kind != "referral", piece.kind, piece.id)
