"""Tasks that nobody has seen: after two hours, or at once where their owner is off, duty is told.

The task itself is made on devices from the same receipts; here it only counts that somebody has to
ring, and whether anybody has said that she saw it. Duty gets one neutral text however many wait.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, exists, select, update

from storage.capsule import CapsuleContents, read_capsule
from storage.clock import moment_of_milliseconds
from storage.errors import BadEnvelope, CannotOpen
from storage.seal import fingerprint, joined
from sync.server.desk import staff
from sync.server.desk.desk import Desk, DeskLimits
from sync.server.desk.silence import Watch, at_work
from sync.server.desk.tables import capsules, sightings

log = logging.getLogger(__name__)

_BATCH: Final = 500


def pass_on(desk: Desk) -> int:
    """Tell duty of tasks that nobody has seen; gives how many tasks those were."""
    now = desk.now()
    if not within_hours(now, desk.limits):
        return 0
    with desk.database.writing() as connection:
        overdue = _unseen(connection, desk, now)
        by_duty: dict[str, list[bytes]] = {}
        for order in overdue:
            number = _duty(desk, order)
            if number is None:
                log.error("a task waits and there is no duty number to text")
            else:
                by_duty.setdefault(number, []).append(order.reference)
        for number, references in by_duty.items():
            staff.tell(
                desk,
                connection,
                reference=fingerprint(joined(b"tasks", *sorted(references)))[:16],
                kind=staff.TASK,
                to=[number],
                words=staff.TASK_WORDS,
                casefile=None,
                now=now,
            )
        if overdue:
            connection.execute(
                update(capsules)
                .where(capsules.c.reference.in_([order.reference for order in overdue]))
                .values(task=None, known=now)
            )
    return len(overdue)


def is_overdue(now: int, since: int, watch: Watch, limits: DeskLimits) -> bool:
    """Whether a task that nobody has seen is duty's now. With nobody's working times known, its
    owner counts as at work."""
    return now - since >= limits.unseen or (bool(watch) and not at_work(now, watch))


def within_hours(now: int, limits: DeskLimits) -> bool:
    """Whether staff are texted at this hour about what can wait until morning."""
    local: datetime = moment_of_milliseconds(now).astimezone(ZoneInfo(limits.zone))
    return limits.staff_from <= local.hour < limits.staff_until


def _unseen(connection: Connection, desk: Desk, now: int) -> list[Row[Any]]:
    seen = exists().where(sightings.c.reference == capsules.c.reference)
    waiting = connection.execute(
        select(capsules)
        .where(
            capsules.c.task.is_not(None),
            capsules.c.task <= now,
            capsules.c.packed.is_not(None),
            ~seen,
        )
        .order_by(capsules.c.task)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    return [order for order in waiting if is_overdue(now, order.task, _watch(order), desk.limits)]


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
