"""Which reminders an appointment earns: rules, wording and hours, as a service's profile sets them.

Timing is data because the best day differed from clinic to clinic where it was measured. The
defaults: a text three days before with a way to change, a text the day before, and a call by the
worker the day before a visit that is easily missed.
Source: domain specification, section 3, "Evidence, defaults".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.casework.bank_holidays import Nation, closed_days
from app.casework.message_template import MessageTemplate
from app.casework.send_window import WakingHours

_WHEN = re.compile(r"T-(\d{1,2})d")


class Means(StrEnum):
    """How a rule reaches somebody."""

    TEXT = "text"
    VOICE = "voice"
    CALL_TASK = "call_task"


class Condition(StrEnum):
    """When a rule holds; more than one may hold for an appointment."""

    ALL = "all"
    PRIOR_MISS = "prior_miss"
    FIRST_VISIT = "first_visit"
    LEARNING_DIFFICULTY = "learning_difficulty"


def days_before(when: str) -> int:
    """Whole local days before the appointment's day: `T-3d` gives 3. Raises ValueError."""
    found = _WHEN.fullmatch(when)
    if found is None:
        raise ValueError("a rule's time is written T-3d: whole days before the appointment")
    return int(found[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """One reminder: `days_before` whole local days, by which means, and for whom.

    `code` names the rule in the desk's queue and on the deliveries page. `template` is the key of
    its wording; a call task has none.
    """

    code: str
    days_before: int
    means: Means
    conditions: frozenset[Condition] = frozenset({Condition.ALL})
    template: str = ""

    def holds(self, circumstances: Iterable[Condition]) -> bool:
        return Condition.ALL in self.conditions or not self.conditions.isdisjoint(circumstances)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettings:
    """Everything about reminders that differs from service to service.

    `max_silence_hours`: where there is a sign of danger, nothing goes unless the worker's device
    was heard of within that time. `deliver_by_hours` before the start, a text that did not reach
    the phone becomes a call task. `languages` are those the service answers in; with more than one
    a person whose preference is not known gets them all, the first one first.
    """

    rules: tuple[ReminderRule, ...]
    templates: Mapping[str, MessageTemplate] = field(default_factory=lambda: MappingProxyType({}))
    languages: tuple[str, ...] = ("en",)
    waking: WakingHours = field(default_factory=WakingHours)
    nation: Nation = "ENG"
    also_closed: frozenset[date] = frozenset()
    review_months: int = 3
    max_silence_hours: int = 48
    deliver_by_hours: int = 4
    voice: bool = False
    never_say: tuple[str, ...] = ()

    def closed(self, years: Iterable[int]) -> frozenset[date]:
        """The days in those years on which nothing is sent."""
        return closed_days(self.nation, years, self.also_closed)


EASILY_MISSED = frozenset(
    {Condition.PRIOR_MISS, Condition.FIRST_VISIT, Condition.LEARNING_DIFFICULTY}
)

DEFAULT_RULES = (
    ReminderRule(code="text_3_days", days_before=3, means=Means.TEXT, template="reminder"),
    ReminderRule(code="text_1_day", days_before=1, means=Means.TEXT, template="reminder"),
    ReminderRule(code="call_1_day", days_before=1, means=Means.CALL_TASK, conditions=EASILY_MISSED),
)
