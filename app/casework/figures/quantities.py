"""The value of one record in a mean: days between two events, or what a form came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from app.casework.figures.as_of import AsOf
from app.casework.figures.asking import pair
from app.casework.figures.case import Case
from app.casework.figures.thing import Thing
from app.casework.profile.tiles import DaysBetween, MeanUnit, MeasureChange, MeasureValue, Quantity
from app.casework.working_days import days_between, working

DAYS_IN_MONTH = Fraction(487, 16)
"""365.25 / 12."""
Value = Callable[[Thing], "Fraction | None"]


def value_of(quantity: Quantity, then: AsOf) -> Value:
    """Gives a thing's value as of then; None for one that has none."""

    def of(thing: Thing) -> Fraction | None:
        if thing.case is None:
            return None
        match quantity:
            case DaysBetween():
                return _days(quantity, thing.case, thing.baby, then)
            case MeasureChange():
                return _change(quantity, thing.case, then)
            case MeasureValue():
                return _measured(quantity, thing.case, then)

    return of


def _days(quantity: DaysBetween, case: Case, baby: str, then: AsOf) -> Fraction | None:
    begin, end = case.day(quantity.begin, baby), case.day(quantity.end, baby)
    if end is None or end > then.on:
        end = then.on if quantity.open_too else None
    if begin is None or end is None or begin > then.on:
        return None
    return _in(quantity.unit, begin, end, then)


def _in(unit: MeanUnit, begin: date, end: date, then: AsOf) -> Fraction:
    if unit == "working_days":
        return Fraction(days_between(begin, end, working(then.profile.calendar)))
    days = Fraction((end - begin).days)
    return days / DAYS_IN_MONTH if unit == "months" else days


def _change(quantity: MeasureChange, case: Case, then: AsOf) -> Fraction | None:
    measure = then.profile.measure(quantity.measure)
    if measure is None:
        return None
    forms = pair(case, measure, quantity.begin, quantity.end, then.on)
    values = [form.value(measure, quantity.domain) for form in forms]
    if len(values) < 2 or values[0] is None or values[1] is None:
        return None
    return values[1] - values[0]


def _measured(quantity: MeasureValue, case: Case, then: AsOf) -> Fraction | None:
    measure = then.profile.measure(quantity.measure)
    if measure is None:
        return None
    forms = [
        f
        for f in case.filled
        if f.measure == measure.code
        and f.on <= then.on
        and (not quantity.occasion or f.occasion == quantity.occasion)
    ]
    latest = max(forms, key=lambda f: f.on, default=None)
    return latest.value(measure, quantity.domain) if latest else None
