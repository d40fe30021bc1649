"""What a service sends to parents, when, and within which hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from app.casework.profile.words import Coded

Channel = Literal["text", "voice", "call_task"]
Step = Literal["worker", "buddy", "duty", "supervisor"]
Condition = Literal[
    "always", "prior_miss", "first_visit", "learning_difficulty", "interpreter", "group"
]

FIELDS = frozenset({"worker", "weekday", "date", "time", "weekday_before", "date_before",
                    "time_before"})  # fmt: skip
"""What a template may ask for: the worker's first name and when; `_before`: when it was to be."""

STANDARD_TEMPLATES: Mapping[str, frozenset[str]] = {
    "moved": frozenset({"worker", "weekday", "date", "time"}),
    "cancelled": frozenset({"worker", "weekday", "date"}),
    "voice_greeting": frozenset({"worker"}),
    "voice_details": frozenset({"weekday", "date", "time"}),
    "voice_confirmed": frozenset(),
    "voice_change": frozenset(),
    "staff_reply": frozenset(),
}
"""Templates every profile has, by key, with the fields each must use."""

OPT_OUT_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
"""Words that a provider of texts takes as "never again". Source: Twilio, default opt-out words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One message in each language and in easy words, with `{fields}` of FIELDS.

    `easy` is the easy-read version by language. Where a person's language is not known the
    versions of `Reminders.until_known` are sent one after the other.
    """

    key: str
    text: Mapping[str, str]
    easy: Mapping[str, str]

    def said(self, language: str, *, easy: bool = False) -> str:
        """The text in `en` or `cy`; English where the profile does not speak that language."""
        versions = self.easy if easy and self.easy else self.text
        return versions.get(language) or versions["en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Coded):
    """One reminder an appointment earns: so long before it, by that channel, when `when` holds.

    `before` is whole days or hours (exactly one is not zero). A rule of `call_task` has no
    template: a worker rings. `contact_types` narrows it to some; empty: all that are booked.
    """

    channel: Channel
    days_before: int = 0
    hours_before: int = 0
    when: Condition = "always"
    template: str = ""
    contact_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingHours:
    """The window in which a message may leave: wall-clock times, days with Monday as 0.

    `bank_holidays`: on those too. `closed` are further days on which nothing leaves.
    """

    begin: time
    end: time
    days: frozenset[int] = frozenset(range(5))
    bank_holidays: bool = False
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """Everything about reminders. `replies` are the words a parent may send, by meaning.

    `until_known` are the languages sent while a person's own is not known, in order.
    `review_months`: a safe-contact agreement is asked about again after so long.
    `max_silence_hours`: where there is a sign of domestic abuse, the longest a worker's device may
    have been silent for a message to leave. `not_delivered_hours`: so long before the visit an
    undelivered message becomes a call task; `unseen_task_hours`: then it passes to duty.
    """

    rules: tuple[Rule, ...]
    templates: Mapping[str, Template]
    hours: SendingHours
    replies: Mapping[str, tuple[str, ...]]
    until_known: tuple[str, ...]
    review_months: int
    max_silence_hours: int
    not_delivered_hours: int
    unseen_task_hours: int
    voice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneWorker:
    """Checking in before going in. Minutes: how long a visit is expected to last unless somebody
    says otherwise, then grace, then each of `steps` in turn, `again` apart, until one answers.
    """

    minutes: int
    grace: int
    again: int
    steps: tuple[Step, ...]
