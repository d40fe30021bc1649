"""After a backup was put back: what left since the backup was made must not leave again.

A backup is of yesterday. Its reminders that were due since may have been sent, and stops that came
since are not in it; devices hand stops and withdrawals in again, but each only once it is in
contact. So everything whose window has opened counts as not known and is looked up, and the desk
stands paused until an operator resumes it. Alarms ring: once too often is better.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from sync.server.desk import pausing, progress, reasons, statuses
from sync.server.desk.tables import capsules

_MAY_HAVE_LEFT: Final = (statuses.PLANNED, statuses.HELD, statuses.SENDING)


def after_restore(connection: Connection, now: int) -> int:
    """Within the transaction that puts a backup back; gives how many reminders are looked up."""
    pausing.pause_within(connection, now)
    orders = connection.execute(
        select(*progress.COLUMNS)
        .where(capsules.c.state.in_(_MAY_HAVE_LEFT), capsules.c.opens <= now)
        .order_by(capsules.c.reference)
        .with_for_update()
    ).all()
    for order in orders:
        look = {
            "fence": order.fence + 1,
            "duty": progress.LOOK,
            "due": now,
            "looked": 0,
            "began": order.began or now,
            "claims_refusal": False,
        }
        progress.move(connection, order, statuses.UNKNOWN, reasons.RESTORED, now, look)
    return len(orders)
