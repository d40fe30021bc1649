"""Forgets: numbers and words go some days after the end of what they were for.

States, times and ids stay, so that figures remain true; keyed hashes of numbers stay for opt-outs.
"""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Column, Connection, Table, delete, select, update

from sync.server.desk.desk import Desk
from sync.server.desk.spans import DAY_MS
from sync.server.desk.tables import (
    alarm_calls,
    alarms,
    capsules,
    check_outs,
    daily,
    incoming,
    news,
    outbox,
)

log = logging.getLogger(__name__)

_BATCH: Final = 500
_UNDELIVERABLE: Final = 35 * DAY_MS
"""News for a casefile that nobody ever founded is let go with the backups."""
_REPEATED: Final = 400 * DAY_MS
"""So long a message that comes again, or is played back by somebody, is known to have been heard:
as long as a reminder may be planned ahead. What is kept of it is a hash."""


def forget(desk: Desk) -> int:
    """Drop what is past its time; gives how many orders lost what was sealed in them."""
    now = desk.now()
    before = now - desk.limits.keep
    forgotten = _drop_sealed(desk, capsules, before) + _drop_sealed(desk, alarms, before)
    with desk.database.writing() as connection:
        over = select(alarms.c.reference).where(alarms.c.ended < before)
        connection.execute(delete(check_outs).where(check_outs.c.alarm.in_(over)))
        connection.execute(delete(alarm_calls).where(alarm_calls.c.alarm.in_(over)))
        _delete_before(connection, check_outs, check_outs.c.received, now - _UNDELIVERABLE)
        _delete_before(connection, outbox, outbox.c.at, before)
        _delete_before(connection, incoming, incoming.c.at, now - _REPEATED)
        _delete_before(connection, daily, daily.c.day, now // DAY_MS - 1)
        _delete_before(connection, news, news.c.at, now - _UNDELIVERABLE)
    if forgotten:
        log.info("forgotten", extra={"orders": forgotten})
    return forgotten


def _drop_sealed(desk: Desk, table: Table, before: int) -> int:
    dropped = 0
    while True:
        with desk.database.writing() as connection:
            references = (
                connection.execute(
                    select(table.c.reference)
                    .where(table.c.ended < before, table.c.packed.is_not(None))
                    .limit(_BATCH)
                )
                .scalars()
                .all()
            )
            if not references:
                return dropped
            connection.execute(
                update(table).where(table.c.reference.in_(references)).values(packed=None)
            )
            dropped += len(references)


def _delete_before(connection: Connection, table: Table, column: Column[int], before: int) -> None:
    connection.execute(delete(table).where(column < before))
