"""Turns records about families into what screens show: no queries, no decisions.

One function for each kind, named for what it gives; none needs another sentence.
"""

# ruff: noqa: D103

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.casework.casebook import reading as r
from app.casework.family import Action, Allocation, Goal, Referral, RiskLevel, Warned
from app.casework.moments import UK, local_day
from app.casework.people import (
    Address,
    Answer,
    Ended,
    Person,
    PersonKind,
    Professional,
    Relation,
)
from app.casework.period import Period, PeriodKind
from app.casework.safe_contact import Allowed, Channel, Route
from storage.kinds import Fields
from storage.query import Record

if TYPE_CHECKING:
    from app.casework.casebook.pregnancies import Pregnancy


def address(record: Record) -> Address:
    f = record.fields
    return Address(
        id=record.record,
        person=r.text(f, "person"),
        lines=r.text(f, "lines"),
        postcode=r.text(f, "postcode"),
        secret_from=r.texts(f, "secret_from"),
        since=r.maybe_day(f, "since"),
        until=r.maybe_day(f, "until"),
    )


def route(record: Record, family: str) -> Route:
    f = record.fields
    return Route(
        id=record.record,
        family=family,
        person=r.text(f, "person"),
        channel=r.coded(Channel, f, "channel", Channel.LETTER),
        number=r.text(f, "number"),
        allowed=r.coded(Allowed, f, "allowed", Allowed.UNKNOWN),
        days=r.days_of_week(f, "days"),
        from_time=r.maybe_time(f, "from_time"),
        to_time=r.maybe_time(f, "to_time"),
        shared_phone=r.coded(Allowed, f, "shared_phone", Allowed.UNKNOWN),
        voicemail=r.coded(Allowed, f, "voicemail", Allowed.UNKNOWN),
        withheld_id=r.flag(f, "withheld_id"),
        neutral_wording=r.flag(f, "neutral_wording", default=True),
        code_word=r.text(f, "code_word"),
        agreed_at=r.maybe_moment(f, "agreed_at"),
        review_by=r.maybe_day(f, "review_by"),
        remark=r.text(f, "remark"),
        version=r.highest(f, "versions"),
        sent=record.sent,
    )


def person(
    record: Record,
    membership: Fields,
    addresses: Sequence[Address] = (),
    routes: Sequence[Route] = (),
    *,
    pregnancy: Pregnancy | None = None,
) -> Person:
    f = record.fields
    kind = r.coded(PersonKind, f, "kind", PersonKind.ADULT)
    ended_on = r.maybe_day(f, "ended_on")
    return Person(
        id=record.record,
        kind=kind,
        given=r.text(f, "given"),
        surname=r.text(f, "surname"),
        known_as=r.text(f, "known_as"),
        dob=r.maybe_day(f, "dob"),
        edd=pregnancy.edd if pregnancy else r.maybe_day(f, "edd"),
        edd_source=pregnancy.edd_source if pregnancy else r.text(f, "edd_source"),
        edd_before=pregnancy.before if pregnancy else (),
        pregnancy=pregnancy.id if pregnancy else None,
        place=pregnancy.place if pregnancy else 1,
        of=pregnancy.of if pregnancy else 1,
        born_time=r.maybe_time(f, "born_time"),
        nhs_no=r.text(f, "nhs_no"),
        gender=r.text(f, "gender"),
        ethnicity=r.text(f, "ethnicity"),
        language=r.text(f, "language"),
        interpreter=r.flag(f, "interpreter"),
        format=r.text(f, "format") or "plain",
        ended_on=ended_on,
        ended_as=_ended_as(f, kind) if ended_on else None,
        relation=r.coded(Relation, membership, "relation", Relation.OTHER),
        parental_responsibility=r.coded(
            Answer, membership, "parental_responsibility", Answer.UNKNOWN
        ),
        since=r.maybe_day(membership, "since"),
        until=r.maybe_day(membership, "until"),
        by_mistake=r.flag(membership, "by_mistake"),
        carers=r.text(membership, "carers"),
        contact_arrangements=r.text(membership, "contact_arrangements"),
        addresses=tuple(addresses),
        routes=tuple(routes),
    )


