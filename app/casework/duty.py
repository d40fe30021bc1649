"""Who is on duty on which day: a weekly rota, with single days that differ.

Duty takes over what an absent colleague cannot do. A day without a name has no duty worker, and
screens then show the duty telephone alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRota:
    """`weekly` maps a weekday, Monday as 0, to a person's id; `days` single days that differ.

    A single day with an empty id has nobody.
    """

    weekly: Mapping[int, str] = field(default_factory=dict)
    days: Mapping[date, str] = field(default_factory=dict)

    def on(self, day: date) -> str | None:
        """Who is on duty on that local day; None when nobody is."""
        return self.days.get(day, self.weekly.get(day.weekday(), "")) or None
