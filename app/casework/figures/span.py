"""The stretch of days that a reader of the dashboard chose, both ends included."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from app.casework.profile.tiles import Per

Choice = Literal[
    "this_month", "last_month", "last_3_months", "this_year", "last_year", "ever", "own"
]
"""What the dashboard offers; `this_year` and `last_year` begin in April, as services report."""
_MONTHS_IN: dict[Per, int] = {"month": 1, "quarter": 3, "year": 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first day to the last, both included; never the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a span that ends before it begins")

    def has(self, on: date | None) -> bool:
        """Whether that day lies in it; a day nobody knows lies nowhere."""
        return on is not None and self.first <= on <= self.last

    def meets(self, begun: date | None, over: date | None) -> bool:
        """Whether what went on from one day to the other, or goes on still, did so in it."""
        return begun is not None and begun <= self.last and (over is None or self.first <= over)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def months(self) -> Iterator[Span]:
        """Its calendar months, the first and last cut off where it begins and ends."""
        begin = self.first
        while begin <= self.last:
            end = min(month_end(begin), self.last)
            yield Span(first=begin, last=end)
            begin = end + _DAY

    def amount(self, per: Per) -> Fraction:
        """How many weeks, months, quarters or years it holds: a part of a month by its days."""
        if per == "week":
            return Fraction(self.days, 7)
        parts = (Fraction(m.days, month_end(m.first).day) for m in self.months())
        return sum(parts, Fraction(0)) / _MONTHS_IN[per]


def chosen(choice: Choice, today: date, beginning: date | None = None) -> Span:
    """The span that a choice stands for on that day; `own` begins as the last three months.

    `ever` begins on the day of the first record, `beginning`.
    """
    match choice:
        case "this_month":
            return Span(first=today.replace(day=1), last=today)
        case "last_month":
            end = today.replace(day=1) - _DAY
            return Span(first=end.replace(day=1), last=end)
        case "this_year":
            return Span(first=_april(today), last=today)
        case "last_year":
            end = _april(today) - _DAY
            return Span(first=_april(end), last=end)
        case "ever":
            return Span(first=min(beginning or today, today), last=today)
        case _:
            first = today.replace(day=1)
            for _turn in range(2):
                first = (first - _DAY).replace(day=1)
            return Span(first=first, last=today)


def month_end(on: date) -> date:
    """The last day of that day's month."""
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def _april(on: date) -> date:
    """The first of April at or before that day."""
    return date(on.year if on.month >= 4 else on.year - 1, 4, 1)
