"""What has been stopped and withdrawn so far, and the rows to hold while that is read or raised.

A stop or withdrawal also refuses what comes after it, so each leaves a floor below which nothing
leaves any more: of a route its consent, of a casefile a time, of an appointment a version. Whoever
reads or raises a floor holds its row to the end of the transaction, a casefile's before a route's.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.stop import Stop
from sync.server.desk.tables import appointment_floors, floors, routes
from sync.server.dialects import insert_if_missing


def of_casefile(connection: Connection, casefile: bytes) -> int:
    """Hold a casefile; gives until when whatever was planned is withdrawn, -1 for nothing."""
    insert_if_missing(connection, floors, [{"casefile": casefile, "upto": -1}])
    return int(
        connection.execute(
            select(floors.c.upto).where(floors.c.casefile == casefile).with_for_update()
        ).scalar_one()
    )


def of_route(connection: Connection, route: bytes) -> int:
    """Hold a route; gives the highest consent refused, -1 for none."""
    insert_if_missing(connection, routes, [{"route": route, "stopped": -1}])
    return int(
        connection.execute(
            select(routes.c.stopped).where(routes.c.route == route).with_for_update()
        ).scalar_one()
    )


def of_appointment(connection: Connection, casefile: bytes, appointment: bytes) -> int:
    """The version of an appointment before which all is withdrawn, -1 for none. Its casefile is
    held already."""
    found = connection.execute(
        select(appointment_floors.c.before_version).where(
            appointment_floors.c.casefile == casefile,
            appointment_floors.c.appointment == appointment,
        )
    ).scalar_one_or_none()
    return -1 if found is None else int(found)


def raise_casefile(connection: Connection, casefile: bytes, upto: int) -> None:
    """Withdraw whatever of it was planned by then."""
    connection.execute(
        update(floors).where(floors.c.casefile == casefile, floors.c.upto < upto).values(upto=upto)
    )


def raise_route(connection: Connection, stop: Stop, now: int) -> None:
    """Refuse its consent and every older one; the newest stop is kept, for whoever asks."""
    connection.execute(
        update(routes)
        .where(routes.c.route == stop.route, routes.c.stopped < stop.consent)
        .values(stopped=stop.consent, at=now, packed=stop.packed())
    )


def raise_appointment(
    connection: Connection, casefile: bytes, appointment: bytes, before_version: int
) -> None:
    """Withdraw all of an appointment's that was planned for an older version."""
    its = {"casefile": casefile, "appointment": appointment}
    insert_if_missing(connection, appointment_floors, [its | {"before_version": before_version}])
    connection.execute(
        update(appointment_floors)
        .where(
            appointment_floors.c.casefile == casefile,
            appointment_floors.c.appointment == appointment,
            appointment_floors.c.before_version < before_version,
        )
        .values(before_version=before_version)
    )
