"""The office's log: one line an event, ids, counts and durations, never what was said."""

from __future__ import annotations

import logging
from typing import Final

_USUAL: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class PlainLine(logging.Formatter):
    """Time, level, event, and what came with it as `name=value`.

    No trace, even where a library asks for one: its text might quote what somebody wrote.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        more = [f"{k}={v}" for k, v in record.__dict__.items() if k not in _USUAL]
        return " ".join([self.formatMessage(record), *more])


def set_up() -> None:
    """Log to standard error, in plain lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # `layout` says what was done
    # It tells of every run of every job, twice each: a claim code is gone from sight in a minute.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
