"""Things that are counted one by one: a referral, a plan, an appointment, somebody expected at one.

Every collection of profile.facts.COLLECTIONS is made of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.casework.figures.case import Case
from app.casework.profile.formula import Score

Said = str | bool | tuple[str, ...] | None
"""A code, a yes or no, or several codes; None and empty text: nobody has said."""
_NO_DAYS: Mapping[str, date] = {}
_NOTHING: Mapping[str, Said] = {}
_NO_SCORES: Mapping[str, Score] = {}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Thing:
    """One record of a collection `of`.

    `id` is the record's, `family` the casefile it opens in, empty where it belongs to no family.
    `days` and `said` are its own dates, facts and keys as profile.facts names them; what is asked
    of its episode is asked of `case`. `baby` is whom it is about, `amount` what may be added up.
    """

    of: str
    id: str
    family: str = ""
    case: Case | None = None
    baby: str = ""
    days: Mapping[str, date] = field(default_factory=lambda: _NO_DAYS)
    said: Mapping[str, Said] = field(default_factory=lambda: _NOTHING)
    scores: Mapping[str, Score] = field(default_factory=lambda: _NO_SCORES)
    amount: Fraction = Fraction(0)
