"""Numbers that are left alone: because somebody asked, or because duty staff typed them in.

Only keyed hashes are kept. What waits on routes that the number is known by ends at once; what it
is not known by yet is caught when it is opened for sending.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, delete, select

from sync.server.acts import write_down
from sync.server.apart import Said
from sync.server.desk import numbers, queue, reasons
from sync.server.desk.desk import Desk
from sync.server.desk.tables import lines, optouts
from sync.server.dialects import insert_if_missing

log = logging.getLogger(__name__)


def add(desk: Desk, connection: Connection, key: bytes, by: str, now: int) -> None:
    """Leave this number alone from now on. `by` is "reply", "call", "provider" or "duty"."""
    put_down(connection, key, by, now)
    _keep_apart(desk, key, Said(at=now, stop=True, by=by))


def put_down(connection: Connection, key: bytes, by: str, at: int) -> None:
    """The same within the database alone, of which a backup may know nothing."""
    insert_if_missing(connection, optouts, [{"number": key, "at": at, "by": by}])
    routes = connection.execute(
        select(lines.c.route).where(lines.c.number == key).order_by(lines.c.route)
    ).scalars()
    for route in routes.all():
        queue.suppress_route(connection, route, reasons.OPTED_OUT, at)


def stop_typed(desk: Desk, typed: str) -> str | None:
    """Duty stops a number, reading nothing. Gives it in E.164; None when what she typed is none."""
    return _by_duty(desk, typed, stop=True)


def allow_typed(desk: Desk, typed: str) -> str | None:
    """Duty says that a number may be used again, because the person asked for it. Likewise."""
    return _by_duty(desk, typed, stop=False)


def _by_duty(desk: Desk, typed: str, *, stop: bool) -> str | None:
    number = numbers.plainly(typed)
    if number is None:
        return None
    key = numbers.keyed(desk.keys.secret, number)
    now = desk.now()
    with desk.database.writing() as connection:
        if stop:
            add(desk, connection, key, "duty", now)
        else:
            connection.execute(delete(optouts).where(optouts.c.number == key))
            _keep_apart(desk, key, Said(at=now, stop=False, by="duty"))
        act = "desk-stop" if stop else "desk-allow"
        write_down(connection, now, desk.keys.device, act, subject=key[:16])
    return number


def _keep_apart(desk: Desk, key: bytes, said: Said) -> None:
    """So that a backup that is put back does not undo it. Where that cannot be written, leaving
    somebody alone goes before it."""
    try:
        desk.office.apart.say(key, said)
    except OSError as error:
        log.error("not kept apart", extra={"kind": type(error).__name__})
