"""What each kind of record says has happened, for clocks and figures: one small reader for each.

A kind of record that comes to the product adds its line to SOURCES; whatever names its milestones
in a service's profile works from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from app.casework.casebook import from_family, from_pathway, happenings_of_work
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.course import Happening
from app.casework.episode import REFERRAL, accepts
from app.casework.period import PeriodKind
from app.casework.profile import Profile
from storage.query import Record, Where

Tell = Callable[[Ledger, Record], Iterable[Happening]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of record, and what one of them tells; `where` leaves out those that tell nothing."""

    kind: str
    tell: Tell
    where: Where = field(default_factory=dict)


def _referral(ledger: Ledger, record: Record) -> Iterator[Happening]:
    one = from_family.referral(record)
    yield Happening(event="referral_received", on=one.received_at)
    if one.decided_at is not None and one.decision:
        yield from _on_referral(ledger.profile, one.decision, one.decided_at)


def _on_referral(profile: Profile, outcome: str, on: date) -> Iterator[Happening]:
    yield Happening(event="referral_decided", on=on)
    if accepts(profile, outcome):
        yield Happening(event="referral_accepted", on=on)


def _episode(_ledger: Ledger, record: Record) -> Iterator[Happening]:
    one = from_pathway.episode(record, record.casefile)
    yield Happening(event="opened", on=one.opened_at)
    if one.closed_at is not None:
        yield Happening(event="closed", on=one.closed_at, about=(one.closure,))


def _period(ledger: Ledger, record: Record) -> Iterator[Happening]:
    one = from_family.period(record)
    if one is None or one.kind is PeriodKind.INDICATOR:
        return
    baby = "" if one.subject == record.casefile else ledger.shown(one.subject)
    yield Happening(event=one.kind.value, on=one.since, about=(one.code,), baby=baby)
    if one.kind is PeriodKind.STAGE and one.until is not None:
        yield Happening(event="stage_left", on=one.until, about=(one.code,))


def _allocation(_ledger: Ledger, record: Record) -> Iterator[Happening]:
    one = from_family.allocation(record)
    if one.cover is None:
        yield Happening(event="allocated", on=one.since, about=(one.function,))


def _decision(ledger: Ledger, record: Record) -> Iterator[Happening]:
    one = from_pathway.decided(record)
    yield Happening(event="decision", on=one.on, about=(one.kind, one.outcome))
    if one.kind == REFERRAL:
        yield from _on_referral(ledger.profile, one.outcome, one.on)


def _person(ledger: Ledger, record: Record) -> Iterator[Happening]:
    born = r.maybe_day(record.fields, "dob")
    if born is not None and r.text(record.fields, "kind") == "child":
        yield Happening(event="birth", on=born, baby=ledger.shown(record.record))


SOURCES: tuple[Source, ...] = (
    Source(kind="referral", tell=_referral),
    Source(kind="episode", tell=_episode),
    Source(kind="period", tell=_period),
    Source(kind="allocation", tell=_allocation),
    Source(kind="decision", tell=_decision),
    Source(kind="person", tell=_person),
    Source(kind="plan", tell=happenings_of_work.plan),
    Source(kind="plan_review", tell=happenings_of_work.plan_review),
    Source(
        kind="action",
        tell=happenings_of_work.appraisal,
        where={"kind": happenings_of_work.APPRAISAL},
    ),
    Source(kind="intervention", tell=happenings_of_work.intervention),
    Source(kind="measurement", tell=happenings_of_work.measurement),
)
