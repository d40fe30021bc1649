"""Asks providers what became of what they were given: of what is not known, and of what is late.

Callbacks bring most news; this is for those that never come. What is not known is looked up by its
reference and never sent again, with one exception: where the provider itself said that it failed
to take a message, and two look-ups agree, nothing has been sent and it may be offered again.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from storage.capsule import read_capsule
from storage.errors import BadEnvelope, CannotOpen
from sync.server.desk import progress, reasons, statuses
from sync.server.desk.claim import uncount
from sync.server.desk.desk import Desk
from sync.server.desk.patience import until_answered
from sync.server.desk.providers.base import Absent, Found, Provider, Sighting, Trace
from sync.server.desk.spans import HOUR_MS, MINUTE_MS
from sync.server.desk.tables import capsules

log = logging.getLogger(__name__)

CONVINCING: Final = 2
"""Look-ups that must agree before a provider's word is believed that it took nothing."""
_BATCH: Final = 50
_SILENT_MS: Final = 5 * MINUTE_MS
_GIVE_UP_MS: Final = 24 * HOUR_MS


def look_up_due(desk: Desk) -> int:
    """Ask after everything that is due for it; gives how many were asked after."""
    asked = 0
    with ThreadPoolExecutor(desk.limits.threads, thread_name_prefix="desk-look") as pool:
        while orders := _taken(desk):
            list(pool.map(lambda order: look_up(desk, order), orders))
            asked += len(orders)
    return asked


def look_up(desk: Desk, order: Row[Any]) -> None:
    """Ask after one."""
    provider = _provider(desk, order)
    trace = _trace(desk, order)
    if provider is None or trace is None:
        until_answered(lambda: _settle(desk, order, None))
        return
    desk.pace.turn(desk.database, desk.clock, provider)
    sighting = provider.look_up(trace)
    until_answered(lambda: _settle(desk, order, sighting))


def _taken(desk: Desk) -> list[Row[Any]]:
    """Some that are due, which nobody else will take for the length of a lease."""
    with desk.database.writing() as connection:
        now = desk.now()
        orders = connection.execute(
            select(capsules)
            .where(capsules.c.duty == progress.LOOK, capsules.c.due <= now)
            .order_by(capsules.c.due)
            .limit(_BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        if orders:
            connection.execute(
                update(capsules)
                .where(capsules.c.reference.in_([order.reference for order in orders]))
                .values(due=now + desk.limits.lease)
            )
        return list(orders)


def _provider(desk: Desk, order: Row[Any]) -> Provider | None:
    """The one it was given to, or would be now where that is not known; None when this desk does
    not use it any more."""
    if order.provider is None:
        return desk.providers.get("voice" if order.channel == "voice" else "sms")
    for provider in desk.providers.values():
        if provider.name == order.provider:
            return provider
    return None


def _trace(desk: Desk, order: Row[Any]) -> Trace | None:
    try:
        number = desk.keys.open_capsule(read_capsule(order.packed)).number
    except (BadEnvelope, CannotOpen, TypeError):
        return None
    with desk.database.reading() as connection:
        others = connection.execute(
            select(capsules.c.provider_id).where(
                capsules.c.number == order.number,
                capsules.c.reference != order.reference,
                capsules.c.provider_id.is_not(None),
            )
        ).scalars()
        return Trace(
            reference=order.reference.hex(),
            number=number,
            id=order.provider_id,
            began=order.began,
            others=frozenset(others),
        )


def _settle(desk: Desk, seen: Row[Any], sighting: Sighting | None) -> None:
    now = desk.now()
    with desk.database.writing() as connection:
        order = connection.execute(
            select(*progress.COLUMNS)
            .where(capsules.c.reference == seen.reference)
            .with_for_update()
        ).one()
        if order.duty != progress.LOOK or order.fence != seen.fence:
            return
        if isinstance(sighting, Found):
            _found(desk, connection, order, sighting, now)
        elif order.state == statuses.UNKNOWN:
            _missing(desk, connection, order, sighting, now)
        else:
            _later(desk, connection, order, now)


def _found(desk: Desk, connection: Connection, order: Row[Any], found: Found, now: int) -> None:
    standing = found.standing
    ident = {"provider_id": found.id}
    if standing.state in statuses.SETTLED and statuses.moves_on(order.state, standing.state):
        progress.end(connection, order, standing.state, standing.reason, now, ident)
    elif statuses.moves_on(order.state, standing.state):
        later = {
            **ident,
            "duty": progress.LOOK,
            "due": now + desk.polls(order.provider)[0],
            "looked": 0,
        }
        progress.move(connection, order, standing.state, standing.reason, now, later)
    else:
        _later(desk, connection, order, now)


def _missing(
    desk: Desk, connection: Connection, order: Row[Any], sighting: Sighting | None, now: int
) -> None:
    """It is not known there, or nobody could be asked."""
    if not isinstance(sighting, Absent):
        if sighting is not None and now - order.began < _GIVE_UP_MS:
            _set(connection, order, due=now + _SILENT_MS)
            return
        progress.end(connection, order, statuses.UNKNOWN, reasons.NOT_FOUND, now)
        return
    looked = order.looked + 1
    if order.claims_refusal and looked >= CONVINCING:
        uncount(connection, order.number, now)
        again = {"duty": progress.SEND, "due": now, "looked": 0}
        progress.move(connection, order, statuses.HELD, order.reason, now, again)
        log.info("offered again", extra={"reference": order.reference.hex()})
    elif looked >= len(desk.limits.looks):
        progress.end(connection, order, statuses.UNKNOWN, reasons.NOT_FOUND, now)
    else:
        _set(connection, order, looked=looked, due=now + desk.limits.looks[looked])


def _later(desk: Desk, connection: Connection, order: Row[Any], now: int) -> None:
    """It is still on its way: ask again, until no provider would go on trying."""
    looked = order.looked + 1
    polls = desk.polls(order.provider)
    if looked >= len(polls):
        # Nobody will ever know. Whether somebody had to ring was decided when it was late.
        _set(connection, order, duty=None, due=None, ended=now)
    else:
        _set(connection, order, looked=looked, due=now + polls[looked])


def _set(connection: Connection, order: Row[Any], **values: object) -> None:
    connection.execute(
        update(capsules).where(capsules.c.reference == order.reference).values(**values)
    )
