"""Which reminders an appointment earns: rules, wording and hours, as a service's profile sets them.

Timing is data because the best day differed from clinic to clinic where it was measured. What a
service has set is in its profile; see `service_reminders`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from app.casework.bank_holidays import Nation, closed_days
from app.casework.profile.messages import Template
from app.casework.send_window import WakingHours


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
    INTERPRETER = "interpreter"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """One reminder: so long before the start, by which means, and for whom.

    `days_before` are whole local days; a rule of hours has none and `hours_before` instead. `code`
    names the rule in the desk's queue and on the deliveries page. `template` is the key of its
    wording; a call task has none. `kinds` narrows it to some contact types; empty means every one.
    """

    code: str
    days_before: int = 0
    hours_before: int = 0
    means: Means
    conditions: frozenset[Condition] = frozenset({Condition.ALL})
    template: str = ""
    kinds: frozenset[str] = frozenset()

    def holds(self, kind: str, circumstances: Collection[Condition]) -> bool:
        """Whether an appointment of that contact type, in those circumstances, earns it."""
        if self.kinds and kind not in self.kinds:
            return False
        return Condition.ALL in self.conditions or not self.conditions.isdisjoint(circumstances)

    def aim(self, starts: datetime) -> datetime:
        """The wall-clock moment it is meant for: on its day, or that many hours before the start.

        `starts` is on the wall clock where the person lives; so is what comes back.
        """
        if self.hours_before:
            earlier = starts.astimezone(UTC) - timedelta(hours=self.hours_before)
            return earlier.astimezone(starts.tzinfo)
        return datetime.combine(
            starts.date() - timedelta(days=self.days_before), time.min, tzinfo=starts.tzinfo
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettings:
    """Everything about reminders that differs from service to service.

    `max_silence_hours`: where there is a sign of danger, nothing goes unless the worker's device
    was heard of within that time. `deliver_by_hours` before the start, a text that did not reach
    the phone becomes a call task; one that nobody has looked at for `unseen_task_hours` is on
    duty's list as well. `languages` are those the service answers in; `until_known` are sent, in
    that order, to a person whom nobody has asked. `nation` is whose bank holidays are kept, None
    where messages go on those too; `also_closed` are days of the service's own. `abuse_codes` and
    `learning_codes` are the indicators that mean these, `group_kinds` the contact types of groups.
    `replies` are the words a parent may send, by meaning.
    """

    rules: tuple[ReminderRule, ...]
    templates: Mapping[str, Template] = field(default_factory=lambda: MappingProxyType({}))
    languages: tuple[str, ...] = ("en",)
    until_known: tuple[str, ...] = ()
    waking: WakingHours = field(default_factory=WakingHours)
    nation: Nation | None = "ENG"
    also_closed: frozenset[date] = frozenset()
    review_months: int = 3
    max_silence_hours: int = 48
    deliver_by_hours: int = 4
    unseen_task_hours: int = 2
    abuse_codes: frozenset[str] = frozenset({"domestic_abuse"})
    learning_codes: frozenset[str] = frozenset({"learning_difficulty"})
    group_kinds: frozenset[str] = frozenset()
    replies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def closed(self, years: Iterable[int]) -> frozenset[date]:
        """The days in those years on which nothing is sent."""
        return closed_days(self.nation, years, self.also_closed)
