"""What became of an order, in our words, whatever words its provider uses.

`delivered` is worded "Reached phone" in the app: it also shows when the recipient blocks us, and
is never proof of reading. A state only moves on, so repeated and late news change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sync.server.desk import reasons

PLANNED: Final = "planned"
HELD: Final = "held"
SUPPRESSED: Final = "suppressed"
WITHDRAWN: Final = "withdrawn"
EXPIRED: Final = "expired"
SENDING: Final = "sending"
UNKNOWN: Final = "unknown"
SENT: Final = "sent"
FAILED: Final = "failed"
NO_ANSWER: Final = "no_answer"
MACHINE: Final = "machine"
ANSWERED: Final = "answered"
DELIVERED: Final = "delivered"
NOT_REACHED: Final = "not_reached"
"""Not a state that an order is in: what its receipts say once it is late."""

WAITING: Final = frozenset({PLANNED, HELD})
"""May still go out."""
NEVER_LEFT: Final = frozenset({SUPPRESSED, WITHDRAWN, EXPIRED})
"""Ended without a call to a provider."""
LEFT: Final = frozenset({SENT, DELIVERED, ANSWERED, NO_ANSWER, MACHINE, FAILED})
"""Accepted by a provider, whatever became of it afterwards."""
SETTLED: Final = NEVER_LEFT | {DELIVERED, ANSWERED, FAILED, NO_ANSWER, MACHINE}
"""Nothing more is expected of it."""

_RANK: Final = {
    state: rank
    for rank, states in enumerate(
        (
            (PLANNED, HELD),
            (SENDING,),
            (UNKNOWN,),
            (SENT,),
            (FAILED, NO_ANSWER, MACHINE),
            (DELIVERED, ANSWERED),
        )
    )
    for state in states
}


def moves_on(before: str, after: str) -> bool:
    """Whether news of `after` changes an order that stands at `before`."""
    return _RANK.get(after, -1) > _RANK.get(before, len(_RANK))


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, and the reason where there is one."""

    state: str
    reason: str = ""


NOTIFY: Final = {
    "created": Standing(SENT),
    "sending": Standing(SENT),
    "pending": Standing(SENT),
    "sent": Standing(SENT),  # abroad, where no receipts come back
    "delivered": Standing(DELIVERED),
    "permanent-failure": Standing(FAILED, reasons.NUMBER_DEAD),
    "temporary-failure": Standing(FAILED, reasons.PHONE_OFF),
    "technical-failure": Standing(FAILED, reasons.PROVIDER_FAULT),
}
"""GOV.UK Notify's statuses of a text. Source: notifications-tech-docs, "Get message status"."""

_TWILIO_TEXT: Final = {
    "accepted": Standing(SENT),
    "scheduled": Standing(SENT),
    "queued": Standing(SENT),
    "sending": Standing(SENT),
    "sent": Standing(SENT),
    "delivered": Standing(DELIVERED),
    "partially_delivered": Standing(DELIVERED),
    "read": Standing(DELIVERED),
    "undelivered": Standing(FAILED, reasons.PROVIDER_FAULT),
    "failed": Standing(FAILED, reasons.PROVIDER_FAULT),
    "canceled": Standing(FAILED, reasons.PROVIDER_FAULT),
}
_TWILIO_WHY: Final = {
    21610: reasons.OPTED_OUT,
    30003: reasons.PHONE_OFF,
    30004: reasons.BLOCKED,
    30005: reasons.NUMBER_DEAD,
    30006: reasons.LANDLINE,
    30007: reasons.FILTERED,
}
"""Twilio's error codes of undelivered texts. Source: twilio.com/docs/api/errors."""

_TWILIO_CALL: Final = {
    "queued": Standing(SENT),
    "initiated": Standing(SENT),
    "ringing": Standing(SENT),
    "in-progress": Standing(SENT),
    "answered": Standing(SENT),
    "completed": Standing(NO_ANSWER, reasons.NO_KEY),  # a key pressed was told by the call itself
    "busy": Standing(NO_ANSWER, reasons.BUSY),
    "no-answer": Standing(NO_ANSWER, reasons.RANG_OUT),
    "failed": Standing(FAILED, reasons.PROVIDER_FAULT),
    "canceled": Standing(FAILED, reasons.PROVIDER_FAULT),
}


def of_notify(status: str) -> Standing | None:
    """None for a status that Notify does not give to texts."""
    return NOTIFY.get(status)


def of_twilio_text(status: str, error: int | None = None) -> Standing | None:
    """None for a status that Twilio does not give to texts it sends. `error` is its code."""
    standing = _TWILIO_TEXT.get(status)
    if standing is not None and standing.state == FAILED and error is not None:
        return Standing(FAILED, _TWILIO_WHY.get(error, standing.reason))
    return standing


def of_twilio_call(status: str, answered_by: str = "") -> Standing | None:
    """None for a status that Twilio does not give to calls it makes."""
    if status == "completed" and is_machine(answered_by):
        return Standing(MACHINE, reasons.MACHINE)
    return _TWILIO_CALL.get(status)


def is_machine(answered_by: str) -> bool:
    """Whether Twilio's answering machine detection heard a machine; "unknown" counts as a person,
    who must press a key before she is told anything."""
    return answered_by.startswith("machine") or answered_by == "fax"


def needs_somebody(state: str, reason: str | None) -> bool:
    """Whether somebody has to ring instead: whatever was planned told nobody anything."""
    if state in (SUPPRESSED, EXPIRED, FAILED, NO_ANSWER, MACHINE, NOT_REACHED):
        return reason != reasons.ORIGINAL_NOT_SENT
    return state == UNKNOWN and reason == reasons.NOT_FOUND


def in_words(state: str) -> str:
    """A state as people at the office read it. What was delivered has reached a phone, and perhaps
    nobody."""
    return "reached phone" if state == DELIVERED else state.replace("_", " ")
