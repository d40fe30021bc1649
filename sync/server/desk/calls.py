"""A call as it goes: what to say next to whoever answered, and what her keys mean.

Nothing is kept between two steps but what the database says. Each step asks again whether she may
still be told: a stop may have come while it rang.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, exists, select

from storage.alarm import read_alarm
from storage.capsule import CapsuleContents, read_capsule
from storage.errors import BadEnvelope, CannotOpen
from storage.seal import fingerprint, joined
from sync.server.desk import alarms, meanings, optouts, progress, reasons, speaking, statuses
from sync.server.desk.alarm_queue import RINGING
from sync.server.desk.desk import Desk
from sync.server.desk.facts import withdrawals
from sync.server.desk.incoming_texts import take_in, tell_staff
from sync.server.desk.speaking import CHANGE_KEY, CONFIRM_KEY, STOP_KEY
from sync.server.desk.tables import alarm_calls, capsules, lines, routes
from sync.server.desk.tables import alarms as alarm_rows
from sync.server.desk.tables import optouts as opted_out

log = logging.getLogger(__name__)

_PRESSED: Final = {
    CONFIRM_KEY: (meanings.CONFIRM, reasons.CONFIRMED),
    CHANGE_KEY: (meanings.CHANGE, reasons.CHANGE),
    STOP_KEY: (meanings.STOP, reasons.STOP),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """Which attempt, and the address for each next step."""

    reference: bytes
    attempt: int
    after_greeting: str
    after_details: str


def picked_up(desk: Desk, call: Answered, answered_by: str) -> str:
    """Somebody or something answered: TwiML for what is said first."""
    with desk.database.writing() as connection:
        found = _reminder(desk, connection, call)
        if found is None:
            return _alarm_words(desk, connection, call, answered_by)
        order, contents = found
        if not still_welcome(connection, order):
            return speaking.hang_up()
        if statuses.is_machine(answered_by):
            if not contents.voicemail:
                _settle(desk, connection, order, statuses.MACHINE, reasons.MACHINE)
                return speaking.hang_up()
            _settle(desk, connection, order, statuses.MACHINE, reasons.VOICEMAIL)
            return speaking.voicemail(contents.voice, contents.language)
        return speaking.greeting(contents.voice, call.after_greeting, contents.language)


def expected(desk: Desk, call: Answered, key: str) -> str:
    """She pressed a key after the greeting: the details for a 1, silence for any other."""
    with desk.database.writing() as connection:
        found = _reminder(desk, connection, call)
        if found is None:
            return _acknowledge(connection, call, key, desk.now())
        order, contents = found
        if key == STOP_KEY:
            _pressed(desk, connection, order, contents, key)
            return speaking.thanks(contents.voice, key, contents.language)
        if key != CONFIRM_KEY or not still_welcome(connection, order):
            return speaking.hang_up()
        _settle(desk, connection, order, statuses.ANSWERED, reasons.HEARD)
        return speaking.details(contents.voice, call.after_details, contents.language)


def answer(desk: Desk, call: Answered, key: str) -> str:
    """She answered the question: confirm, change or stop."""
    with desk.database.writing() as connection:
        found = _reminder(desk, connection, call)
        if found is None or key not in _PRESSED:
            return speaking.hang_up()
        order, contents = found
        _pressed(desk, connection, order, contents, key)
        return speaking.thanks(contents.voice, key, contents.language)


def still_welcome(connection: Connection, order: Row[Any]) -> bool:
    """Whether nobody stopped or withdrew it while the phone rang."""
    stopped = connection.execute(
        select(routes.c.stopped).where(routes.c.route == order.route)
    ).scalar_one_or_none()
    if stopped is not None and order.consent <= stopped:
        return False
    if connection.execute(select(exists().where(opted_out.c.number == order.number))).scalar():
        return False
    return not withdrawals(connection, order)


def _reminder(
    desk: Desk, connection: Connection, call: Answered
) -> tuple[Row[Any], CapsuleContents] | None:
    order = connection.execute(
        select(capsules).where(capsules.c.reference == call.reference).with_for_update()
    ).one_or_none()
    if order is None or order.attempt != call.attempt or order.packed is None:
        return None
    try:
        return order, desk.keys.open_capsule(read_capsule(order.packed))
    except (BadEnvelope, CannotOpen):
        return None


def _settle(desk: Desk, connection: Connection, order: Row[Any], state: str, reason: str) -> None:
    if statuses.moves_on(order.state, state):
        progress.end(connection, order, state, reason, desk.now())


def _pressed(
    desk: Desk, connection: Connection, order: Row[Any], contents: CapsuleContents, key: str
) -> None:
    meant, reason = _PRESSED[key]
    now = desk.now()
    if statuses.moves_on(order.state, statuses.ANSWERED) or (
        order.state == statuses.ANSWERED and order.reason == reasons.HEARD
    ):
        progress.end(connection, order, statuses.ANSWERED, reason, now)
    record = fingerprint(joined(b"key", order.reference, b"%d" % order.attempt, key.encode()))[:16]
    known = connection.execute(
        select(lines)
        .where(lines.c.number == order.number)
        .order_by((lines.c.route == order.route).desc(), lines.c.at.desc())
    ).all()
    if not known and meant == meanings.STOP:
        optouts.add(desk, connection, order.number, "call", now)
    if known:
        told = take_in(
            desk, connection, known, meant=meant, text="", record=record, by="voice", now=now
        )
        if meant == meanings.STOP:
            tell_staff(desk, connection, contents, record, told, now)
    log.info("key", extra={"reference": order.reference.hex(), "meaning": meant})


def _alarm_words(desk: Desk, connection: Connection, call: Answered, answered_by: str) -> str:
    row = _alarm(connection, call)
    if row is None or statuses.is_machine(answered_by):
        return speaking.hang_up()
    try:
        contents = desk.keys.open_alarm(read_alarm(row.packed))
        words = contents.steps[row.step_called].words or alarms.OWN_WORDS
    except (BadEnvelope, CannotOpen, TypeError, IndexError):
        return speaking.hang_up()
    return speaking.alarm(words, call.after_greeting)


def _acknowledge(connection: Connection, call: Answered, key: str, now: int) -> str:
    row = _alarm(connection, call)
    hers = row is not None and row.number_called == alarms.NOBODYS
    if row is not None and not hers and key == CONFIRM_KEY and row.state == RINGING:
        alarms.acknowledge(connection, row, now)
    return speaking.hang_up()


def _alarm(connection: Connection, call: Answered) -> Row[Any] | None:
    wanted: Select[Any] = (
        select(
            *alarm_rows.c,
            alarm_calls.c.step.label("step_called"),
            alarm_calls.c.number.label("number_called"),
        )
        .join(alarm_calls, alarm_calls.c.alarm == alarm_rows.c.reference)
        .where(alarm_rows.c.reference == call.reference, alarm_calls.c.call == call.attempt)
    )
    return connection.execute(wanted).one_or_none()
