"""Numbers that are left alone: because somebody asked, or because duty staff typed them in.

Only keyed hashes are kept. What waits on routes that the number is known by ends at once; what it
is not known by yet is caught when it is opened for sending.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, delete, select

from sync.server.acts import write_down
from sync.server.desk import numbers, queue, reasons
from sync.server.desk.desk import Desk
from sync.server.desk.tables import lines, optouts
from sync.server.dialects import insert_if_missing

log = logging.getLogger(__name__)


def add(connection: Connection, key: bytes, by: str, now: int) -> None:
    """Leave this number alone from now on. `by` is "reply", "call", "provider" or "duty"."""
    insert_if_missing(connection, optouts, [{"number": key, "at": now, "by": by}])
    routes = connection.execute(
        select(lines.c.route).where(lines.c.number == key).order_by(lines.c.route)
    ).scalars()
    for route in routes.all():
        queue.suppress_route(connection, route, reasons.OPTED_OUT, now)


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
            add(connection, key, "duty", now)
        else:
            connection.execute(delete(optouts).where(optouts.c.number == key))
        act = "desk-stop" if stop else "desk-allow"
        write_down(connection, now, desk.keys.device, act, subject=key[:16])
    return number
