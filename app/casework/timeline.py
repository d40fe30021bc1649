"""Everything that happened with a family, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """What an entry of the timeline is about; the app words and pictures each."""

    NOTE = "note"
    RESTRICTED_NOTE = "restricted_note"
    ADDENDUM = "addendum"
    REVIEW = "review"
    APPOINTMENT = "appointment"
    CANCELLED = "cancelled"
    OUTCOME = "outcome"
    CONTACT = "contact"
    OBSTACLE = "obstacle"
    OBSTACLE_CLOSED = "obstacle_closed"
    REFERRAL = "referral"
    PERIOD = "period"
    DECISION = "decision"
    CLOSED = "closed"
    ALLOCATION = "allocation"
    PLAN = "plan"
    PLAN_REVIEWED = "plan_reviewed"
    GOAL = "goal"
    ACTION = "action"
    RISK = "risk"
    ACCESS = "access"
    ADDRESS = "address"
    SAFE_CONTACT = "safe_contact"
    BORN = "born"
    LOSS = "loss"
    REMOVED = "removed"
    TAKEN_BACK = "taken_back"
    JOINED = "joined"
    PARTED = "parted"
    MESSAGE = "message"
    REPLY = "reply"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: when, what, whose, with codes to word and text as it was written.

    `whole_day`: only the day of `at` is known. `code` depends on the event: outcome word, act of
    review, kind of contact, whether a number is safe; for a period `kind:code`, with `:no` where it
    does not hold; for a decision `kind:outcome`. `signed`: False for a note still to be signed.
    `text` is a person's own words, shortened to a few lines; empty for a restricted note. `under`
    is the family's other casefile where the entry stands in that one. `person` is whom it is about.
    """

    at: datetime
    event: Event
    record: str
    kind: str
    code: str = ""
    text: str = ""
    author: str = ""
    appointment: str | None = None
    note: str | None = None
    person: str | None = None
    under: str | None = None
    whole_day: bool = False
    signed: bool = True
    sent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries, newest first, and whether older ones follow."""

    entries: tuple[Entry, ...]
    more: bool
