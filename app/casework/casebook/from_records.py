"""Turns records of the diary, notes and team into what screens show: no queries, no decisions.

One function for each kind, named for what it gives; none needs another sentence.
"""

# ruff: noqa: D103

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.casework.appointment import Appointment, CancelledBy, Status, VenueType
from app.casework.attendance import Attendance, Code, Obstacle
from app.casework.casebook import reading as r
from app.casework.casebook.signature import Wording
from app.casework.caseload import Role, Worker
from app.casework.contact_type import ContactType
from app.casework.engagement import Noticed, ObstacleConversation
from app.casework.moments import UK, local_day
from app.casework.note import Addendum, Note, NoteDraft, ReviewAct, Seen
from app.casework.review import state
from storage.kinds import Fields
from storage.query import Record

NEVER = datetime.min.replace(tzinfo=UTC)


def appointment(record: Record, family: str) -> Appointment:
    f = record.fields
    starts = r.maybe_moment(f, "starts") or NEVER
    others = (r.as_moment(v.fields.get("starts")) for v in record.conflicts.get("starts", ()))
    return Appointment(
        id=record.record,
        family=family,
        kind=r.text(f, "kind") or ContactType.OTHER,
        starts=starts,
        zone=zone(r.text(f, "zone")),
        minutes=r.whole(f, "minutes", 60),
        venue_type=r.text(f, "venue_type") or VenueType.COMMUNITY,
        venue=r.text(f, "venue"),
        address=r.text(f, "address"),
        postcode=r.text(f, "postcode"),
        workers=r.texts(f, "workers"),
        people=r.texts(f, "people"),
        about=r.text(f, "about"),
        series=r.maybe_text(f, "series"),
        programme=r.text(f, "programme"),
        session=r.text(f, "session"),
        planned=r.flag(f, "planned", default=True),
        status=r.coded(Status, f, "status", Status.BOOKED),
        cancelled_by=r.maybe_coded(CancelledBy, f, "cancelled_by"),
        cancel_reason=r.text(f, "cancel_reason"),
        version=r.highest(f, "versions"),
        other_starts=tuple(sorted({m for m in others if m is not None and m != starts})),
        sent=record.sent,
    )


def zone(name: str) -> ZoneInfo:
    """The zone a record names; the United Kingdom's when it names none that exists."""
    try:
        return ZoneInfo(name) if name else UK
    except (ZoneInfoNotFoundError, ValueError):
        return UK


def attendance(record: Record) -> Attendance:
    f = record.fields
    return Attendance(
        id=record.record,
        appointment=r.text(f, "appointment"),
        attendee=r.text(f, "attendee"),
        code=r.coded(Code, f, "code", Code.NOT_YET),
        not_brought=r.flag(f, "not_brought"),
        obstacle=r.maybe_coded(Obstacle, f, "obstacle"),
        obstacle_text=r.text(f, "obstacle_text"),
        starts=r.maybe_moment(f, "starts") or NEVER,
        recorded_at=r.maybe_moment(f, "recorded_at") or record.changed_at,
        recorded_by=record.changed_by,
        corrected=record.versions - 1,
    )


def conversation(record: Record, family: str) -> ObstacleConversation:
    f = record.fields
    return ObstacleConversation(
        id=record.record,
        family=family,
        why=r.maybe_coded(Noticed, f, "why"),
        raised_at=r.maybe_moment(f, "raised_at") or record.at,
        due=r.maybe_day(f, "due") or local_day(record.at, UK),
        open=r.text(f, "status") != "closed",
        worker=r.maybe_text(f, "worker"),
        appointments=r.texts(f, "appointments"),
        code=r.maybe_coded(Obstacle, f, "code"),
        text=r.text(f, "text"),
        agreed=r.text(f, "agreed"),
        closed_at=r.maybe_moment(f, "closed_at"),
    )


def addendum(record: Record) -> Addendum:
    f = record.fields
    return Addendum(
        id=record.record,
        text=r.text(f, "text"),
        writer=record.author,
        signed_at=r.maybe_moment(f, "signed_at") or record.at,
    )


