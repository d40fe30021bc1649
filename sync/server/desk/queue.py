"""The desk's only doorway for the office's calls: what devices order is put down here.

Each function works within its caller's transaction, may be repeated, and gives the state that its
order is in. Whoever puts, stops or withdraws holds the row of the casefile and then that of the
route, in this order, so that no capsule slips in beside its own withdrawal or stop. The caller has
checked who signed; nothing here opens what is sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, update

from storage.alarm import Alarm, CheckOut, Seen
from storage.capsule import Capsule
from storage.stop import Stop, Withdrawal
from sync.server.desk.tables import (
    alarms,
    appointment_floors,
    capsules,
    check_outs,
    floors,
    phases,
    routes,
    sightings,
    withdrawn,
)
from sync.server.dialects import insert_if_missing

PLANNED: Final = "planned"
HELD: Final = "held"
SUPPRESSED: Final = "suppressed"
WITHDRAWN: Final = "withdrawn"
EXPIRED: Final = "expired"
NOT_SENT: Final = (PLANNED, HELD)
"""States that a reminder is in while it may still be taken back."""

WAITING: Final = "waiting"
LEAVING: Final = "leaving"
"""A check-out has come; what was sealed in it says whether the alarm ends or is raised at once."""
RINGING: Final = "ringing"
ACKNOWLEDGED: Final = "acknowledged"
REPLACED: Final = "replaced"

MOST_PER_CASEFILE: Final = 1_000
MOST_PER_DEVICE: Final = 20_000
"""Reminders that wait at one time. A caseload of forty families seen twice a week for a year,
with three reminders each, makes 12,500."""

_AT_ONCE: Final = 500


class OrderRefused(Exception):
    """The desk does not take this order. `code` is "reference" or "too-many"."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the desk does not take this order ({code})")
        self.code = code


def hold(connection: Connection, casefiles: Collection[bytes], of: Collection[bytes]) -> None:
    """Before a batch: take the rows of all its casefiles and then `of` all its routes, in order,
    so that two batches never wait for one another in a circle."""
    for each in sorted(casefiles):
        _held_floor(connection, each)
    for each in sorted(of):
        _held_route(connection, each)


def put_capsule(connection: Connection, capsule: Capsule, now: int) -> str:
    """Take a reminder in; gives its state, which may already be its last.

    Raises OrderRefused for another capsule under a known reference, or when too many wait.
    """
    upto = _held_floor(connection, capsule.casefile)
    stopped = _held_route(connection, capsule.route)
    known = connection.execute(
        select(capsules.c.state, capsules.c.digest).where(capsules.c.reference == capsule.reference)
    ).one_or_none()
    if known is not None:
        if known.digest != capsule.signed.digest:
            raise OrderRefused("reference")
        return str(known.state)
    state, reason = _judged(connection, capsule, now, upto=upto, stopped=stopped)
    if state == PLANNED:
        _require_room(connection, capsule)
    connection.execute(
        insert(capsules),
        {
            "reference": capsule.reference,
            "casefile": capsule.casefile,
            "device": capsule.device,
            "planned": capsule.planned,
            "received": now,
            "route": capsule.route,
            "consent": capsule.consent,
            "appointment": capsule.appointment,
            "appointment_version": capsule.appointment_version,
            "rule": capsule.rule,
            "channel": capsule.channel,
            "opens": capsule.opens,
            "closes": capsule.closes,
            "not_after": capsule.not_after,
            "deliver_by": capsule.deliver_by,
            "max_silence": capsule.max_silence,
            "correction_of": capsule.correction_of,
            "state": state,
            "reason": reason,
            "changed": now,
            "digest": capsule.signed.digest,
            "packed": capsule.packed(),
        },
    )
    return state


def put_stop(connection: Connection, stop: Stop, now: int) -> str:
    """Refuse a route's reminders from now on, those that wait included."""
    if _held_route(connection, stop.route) < stop.consent:
        connection.execute(
            update(routes)
            .where(routes.c.route == stop.route)
            .values(stopped=stop.consent, at=now, packed=stop.packed())
        )
    _end(
        connection,
        now,
        (SUPPRESSED, "stopped"),
        capsules.c.route == stop.route,
        capsules.c.consent <= stop.consent,
    )
    return "stopped"


def withdraw(connection: Connection, withdrawal: Withdrawal, now: int) -> str:
    """Take reminders back, those that come later included."""
    casefile = withdrawal.casefile
    upto = _held_floor(connection, casefile)

    def withdraw_those(*which: ColumnElement[bool]) -> None:
        _end(connection, now, (WITHDRAWN, None), capsules.c.casefile == casefile, *which)

    if withdrawal.references:
        insert_if_missing(
            connection,
            withdrawn,
            [{"casefile": casefile, "reference": r, "at": now} for r in withdrawal.references],
        )
        withdraw_those(capsules.c.reference.in_(list(withdrawal.references)))
    if withdrawal.appointment is not None and withdrawal.before_version is not None:
        _raise_appointment_floor(
            connection, casefile, withdrawal.appointment, withdrawal.before_version
        )
        withdraw_those(
            capsules.c.appointment == withdrawal.appointment,
            capsules.c.appointment_version < withdrawal.before_version,
        )
    if withdrawal.upto is not None:
        if upto < withdrawal.upto:
            connection.execute(
                update(floors).where(floors.c.casefile == casefile).values(upto=withdrawal.upto)
            )
        withdraw_those(
            (capsules.c.planned <= withdrawal.upto) | (capsules.c.received <= withdrawal.upto),
        )
    return WITHDRAWN


