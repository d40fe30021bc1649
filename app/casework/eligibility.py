"""Whether a referral fits the service: each condition met, not met or not known, and why.

Looked at once, when the referral is decided, because the work outlives what made a family eligible.
It shows and explains; it never refuses anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.casework.profile.flow import Check


class Fits(StrEnum):
    """How a condition stands. What nobody has written down is neither met nor failed."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"


UNBORN = -1
"""Months of a baby on the way: younger than any child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the family on the day. None and empty: nobody has written it down.

    `youngest_months` are whole months of the youngest child, UNBORN for a baby on the way. `legal`
    are the statuses of its children that day. `asked` are answers by the check's code.
    """

    pregnant: bool | None = None
    gestation_days: int | None = None
    youngest_months: int | None = None
    previous_removal: bool | None = None
    legal: tuple[str, ...] = ()
    locality: str = ""
    source: str = ""
    via: str = ""
    asked: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One condition and how it stands. `seen` is what was looked at, as the record has it."""

    check: Check
    fits: Fits
    seen: int | bool | tuple[str, ...] | None = None

    @property
    def code(self) -> str:
        return self.check.code


def check_all(checks: Iterable[Check], facts: Facts) -> tuple[Checked, ...]:
    """Every condition of the service, in its own order."""
    return tuple(_checked(check, facts) for check in checks)


def flagged(checked: Iterable[Checked]) -> tuple[Checked, ...]:
    """Those that somebody should look at: not met, or not known."""
    return tuple(c for c in checked if c.fits is not Fits.MET)


def _checked(check: Check, facts: Facts) -> Checked:
    seen = _seen(check, facts)
    if seen is None or seen == ():
        return Checked(check=check, fits=Fits.NOT_KNOWN)
    return Checked(check=check, fits=Fits.MET if _met(check, seen) else Fits.NOT_MET, seen=seen)


def _seen(check: Check, facts: Facts) -> int | bool | tuple[str, ...] | None:
    if check.fact == "asked":
        return facts.asked.get(check.code)
    found = getattr(facts, check.fact)
    if isinstance(found, str):
        return (found,) if found else ()
    seen: int | bool | tuple[str, ...] | None = found
    return seen


def _met(check: Check, seen: int | bool | tuple[str, ...]) -> bool:
    if isinstance(seen, tuple):
        if check.one_of:
            return any(code in check.one_of for code in seen)
        return not any(code in check.none_of for code in seen)
    if isinstance(seen, bool):
        return seen is (check.expected is not False)
    return (check.at_least is None or seen >= check.at_least) and (
        check.below is None or seen < check.below
    )
