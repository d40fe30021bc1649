"""The desk's only doorway for the office's calls: what devices order is put down here.

Each function works within its caller's transaction, may be repeated, and gives the state that its
order is in. Whoever puts, stops or withdraws holds the row of the casefile and then that of the
route, in this order, so that no capsule slips in beside its own withdrawal or stop. The caller has
checked who signed; nothing here opens what is sealed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, func, insert, select, update

from storage.capsule import Capsule
from storage.stop import Stop, Withdrawal
from sync.server.desk import floors, progress, reasons, statuses
from sync.server.desk.statuses import EXPIRED, PLANNED, SENDING, SUPPRESSED, WITHDRAWN
from sync.server.desk.tables import capsules, phases, withdrawn
from sync.server.dialects import insert_if_missing

MOST_PER_CASEFILE: Final = 1_000
MOST_PER_DEVICE: Final = 20_000
"""Reminders that wait at one time. A caseload of forty families seen twice a week for a year,
with three reminders each, makes 12,500."""

_SAME: Final = (
    capsules.c.casefile,
    capsules.c.route,
    capsules.c.consent,
    capsules.c.appointment,
    capsules.c.appointment_version,
    capsules.c.rule,
    capsules.c.channel,
    capsules.c.opens,
    capsules.c.closes,
    capsules.c.not_after,
)
"""What makes two orders under one reference the same reminder."""
STILL_LEAVING: Final = "leaving"
"""Answer to a stop or a withdrawal that came while a provider was being called."""
WAITING_STATES: Final = tuple(statuses.WAITING)


class OrderRefused(Exception):
    """The desk does not take this order. `code` is "reference", "too-many" or "unattended"."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the desk does not take this order ({code})")
        self.code = code


def hold(connection: Connection, casefiles: Collection[bytes], of: Collection[bytes]) -> None:
    """Before a batch: take the rows of all its casefiles and then `of` all its routes, in order,
    so that two batches never wait for one another in a circle."""
    for each in sorted(casefiles):
        floors.of_casefile(connection, each)
    for each in sorted(of):
        floors.of_route(connection, each)


def put_capsule(connection: Connection, capsule: Capsule, now: int) -> str:
    """Take a reminder in; gives its state, which may already be its last.

    Two devices may plan the same reminder, each sealing it anew: the first one counts. Raises
    OrderRefused for another reminder under a known reference, or when too many wait.
    """
    upto = floors.of_casefile(connection, capsule.casefile)
    stopped = floors.of_route(connection, capsule.route)
    known = connection.execute(
        select(capsules.c.state, *_SAME).where(capsules.c.reference == capsule.reference)
    ).one_or_none()
    if known is not None:
        if any(getattr(known, column.name) != getattr(capsule, column.name) for column in _SAME):
            raise OrderRefused("reference")
        return str(known.state)
    state, reason = _judged(connection, capsule, now, upto=upto, stopped=stopped)
    if state == PLANNED:
        _require_room(connection, capsule)
    next_step = first_step(capsule) if state == PLANNED else {"ended": now}
    connection.execute(insert(capsules), row_of(capsule, state, reason, now) | next_step)
    if state != PLANNED:
        progress.end(connection, _order(connection, capsule.reference), state, reason, now)
    return state


def first_step(capsule: Capsule) -> dict[str, object]:
    """What is to be done with a reminder that waits. One that may not leave before it would count
    as late counts as late only by its window."""
    by = capsule.deliver_by
    late = by if by is not None and by > capsule.opens else None
    return {"duty": progress.SEND, "due": capsule.opens, "late": late}


def row_of(capsule: Capsule, state: str, reason: str | None, now: int) -> dict[str, object]:
    """A capsule as it is kept."""
    return {
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
    }


def put_stop(connection: Connection, stop: Stop, now: int) -> str:
    """Refuse a route's reminders from now on, those that wait included.

    Gives "leaving" where one is on its way to the provider at this moment, "stopped" otherwise.
    """
    floors.of_route(connection, stop.route)
    floors.raise_route(connection, stop, now)
    its = (capsules.c.route == stop.route, capsules.c.consent <= stop.consent)
    _end(connection, now, (SUPPRESSED, reasons.STOPPED), *its)
    return STILL_LEAVING if _leaving(connection, *its) else "stopped"


def suppress_route(connection: Connection, route: bytes, reason: str, now: int) -> None:
    """End what waits on a route, for a reason that did not come from a device."""
    floors.of_route(connection, route)
    _end(connection, now, (SUPPRESSED, reason), capsules.c.route == route)


