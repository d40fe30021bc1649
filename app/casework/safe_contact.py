"""Which ways of reaching a person are safe, and what to know before using one.

A route is a person, a channel and a number that never changes: a new number is a new route,
unknown until agreed. A wrong call can bring violence, so what is not known to be safe is shown as
a warning, and where versions differ the strictest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Allowed(StrEnum):
    """Whether the person has called this route safe."""

    YES = "yes"
    UNKNOWN = "unknown"
    NO = "no"


STRICTNESS = (Allowed.YES, Allowed.UNKNOWN, Allowed.NO)


class Channel(StrEnum):
    """The way a route reaches somebody."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


class Caution(StrEnum):
    """Why to stop and think before using a route; the app words each."""

    NOT_ALLOWED = "not_allowed"
    NOT_AGREED = "not_agreed"
    REVIEW_LAPSED = "review_lapsed"
    OUTSIDE_HOURS = "outside_hours"
    SHARED_PHONE = "shared_phone"
    PERHAPS_SHARED = "perhaps_shared"
    NO_VOICEMAIL = "no_voicemail"
    WITHHOLD_NUMBER = "withhold_number"
    NEUTRAL_WORDING = "neutral_wording"
    CODE_WORD = "code_word"


FORBIDS = frozenset({Caution.NOT_ALLOWED})
"""With one of these the app offers no button at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to reach one person. Wall-clock times; `days` has Monday as 0, empty means any.

    `version` counts what was agreed about it; see `consent_version`.
    """

    id: str
    family: str
    person: str
    channel: Channel
    number: str
    allowed: Allowed = Allowed.UNKNOWN
    days: frozenset[int] = frozenset()
    from_time: time | None = None
    to_time: time | None = None
    shared_phone: Allowed = Allowed.UNKNOWN
    voicemail: Allowed = Allowed.UNKNOWN
    withheld_id: bool = False
    neutral_wording: bool = True
    code_word: str = ""
    agreed_at: datetime | None = None
    review_by: date | None = None
    remark: str = ""
    version: int = 0
    sent: bool = False
    doubles: tuple[str, ...] = ()
    """Ids of the same number in the family's other casefile, where it was recorded twice."""


def most_restrictive(answers: Iterable[Allowed]) -> Allowed:
    """The strictest of several answers; no answer at all is not a yes."""
    return max(answers, key=STRICTNESS.index, default=Allowed.UNKNOWN)


def one_of_both(route: Route, other: Route) -> Route:
    """One number of one person that stands in two casefiles: every restriction of either holds.

    A number that nobody has asked about in one of them is what the other says.
    """
    answered = [x for x in (route, other) if x.allowed is not Allowed.UNKNOWN] or [route]
    allowed = most_restrictive(x.allowed for x in answered)
    days = route.days & other.days if route.days and other.days else route.days | other.days
    if route.days and other.days and not days:
        # No day suits both answers: nobody can say yes to that without asking again.
        days, allowed = route.days, most_restrictive((allowed, Allowed.UNKNOWN))
    asked_again = [x.review_by for x in (route, other) if x.review_by]
    return replace(
        route,
        allowed=allowed,
        agreed_at=max((x.agreed_at for x in answered if x.agreed_at), default=None),
        days=days,
        from_time=max((x.from_time for x in (route, other) if x.from_time), default=None),
        to_time=min((x.to_time for x in (route, other) if x.to_time), default=None),
        shared_phone=_riskier(route.shared_phone, other.shared_phone),
        voicemail=most_restrictive((route.voicemail, other.voicemail)),
        withheld_id=route.withheld_id or other.withheld_id,
        neutral_wording=route.neutral_wording or other.neutral_wording,
        code_word=route.code_word or other.code_word,
        review_by=min(asked_again, default=None),
        remark=" ".join(dict.fromkeys(x.remark for x in (route, other) if x.remark)),
        sent=route.sent and other.sent,
        doubles=(*route.doubles, other.id, *other.doubles),
    )


def _riskier(one: Allowed, other: Allowed) -> Allowed:
    """Of two answers to "is the phone shared?" the one that asks for more care."""
    order = (Allowed.NO, Allowed.UNKNOWN, Allowed.YES)
    return max((one, other), key=order.index)


def within_hours(route: Route, at: datetime, zone: ZoneInfo) -> bool:
    """Whether that moment lies in the days and hours the person named; an end before the start
    runs past midnight.
    """
    local = at.astimezone(zone)
    if route.days and local.weekday() not in route.days:
        return False
    begin, end = route.from_time or time.min, route.to_time or time.max
    now = local.time()
    return begin <= now < end if begin <= end else now >= begin or now < end


def cautions(route: Route, at: datetime, zone: ZoneInfo) -> tuple[Caution, ...]:
    """Everything to know before using that route now, gravest first; empty when all is well."""
    said: list[Caution] = []
    if route.allowed is Allowed.NO:
        said.append(Caution.NOT_ALLOWED)
    elif route.allowed is Allowed.UNKNOWN or route.agreed_at is None:
        said.append(Caution.NOT_AGREED)
    if route.review_by is not None and route.review_by < at.astimezone(zone).date():
        said.append(Caution.REVIEW_LAPSED)
    if not within_hours(route, at, zone):
        said.append(Caution.OUTSIDE_HOURS)
    if route.shared_phone is Allowed.YES:
        said.append(Caution.SHARED_PHONE)
    elif route.shared_phone is Allowed.UNKNOWN and route.channel in {Channel.CALL, Channel.TEXT}:
        said.append(Caution.PERHAPS_SHARED)
    if route.channel is Channel.CALL:
        if route.voicemail is not Allowed.YES:
            said.append(Caution.NO_VOICEMAIL)
        if route.withheld_id:
            said.append(Caution.WITHHOLD_NUMBER)
        if route.code_word:
            said.append(Caution.CODE_WORD)
    if route.neutral_wording:
        said.append(Caution.NEUTRAL_WORDING)
    return tuple(said)


def may_use(route: Route, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the app offers a button for it at all. Warnings short of a "no" are for people."""
    return not FORBIDS.intersection(cautions(route, at, zone))


def to_ring(routes: Iterable[Route], at: datetime, zone: ZoneInfo) -> Route | None:
    """The best route to ring now: agreed before unknown, in hours before outside; never a "no"."""
    fit = [r for r in routes if r.channel is Channel.CALL and may_use(r, at, zone)]
    return min(
        fit,
        key=lambda r: (
            STRICTNESS.index(r.allowed),
            not within_hours(r, at, zone),
            r.shared_phone is Allowed.YES,
            r.id,
        ),
        default=None,
    )
