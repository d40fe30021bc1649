"""Alarms: the opposite promise to reminders. At least once, at any hour, until a human has heard.

They pass the switch, opt-outs and limits. One person is told after another, again and again, and a
message of which it is not known whether it went out is sent again. A check-out ends an alarm
unless its phrase means duress: then it looks ended to everybody who holds the worker's tablet, and
goes off at once.
"""

from __future__ import annotations

import logging
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from storage.alarm import AlarmContents, AlarmStep, read_alarm, read_check_out
from storage.errors import BadEnvelope, CannotOpen
from storage.seal import fingerprint, joined
from sync.server.desk import accounts, codes, reasons, staff
from sync.server.desk.alarm_queue import ACKNOWLEDGED, LEAVING, RINGING, WAITING
from sync.server.desk.desk import Desk
from sync.server.desk.news import CHECKED_OUT, DURESS, alarm_event
from sync.server.desk.numbers import keyed
from sync.server.desk.patience import until_answered
from sync.server.desk.providers.base import Accepted, Message, Outcome, Refused
from sync.server.desk.spans import MINUTE_MS, SECOND_MS
from sync.server.desk.tables import alarm_calls, alarms, check_outs

log = logging.getLogger(__name__)

TOLD: Final = "told"
NOBODYS: Final = b""
"""Kept instead of a number's hash where no answer from it counts."""
OWN_WORDS: Final = (
    "Doorstep: you have not checked out. If you are well, please do it in the app now."
)
"""To the worker's own number, for she may have forgotten."""
_LEASE_MS: Final = 20 * SECOND_MS
_AGAIN_MS: Final = 5 * SECOND_MS
"""After a message that did not, or may not have gone out."""
_LONGEST_AGAIN_MS: Final = 15 * MINUTE_MS
_READING_MS: Final = 5 * MINUTE_MS
"""Once everybody knows of a reply, they get time to open it."""
_FALLBACK_WORDS: Final = (
    "Doorstep: an alarm has gone off that this desk cannot read. Please call the team now. "
    "Reply OK when you are on it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One message to be sent for an alarm, by whoever has it in hand for the length of a lease."""

    alarm: Row[Any]
    call: int
    step: AlarmStep
    of: int


def ring_due(desk: Desk) -> int:
    """See to every alarm that is due, several at a time, so that none waits behind a provider that
    does not answer; gives how many messages were offered. A desk that could tell nobody leaves
    them to others."""
    if not desk.providers:
        return 0
    with ThreadPoolExecutor(desk.limits.threads, thread_name_prefix="desk-alarm") as pool:
        return sum(pool.map(lambda _: _ring(desk), range(desk.limits.threads)))


def _ring(desk: Desk) -> int:
    rung = 0
    while True:
        with desk.database.writing() as connection:
            taken = _take(desk, connection)
        if taken is None:
            return rung
        if isinstance(taken, Ring):
            outcome = _send(desk, taken)
            until_answered(lambda: _settle(desk, taken, outcome))  # noqa: B023  # called at once
            rung += 1


def _take(desk: Desk, connection: Connection) -> Ring | bool | None:
    """The next due alarm: a message to send, True for one that needed none, None when done."""
    now = desk.now()
    alarm = connection.execute(
        select(alarms)
        .where(alarms.c.state.in_((WAITING, LEAVING, RINGING)), alarms.c.due <= now)
        .order_by(alarms.c.due)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if alarm is None:
        return None
    contents = _opened(desk, alarm)
    reason = alarm.reason
    if alarm.state == LEAVING:
        if not means_duress(desk, connection, alarm, contents):
            _stand_down(desk, connection, alarm, contents, now)
            return True
        reason = DURESS
    if alarm.state != RINGING:
        alarm_event(connection, alarm, CHECKED_OUT if reason == DURESS else "raised", now)
    places = _places(contents, reason)
    place = places[alarm.step % len(places)]
    call = 1 + (
        connection.execute(
            select(func.max(alarm_calls.c.call)).where(alarm_calls.c.alarm == alarm.reference)
        ).scalar_one()
        or 0
    )
    step = contents.steps[place]
    connection.execute(
        insert(alarm_calls),
        {
            "alarm": alarm.reference,
            "call": call,
            "step": place,
            "at": now,
            "number": keyed(desk.keys.secret, step.number) if step.words else NOBODYS,
            "provider": "",
            "outcome": "offered",
        },
    )
    _update(connection, alarm, state=RINGING, reason=reason, changed=now, due=now + _LEASE_MS)
    return Ring(alarm=alarm, call=call, step=step, of=len(places))


def _places(contents: AlarmContents, reason: str | None) -> list[int]:
    """Whose turn comes after whose. Her own number, the one without words, is asked too whether
    she has forgotten; under duress whoever holds her phone would read that an alarm was raised."""
    places = [n for n, step in enumerate(contents.steps) if step.words]
    return places if places and reason == DURESS else list(range(len(contents.steps)))


def means_duress(
    desk: Desk, connection: Connection, alarm: Row[Any], contents: AlarmContents
) -> bool:
    """Whether the check-out asks for help. One that cannot be read does."""
    packed = connection.execute(
        select(check_outs.c.packed).where(
            check_outs.c.alarm == alarm.reference, check_outs.c.device == alarm.device
        )
    ).scalar_one_or_none()
    if packed is None:
        return True
    try:
        phrase = desk.keys.open_check_out(read_check_out(packed))
    except (BadEnvelope, CannotOpen):
        return True
    return bool(_plain(contents.duress)) and _plain(phrase) == _plain(contents.duress)


def acknowledged_from(connection: Connection, key: bytes, now: int) -> bool:
    """Somebody who was told answers from that number: whether that was about an alarm."""
    ringing = connection.execute(
        select(alarms)
        .where(
            alarms.c.state == RINGING,
            alarms.c.reference.in_(select(alarm_calls.c.alarm).where(alarm_calls.c.number == key)),
        )
        .order_by(alarms.c.reference)
        .with_for_update()
    ).all()
    for alarm in ringing:
        acknowledge(connection, alarm, now)
    return bool(ringing)


def acknowledge(connection: Connection, alarm: Row[Any], now: int) -> None:
    """A human has heard: it does not ring again."""
    _update(connection, alarm, state=ACKNOWLEDGED, changed=now, ended=now)
    alarm_event(connection, alarm, "acknowledged", now)
    log.info("alarm acknowledged", extra={"alarm": alarm.reference.hex()})


def _send(desk: Desk, ring: Ring) -> Outcome:
    """Offer the message; through the other channel where there is no provider for its own."""
    provider = desk.providers.get(ring.step.channel) or next(iter(desk.providers.values()), None)
    if provider is None:
        return Refused(reasons.NO_PROVIDER)
    return provider.send(
        Message(
            reference=f"{ring.alarm.reference.hex()}-{ring.call}",
            code=codes.of_attempt(desk.keys.secret, ring.alarm.reference, ring.call),
            channel=ring.step.channel if ring.step.channel in desk.providers else "sms",
            number=ring.step.number,
            text=ring.step.words or OWN_WORDS,
        )
    )


def _settle(desk: Desk, ring: Ring, outcome: Outcome) -> None:
    now = desk.now()
    reference = ring.alarm.reference
    with desk.database.writing() as connection:
        connection.execute(
            update(alarm_calls)
            .where(alarm_calls.c.alarm == reference, alarm_calls.c.call == ring.call)
            .values(
                outcome=type(outcome).__name__.lower(),
                provider_id=outcome.id if isinstance(outcome, Accepted) else None,
            )
        )
        provider = desk.providers.get(ring.step.channel)
        if provider is not None and isinstance(outcome, Refused) and outcome.account:
            accounts.refused(connection, provider.name, outcome, now)
        alarm = connection.execute(
            select(alarms).where(alarms.c.reference == reference).with_for_update()
        ).one()
        if alarm.state != RINGING:
            return
        if isinstance(outcome, Accepted):
            _told(connection, alarm, ring, now)
        else:
            # Not known: the same person again. Refused: the next one, at once.
            further = 1 if isinstance(outcome, Refused) else 0
            wait = _AGAIN_MS * 2 ** min(alarm.step // ring.of, 4)
            _update(connection, alarm, step=alarm.step + further, due=now + wait)
    log.warning(
        "alarm",
        extra={
            "alarm": reference.hex(),
            "call": ring.call,
            "outcome": type(outcome).__name__.lower(),
        },
    )


def _told(connection: Connection, alarm: Row[Any], ring: Ring, now: int) -> None:
    step = alarm.step + 1
    told = alarm.told + 1
    if alarm.kind in staff.ONCE and told >= ring.of:
        _update(connection, alarm, step=step, told=told, state=TOLD, changed=now, ended=now)
        return
    again = alarm.again_s * SECOND_MS
    rounds = min(
        alarm.step // ring.of, 10
    )  # after everybody was told, a little less often each time
    wait = min(again * 2**rounds, max(again, _LONGEST_AGAIN_MS))
    if alarm.kind in staff.ONCE:
        wait = 0
    elif alarm.kind == staff.REPLY and step >= ring.of:
        wait = max(wait, _READING_MS)
    _update(connection, alarm, step=step, told=told, due=now + wait)
    alarm_event(connection, alarm, "told", now, call=ring.call)


def _stand_down(
    desk: Desk, connection: Connection, alarm: Row[Any], contents: AlarmContents, now: int
) -> None:
    """She is out and well; whoever was told already is told that too."""
    _update(connection, alarm, state=CHECKED_OUT, changed=now, ended=now)
    alarm_event(connection, alarm, CHECKED_OUT, now)
    if alarm.told:
        staff.tell(
            desk,
            connection,
            reference=fingerprint(joined(b"stand down", alarm.reference))[:16],
            kind=staff.STAND_DOWN,
            to=[step.number for step in contents.steps[: alarm.step] if step.words],
            words=staff.STAND_DOWN_WORDS.format(worker=contents.worker or "She"),
            casefile=alarm.casefile,
            now=now,
        )


def _opened(desk: Desk, alarm: Row[Any]) -> AlarmContents:
    """Whom to tell and what. What cannot be opened is told to duty, in words of our own."""
    try:
        return desk.keys.open_alarm(read_alarm(alarm.packed))
    except (BadEnvelope, CannotOpen, TypeError):
        log.error("alarm cannot be read", extra={"alarm": alarm.reference.hex()})
        number = desk.limits.duty or ""
        return AlarmContents(
            steps=(AlarmStep(number=number, channel="sms", words=_FALLBACK_WORDS),)
        )


def _update(connection: Connection, alarm: Row[Any], **values: object) -> None:
    connection.execute(update(alarms).where(alarms.c.reference == alarm.reference).values(**values))


def _plain(phrase: str) -> str:
    """A phrase as people type it under stress: whatever its capitals, spaces and dots."""
    folded = unicodedata.normalize("NFKC", phrase).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
