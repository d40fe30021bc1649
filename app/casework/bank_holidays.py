"""The days on which a service is closed: bank holidays of its nation, and its own.

Which nation's calendar holds, and which further days, is in the service's profile. Source of the
dates: the `holidays` library, which tells England from Wales.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

import holidays

Nation = Literal["ENG", "WLS"]


def closed_days(
    nation: Nation | None, years: Iterable[int], also: Collection[date] = ()
) -> frozenset[date]:
    """Bank holidays of those years, substitute days included, and the service's own days.

    Without a nation its own days only: it works on bank holidays.
    """
    wanted = tuple(sorted(set(years)))
    own = frozenset(d for d in also if d.year in wanted)
    return own | _bank_holidays(nation, wanted) if nation else own


@lru_cache(maxsize=64)
def _bank_holidays(nation: Nation, years: tuple[int, ...]) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=years))
