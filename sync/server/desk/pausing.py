"""The organisation's switch: nothing to families while it is off. Alarms take no notice of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from sync.server.acts import write_down
from sync.server.desk.desk import Desk
from sync.server.desk.tables import switch
from sync.server.dialects import Upsert

_SWITCH: Final = Upsert(switch, lambda new: {"paused": new["paused"], "at": new["at"]})


def set_paused(desk: Desk, paused: bool) -> None:
    """Pause or resume; written down with the office's other acts."""
    now = desk.now()
    with desk.database.writing() as connection:
        _SWITCH.put(connection, {"one": 1, "paused": paused, "at": now})
        act = "desk-pause" if paused else "desk-resume"
        write_down(connection, now, desk.keys.device, act)


def pause_within(connection: Connection, now: int) -> None:
    """Pause, within somebody else's transaction, who writes down why."""
    _SWITCH.put(connection, {"one": 1, "paused": True, "at": now})


def paused_since(connection: Connection) -> int | None:
    """When the desk was paused, milliseconds since 1970; None while it works."""
    row = connection.execute(select(switch)).one_or_none()
    return int(row.at) if row is not None and row.paused else None
