"""What providers tell us of themselves: a delivery, a failure. Repeats and disorder change nothing.

Callers have checked that it really was the provider. An order that is not known here is nobody's
business and gets the same calm answer.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from sync.server.desk import progress, statuses
from sync.server.desk.desk import Desk
from sync.server.desk.statuses import Standing
from sync.server.desk.tables import capsules

log = logging.getLogger(__name__)


def of_reference(desk: Desk, reference: bytes, standing: Standing, provider_id: str) -> bool:
    """News of an order by our own reference; whether it changed anything."""
    with desk.database.writing() as connection:
        order = _order(connection, capsules.c.reference == reference)
        return order is not None and _move(desk, connection, order, standing, provider_id)


def of_attempt(
    desk: Desk, reference: bytes, attempt: int, standing: Standing, provider_id: str
) -> bool:
    """News of one attempt; of one that was given up since it is no news."""
    with desk.database.writing() as connection:
        order = _order(connection, capsules.c.reference == reference)
        if order is None or order.attempt != attempt:
            return False
        return _move(desk, connection, order, standing, provider_id)


def _order(connection: Connection, which: ColumnElement[bool]) -> Row[Any] | None:
    return connection.execute(
        select(*progress.COLUMNS).where(which).with_for_update()
    ).one_or_none()


def _move(
    desk: Desk, connection: Connection, order: Row[Any], standing: Standing, provider_id: str
) -> bool:
    # Before any attempt there is nothing that could have been delivered.
    if order.attempt == 0 or not statuses.moves_on(order.state, standing.state):
        return False
    now = desk.now()
    values: dict[str, object] = {"provider_id": provider_id or order.provider_id}
    if standing.state in statuses.SETTLED:
        progress.end(connection, order, standing.state, standing.reason, now, values)
    else:
        later = now + desk.polls(order.provider)[0]
        values |= {"duty": progress.LOOK, "due": later, "looked": 0}
        progress.move(connection, order, standing.state, standing.reason, now, values)
    log.info("told", extra={"reference": order.reference.hex(), "state": standing.state})
    return True