def put_alarm(connection: Connection, alarm: Alarm, now: int) -> str:
    """Take an alarm in; gives its state. Its time counts from now, the first time it comes.

    Raises OrderRefused for another alarm under a known reference.
    """
    known = connection.execute(
        select(alarms.c.state, alarms.c.digest)
        .where(alarms.c.reference == alarm.reference)
        .with_for_update()
    ).one_or_none()
    if known is not None:
        if known.digest != alarm.signed.digest:
            raise OrderRefused("reference")
        return str(known.state)
    state, due = WAITING, now + alarm.after_s * 1000
    if _has(connection, check_outs, alarm=alarm.reference, device=alarm.device):
        state, due = LEAVING, now
    elif _has(connection, alarms, replaces=alarm.reference, device=alarm.device):
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
            .values(state=REPLACED, changed=now)
        )
    return state


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
        update(alarms)
        .where(
            alarms.c.reference.in_(list(order.references)),
            alarms.c.device != order.device,
            alarms.c.state == RINGING,
        )
        .values(state=ACKNOWLEDGED, reason="seen", changed=now)
    )
    return "seen"


def phase_done(connection: Connection, device: bytes, now: int) -> None:
    """This device has just pushed every stop and withdrawal that it had."""
    insert_if_missing(connection, phases, [{"device": device, "at": now}])
    connection.execute(
        update(phases).where(phases.c.device == device, phases.c.at < now).values(at=now)
    )


def states(connection: Connection, references: Sequence[bytes]) -> dict[bytes, str]:
    """How these alarms stand; those that are not here are left out."""
    rows = connection.execute(
        select(alarms.c.reference, alarms.c.state).where(alarms.c.reference.in_(list(references)))
    )
    return {row.reference: row.state for row in rows}


def _held_floor(connection: Connection, casefile: bytes) -> int:
    """Hold a casefile's row to the end of the transaction; gives up to when all is withdrawn."""
    insert_if_missing(connection, floors, [{"casefile": casefile, "upto": -1}])
    return int(
        connection.execute(
            select(floors.c.upto).where(floors.c.casefile == casefile).with_for_update()
        ).scalar_one()
    )


def _held_route(connection: Connection, route: bytes) -> int:
    """Hold a route's row to the end of the transaction; gives the highest consent refused."""
    insert_if_missing(connection, routes, [{"route": route, "stopped": -1}])
    return int(
        connection.execute(
            select(routes.c.stopped).where(routes.c.route == route).with_for_update()
        ).scalar_one()
    )


def _judged(
    connection: Connection, capsule: Capsule, now: int, *, upto: int, stopped: int
) -> tuple[str, str | None]:
    """The state that a new capsule begins in, and why."""
    if capsule.consent <= stopped:
        return SUPPRESSED, "stopped"
    # A clock that is ahead must not carry a capsule past its withdrawal.
    if min(capsule.planned, now) <= upto or _has(
        connection, withdrawn, casefile=capsule.casefile, reference=capsule.reference
    ):
        return WITHDRAWN, None
    if capsule.appointment is not None:
        floor = connection.execute(
            select(appointment_floors.c.before_version).where(
                appointment_floors.c.casefile == capsule.casefile,
                appointment_floors.c.appointment == capsule.appointment,
            )
        ).scalar_one_or_none()
        if floor is not None and capsule.appointment_version < floor:
            return WITHDRAWN, None
    if now >= capsule.not_after:
        return EXPIRED, "late"
    return PLANNED, None


def _require_room(connection: Connection, capsule: Capsule) -> None:
    for column, value, most in (
        (capsules.c.casefile, capsule.casefile, MOST_PER_CASEFILE),
        (capsules.c.device, capsule.device, MOST_PER_DEVICE),
    ):
        waiting = connection.execute(
            select(func.count())
            .select_from(capsules)
            .where(column == value, capsules.c.state.in_(NOT_SENT))
        ).scalar_one()
        if waiting >= most:
            raise OrderRefused("too-many")


def _end(
    connection: Connection, now: int, end: tuple[str, str | None], *which: ColumnElement[bool]
) -> None:
    """End reminders that have not been sent. Rows are taken in order of their references, as
    everybody does who takes several."""
    found = (
        connection.execute(
            select(capsules.c.reference)
            .where(capsules.c.state.in_(NOT_SENT), *which)
            .order_by(capsules.c.reference)
            .with_for_update()
        )
        .scalars()
        .all()
    )
    state, reason = end
    for start in range(0, len(found), _AT_ONCE):
        connection.execute(
            update(capsules)
            .where(capsules.c.reference.in_(found[start : start + _AT_ONCE]))
            .values(state=state, reason=reason, changed=now)
        )


def _raise_appointment_floor(
    connection: Connection, casefile: bytes, appointment: bytes, before_version: int
) -> None:
    insert_if_missing(
        connection,
        appointment_floors,
        [{"casefile": casefile, "appointment": appointment, "before_version": before_version}],
    )
    connection.execute(
        update(appointment_floors)
        .where(
            appointment_floors.c.casefile == casefile,
            appointment_floors.c.appointment == appointment,
            appointment_floors.c.before_version < before_version,
        )
        .values(before_version=before_version)
    )


def _has(connection: Connection, table: Table, **values: bytes) -> bool:
    where = [table.c[name] == value for name, value in values.items()]
    return connection.execute(select(table).where(*where).limit(1)).first() is not None