def withdraw(connection: Connection, withdrawal: Withdrawal, now: int) -> str:
    """Take reminders back, those that come later included.

    Gives "leaving" where one is on its way to the provider at this moment, "withdrawn" otherwise.
    """
    casefile = withdrawal.casefile
    floors.of_casefile(connection, casefile)
    leaving = False

    def withdraw_those(*which: ColumnElement[bool]) -> None:
        nonlocal leaving
        its = (capsules.c.casefile == casefile, *which)
        _end(connection, now, (WITHDRAWN, reasons.WITHDRAWN), *its)
        leaving = leaving or _leaving(connection, *its)

    if withdrawal.references:
        insert_if_missing(
            connection,
            withdrawn,
            [{"casefile": casefile, "reference": r, "at": now} for r in withdrawal.references],
        )
        withdraw_those(capsules.c.reference.in_(list(withdrawal.references)))
    if withdrawal.appointment is not None and withdrawal.before_version is not None:
        floors.raise_appointment(
            connection, casefile, withdrawal.appointment, withdrawal.before_version
        )
        withdraw_those(
            capsules.c.appointment == withdrawal.appointment,
            capsules.c.appointment_version < withdrawal.before_version,
        )
    if withdrawal.upto is not None:
        floors.raise_casefile(connection, casefile, withdrawal.upto)
        withdraw_those(
            (capsules.c.planned <= withdrawal.upto) | (capsules.c.received <= withdrawal.upto),
        )
    return STILL_LEAVING if leaving else WITHDRAWN


def phase_done(connection: Connection, device: bytes, now: int) -> None:
    """This device has just pushed every stop and withdrawal that it had."""
    insert_if_missing(connection, phases, [{"device": device, "at": now}])
    connection.execute(
        update(phases).where(phases.c.device == device, phases.c.at < now).values(at=now)
    )


def _judged(
    connection: Connection, capsule: Capsule, now: int, *, upto: int, stopped: int
) -> tuple[str, str | None]:
    """The state that a new capsule begins in, and why."""
    if capsule.consent <= stopped:
        return SUPPRESSED, reasons.STOPPED
    # A clock that is ahead must not carry a capsule past its withdrawal.
    if min(capsule.planned, now) <= upto or has(
        connection, withdrawn, casefile=capsule.casefile, reference=capsule.reference
    ):
        return WITHDRAWN, reasons.WITHDRAWN
    if capsule.appointment is not None and capsule.appointment_version < floors.of_appointment(
        connection, capsule.casefile, capsule.appointment
    ):
        return WITHDRAWN, reasons.WITHDRAWN
    if now >= capsule.not_after:
        return EXPIRED, reasons.TOO_LATE
    return PLANNED, None


def _require_room(connection: Connection, capsule: Capsule) -> None:
    for column, value, most in (
        (capsules.c.casefile, capsule.casefile, MOST_PER_CASEFILE),
        (capsules.c.device, capsule.device, MOST_PER_DEVICE),
    ):
        waiting = connection.execute(
            select(func.count())
            .select_from(capsules)
            .where(column == value, capsules.c.state.in_(WAITING_STATES))
        ).scalar_one()
        if waiting >= most:
            raise OrderRefused("too-many")


def _end(
    connection: Connection, now: int, end: tuple[str, str], *which: ColumnElement[bool]
) -> None:
    """End reminders that have not been sent. Rows are taken in order of their references, as
    everybody does who takes several."""
    found = connection.execute(
        select(*progress.COLUMNS)
        .where(capsules.c.state.in_(WAITING_STATES), *which)
        .order_by(capsules.c.reference)
        .with_for_update()
    ).all()
    for order in found:
        progress.end(connection, order, *end, now)


def _leaving(connection: Connection, *which: ColumnElement[bool]) -> bool:
    found = select(capsules.c.reference).where(capsules.c.state == SENDING, *which).limit(1)
    return connection.execute(found).first() is not None


def _order(connection: Connection, reference: bytes) -> Row[Any]:
    found = select(*progress.COLUMNS).where(capsules.c.reference == reference)
    return connection.execute(found).one()


def has(connection: Connection, table: Table, **values: bytes) -> bool:
    """Whether a table has a row with these values."""
    where = [table.c[name] == value for name, value in values.items()]
    return connection.execute(select(table).where(*where).limit(1)).first() is not None
