"""Tasks that nobody has seen: after two hours, or at once where their owner is off, duty is told.

The task itself is made on devices from the same receipts; here it only counts that somebody has to
ring, and whether anybody has said that she saw it. Duty gets one neutral text however many wait.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, exists, select, update

from storage.capsule import CapsuleContents, read_capsule
from storage.clock import moment_of_milliseconds
from storage.errors import BadEnvelope, CannotOpen
from storage.seal import fingerprint, joined
from sync.server.desk import numbers, staff
from sync.server.desk.desk import Desk, DeskLimits
from sync.server.desk.silence import Watch, at_work
from sync.server.desk.spans import MINUTE_MS
from sync.server.desk.tables import capsules, sightings

log = logging.getLogger(__name__)

_BATCH: Final = 500
_AT_MOST_EVERY_MS: Final = 10 * MINUTE_MS
"""However many tasks pass on, duty's telephone rings no more often for them."""


def pass_on(desk: Desk) -> int:
    """Tell duty of tasks that nobody has seen; gives how many tasks those were.

    Whoever was told a moment ago hears of what came since a moment later.
    """
    now = desk.now()
    if not within_hours(now, desk.limits):
        return 0
    told: set[str] = set()
    passed, after = 0, b""
    while True:
        with desk.database.writing() as connection:
            waiting = _unseen(connection, now, after)
            if not waiting:
                return passed
            after = waiting[-1].reference
            overdue = [o for o in waiting if is_overdue(now, o.task, _watch(o), desk.limits)]
            heard = [o.reference for o in overdue if _is_told(desk, connection, o, told, now)]
            connection.execute(
                update(capsules).where(capsules.c.reference.in_(heard)).values(task=None, known=now)
            )
            passed += len(heard)


def is_overdue(now: int, since: int, watch: Watch, limits: DeskLimits) -> bool:
    """Whether a task that nobody has seen is duty's now. With nobody's working times known, its
    owner counts as at work."""
    return now - since >= limits.unseen or (bool(watch) and not at_work(now, watch))


def within_hours(now: int, limits: DeskLimits) -> bool:
    """Whether staff are texted at this hour about what can wait until morning."""
    local: datetime = moment_of_milliseconds(now).astimezone(ZoneInfo(limits.zone))
    return limits.staff_from <= local.hour < limits.staff_until


def _unseen(connection: Connection, now: int, after: bytes) -> Sequence[Row[Any]]:
    """Some of the tasks that nobody has seen, by reference, from the one after `after` on."""
    seen = exists().where(sightings.c.reference == capsules.c.reference)
    return connection.execute(
        select(capsules)
        .where(
            capsules.c.task <= now,
            capsules.c.reference > after,
            capsules.c.packed.is_not(None),
            ~seen,
        )
        .order_by(capsules.c.reference)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    ).all()


def _is_told(desk: Desk, connection: Connection, order: Row[Any], told: set[str], now: int) -> bool:
    """Whether duty hears of this one in this round; `told` are those who do, and grows."""
    number = _duty(desk, order)
    if number is None:
        log.error("a task waits and there is no duty number to text")
        return True
    if number not in told:
        key = numbers.keyed(desk.keys.secret, number)
        moment = b"%d" % (now // _AT_MOST_EVERY_MS)
        reference = fingerprint(joined(b"tasks", key, moment))[:16]
        if staff.is_told(connection, reference):
            return False
        staff.tell(
            desk,
            connection,
            reference=reference,
            kind=staff.TASK,
            to=[number],
            words=staff.TASK_WORDS,
            casefile=None,
            now=now,
        )
        told.add(number)
    return True


def _watch(order: Row[Any]) -> Watch:
    try:
        return read_capsule(order.packed).watch
    except BadEnvelope:
        return ()


def _duty(desk: Desk, order: Row[Any]) -> str | None:
    try:
        contents: CapsuleContents = desk.keys.open_capsule(read_capsule(order.packed))
    except (BadEnvelope, CannotOpen):
        return desk.limits.duty
    return contents.duty or desk.limits.duty
