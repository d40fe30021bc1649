"""What became of a reminder, as the desk's receipts tell it, whatever order they arrive in.

A receipt never moves a reminder backwards: a late "sent" cannot undo "delivered". "Delivered" only
means that the phone had it; nobody knows whether it was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How far a reminder has come."""

    PLANNED = "planned"
    HELD = "held"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_REACHED = "not_reached"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    DELIVERED = "delivered"
    ANSWERED = "answered"


FORWARD = tuple(State)
"""In the order in which nothing goes back. A provider that first lost and then found a message
says failed before delivered, so delivered counts; unknown is settled by whatever is known.
`not_reached` is no end: the desk says it of a message that was late, and it may still arrive."""

NOT_SENT = frozenset({State.SUPPRESSED, State.WITHDRAWN, State.EXPIRED})
"""Certainly never left the desk."""

WENT_OUT = frozenset(
    {
        State.SENDING, State.UNKNOWN, State.SENT, State.NOT_REACHED, State.FAILED,
        State.NO_ANSWER, State.MACHINE, State.DELIVERED, State.ANSWERED,
    }
)  # fmt: skip
"""May have been seen by whoever holds the phone."""

NO_CALL = frozenset({"original_not_sent"})
"""The desk's reason for which silence is right: what was to be corrected had never left."""

NOT_REACHED = frozenset(
    {
        State.SUPPRESSED, State.EXPIRED, State.NOT_REACHED, State.FAILED, State.NO_ANSWER,
        State.MACHINE, State.UNKNOWN,
    }
)  # fmt: skip
"""Somebody should ring instead. Withdrawn is not among them: that was our own wish."""

GIVEN_UP = "not_found"
"""The desk's reason for what no provider knows: it is looked for no longer."""

REACHED = frozenset({State.DELIVERED, State.ANSWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One thing the desk said about one reminder. `reason` is the desk's code."""

    reference: str
    state: State
    at: datetime
    reason: str = ""
    appointment: str | None = None
    appointment_version: int = 0
    route: str = ""
    rule: str = ""
    channel: str = ""
    attempt: int = 0


def settle(known: Receipt | None, heard: Receipt) -> Receipt:
    """The receipt to keep when another arrives late, twice or out of order."""
    if known is None:
        return heard
    return max(known, heard, key=lambda r: (FORWARD.index(r.state), r.at, r.attempt, r.reason))


def settled(receipts: Iterable[Receipt]) -> dict[str, Receipt]:
    """The furthest receipt of each reference."""
    kept: dict[str, Receipt] = {}
    for one in receipts:
        kept[one.reference] = settle(kept.get(one.reference), one)
    return kept


def calls_for_ringing(receipt: Receipt) -> bool:
    """Whether somebody should ring because of it.

    While the desk still looks up what is not known, it waits; it says itself when it is too late.
    """
    if receipt.state is State.UNKNOWN:
        return receipt.reason == GIVEN_UP
    return receipt.state in NOT_REACHED and receipt.reason not in NO_CALL


def overdue(receipt: Receipt | None, deliver_by: datetime | None, now: datetime) -> bool:
    """Whether the moment has passed by which the message should have reached the phone.

    Without any receipt the device may only be out of touch, which is shown but is not yet a reason
    to ring: the desk itself raises the task and says so.
    """
    if deliver_by is None or now < deliver_by or receipt is None:
        return False
    return receipt.state not in REACHED | NOT_SENT
