"""Falls back on time: what has not reached the phone when it must have is somebody's task now.

A provider may go on trying for three days, so waiting for its word would be waiting past the visit.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from sync.server.desk import progress, rules, statuses
from sync.server.desk.desk import Desk
from sync.server.desk.tables import capsules

_BATCH: Final = 100


def call_out(desk: Desk) -> int:
    """Say of everything that is late that it is; gives how many."""
    said = 0
    while True:
        with desk.database.writing() as connection:
            now = desk.now()
            orders = connection.execute(
                select(*progress.COLUMNS)
                .where(capsules.c.late <= now)
                .order_by(capsules.c.reference)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            for order in orders:
                if order.state in statuses.WAITING:
                    # Somebody rings now, so the text must not follow.
                    ended = rules.late(order.reason or "")
                    progress.end(connection, order, ended.state, ended.reason, now)
                else:
                    progress.not_reached(connection, order, now)
        if not orders:
            return said
        said += len(orders)
