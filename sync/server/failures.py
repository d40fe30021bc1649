"""Failed attempts to get in, counted by address, so that guessing gets slow and nothing else does.

An address is personal: only a keyed hash of it is kept, and for an hour.
"""

from __future__ import annotations

import hmac
from typing import Final

from sqlalchemy import Connection, insert, select, update

from sync.errors import TooMuch
from sync.server.dialects import forget
from sync.server.surroundings import Surroundings
from sync.server.tables import failures, office

_HOUR_MS: Final = 60 * 60 * 1000


def require_few(s: Surroundings, connection: Connection, address: str) -> None:
    """Raises TooMuch for an address that failed too often within the hour; "" is nobody's."""
    if not address:
        return
    count = connection.execute(
        select(failures.c.count).where(
            failures.c.address == _kept_as(connection, address),
            failures.c.since > s.now() - _HOUR_MS,
        )
    ).scalar_one_or_none()
    if count is not None and count >= s.limits.failed_enrolments:
        raise TooMuch("too many failed attempts from this address")


def count(s: Surroundings, connection: Connection, address: str) -> None:
    """One more failed attempt from an address; forgotten an hour after the first."""
    if not address:
        return
    now, kept = s.now(), _kept_as(connection, address)
    connection.execute(forget(failures.c.address, failures.c.since <= now - _HOUR_MS))
    counted = connection.execute(
        update(failures).where(failures.c.address == kept).values(count=failures.c.count + 1)
    )
    if counted.rowcount == 0:
        connection.execute(insert(failures), {"address": kept, "since": now, "count": 1})


def _kept_as(connection: Connection, address: str) -> bytes:
    pepper = connection.execute(select(office.c.pepper)).scalar_one()
    return hmac.digest(pepper, address.encode(), "sha256")
