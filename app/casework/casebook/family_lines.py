"""Builds the lines of the family list in a few queries, however many families there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from app.casework.attendance import SEEN
from app.casework.casebook import from_family, household, pregnancies, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.family import FamilyLine, FamilyStatus, FamilyTag, Overdue
from app.casework.folding import folded
from app.casework.gestation import gestation_on
from app.casework.moments import as_text
from app.casework.overdue import NOT_SEEN_AFTER
from app.casework.people import PersonKind
from app.casework.resemblance import Features, groups, told_apart
from storage.query import AtLeast, Not, OneOf, Record

_KNOWN_BY = (
    "family", "person", "membership", "address", "pregnancy", "period", "recorded_twice",
)  # fmt: skip


def features(ledger: Ledger) -> Mapping[str, Features]:
    """What each family on this device is known by."""
    return ledger.remembered("features", _KNOWN_BY, lambda: _features(ledger))


def similar(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """For each family that has any, the families it could be taken for."""
    return ledger.remembered("similar", _KNOWN_BY, lambda: _similar(ledger))


def _similar(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Of a family recorded twice only the record that remains could be taken for another one."""
    into = ledger.joined().into
    return groups([one for family, one in features(ledger).items() if family not in into])


def tag(ledger: Ledger, family: str) -> FamilyTag:
    """A family's name with what tells it apart; empty names when it is not here."""
    known = features(ledger).get(family) or Features(id=family, name="")
    return FamilyTag(
        id=family, ref=known.ref, name=known.name, told_apart=distinguishing(ledger, family)
    )


def distinguishing(ledger: Ledger, family: str) -> tuple[tuple[str, str], ...]:
    """The facts in which a family differs from those it could be taken for; empty without any."""
    others = similar(ledger).get(family, ())
    known = features(ledger)
    return told_apart(known[family], (known[o] for o in others)) if others else ()


def lines(ledger: Ledger) -> list[FamilyLine]:
    """Every family on this device, by name; one that was recorded twice only once."""
    reasons = waiting.by_family(waiting.everything(ledger))
    stages = open_stages(ledger)
    workers = workers_now(ledger)
    upcoming = _next_appointments(ledger)
    found = [
        _line(ledger, record, reasons, stages, workers, upcoming)
        for record in ledger.find("family")
        if record.casefile not in ledger.joined().into
    ]
    return sorted(found, key=lambda line: (folded(line.name), line.ref, line.id))


def open_stages(ledger: Ledger) -> dict[str, str]:
    """The stage each family is in: the open period, or the latest if two were opened offline."""
    open_now = ledger.find("period", {"kind": "stage", "until": None}, order_by=("since",))
    return {record.casefile: r.text(record.fields, "code") for record in open_now}


