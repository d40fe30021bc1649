"""Going in alone: what the office is left with, and when it begins to worry.

Before she goes in, the device leaves a sealed alarm with the office: if nothing is heard by then,
tell these people, one after the other, until a human answers. The time counts from when the office
has it, by the office's clock. Until it has, she is NOT PROTECTED and the screen says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
class Callee:
    """Somebody who could be told; without a number (E.164) she cannot."""

    name: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Whom to tell, in order: a name for the screen, none for herself, a number, and by text or by
    voice.
    """

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
    `raised` whether it has begun to tell people. `buddy` is the colleague whom she named.
    """

    id: str
    appointment: str | None
    worker: str
    at: datetime
    expected: datetime
    held: bool = False
    raised: bool = False
    buddy: str | None = None
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


def steps(candidates: Mapping[Who, Sequence[Callee]], order: Sequence[Who]) -> tuple[Step, ...]:
    """Whom the office tells, in the service's own order, each number once: everybody by text, and
    if nobody answers everybody but herself aloud. Empty where nobody but herself has a number.
    """
    by_number: dict[str, tuple[Who, Callee]] = {}
    for who in order:
        for one in candidates.get(who, ()):
            if one.number:
                by_number.setdefault(one.number, (who, one))
    told = list(by_number.values())
    others = [one for who, one in told if who != "worker"]
    if not others:
        return ()
    texts = [
        Step(name=c.name if who != "worker" else "", number=c.number, channel="text")
        for who, c in told
    ]
    return (*texts, *(Step(name=c.name, number=c.number, channel="voice") for c in others))


def is_duress(said: str, phrase: str) -> bool:
    """Whether what she typed at check-out is her phrase for "I am not free to speak"."""
    return bool(folded(phrase)) and folded(said) == folded(phrase)
