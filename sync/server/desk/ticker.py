"""Ticks: looks every half minute for what is due, and every few seconds for alarms.

Due times stand in the database, so a tick that comes late does late what was due, and two that
fell together are one. Several processes may tick on one database.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler

from sync.server.desk import rounds
from sync.server.desk.desk import Desk
from sync.server.desk.rounds import Duty

_HOUSEKEEPING_S: Final = 300


class Ticker:
    """Runs one desk in threads of this process."""

    def __init__(self, desk: Desk, *, tick_s: float = 30, alarm_tick_s: float = 5) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        for duties, seconds in (
            (rounds.ALARMS, alarm_tick_s),
            (rounds.NEWS, alarm_tick_s),
            (rounds.REMINDERS, tick_s),
            (rounds.HOUSEKEEPING, _HOUSEKEEPING_S),
        ):
            self._add(desk, duties, seconds)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is in hand and tick no more; nothing where it never started."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    @property
    def jobs(self) -> Sequence[Job]:
        """What it does, and when."""
        return tuple(self._scheduler.get_jobs())

    def _add(self, desk: Desk, duties: Sequence[Duty], seconds: float) -> None:
        self._scheduler.add_job(
            rounds.run,
            "interval",
            args=(desk, duties),
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # however late it is, it is done
        )