def workers_now(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Who works with each family today, by person id."""
    found: dict[str, dict[str, None]] = {}
    holding = {"until": ledger.still_holding()}
    for record in ledger.find("allocation", holding, order_by=("since",)):
        family = ledger.remaining(record.casefile)
        found.setdefault(family, {})[r.text(record.fields, "worker")] = None
    return {family: tuple(people) for family, people in found.items()}


def last_seen(ledger: Ledger, family: str) -> datetime | None:
    """When anybody of the family was last seen at an appointment."""
    seen = ledger.of_family(
        "attendance",
        family,
        {"code": OneOf([c.value for c in SEEN])},
        order_by=("-starts",),
        limit=1,
    )
    return r.maybe_moment(seen[0].fields, "starts") if seen else None


def unseen_too_long(
    status: FamilyStatus, since: date | None, seen: datetime | None, now: datetime
) -> bool:
    """Whether an open family has gone four weeks without being seen, counted from its start."""
    if status is not FamilyStatus.OPEN:
        return False
    if seen is not None:
        return now - seen > NOT_SEEN_AFTER
    return since is not None and now.date() - since > NOT_SEEN_AFTER


def _line(
    ledger: Ledger,
    record: Record,
    reasons: Mapping[str, tuple[Overdue, ...]],
    stages: Mapping[str, str],
    workers: Mapping[str, tuple[str, ...]],
    upcoming: Mapping[str, datetime],
) -> FamilyLine:
    family = record.casefile
    known = features(ledger).get(family) or Features(id=family, name="")
    status = r.coded(FamilyStatus, record.fields, "status", FamilyStatus.OPEN)
    seen = last_seen(ledger, family)
    overdue = reasons.get(family, ())
    if unseen_too_long(status, _opened(ledger, family), seen, ledger.now):
        overdue = (*overdue, Overdue.NOT_SEEN)
    return FamilyLine(
        id=family,
        ref=known.ref,
        name=known.name,
        people=(*known.adults, *known.children),
        locality=known.locality,
        status=status,
        stage=stages.get(family),
        workers=workers.get(family, ()),
        gestation=gestation_on(known.edd, ledger.today) if known.edd else None,
        last_seen=seen,
        next_appointment=upcoming.get(family),
        overdue=overdue,
        told_apart=distinguishing(ledger, family),
        alike=similar(ledger).get(family, ()),
        sent=record.sent,
        expected=known.expected,
        also=tuple(tag(ledger, c) for c in ledger.together(family)[1:]),
    )


def _opened(ledger: Ledger, family: str) -> date | None:
    return ledger.remembered("opened", ("episode",), lambda: _all_opened(ledger)).get(family)


def _all_opened(ledger: Ledger) -> dict[str, date]:
    found = ledger.find("episode", {"closed_at": None}, order_by=("opened_at",))
    days = ((record.casefile, r.maybe_day(record.fields, "opened_at")) for record in found)
    return {family: day for family, day in days if day is not None}


def _next_appointments(ledger: Ledger) -> dict[str, datetime]:
    horizon = ledger.now + timedelta(days=90)
    booked = ledger.find(
        "appointment",
        {"starts": AtLeast(as_text(ledger.now)), "status": "booked"},
        order_by=("starts",),
    )
    found: dict[str, datetime] = {}
    for record in booked:
        starts = r.maybe_moment(record.fields, "starts")
        if starts is not None and starts < horizon:
            found.setdefault(ledger.remaining(record.casefile), starts)
    return found


def _features(ledger: Ledger) -> dict[str, Features]:
    people: dict[str, list[Record]] = {}
    lost = {ledger.shown(p.record) for p in ledger.find("person", {"ended_on": Not(None)})}
    over = {ledger.shown(p.record) for p in pregnancies.over(ledger)}
    for record in ledger.find("person"):
        if ledger.shown(record.record) == record.record and record.record not in lost:
            people.setdefault(ledger.remaining(record.casefile), []).append(record)
    left = {r.text(m.fields, "person") for m in ledger.find("membership", {"until": Not(None)})}
    streets: dict[str, str] = {}
    for record in ledger.find("address", {"until": None}, order_by=("-since",)):
        here = from_family.address(record)
        if not here.secret_from and here.lines.strip():
            streets.setdefault(here.person, here.lines.splitlines()[0].strip())
    return {
        record.casefile: _features_of(
            ledger, record, people.get(record.casefile, []), left, streets, over
        )
        for record in ledger.find("family")
    }


def _features_of(
    ledger: Ledger,
    family: Record,
    people: list[Record],
    left: set[str],
    streets: Mapping[str, str],
    over: Collection[str],
) -> Features:
    here = [from_family.person(p, {}) for p in people if p.record not in left]
    here.sort(key=lambda p: (p.dob or date.max, p.name))
    away = household.elsewhere(ledger)
    adults = [p for p in here if p.kind is PersonKind.ADULT]
    children = [p for p in here if p.kind is PersonKind.CHILD and p.id not in away]
    due_dates = pregnancies.due_dates(ledger)
    due = [due_dates[p.id] for p in here if p.id in due_dates]
    return Features(
        id=family.casefile,
        name=r.text(family.fields, "name"),
        ref=r.text(family.fields, "ref"),
        adults=tuple(p.name for p in adults if p.name),
        children=tuple(p.name for p in children if p.name),
        births=tuple(p.dob for p in children if p.dob),
        edd=min(due, default=None),
        expected=sum(p.expected and p.id not in over for p in here),
        street=next((streets[p.id] for p in (*adults, *children) if p.id in streets), ""),
        locality=r.text(family.fields, "locality"),
    )
