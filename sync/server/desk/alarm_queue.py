"""The doorway for alarms: what devices leave with the desk, check out of, and have seen.

As in `queue`, each function works within its caller's transaction and may be repeated. The caller
has checked who signed; nothing here opens what is sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, insert, select, update

from storage.alarm import Alarm, CheckOut, Seen
from sync.protocol import UNATTENDED
from sync.server.desk import attendance, news
from sync.server.desk.queue import OrderRefused, has
from sync.server.desk.tables import alarms, capsules, check_outs, sightings
from sync.server.dialects import insert_if_missing

WAITING: Final = "waiting"
LEAVING: Final = "leaving"
"""A check-out has come; what was sealed in it says whether the alarm ends or is raised at once."""
RINGING: Final = "ringing"
ACKNOWLEDGED: Final = "acknowledged"
REPLACED: Final = "replaced"


def leave_alarm(connection: Connection, alarm: Alarm, now: int) -> str:
    """The same for a device, which relies upon it: only while somebody would ring. Raises
    OrderRefused then, too."""
    known = has(connection, alarms, reference=alarm.reference)
    if not known and not attendance.is_attended(connection, now):
        raise OrderRefused(UNATTENDED)
    return put_alarm(connection, alarm, now)


def put_alarm(connection: Connection, alarm: Alarm, now: int) -> str:
    """Take an alarm in; gives its state. Its time counts from now, the first time it comes.

    Raises OrderRefused for another alarm under a known reference.
    """
    known = connection.execute(
        select(alarms.c.state, alarms.c.reason, alarms.c.digest)
        .where(alarms.c.reference == alarm.reference)
        .with_for_update()
    ).one_or_none()
    if known is not None:
        if known.digest != alarm.signed.digest:
            raise OrderRefused("reference")
        return _shown(known.state, known.reason)
    state, due = WAITING, now + alarm.after_s * 1000
    if has(connection, check_outs, alarm=alarm.reference, device=alarm.device):
        state, due = LEAVING, now
    elif has(connection, alarms, replaces=alarm.reference, device=alarm.device):
        state = REPLACED
    connection.execute(
        insert(alarms),
        {
            "reference": alarm.reference,
            "casefile": alarm.casefile,
            "device": alarm.device,
            "kind": alarm.kind,
            "received": now,
            "due": due,
            "again_s": alarm.again_s,
            "steps": alarm.steps,
            "step": 0,
            "replaces": alarm.replaces,
            "state": state,
            "reason": None,
            "changed": now,
            "digest": alarm.signed.digest,
            "packed": alarm.packed(),
            "ended": now if state == REPLACED else None,
        },
    )
    if alarm.replaces is not None:
        # One that rings already goes on until a human has heard it: whoever holds the worker's
        # tablet must not be able to put it off.
        connection.execute(
            update(alarms)
            .where(
                alarms.c.reference == alarm.replaces,
                alarms.c.device == alarm.device,
                alarms.c.state == WAITING,
            )
            .values(state=REPLACED, changed=now, ended=now)
        )
    return _shown(state, None)


def check_out(connection: Connection, order: CheckOut, now: int) -> str:
    """Take a check-out in: the desk opens it at once, and ends its alarm or raises it.

    Only the device that left an alarm checks out of it. One whose alarm has not come yet is kept
    for it.
    """
    insert_if_missing(
        connection,
        check_outs,
        [
            {
                "alarm": order.alarm,
                "device": order.device,
                "received": now,
                "packed": order.packed(),
            }
        ],
    )
    connection.execute(
        update(alarms)
        .where(
            alarms.c.reference == order.alarm,
            alarms.c.device == order.device,
            alarms.c.state.in_((WAITING, RINGING)),
        )
        .values(state=LEAVING, due=now, changed=now)
    )
    return "checked-out"


def seen(connection: Connection, order: Seen, now: int) -> str:
    """A human has seen these tasks and alarms. The device an alarm came from sees none of its own:
    it may be in the wrong hands."""
    insert_if_missing(
        connection,
        sightings,
        [{"reference": r, "device": order.device, "at": now} for r in order.references],
    )
    connection.execute(
        update(capsules)
        .where(capsules.c.reference.in_(list(order.references)), capsules.c.task.is_not(None))
        .values(task=None, known=now)
    )
    ringing = connection.execute(
        select(alarms)
        .where(
            alarms.c.reference.in_(list(order.references)),
            alarms.c.device != order.device,
            alarms.c.state == RINGING,
        )
        .order_by(alarms.c.reference)
        .with_for_update()
    ).all()
    for alarm in ringing:
        connection.execute(
            update(alarms)
            .where(alarms.c.reference == alarm.reference)
            .values(state=ACKNOWLEDGED, changed=now, ended=now)
        )
        news.alarm_event(connection, alarm, ACKNOWLEDGED, now)
    return "seen"


def states(connection: Connection, references: Sequence[bytes]) -> dict[bytes, str]:
    """How these alarms stand; those that are not here are left out.

    One that was checked out of under duress looks checked out of, and so does one whose check-out
    has not been opened yet: whoever holds the tablet reads this.
    """
    rows = connection.execute(
        select(alarms.c.reference, alarms.c.state, alarms.c.reason).where(
            alarms.c.reference.in_(list(references))
        )
    )
    return {row.reference: _shown(row.state, row.reason) for row in rows}


def _shown(state: str, reason: str | None) -> str:
    return news.CHECKED_OUT if state == LEAVING or reason == news.DURESS else state