def review_act(record: Record) -> ReviewAct:
    f = record.fields
    return ReviewAct(
        id=record.record,
        act=r.text(f, "act"),
        reviewer=record.author,
        at=r.maybe_moment(f, "at") or record.at,
        comment=r.text(f, "comment"),
    )


def note(
    record: Record,
    family: str,
    said: Wording,
    *,
    addenda: Sequence[Addendum] = (),
    reviews: Sequence[ReviewAct] = (),
    in_wrong_family: bool = False,
    text_hidden: bool = False,
) -> Note:
    f = said.fields
    signed_at = r.maybe_moment(f, "signed_at")
    others = () if text_hidden else said.beside
    return Note(
        id=record.record,
        family=family,
        casefile=record.casefile,
        restricted=record.casefile != family,
        contact_type=r.text(f, "contact_type") or ContactType.OTHER,
        occurred_at=r.maybe_moment(f, "occurred_at") or record.at,
        appointment=r.maybe_text(f, "appointment"),
        writer=said.author,
        people=r.texts(f, "people"),
        workers=r.texts(f, "workers"),
        child_seen=r.coded(Seen, f, "child_seen", Seen.NOT_SAID),
        seen_alone=r.coded(Seen, f, "seen_alone", Seen.NOT_SAID),
        goals=r.texts(f, "goals"),
        text="" if text_hidden else r.text(f, "text"),
        other_texts=others,
        text_hidden=text_hidden,
        started_at=r.maybe_moment(f, "started_at") or record.at,
        signed_at=signed_at,
        addenda=tuple(sorted(addenda, key=lambda a: (a.signed_at, a.id))),
        reviews=tuple(sorted(reviews, key=lambda a: (a.at, a.id))),
        review=state(reviews, addenda),
        in_wrong_family=in_wrong_family,
        moved_from=r.maybe_text(f, "moved_from"),
        conflict=bool(said.beside) and signed_at is None,
        adopted_by=said.adopted.by if said.adopted else None,
        adopted_at=said.adopted.at if said.adopted else None,
        sent=record.sent,
    )


def draft(draft_id: str, family: str, fields: Fields, saved_at: datetime) -> NoteDraft:
    return NoteDraft(
        id=draft_id,
        family=family,
        restricted=r.flag(fields, "restricted"),
        contact_type=r.text(fields, "contact_type") or ContactType.OTHER,
        occurred_at=r.maybe_moment(fields, "occurred_at") or saved_at,
        appointment=r.maybe_text(fields, "appointment"),
        people=r.texts(fields, "people"),
        workers=r.texts(fields, "workers"),
        child_seen=r.coded(Seen, fields, "child_seen", Seen.NOT_SAID),
        seen_alone=r.coded(Seen, fields, "seen_alone", Seen.NOT_SAID),
        goals=r.texts(fields, "goals"),
        text=r.text(fields, "text"),
        started_at=r.maybe_moment(fields, "started_at") or saved_at,
        saved_at=saved_at,
        on_record=r.flag(fields, "on_record"),
        moved_from=r.maybe_text(fields, "moved_from"),
    )


def worker(record: Record) -> Worker:
    f = record.fields
    return Worker(
        id=record.record,
        person=r.text(f, "person"),
        name=r.text(f, "name"),
        title=r.text(f, "title"),
        role=r.coded(Role, f, "role", Role.WORKER),
        team=r.text(f, "team"),
        wte=r.number(f, "wte", 1.0),
        capacity=r.maybe_whole(f, "capacity"),
        phone=r.text(f, "phone"),
        active=r.flag(f, "active", default=True),
        works_days=r.days_of_week(f, "works_days") or frozenset(range(5)),
        works_from=r.maybe_time(f, "works_from") or time(9),
        works_to=r.maybe_time(f, "works_to") or time(17, 30),
    )


def by_field(records: Iterable[Record], name: str) -> Mapping[str, list[Record]]:
    """Records grouped by what one of their fields says."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(r.text(record.fields, name), []).append(record)
    return found
