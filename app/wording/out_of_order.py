"""Dates that cannot follow one another, said with the day they are measured by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.wording.catalogue import N_, _
from app.wording.dates import long_day

_WITH_DAY: Mapping[str, str] = {
    "in_the_future": N_("That day lies ahead: today is {day}."),
    "before_referral": N_("That is before the referral, which came on {day}."),
    "before_decision": N_("Something was decided later, on {day}."),
    "before_closure": N_("That is before the family was last closed, on {day}."),
    "before_stage": N_("The stage before began only on {day}."),
    "before_asked": N_("It was asked for only on {day}."),
    "before_start": N_("It began only on {day}."),
    "before_plan": N_("The plan was agreed only on {day}."),
    "before_review": N_("It was looked at only on {day}; the next time comes after that."),
    "before_pause": N_("It was stopped only on {day}."),
    "before_allocation": N_("Nobody worked with the family before {day}."),
}
_WITHOUT: Mapping[str, str] = {
    "before_allocation": N_("Nobody works with the family yet."),
}


def out_of_order(reason: str, than: date | None) -> str:
    """One sentence: which day does not follow which. `reason` is that of OutOfOrder."""
    if than is None:
        return _(_WITHOUT.get(reason, N_("These dates do not follow one another.")))
    said = _WITH_DAY.get(reason, N_("That day cannot be right beside {day}."))
    return _(said).format(day=long_day(than))
