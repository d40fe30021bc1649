"""Counting days as a service counts them: all of them, or those on which it is open.

A clock that stands still for a while is counted here too, day by day, so that a pause that began
after the last day was over moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from app.casework.bank_holidays import Nation, closed_days

Counts = Callable[[date], bool]
_DAY = timedelta(days=1)
_LONGEST = 366 * 10
"""A clock that stands still for ten years is a mistyped date; counting ends there."""


def is_working_day(on: date, nation: Nation) -> bool:
    """Monday to Friday without the bank holidays of that nation, substitute days included."""
    return on.weekday() < 5 and on not in closed_days(nation, (on.year,))


def every_day(_on: date) -> bool:
    """All seven days of the week."""
    return True


def working(nation: Nation) -> Counts:
    """Whether a day counts, for `days_after`: the working days of a nation."""
    return lambda on: is_working_day(on, nation)


def days_after(start: date, amount: int, counts: Counts = every_day) -> date:
    """The day that lies `amount` counted days after `start`, which is day 0 whatever it is.

    A negative amount counts backwards. Ten years on counting stops and that day is given.
    """
    if counts is every_day:
        return start + timedelta(days=amount)
    step = _DAY if amount >= 0 else -_DAY
    day, left = start, abs(amount)
    for _turn in range(_LONGEST):
        if not left:
            break
        day += step
        left -= counts(day)
    return day


def days_between(start: date, end: date, counts: Counts = every_day) -> int:
    """How many counted days lie after `start` up to and with `end`; negative when it came first."""
    if counts is every_day:
        return (end - start).days
    if end < start:
        return -days_between(end, start, counts)
    return sum(counts(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
