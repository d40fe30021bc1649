"""What a service offers a family, several at once: begun on a day, ended with an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.casework.errors import OutOfOrder


class Ending(StrEnum):
    """How it ended."""

    COMPLETED = "completed"
    PARENT_STOPPED = "parent_stopped"
    SERVICE_STOPPED = "service_stopped"
    MOVED_ON = "moved_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """One that was begun. `code` is the profile's; `worker` leads it."""

    id: str
    family: str
    code: str
    started_on: date
    ended_on: date | None = None
    outcome: Ending | None = None
    worker: str = ""
    text: str = ""
    sent: bool = True

    @property
    def open(self) -> bool:
        return self.ended_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionForm:
    """Beginning one."""

    code: str
    on: date
    worker: str = ""
    text: str = ""


def checked_start(on: date, today: date) -> None:
    """Raises OutOfOrder for a day ahead."""
    if on > today:
        raise OutOfOrder("on", "in_the_future", today)


def checked_end(one: Intervention, on: date, today: date) -> None:
    """Raises OutOfOrder for a day ahead, or before it began."""
    if on > today:
        raise OutOfOrder("on", "in_the_future", today)
    if on < one.started_on:
        raise OutOfOrder("on", "before_start", one.started_on)