def _ended_as(fields: Fields, kind: PersonKind) -> Ended:
    unborn = kind is PersonKind.UNBORN
    return r.coded(Ended, fields, "ended_as", Ended.PREGNANCY_ENDED if unborn else Ended.DIED)


def period(record: Record) -> Period | None:
    """None for a period without a start, or of a kind that only a newer app knows."""
    f = record.fields
    since, kind = r.maybe_day(f, "since"), r.maybe_coded(PeriodKind, f, "kind")
    if since is None or kind is None:
        return None
    return Period(
        id=record.record,
        subject=r.text(f, "subject"),
        kind=kind,
        code=r.text(f, "code"),
        since=since,
        until=r.maybe_day(f, "until"),
        reason=r.text(f, "reason"),
        answer=r.maybe_flag(f, "answer"),
        by=r.text(f, "by"),
        author=record.author,
        recorded=record.at,
    )


def allocation(record: Record) -> Allocation:
    f = record.fields
    return Allocation(
        id=record.record,
        family=record.casefile,
        worker=r.text(f, "worker"),
        function=r.text(f, "function"),
        since=r.maybe_day(f, "since") or local_day(record.at, UK),
        until=r.maybe_day(f, "until"),
        cover=r.maybe_text(f, "cover"),
        episode=r.text(f, "episode"),
        team=r.text(f, "team"),
        beside=r.texts(f, "beside"),
        author=record.author,
        sent=record.sent,
    )


def referral(record: Record) -> Referral:
    f = record.fields
    return Referral(
        id=record.record,
        received_at=r.maybe_day(f, "received_at") or local_day(record.at, UK),
        source=r.text(f, "source"),
        referrer=r.text(f, "referrer"),
        via=r.text(f, "via"),
        reason=r.text(f, "reason"),
        previous_removal=r.maybe_flag(f, "previous_removal"),
        decision=r.text(f, "decision"),
        decided_at=r.maybe_day(f, "decided_at"),
        decided_by=r.text(f, "decided_by"),
        eligibility=r.texts(f, "eligibility"),
    )


def professional(record: Record) -> Professional:
    f = record.fields
    return Professional(
        id=record.record,
        name=r.text(f, "name"),
        role=r.text(f, "role"),
        agency=r.text(f, "agency"),
        phone=r.text(f, "phone"),
        email=r.text(f, "email"),
        person=r.maybe_text(f, "person"),
        remark=r.text(f, "remark"),
        since=r.maybe_day(f, "since"),
        until=r.maybe_day(f, "until"),
    )


def warned(record: Record) -> Warned:
    f = record.fields
    return Warned(
        id=record.record,
        text=r.text(f, "text"),
        level=r.coded(RiskLevel, f, "level", RiskLevel.CARE)
        if record.kind == "risk_note"
        else None,
        since=r.maybe_day(f, "since") or local_day(record.at, UK),
        until=r.maybe_day(f, "until"),
        author=record.author,
    )


def goal(record: Record) -> Goal:
    f = record.fields
    return Goal(
        id=record.record,
        family=record.casefile,
        text=r.text(f, "text"),
        agreed_at=r.maybe_day(f, "agreed_at") or local_day(record.at, UK),
        review_due=r.maybe_day(f, "review_due"),
        status=r.text(f, "status") or "open",
        closed_at=r.maybe_day(f, "closed_at"),
        plan=r.maybe_text(f, "plan"),
    )


def action(record: Record) -> Action:
    f = record.fields
    return Action(
        id=record.record,
        family=record.casefile,
        text=r.text(f, "text"),
        kind=r.text(f, "kind") or "plan",
        owner=r.text(f, "owner"),
        due=r.maybe_day(f, "due"),
        status=r.text(f, "status") or "open",
        agreed_at=r.maybe_day(f, "agreed_at"),
        goal=r.maybe_text(f, "goal"),
        worker=r.maybe_text(f, "worker"),
        completed_at=r.maybe_day(f, "completed_at"),
        plan=r.maybe_text(f, "plan"),
        person=r.maybe_text(f, "person"),
        agency=r.text(f, "agency"),
        appraisal=r.text(f, "appraisal"),
    )
