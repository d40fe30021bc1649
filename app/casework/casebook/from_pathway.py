"""Turns records of a family's way through the service into plain values: no queries, no decisions.

One function for each kind, named for what it gives; none needs another sentence.
"""

# ruff: noqa: D103

from __future__ import annotations

from app.casework.casebook import reading as r
from app.casework.clocks import Pause
from app.casework.episode import Decided, Episode
from app.casework.moments import UK, local_day
from storage.query import Record


def episode(record: Record, family: str) -> Episode:
    f = record.fields
    return Episode(
        id=record.record,
        family=family,
        number=1,
        opened_at=r.maybe_day(f, "opened_at") or local_day(record.at, UK),
        service=r.text(f, "service"),
        referral=r.maybe_text(f, "referral"),
        closed_at=r.maybe_day(f, "closed_at"),
        closure=r.text(f, "closure_reason"),
        destination=r.text(f, "destination"),
        remark=r.text(f, "remark"),
        closed_by=record.changed_by if r.maybe_day(f, "closed_at") else "",
    )


def decided(record: Record) -> Decided:
    f = record.fields
    return Decided(
        id=record.record,
        kind=r.text(f, "decision"),
        outcome=r.text(f, "outcome"),
        on=r.maybe_day(f, "on") or local_day(record.at, UK),
        by=r.text(f, "by"),
        reason=r.text(f, "reason"),
        to=r.text(f, "to"),
        episode=r.text(f, "episode"),
        author=record.author,
        recorded=record.at,
        sent=record.sent,
    )


def pause(record: Record) -> Pause:
    f = record.fields
    return Pause(
        id=record.record,
        reason=r.text(f, "reason"),
        since=r.maybe_day(f, "since") or local_day(record.at, UK),
        until=r.maybe_day(f, "until"),
        text=r.text(f, "text"),
        by=record.author,
    )
