"""Turns records of life events and of families recorded twice into what screens show."""

from __future__ import annotations

from app.casework.casebook import reading as r
from app.casework.joined import Join
from app.casework.life_event import LifeEvent, What
from app.casework.moments import UK, local_day
from storage.query import Record


def life_event(record: Record, family: str) -> LifeEvent | None:
    """None for one that only a newer app knows."""
    f = record.fields
    what = r.maybe_coded(What, f, "what")
    if what is None:
        return None
    return LifeEvent(
        id=record.record,
        family=family,
        what=what,
        person=r.text(f, "person"),
        on=r.maybe_day(f, "on") or local_day(record.at, UK),
        at_time=r.maybe_time(f, "at_time"),
        text=r.text(f, "text"),
        call=r.maybe_text(f, "call"),
        called_off=r.texts(f, "called_off"),
        author=record.author,
        taken_back=r.text(f, "standing") == "taken_back",
        sent=record.sent,
    )


def join(record: Record) -> Join | None:
    """None for one that does not say which casefile stays: it lies in one of the two."""
    f = record.fields
    other, stays = r.text(f, "other"), r.text(f, "stays")
    both = {record.casefile, other}
    if not other or stays not in both or len(both) != 2:
        return None
    (joined,) = both - {stays}
    pairs = f.get("same")
    return Join(
        id=record.record,
        stays=stays,
        other=joined,
        same=tuple(
            (str(pair[0]), str(pair[1]))
            for pair in (pairs if isinstance(pairs, list) else [])
            if isinstance(pair, list) and len(pair) == 2
        ),
        at=r.maybe_moment(f, "at") or record.at,
        author=r.text(f, "by") or record.author,
        reason=r.text(f, "reason"),
        parted=r.text(f, "standing") == "parted",
        parted_at=r.maybe_moment(f, "parted_at"),
        parted_by=r.text(f, "parted_by"),
        shared=r.flag(f, "shared"),
        sent=record.sent,
    )
