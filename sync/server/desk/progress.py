"""How an order comes into another state: in one place, with its news and what follows from it.

Whoever calls holds the order's row. Must not know why it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, update

from sync.server.desk import news, statuses
from sync.server.desk.tables import capsules

SEND: Final = "send"
RESCUE: Final = "rescue"
LOOK: Final = "look"


COLUMNS: Final = tuple(column for column in capsules.c if column.name != "packed")
"""All that is known of an order, but for what is sealed."""

NO_MORE: Final = {"duty": None, "due": None, "late": None}


def end(
    connection: Connection,
    order: Row[Any],
    state: str,
    reason: str | None,
    now: int,
    values: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Nothing more is to be done about it."""
    move(connection, order, state, reason, now, {**NO_MORE, "ended": now, **values})


def move(
    connection: Connection,
    order: Row[Any],
    state: str,
    reason: str | None,
    now: int,
    values: Mapping[str, object],
    *,
    tell: bool = True,
    attempt: int | None = None,
    only_if: Sequence[ColumnElement[bool]] = (),
) -> bool:
    """Into `state`, with other columns as in `values`; its casefile is told unless not to.

    `order` is its row, `attempt` the number to tell where that has changed since it was read.
    Gives False, and nothing has happened, where `only_if` does not hold.
    """
    new: dict[str, object] = {"state": state, "reason": reason or None, "changed": now, **values}
    if statuses.needs_somebody(state, reason) and order.task is None and order.known is None:
        new["task"] = now
    elif state in (statuses.DELIVERED, statuses.ANSWERED):
        new |= {"late": None, "task": None}
    moved = connection.execute(
        update(capsules).where(capsules.c.reference == order.reference, *only_if).values(**new)
    )
    if moved.rowcount == 0:
        return False
    if tell:
        told = order.attempt if attempt is None else attempt
        news.receipt(connection, order, state, reason, at=now, attempt=told)
    return True


def not_reached(connection: Connection, order: Row[Any], now: int) -> None:
    """It has not reached the phone in time: somebody has to ring, whatever still becomes of it."""
    values: dict[str, object] = {"late": None}
    if order.task is None and order.known is None:
        values["task"] = now
    connection.execute(
        update(capsules).where(capsules.c.reference == order.reference).values(**values)
    )
    news.receipt(
        connection,
        order,
        statuses.NOT_REACHED,
        order.reason or statuses.NOT_REACHED,
        at=now,
        attempt=order.attempt,
    )
