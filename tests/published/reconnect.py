"""ReConnect: 30 families at once, and 85 treated of whom 64 children stayed with their parent.

The 85 were in treatment for 1,275 months altogether, 15 each; some of them two years and longer.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

from app.casework.forms import PersonForm
from app.casework.people import PersonKind, Relation
from published.writing import Family, Writing, spread

FIRST, LAST = date(2013, 4, 1), date(2018, 3, 31)
LONG = (24, 26, 30)
"""Months of the three longest."""
_DAYS_IN_MONTH = 365.25 / 12


def months() -> list[int]:
    """85 lengths of treatment that add up to 1,275 months."""
    left = 1275 - sum(LONG)
    many = 85 - len(LONG)
    each, more = divmod(left, many)
    found = [*LONG, *(each + (n < more) for n in range(many))]
    assert (len(found), sum(found)) == (85, 1275)
    return found


def write(writing: Writing) -> list[Family]:
    """Those who were treated, those open, and those waiting, onto a device."""
    families = []
    for n, (day, length) in enumerate(
        zip(spread(85, FIRST, date(2015, 6, 30)), months(), strict=True)
    ):
        family = _family(writing, day)
        closed = day + timedelta(days=ceil(length * _DAYS_IN_MONTH))
        writing.stage(family, "treatment", day + timedelta(days=21))
        placement = "with_parent" if n < 64 else ("foster" if n % 2 else "adopted")
        writing.period(family, "placement", placement, day, subject=family.babies[0])
        writing.close(family, "completed", closed)
        writing.stage(family, "closed", closed)
        families.append(family)
    for day in spread(30, date(2017, 6, 1), date(2018, 2, 28)):
        family = _family(writing, day)
        writing.stage(family, "treatment", day + timedelta(days=21))
        families.append(family)
    families += [_family(writing, day) for day in spread(4, date(2018, 3, 1), LAST)]
    writing.write()
    return families


def _family(writing: Writing, day: date) -> Family:
    child = PersonForm(
        kind=PersonKind.CHILD, given="Robin", relation=Relation.CHILD, dob=day - timedelta(days=90)
    )
    return writing.family(day, source="social_worker", babies=(child,), decision="accepted")
