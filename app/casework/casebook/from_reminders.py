"""Turns records about reminders into what screens and rules use, and back into what is written.

One function for each kind, named for what it gives; none needs another sentence.
"""

# ruff: noqa: D103

from __future__ import annotations

from app.casework.call_task import CallOutcome, CallTask
from app.casework.casebook import reading as r
from app.casework.moments import UK, local_day
from app.casework.receipt import Receipt, State
from app.casework.reminder_line import ReminderLine
from app.casework.reminder_plan import Reminder
from app.casework.reply import Meaning, Reply
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Channel
from storage.kinds import Value
from storage.query import Record


def reminder_line(record: Record, receipt: Receipt | None, *, at_office: bool) -> ReminderLine:
    f = record.fields
    opens = r.maybe_moment(f, "opens") or record.at
    closes = r.maybe_moment(f, "closes") or opens
    return ReminderLine(
        reference=record.record,
        family=record.casefile,
        appointment=r.text(f, "appointment"),
        version=r.whole(f, "version"),
        person=r.text(f, "person"),
        route=r.text(f, "route"),
        consent=r.whole(f, "consent"),
        rule=r.text(f, "rule"),
        channel=r.coded(Channel, f, "channel", Channel.TEXT),
        text=r.text(f, "text"),
        tells=r.maybe_moment(f, "tells") or opens,
        day=r.maybe_day(f, "day") or local_day(opens, UK),
        opens=opens,
        closes=closes,
        not_after=r.maybe_moment(f, "not_after") or closes,
        deliver_by=r.maybe_moment(f, "deliver_by"),
        planned_at=r.maybe_moment(f, "planned_at") or record.at,
        withdrawn_at=r.maybe_moment(f, "withdrawn_at"),
        withdrawn_why=r.text(f, "withdrawn_why"),
        correction_of=r.maybe_text(f, "correction_of"),
        receipt=receipt,
        at_office=at_office,
    )


def reminder_fields(one: Reminder) -> dict[str, Value]:
    return r.plain_fields(
        appointment=one.appointment,
        version=one.version,
        person=one.person,
        route=one.route,
        consent=one.consent,
        rule=one.rule,
        channel=one.channel,
        languages=one.languages,
        text=one.text,
        tells=one.tells,
        day=one.day,
        opens=one.opens,
        closes=one.closes,
        not_after=one.not_after,
        deliver_by=one.deliver_by,
        correction_of=one.correction_of,
    )


def receipt(record: Record) -> Receipt:
    f = record.fields
    return Receipt(
        reference=r.text(f, "reference"),
        state=r.coded(State, f, "state", State.UNKNOWN),
        at=r.maybe_stamp(f, "at") or record.changed_at,
        reason=r.text(f, "reason"),
        appointment=r.maybe_text(f, "appointment"),
        appointment_version=r.whole(f, "appointment_version"),
        route=r.text(f, "route"),
        rule=r.text(f, "rule"),
        channel=r.text(f, "channel"),
        attempt=r.whole(f, "attempt"),
    )


def reply(record: Record) -> Reply:
    f = record.fields
    return Reply(
        id=record.record,
        family=record.casefile,
        route=r.maybe_text(f, "route"),
        reference=r.maybe_text(f, "reference"),
        text=r.text(f, "text"),
        at=r.maybe_stamp(f, "at") or record.at,
        meaning=r.coded(Meaning, f, "meaning", Meaning.OTHER),
    )


def call_task(record: Record) -> CallTask:
    f = record.fields
    since = r.maybe_moment(f, "since") or record.at
    reasons = (r.coded_of(Reason, word) for word in r.texts(f, "reasons"))
    return CallTask(
        id=record.record,
        family=record.casefile,
        person=r.maybe_text(f, "person"),
        appointment=r.maybe_text(f, "appointment"),
        version=r.whole(f, "version"),
        owner=r.maybe_text(f, "owner"),
        due=r.maybe_day(f, "due") or local_day(since, UK),
        since=since,
        reasons=tuple(code for code in reasons if code is not None),
        route=r.maybe_text(f, "route"),
        text=r.text(f, "text"),
        seen_at=r.maybe_moment(f, "seen_at"),
        attempts=r.whole(f, "attempts"),
        outcome=r.maybe_coded(CallOutcome, f, "outcome"),
        closed_at=r.maybe_moment(f, "closed_at"),
    )


def call_fields(task: CallTask) -> dict[str, Value]:
    return r.plain_fields(
        appointment=task.appointment,
        version=task.version,
        person=task.person,
        route=task.route,
        owner=task.owner,
        due=task.due,
        since=task.since,
        reasons=task.reasons,
        text=task.text,
    )
