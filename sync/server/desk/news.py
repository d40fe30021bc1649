"""What the desk tells a casefile: written down beside what happened, sealed and left afterwards.

News stands in the same transaction as the change it is about, so that neither exists without the
other; a job of its own seals it to the casefile's inbox as the desk's certified identity. Entry
ids are derived, so that the same news left twice is there once. A receipt holds ids, codes and
times; somebody's words wait sealed to the desk's own key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import msgpack
from sqlalchemy import Connection, Row

from storage.errors import BadEnvelope, CannotOpen
from storage.kinds import Fields as PlainFields
from storage.seal import fingerprint, joined, open_sealed, raw_public, seal_to
from sync.server.desk.desk import Desk
from sync.server.desk.keys import DeskKeys
from sync.server.desk.tables import news
from sync.server.dialects import insert_if_missing

RECEIPT: Final = "receipt"
REPLY: Final = "reply"
ALARM_LOG: Final = "alarm_log"
CHECKED_OUT: Final = "checked_out"
DURESS: Final = "duress"
_INFO: Final = b"doorstep/desk-news/1"

Fields = Mapping[str, object]


def receipt_record(reference: bytes) -> bytes:
    """The record that all receipts of one order are about: 16 bytes."""
    return fingerprint(joined(b"receipt", reference))[:16]


def receipt_entry(reference: bytes, state: str, reason: str, attempt: int) -> bytes:
    """The id of the entry that tells one state of one attempt, and why: 16 bytes."""
    told = (reference, state.encode(), reason.encode(), b"%d" % attempt)
    return fingerprint(joined(b"receipt", *told))[:16]


def receipt(
    connection: Connection,
    order: Row[Any],
    state: str,
    reason: str | None,
    *,
    at: int,
    attempt: int,
) -> None:
    """Tell the casefile how an order stands. `order` is its row."""
    fields: Fields = {
        "reference": order.reference.hex(),
        "appointment": order.appointment.hex() if order.appointment else None,
        "appointment_version": order.appointment_version,
        "route": order.route.hex(),
        "rule": order.rule,
        "channel": order.channel,
        "state": state,
        "reason": reason or "",
        "at": at,
        "attempt": attempt,
    }
    _write_down(
        connection,
        entry=receipt_entry(order.reference, state, reason or "", attempt),
        casefile=order.casefile,
        kind=RECEIPT,
        record=receipt_record(order.reference),
        at=at,
        body=cast(bytes, msgpack.packb(fields)),
        sealed=False,
    )


def alarm_event(
    connection: Connection, alarm: Row[Any], event: str, now: int, *, call: int = 0
) -> None:
    """Tell the casefile's log what became of an alarm. `alarm` is its row.

    Under duress the log is read over her shoulder: nothing follows the check-out that everybody
    may see.
    """
    if alarm.casefile is None or (alarm.reason == DURESS and event != CHECKED_OUT):
        return
    entry = fingerprint(joined(b"alarm_log", alarm.reference, event.encode(), b"%d" % call))[:16]
    fields: Fields = {
        "alarm": alarm.reference.hex(),
        "kind": alarm.kind,
        "event": event,
        "call": call,
        "at": now,
    }
    _write_down(
        connection,
        entry=entry,
        casefile=alarm.casefile,
        kind=ALARM_LOG,
        record=entry,
        at=now,
        body=cast(bytes, msgpack.packb(fields)),
        sealed=False,
    )


def secret(
    desk: Desk,
    connection: Connection,
    *,
    casefile: bytes,
    kind: str,
    entry: bytes,
    record: bytes,
    fields: Fields,
    at: int,
) -> None:
    """Tell the casefile what somebody wrote or did; until it is left, only the desk can read it."""
    body = seal_to(
        raw_public(desk.keys.receiving[0]),
        cast(bytes, msgpack.packb(fields)),
        info=_INFO,
        aad=entry,
        randomness=desk.randomness,
    )
    _write_down(
        connection,
        entry=entry,
        casefile=casefile,
        kind=kind,
        record=record,
        at=at,
        body=body,
        sealed=True,
    )


def fields_of(keys: DeskKeys, row: Row[Any]) -> PlainFields:
    """What a row of news says. Raises CannotOpen, BadEnvelope."""
    body: bytes = row.body
    if row.sealed:
        body = _opened(keys, row)
    try:
        found = msgpack.unpackb(body)
    except (ValueError, TypeError) as error:
        raise BadEnvelope("news does not have the form it was written in") from error
    return cast(PlainFields, found)


def _opened(keys: DeskKeys, row: Row[Any]) -> bytes:
    for key in keys.receiving:
        try:
            return open_sealed(key, row.body, info=_INFO, aad=row.entry)
        except CannotOpen:
            continue
    raise CannotOpen("news is sealed to a key that this desk no longer has")


def _write_down(connection: Connection, *, at: int, **values: object) -> None:
    insert_if_missing(connection, news, [{"at": at, "due": at, **values}])
