"""May this reminder leave now? Every safeguard, one function each, asked at the last moment.

All of them are asked inside the transaction that claims the order, so that what they were told is
still true when it is marked as leaving. Each gives nothing when it has no objection, `Never` when
the order is over, or `Wait` when it may be asked again. Pure: facts come in as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sync.server.desk import reasons, statuses

_MINUTE_MS: Final = 60 * 1000
AGAIN_MS: Final = 5 * _MINUTE_MS
"""How soon to ask again what may change at any time."""
LEAD_MS: Final = 15 * 1000
"""A call to a provider takes up to ten seconds: none is begun later than this before the end."""

_TOLD: Final = frozenset({statuses.SENT, statuses.DELIVERED, statuses.ANSWERED})
_MAY_TELL: Final = statuses.WAITING | {statuses.SENDING, statuses.UNKNOWN}
_OURS: Final = frozenset({reasons.PAUSED, reasons.SILENCE, reasons.NUMBER_LIMIT})
"""Held by a decision of ours, not by what a provider could not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one due reminder. Instants are milliseconds since 1970."""

    now: int
    opens: int
    closes: int
    not_after: int
    deliver_by: int | None = None
    channel: str = "sms"
    consent: int = 1
    stopped: int | None = None
    """The highest consent version that a stop of this route refused, if any did."""
    withdrawn: bool = False
    opted_out: bool = False
    number: str | None = None
    """Why the number will not do, a code of `reasons`."""
    original: str | None = None
    """The state of the order this one corrects; None where it corrects none."""
    paused: bool = False
    overdue: tuple[bytes, ...] = ()
    """Watched devices not heard from for longer than the order allows."""
    sent_today: int = 0
    daily_limit: int = 4
    held_for: str = ""
    """Why it waited when it was last asked about."""
    provider: str | None = None
    """Why the provider cannot take it at the moment, a code of `reasons`."""
    provider_until: int = 0
    provider_ailing: bool = False
    """It has failed lately, so that a success is news."""

    @property
    def end(self) -> int:
        """After this it may not leave any more: once it counts as late, somebody rings instead."""
        end = min(self.closes, self.not_after)
        if self.deliver_by is not None and self.deliver_by > self.opens:
            return min(end, self.deliver_by)
        return end


@dataclass(frozen=True, slots=True)
class Never:
    """It is over: the state it ends in, and why."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: ask again at `until`, or at the end of its window if that comes first."""

    until: int
    reason: str


Objection = Never | Wait


def objection(facts: Facts) -> Objection | None:
    """The first reason why it may not leave now; None when it may.

    What ends an order is asked before what delays it, so that a withdrawn order never lingers as
    one that waits.
    """
    return (
        withdrawn(facts)
        or stopped(facts)
        or opted_out(facts)
        or number_unfit(facts)
        or correction(facts)
        or outside_window(facts)
        or paused(facts)
        or silence(facts)
        or number_limit(facts)
        or provider_unable(facts)
    )


def withdrawn(facts: Facts) -> Never | None:
    """The device took it back, by name or by moving or cancelling the appointment."""
    return Never(statuses.WITHDRAWN, reasons.WITHDRAWN) if facts.withdrawn else None


def stopped(facts: Facts) -> Never | None:
    """Somebody stopped the route at this or a later version of the consent."""
    if facts.stopped is not None and facts.consent <= facts.stopped:
        return Never(statuses.SUPPRESSED, reasons.STOPPED)
    return None


def opted_out(facts: Facts) -> Never | None:
    """Whoever holds the phone asked for silence, or duty staff stopped the number."""
    if facts.opted_out and facts.channel != "staff_sms":
        return Never(statuses.SUPPRESSED, reasons.OPTED_OUT)
    return None


def number_unfit(facts: Facts) -> Never | None:
    """The number is none, abroad, costly, or deaf to this channel."""
    return Never(statuses.SUPPRESSED, facts.number) if facts.number else None


def correction(facts: Facts) -> Objection | None:
    """A correction follows its original: where that told nobody anything, nor does this."""
    if facts.original is None or facts.original in _TOLD:
        return None
    if facts.original in _MAY_TELL:
        return Wait(facts.now + _MINUTE_MS, reasons.ORIGINAL_UNSETTLED)
    return Never(statuses.SUPPRESSED, reasons.ORIGINAL_NOT_SENT)


def outside_window(facts: Facts) -> Objection | None:
    """Not before it opens, and not so late that the call could end after it closes."""
    if facts.now > facts.end - LEAD_MS:
        return late(facts.held_for)
    if facts.now < facts.opens:
        return Wait(facts.opens, reasons.NOT_YET)
    return None


def late(held_for: str) -> Never:
    """How an order ends whose window closed while it was held for that reason."""
    if held_for in _OURS:
        return Never(statuses.SUPPRESSED, held_for)
    return Never(statuses.EXPIRED, held_for or reasons.TOO_LATE)


def paused(facts: Facts) -> Wait | None:
    """An operator paused the desk."""
    if facts.paused and facts.channel != "staff_sms":
        return Wait(facts.now + _MINUTE_MS, reasons.PAUSED)
    return None


def silence(facts: Facts) -> Wait | None:
    """Somebody who might know that the phone is unsafe has not been heard from."""
    return Wait(facts.now + _MINUTE_MS, reasons.SILENCE) if facts.overdue else None


def number_limit(facts: Facts) -> Wait | None:
    """One phone is not to be pestered, whatever several plans add up to."""
    if facts.channel != "staff_sms" and facts.sent_today >= facts.daily_limit:
        return Wait(facts.now + AGAIN_MS, reasons.NUMBER_LIMIT)
    return None


def provider_unable(facts: Facts) -> Wait | None:
    """There is no provider, or it said when to come again."""
    if facts.provider is None:
        return None
    return Wait(max(facts.provider_until, facts.now + _MINUTE_MS), facts.provider)
