"""Whether the desk may send something over a route, and why not: every reason has a code.

The default is no. A message goes only where the person called the route safe, said when that was,
and is still to be believed; where there is any sign of domestic abuse, nothing that matters may be
unknown. A "no" here is never the end: it becomes a call task for somebody who can think.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.casework.phone_number import NumberProblem, number_problem
from app.casework.safe_contact import Allowed, Channel, Route


class Reason(StrEnum):
    """Why something is not sent, or why somebody should ring; the app words each."""

    NO_ROUTE = "no_route"
    NOT_ALLOWED = "not_allowed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NOT_AGREED = "not_agreed"
    REVIEW_LAPSED = "review_lapsed"
    SHARED_PHONE = "shared_phone"
    PERHAPS_SHARED = "perhaps_shared"
    CONSENT_UNKNOWN = "consent_unknown"
    BAD_NUMBER = "bad_number"
    FOREIGN_NUMBER = "foreign_number"
    LANDLINE = "landline"
    NO_WINDOW = "no_window"
    TOO_LATE = "too_late"
    SAME_DAY = "same_day"
    MAY_HAVE_GONE = "may_have_gone"
    NO_NAME = "no_name"
    SAYS_TOO_MUCH = "says_too_much"
    NO_DESK = "no_desk"
    TWO_TIMES = "two_times"
    CANCELLED = "cancelled"
    PAST = "past"
    LOSS = "loss"
    PRIOR_MISS = "prior_miss"
    FIRST_VISIT = "first_visit"
    LEARNING_DIFFICULTY = "learning_difficulty"
    INTERPRETER = "interpreter"
    GROUP = "group"
    ALWAYS_RING = "always_ring"
    FAILED = "failed"
    NOT_REACHED = "not_reached"
    SILENT_DEVICE = "silent_device"
    STOPPED = "stopped"
    ASKED_CHANGE = "asked_change"
    ASKED_STOP = "asked_stop"
    OTHER_REPLY = "other_reply"
    CORRECTION = "correction"
    SESSION_OFF = "session_off"


class Sign(StrEnum):
    """What on record says that somebody may be in danger from somebody near."""

    DOMESTIC_ABUSE = "domestic_abuse"
    SECRET_ADDRESS = "secret_address"  # noqa: S105 - a code, not a password


PURPOSE = {Channel.TEXT: "text", Channel.CALL: "call"}
"""Which consent goes with which channel."""

_NUMBERS = {
    NumberProblem.FOREIGN: Reason.FOREIGN_NUMBER,
    NumberProblem.LANDLINE: Reason.LANDLINE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What holds for one route; `reasons` are gravest first, empty when it may be used."""

    route: Route
    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons


def verdict(route: Route, *, consent: bool | None, signs: Collection[Sign], on: date) -> Verdict:
    """Whether the desk may use that route on that local day.

    `consent` is what the person said to being reached this way: given, withdrawn, or None when
    nobody asked. Silence does where she called the route safe and nothing points to danger.
    """
    reasons: list[Reason] = []
    if route.allowed is Allowed.NO:
        reasons.append(Reason.NOT_ALLOWED)
    if consent is False:
        reasons.append(Reason.CONSENT_WITHDRAWN)
    if route.allowed is Allowed.UNKNOWN or (
        route.allowed is Allowed.YES and route.agreed_at is None
    ):
        reasons.append(Reason.NOT_AGREED)
    if route.review_by is not None and route.review_by < on:
        reasons.append(Reason.REVIEW_LAPSED)
    if route.shared_phone is Allowed.YES:
        reasons.append(Reason.SHARED_PHONE)
    if signs:
        if route.shared_phone is Allowed.UNKNOWN:
            reasons.append(Reason.PERHAPS_SHARED)
        if consent is None:
            reasons.append(Reason.CONSENT_UNKNOWN)
    problem = number_problem(route.number, route.channel)
    if problem is not None:
        reasons.append(_NUMBERS.get(problem, Reason.BAD_NUMBER))
    return Verdict(route=route, reasons=tuple(reasons))
