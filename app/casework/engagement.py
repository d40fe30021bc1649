"""How a family is taking part, and what a run of misses calls for: a conversation, never an end.

Two misses in a row raise an obstacle conversation for the next working day. Nothing here can
close an episode: treatment outlives non-attendance, and the worker asks what stood in the way.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.casework.attendance import MISSED, SEEN, Code, Obstacle, outcome_word

MISSES_IN_A_ROW = 2
"""Misses after which somebody asks what stands in the way. Source: the service's own practice."""

CANCELLED_OFTEN = 3
LOOKING_BACK = 6
"""Cancelled by the family 3 times among the last 6 appointments is worth noticing; an assumption,
to be confirmed with the service. Source for noticing at all: local was-not-brought procedures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One appointment in the pattern: when, what came of it, and whose appointment it was."""

    appointment: str
    starts: datetime
    code: Code
    not_brought: bool = False

    @property
    def word(self) -> str:
        return outcome_word(self.code, not_brought=self.not_brought)


class Noticed(StrEnum):
    """What a pattern calls attention to."""

    MISSED_TWICE = "missed_twice"
    CANCELS_OFTEN = "cancels_often"
    NOT_BROUGHT = "not_brought"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Engagement at a glance: marks oldest first, and the counts under them."""

    marks: tuple[Mark, ...]
    seen: int
    missed: int
    cancelled_by_family: int
    cancelled_by_service: int
    misses_in_a_row: int
    noticed: tuple[Noticed, ...]
    calls: int = 0

    @property
    def last_seen(self) -> datetime | None:
        """When the family was last seen."""
        return next((m.starts for m in reversed(self.marks) if m.code in SEEN), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleConversation:
    """A task to ask what stands in the way: why it was raised, and what came of it."""

    id: str
    family: str
    why: Noticed | None
    raised_at: datetime
    due: date
    open: bool
    worker: str | None
    appointments: tuple[str, ...] = ()
    code: Obstacle | None = None
    text: str = ""
    agreed: str = ""
    closed_at: datetime | None = None


def misses_in_a_row(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The misses since the family was last seen or in touch, oldest first.

    An appointment that the service called off says nothing about the family and is passed over.
    """
    run: list[Mark] = []
    for mark in reversed(marks):
        if mark.code in MISSED:
            run.append(mark)
        elif mark.code in SEEN or mark.code is Code.CANCELLED_BY_FAMILY:
            break
    return tuple(reversed(run))


def cancels_often(marks: Sequence[Mark]) -> bool:
    """The family cancelled again and again of late, which can mean the same as not coming."""
    settled = [m for m in marks if m.code is not Code.NOT_YET][-LOOKING_BACK:]
    return sum(m.code is Code.CANCELLED_BY_FAMILY for m in settled) >= CANCELLED_OFTEN


def pattern(marks: Sequence[Mark], *, calls: int = 0) -> Pattern:
    """What the marks, in any order, show. `calls` is the number of telephone contacts beside."""
    in_order = tuple(sorted(marks, key=lambda m: (m.starts, m.appointment)))
    run = misses_in_a_row(in_order)
    noticed = []
    if len(run) >= MISSES_IN_A_ROW:
        noticed.append(Noticed.MISSED_TWICE)
    if any(m.not_brought for m in run):
        noticed.append(Noticed.NOT_BROUGHT)
    if cancels_often(in_order):
        noticed.append(Noticed.CANCELS_OFTEN)
    return Pattern(
        marks=in_order,
        seen=sum(m.code in SEEN for m in in_order),
        missed=sum(m.code in MISSED for m in in_order),
        cancelled_by_family=sum(m.code is Code.CANCELLED_BY_FAMILY for m in in_order),
        cancelled_by_service=sum(m.code is Code.CANCELLED_BY_SERVICE for m in in_order),
        misses_in_a_row=len(run),
        noticed=tuple(noticed),
        calls=calls,
    )


def conversation_called_for(
    marks: Sequence[Mark], already: Collection[str], *, one_is_open: bool
) -> tuple[Mark, ...]:
    """The misses in a row that call for a conversation now; empty when none does.

    `already` are appointments that an earlier conversation was about. While one is open no second
    is raised; after it, two further misses raise the next, even if the family came to none between.
    """
    in_order = sorted(marks, key=lambda m: (m.starts, m.appointment))
    fresh = tuple(m for m in misses_in_a_row(in_order) if m.appointment not in already)
    return fresh if len(fresh) >= MISSES_IN_A_ROW and not one_is_open else ()


def next_working_day(after: date, works_days: Collection[int] = range(5)) -> date:
    """The first working day after that day; Monday is 0. Bank holidays come with the calendars."""
    if not works_days:
        raise ValueError("nobody works")
    ahead = after + timedelta(days=1)
    while ahead.weekday() not in works_days:
        ahead += timedelta(days=1)
    return ahead
