"""Neutral texts to staff: that something waits in the app, never what, and never about whom.

They are alarms that the desk leaves with itself, sealed to its own key, and so at least once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select, update

from storage.alarm import AlarmContents, AlarmPlan, AlarmStep
from storage.seal import raw_public
from storage.signed import Signer
from sync.server.desk import alarm_queue
from sync.server.desk.desk import Desk
from sync.server.desk.tables import alarms
from sync.server.tables import office

REPLY: Final = "reply"
TASK: Final = "task"
STAND_DOWN: Final = "stand_down"
ONCE: Final = frozenset({TASK, STAND_DOWN})
"""Kinds of which everybody is told once, and nobody has to answer."""

REPLY_WORDS: Final = (
    "Doorstep: a message is waiting that needs you now. Please open the app. "
    "Reply OK when you have read it."
)
TASK_WORDS: Final = "Doorstep: calls are waiting for you. Please open the app today."
STAND_DOWN_WORDS: Final = "Doorstep: stand down. {worker} has checked out."
_AGAIN_S: Final = 45
"""Owner and then duty hear of a reply well within two minutes."""


def tell(
    desk: Desk,
    connection: Connection,
    *,
    reference: bytes,
    kind: str,
    to: Sequence[str],
    words: str,
    casefile: bytes | None,
    now: int,
) -> bool:
    """Leave a text to these numbers (E.164) with the alarms, at once; False where there are none.

    `reference` is derived from what it is about, so that telling twice is telling once.
    """
    different = list(dict.fromkeys(to))
    if not different:
        return False
    org = connection.execute(select(office.c.org)).scalar_one()
    plan = AlarmPlan(
        reference=reference.hex(),
        casefile=casefile.hex() if casefile else None,
        kind="reply",
        after_s=0,
        again_s=_AGAIN_S,
        contents=AlarmContents(
            steps=tuple(AlarmStep(number=n, channel="sms", words=words) for n in different)
        ),
    )
    if not is_told(connection, reference):
        alarm_queue.put_alarm(
            connection,
            plan.made(
                Signer(
                    org=org or bytes(16),
                    device=desk.keys.device,
                    signing=desk.keys.signing,
                    at=now,
                    desk=raw_public(desk.keys.receiving[0]),
                    randomness=desk.randomness,
                )
            ),
            now,
        )
        connection.execute(update(alarms).where(alarms.c.reference == reference).values(kind=kind))
    return True


def is_told(connection: Connection, reference: bytes) -> bool:
    """Whether a text under this reference was left before."""
    found = select(alarms.c.reference).where(alarms.c.reference == reference)
    return connection.execute(found).first() is not None
