"""What the desk does, one duty after the other. Each stands for itself: what fails in one waits
for the next round and stops no other."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Final

from sync.server.desk import (
    alarms,
    attendance,
    dispatch,
    late,
    leaving,
    lookups,
    polling,
    retention,
    tasks,
)
from sync.server.desk.desk import Desk
from sync.server.dialects import DatabaseTrouble

log = logging.getLogger(__name__)

Duty = Callable[[Desk], int]

ALARMS: Final[Sequence[Duty]] = (alarms.ring_due, attendance.attend)
"""What cannot wait."""
NEWS: Final[Sequence[Duty]] = (leaving.leave_news,)
REMINDERS: Final[Sequence[Duty]] = (
    dispatch.rescue,
    late.call_out,
    dispatch.send_due,
    lookups.look_up_due,
    tasks.pass_on,
)
HOUSEKEEPING: Final[Sequence[Duty]] = (polling.fetch_texts, retention.forget)


def run(desk: Desk, duties: Sequence[Duty]) -> int:
    """One round of these; gives how much there was to do."""
    return sum(safely(desk, duty) for duty in duties)


def safely(desk: Desk, duty: Duty) -> int:
    """One duty. What goes wrong in it is logged by its kind and place only: its text might quote
    a number."""
    try:
        return duty(desk)
    except DatabaseTrouble as trouble:
        log.warning("database", extra={"kind": type(trouble).__name__, "duty": duty.__name__})
    except Exception as error:  # noqa: BLE001  # one broken duty must not stop the others
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{PurePath(place.filename).name}:{place.lineno}"
        log.error(
            "fault",
            extra={"kind": type(error).__name__, "where": where, "duty": duty.__name__},
        )
    return 0
