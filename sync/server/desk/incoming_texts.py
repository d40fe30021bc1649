"""What people text back: matched to its casefile, understood or handed to a person, never answered.

A number is matched through its keyed hash. From a number that nobody knows only the fact is
logged. An answer by a machine could betray a mother whose phone is read by somebody else, so there
is none.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.capsule import CapsuleContents, read_capsule
from storage.errors import BadEnvelope, CannotOpen
from storage.seal import fingerprint, joined
from sync.server.desk import alarms, meanings, news, numbers, optouts, staff
from sync.server.desk.desk import Desk
from sync.server.desk.tables import capsules, incoming, lines
from sync.server.dialects import insert_if_missing

log = logging.getLogger(__name__)


def heard(
    desk: Desk, *, number: str, text: str, message: str, provider_says_stop: bool = False
) -> None:
    """Somebody texted. `message` is the provider's id of it: the same one again changes nothing."""
    written = numbers.plainly(number)
    if written is None:
        log.info("text from no number")
        return
    key = numbers.keyed(desk.keys.secret, written)
    record = fingerprint(joined(b"reply", key, message.encode()))[:16]
    now = desk.now()
    with desk.database.writing() as connection:
        if connection.execute(select(incoming.c.id).where(incoming.c.id == record)).first():
            return
        insert_if_missing(connection, incoming, [{"id": record, "at": now}])
        if meanings.is_ok(text) and alarms.acknowledged_from(connection, key, now):
            return
        known = _lines(connection, key)
        if not known:
            log.info("text from an unknown number")
            if meanings.meaning(text, provider_says_stop=provider_says_stop) == meanings.STOP:
                optouts.add(desk, connection, key, "reply", now)  # before we have written, too
            return
        contents = _contents(desk, connection, known[0].reference)
        meant = meanings.meaning(
            text,
            contents.replies if contents else None,
            provider_says_stop=provider_says_stop,
        )
        told = take_in(
            desk, connection, known, meant=meant, text=text, record=record, by="sms", now=now
        )
        if meant in (meanings.STOP, meanings.OTHER):
            tell_staff(desk, connection, contents, record, told, now)
    log.info("text taken in", extra={"meaning": meant})


def take_in(
    desk: Desk,
    connection: Connection,
    known: Sequence[Row[Any]],
    *,
    meant: str,
    text: str,
    record: bytes,
    by: str,
    now: int,
) -> bytes:
    """Seal what somebody said or pressed to her casefile; gives the casefile.

    A stop is about the number, so every casefile hears of it that knows the number, each only that
    it happened; words go to the one that wrote last.
    """
    newest = known[0]
    if meant == meanings.STOP:
        optouts.add(desk, connection, newest.number, "reply" if by == "sms" else "call", now)
    heard_by: set[bytes] = set()
    for line in known if meant == meanings.STOP else known[:1]:
        if line.casefile in heard_by:
            continue
        heard_by.add(line.casefile)
        own = line.casefile == newest.casefile
        entry = record if own else fingerprint(joined(record, line.casefile))[:16]
        news.secret(
            desk,
            connection,
            casefile=line.casefile,
            kind=news.REPLY,
            entry=entry,
            record=entry,
            fields={
                "route": line.route.hex(),
                "reference": line.reference.hex(),
                "channel": by,
                "text": text if own else "",
                "meaning": meant,
                "at": now,
            },
            at=now,
        )
    return bytes(newest.casefile)


def _lines(connection: Connection, key: bytes) -> Sequence[Row[Any]]:
    """What this number was used for, newest first."""
    return connection.execute(
        select(lines).where(lines.c.number == key).order_by(lines.c.at.desc(), lines.c.route)
    ).all()


def _contents(desk: Desk, connection: Connection, reference: bytes) -> CapsuleContents | None:
    """What was sealed in an order; None once it is forgotten."""
    packed = connection.execute(
        select(capsules.c.packed).where(capsules.c.reference == reference)
    ).scalar_one_or_none()
    if packed is None:
        return None
    try:
        return desk.keys.open_capsule(read_capsule(packed))
    except (BadEnvelope, CannotOpen):
        return None


def tell_staff(
    desk: Desk,
    connection: Connection,
    contents: CapsuleContents | None,
    record: bytes,
    casefile: bytes,
    now: int,
) -> None:
    """Let owner and duty know that something waits in the casefile; `record` is what waits."""
    owner = contents.owner if contents else None
    duty = (contents.duty if contents else None) or desk.limits.duty
    to = [number for number in (owner, duty) if number]
    if not staff.tell(
        desk,
        connection,
        reference=record,
        kind=staff.REPLY,
        to=to,
        words=staff.REPLY_WORDS,
        casefile=casefile,
        now=now,
    ):
        log.error("a reply waits and there is nobody to text", extra={"reply": record.hex()})
