"""Leaves news in casefiles' inboxes: sealed to the newest epoch, signed as the certified desk.

One casefile at a time, so that nobody waits in a circle. News for a casefile that the office does
not know yet waits; so does all of it until a supervisor has certified this desk.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from storage.errors import BadEnvelope, CannotOpen
from storage.grants import Grant, read_grant
from storage.inbox import Entry, EntryHeader, seal_entry
from storage.statements import read_statement
from sync.server import inbox
from sync.server.desk import news as told
from sync.server.desk.desk import Desk
from sync.server.desk.spans import MINUTE_MS
from sync.server.desk.tables import news
from sync.server.tables import casefiles, grants, office

log = logging.getLogger(__name__)

_BATCH: Final = 200
_WAIT_MS: Final = 10 * MINUTE_MS
_CLOCK_BITS: Final = 16


def leave_news(desk: Desk) -> int:
    """Leave everything that waits; gives how many entries."""
    left = 0
    while True:
        with desk.database.writing() as connection:
            now = desk.now()
            if not is_certified(desk, connection):
                return left
            casefile = connection.execute(
                select(news.c.casefile)
                .where(news.c.due <= now)
                .order_by(news.c.due)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).scalar_one_or_none()
            if casefile is None:
                return left
            left += _leave_in(desk, connection, casefile, now)


def is_certified(desk: Desk, connection: Connection) -> bool:
    """Whether the directory says that this desk is the organisation's."""
    row = connection.execute(select(office.c.root_public, office.c.length, office.c.restored)).one()
    if row.root_public is None:
        return False
    standing = desk.office.roll.at(connection, *row)
    certificate = standing.certificate(desk.keys.device)
    return (
        certificate is not None
        and certificate.role == "desk"
        and certificate.revoked is None
        and certificate.signing == desk.keys.identity().signing
    )


def _leave_in(desk: Desk, connection: Connection, casefile: bytes, now: int) -> int:
    rows = connection.execute(
        select(news)
        .where(news.c.casefile == casefile, news.c.due <= now)
        .order_by(news.c.position)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    grant = _newest_grant(connection, casefile)
    if grant is None:
        _wait(connection, rows, now)
        return 0
    org = connection.execute(select(office.c.org)).scalar_one()
    entries = [sealed for row in rows if (sealed := _sealed(desk, row, org, grant)) is not None]
    there, _ = inbox.append(connection, entries)
    if entries and casefile not in there:
        _wait(connection, rows, now)
        return 0
    _done(connection, rows)
    return len(entries)


def _sealed(
    desk: Desk, row: Row[Any], org: bytes, grant: Grant
) -> tuple[EntryHeader, Entry] | None:
    try:
        fields = told.fields_of(desk.keys, row)
    except (BadEnvelope, CannotOpen):
        log.error("news cannot be read", extra={"entry": row.entry.hex()})
        return None
    header = EntryHeader(
        org=org,
        casefile=row.casefile,
        device=desk.keys.device,
        entry=row.entry,
        kid=grant.kids[-1],
    )
    return header, seal_entry(
        header,
        inbox_public=grant.inbox_public,
        kind=row.kind,
        record=row.record,
        fields=fields,
        hlc=row.at << _CLOCK_BITS | row.position % (1 << _CLOCK_BITS),
        author=desk.keys.person,
        signing=desk.keys.signing,
        randomness=desk.randomness,
    )


def _newest_grant(connection: Connection, casefile: bytes) -> Grant | None:
    packed = connection.execute(
        select(grants.c.packed)
        .join(casefiles, casefiles.c.grant_id == grants.c.id)
        .where(casefiles.c.casefile == casefile)
    ).scalar_one_or_none()
    return read_grant(read_statement(packed)) if packed is not None else None


def _wait(connection: Connection, rows: Sequence[Row[Any]], now: int) -> None:
    connection.execute(
        update(news).where(news.c.entry.in_([row.entry for row in rows])).values(due=now + _WAIT_MS)
    )


def _done(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    connection.execute(delete(news).where(news.c.entry.in_([row.entry for row in rows])))
