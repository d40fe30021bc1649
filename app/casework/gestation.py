"""How far along a pregnancy is, from the estimated due date alone.

Days = 280 − (EDD − date), shown `28+0`. An unknown due date is asked for, never guessed.
Source: the pre-birth service's own clock; term is 40 weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.casework.errors import NotASensibleDate

TERM_DAYS = 280
LONGEST_DAYS = 44 * 7
"""Past this an unborn baby's record wants looking at: nobody is 44 weeks pregnant."""


@dataclass(frozen=True, slots=True, order=True)
class Gestation:
    """Whole days since the first day of the last period, as the due date implies them."""

    days: int

    @property
    def weeks(self) -> int:
        return self.days // 7

    def __str__(self) -> str:
        return f"{self.days // 7}+{self.days % 7}"

    @property
    def term(self) -> bool:
        """The due date has come."""
        return self.days >= TERM_DAYS

    @property
    def implausible(self) -> bool:
        """Longer than any pregnancy: the birth was probably not written down."""
        return self.days > LONGEST_DAYS


def gestation_on(edd: date, on: date) -> Gestation | None:
    """Gestation on that day; None before conception could have counted."""
    days = TERM_DAYS - (edd - on).days
    return Gestation(days) if days >= 0 else None


def day_of(edd: date, weeks: int, days: int = 0) -> date:
    """The day on which a milestone such as `28+0` falls; it moves when the due date does."""
    return edd - timedelta(days=TERM_DAYS - weeks * 7 - days)


def edd_from(gestation: Gestation, on: date) -> date:
    """The due date that a known gestation on a day implies, as a scan gives it."""
    return on + timedelta(days=TERM_DAYS - gestation.days)


def checked_edd(edd: date, today: date) -> date:
    """The due date, if a pregnancy known today can have it. Raises NotASensibleDate.

    At most 280 days ahead (the last period cannot be in the future) and 28 days past.
    """
    if (edd - today).days > TERM_DAYS:
        raise NotASensibleDate("edd", "too_far_ahead")
    if (today - edd).days > LONGEST_DAYS - TERM_DAYS:
        raise NotASensibleDate("edd", "too_long_ago")
    return edd


def checked_dob(dob: date, today: date) -> date:
    """The date of birth, if somebody alive can have it. Raises NotASensibleDate."""
    if dob > today:
        raise NotASensibleDate("dob", "in_the_future")
    if today.year - dob.year > 120:
        raise NotASensibleDate("dob", "too_long_ago")
    return dob


def age_words(dob: date, on: date) -> tuple[int, int, int]:
    """Age as (years, months, days) in whole units; a baby's months and days matter to a worker."""
    years = on.year - dob.year - ((on.month, on.day) < (dob.month, dob.day))
    months = (on.year - dob.year) * 12 + on.month - dob.month - (on.day < dob.day)
    return years, months, (on - dob).days
