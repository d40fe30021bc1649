"""Reads groups, their sessions, lists and registers as the team's casefile has them."""

from __future__ import annotations

from datetime import date

from app.casework.attendance import Code
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.group import Enrolled, Group, GroupSession, Mark, Said
from app.casework.moments import as_text, day_bounds
from storage.query import Between, Record, Where


def group(record: Record) -> Group:
    """A cohort."""
    f = record.fields
    return Group(
        id=record.record,
        programme=r.text(f, "programme"),
        cohort=r.text(f, "cohort"),
        venue=r.text(f, "venue"),
        leaders=r.texts(f, "leaders"),
        audience=r.text(f, "audience") or "family",
    )


def sessions(ledger: Ledger, where: Where) -> list[GroupSession]:
    """In the order in which they take place. What names no start is passed over."""
    found = []
    for record in ledger.find("group_session", where, order_by=("starts",)):
        f = record.fields
        starts = r.maybe_moment(f, "starts")
        if starts is not None:
            found.append(
                GroupSession(
                    id=record.record,
                    group=r.text(f, "group"),
                    n=r.whole(f, "n", 1),
                    of=r.whole(f, "of", 1),
                    starts=starts,
                    minutes=r.whole(f, "minutes", 60),
                    cancelled=r.text(f, "status") == "cancelled",
                    cancel_reason=r.text(f, "cancel_reason"),
                )
            )
    return found


def on_day(ledger: Ledger, on: date, worker: str) -> list[GroupSession]:
    """The sessions that one person leads on a local day."""
    begin, end = day_bounds(on, ledger.zone)
    day = Between(as_text(begin), as_text(end))
    return [
        s
        for s in sessions(ledger, {"starts": day})
        if worker in r.texts(ledger.one(s.id, "group_session").fields, "leaders")
    ]


def enrolled(record: Record) -> Enrolled:
    """Somebody on its list."""
    f = record.fields
    return Enrolled(
        id=record.record,
        group=r.text(f, "group"),
        name=r.text(f, "name"),
        warning=r.text(f, "warning"),
        agency=r.text(f, "agency"),
        family=r.text(f, "family"),
        person=r.text(f, "person"),
        walked_in=r.text(f, "walked_in"),
        left=r.flag(f, "left"),
    )


def marks(ledger: Ledger, where: Where) -> list[Mark]:
    """What registers say, in no order."""
    return [
        Mark(
            id=record.record,
            session=r.text(record.fields, "session"),
            enrolled=r.text(record.fields, "enrolment"),
            code=r.coded(Code, record.fields, "code", Code.NOT_YET),
            before=_before(ledger, record) if record.versions > 1 else (),
        )
        for record in ledger.find("register_mark", where)
    ]


def _before(ledger: Ledger, record: Record) -> tuple[Said, ...]:
    said = [
        Said(code=r.coded(Code, v.fields, "code", Code.NOT_YET), at=v.at)
        for v in ledger.vault.history(record.record)
    ]
    return tuple(one for one in said[:-1] if one.code is not Code.NOT_YET)
