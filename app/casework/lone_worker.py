"""Going in alone: what the office is left with, and when it begins to worry.

Before she goes in, the device leaves a sealed alarm with the office: if nothing is heard by then,
tell these people, one after the other, until a human answers. The time counts from when the office
has it, by the office's clock. Until it has, she is NOT PROTECTED and the screen says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from app.casework.folding import folded

Who = Literal["worker", "buddy", "duty", "supervisor"]
"""Herself first, for she may have forgotten; a colleague she names; duty; supervisors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneWorkerSettings:
    """`minutes` is offered for a visit, `grace` follows the expected end, `again` lies between two
    calls. `steps` are who is told, in turn.
    """

    minutes: int
    grace: int
    again: int
    steps: tuple[Who, ...]

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Whom to tell, in order: a name for the screen, a number, and by text or by voice."""

    name: str
    number: str
    channel: str


class Protection(StrEnum):
    """How a check-in stands, as the screen words it."""

    NOT_PROTECTED = "not_protected"
    PROTECTED = "protected"
    LEAVE_SOON = "leave_soon"
    OVERDUE = "overdue"
    RAISED = "raised"
    CHECKED_OUT = "checked_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One visit alone. `expected` is when she means to be out; `held` whether the office has it,
    `raised` whether it has begun to tell people.
    """

    id: str
    appointment: str | None
    worker: str
    at: datetime
    expected: datetime
    held: bool = False
    raised: bool = False
    checked_out_at: datetime | None = None


def alarm_after(expected: datetime, now: datetime, settings: LoneWorkerSettings) -> timedelta:
    """How long the office waits from receiving it. Raises ValueError for an end that has passed
    or lies more than half a day ahead.
    """
    lasting = expected - now
    if not timedelta(0) < lasting <= settings.longest:
        raise ValueError("the expected end is not within the next twelve hours")
    return lasting + timedelta(minutes=settings.grace)


def protection(check_in: CheckIn, now: datetime, settings: LoneWorkerSettings) -> Protection:
    """What to say of it now. Nothing is promised that the office has not confirmed."""
    if check_in.checked_out_at is not None:
        return Protection.CHECKED_OUT
    if check_in.raised:
        return Protection.RAISED
    if not check_in.held:
        return Protection.NOT_PROTECTED
    if now >= check_in.expected + timedelta(minutes=settings.grace):
        return Protection.OVERDUE
    return Protection.LEAVE_SOON if now >= check_in.expected else Protection.PROTECTED


def steps(candidates: Sequence[Step], worker_number: str) -> tuple[Step, ...]:
    """Whom the office tells: her own phone first, for she may have forgotten; then the others,
    each number once. Without a number there is nobody to tell.
    """
    own = [Step(name="", number=worker_number, channel="text")] if worker_number else []
    found: dict[tuple[str, str], Step] = {}
    for step in (*own, *candidates):
        if step.number:
            found.setdefault((step.number, step.channel), step)
    return tuple(found.values())


def is_duress(said: str, phrase: str) -> bool:
    """Whether what she typed at check-out is her phrase for "I am not free to speak"."""
    return bool(folded(phrase)) and folded(said) == folded(phrase)
