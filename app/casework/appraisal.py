"""An expert look asked of an agency: asked for on a day, due in working days, back or not.

Pure. The working days are those of the service's nation, so a bank holiday counts as none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.casework.bank_holidays import Nation
from app.casework.errors import OutOfOrder
from app.casework.profile.flow import Appraisal
from app.casework.working_days import days_after, working


class AppraisalState(StrEnum):
    """Where it stands on a day."""

    ASKED = "asked"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    BACK = "back"
    BACK_LATE = "back_late"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalAsked:
    """One that was asked for. `kind` and `agency` are codes of the profile."""

    id: str
    family: str
    kind: str
    agency: str
    asked_on: date
    due: date | None = None
    back_on: date | None = None
    withdrawn: bool = False
    text: str = ""
    said: str = ""
    """What came back, in a few words."""
    author: str = ""
    sent: bool = True

    @property
    def open(self) -> bool:
        return self.back_on is None and not self.withdrawn

    def state(self, today: date) -> AppraisalState:
        if self.withdrawn:
            return AppraisalState.WITHDRAWN
        if self.back_on is not None:
            late = self.due is not None and self.back_on > self.due
            return AppraisalState.BACK_LATE if late else AppraisalState.BACK
        if self.due is None or today < self.due:
            return AppraisalState.ASKED
        return AppraisalState.DUE_TODAY if today == self.due else AppraisalState.OVERDUE


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalForm:
    """Asking for one. `agency` empty: the one that the profile names for the kind."""

    kind: str
    asked_on: date
    agency: str = ""
    text: str = ""


def due_day(kind: Appraisal | None, asked_on: date, nation: Nation) -> date | None:
    """The working day by which it should be back; None for a kind without a time."""
    return days_after(asked_on, kind.working_days, working(nation)) if kind else None


def checked_back(one: AppraisalAsked, on: date, today: date) -> None:
    """Raises OutOfOrder for a day ahead, or before it was asked for."""
    if on > today:
        raise OutOfOrder("on", "in_the_future", today)
    if on < one.asked_on:
        raise OutOfOrder("on", "before_asked", one.asked_on)


def most_urgent_first(several: Iterable[AppraisalAsked]) -> list[AppraisalAsked]:
    """Those that are out by the day they are due, then what is settled, the latest first."""
    found = list(several)
    out = [one for one in found if one.open]
    settled = [one for one in found if not one.open]
    return [
        *sorted(out, key=lambda a: (a.due or date.max, a.asked_on, a.id)),
        *sorted(settled, key=lambda a: (a.back_on or a.asked_on, a.id), reverse=True),
    ]
