"""The console: sends nothing, and shows on a page of the office what would have been sent.

For demos and for trying things out. What it shows is kept sealed to the desk's own key, because a
database that holds clear numbers would be stolen for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgpack
from sqlalchemy import Row, insert, select

from storage.clock import Clock, milliseconds
from storage.errors import CannotOpen
from storage.seal import Randomness, open_sealed, raw_public, seal_to
from sync.server.database import Database
from sync.server.desk import reasons
from sync.server.desk.keys import DeskKeys
from sync.server.desk.providers.base import (
    Absent,
    Accepted,
    Channel,
    Found,
    Message,
    Outcome,
    Refused,
    Sighting,
    Silent,
    Trace,
)
from sync.server.desk.spans import MINUTE_MS, SECOND_MS
from sync.server.desk.statuses import DELIVERED, FAILED, NO_ANSWER, SENT, Standing
from sync.server.desk.tables import outbox
from sync.server.dialects import DatabaseTrouble

_INFO: Final = b"doorstep/console/1"
_AGAIN_S: Final = 60
_ON_ITS_WAY_MS: Final = 3 * SECOND_MS
_RINGS_MS: Final = MINUTE_MS
"""So long somebody at the page may answer a call before nobody did."""
_ENDS: Final = {
    "+447700900003": Standing(FAILED, reasons.PHONE_OFF),
    "+447700900002": Standing(FAILED, reasons.NUMBER_DEAD),
}
"""Numbers that fail, as with a test key of GOV.UK Notify; every other one is reached."""
MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message on the page. `at` in milliseconds since 1970."""

    id: str
    at: int
    reference: str
    code: str
    channel: str
    state: str
    number: str = field(repr=False)
    text: str = field(repr=False)


class Console:
    """One channel's console."""

    per_second: Final[float | None] = None
    reports: Final = False

    def __init__(
        self,
        *,
        channel: Channel,
        database: Database,
        keys: DeskKeys,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        self.name: Final = "console" if channel == "sms" else "console_voice"
        self._database, self._keys = database, keys
        self._clock, self._randomness = clock, randomness

    def send(self, message: Message) -> Outcome:
        ident = self._randomness(16).hex()
        text = message.text
        if message.template is not None:
            text = "\n".join([message.template, *map(": ".join, message.personalisation.items())])
        clear = cast(bytes, msgpack.packb([message.number, text]))
        row = {
            "id": ident,
            "at": milliseconds(self._clock.now()),
            "reference": message.reference,
            "code": message.code,
            "channel": message.channel,
            "state": SENT,
            "sealed": seal_to(
                raw_public(self._keys.receiving[0]),
                clear,
                info=_INFO,
                aad=ident.encode(),
                randomness=self._randomness,
            ),
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(outbox), row)
        except DatabaseTrouble:
            return Refused(reasons.PROVIDER_AWAY, _AGAIN_S)
        return Accepted(ident)

    def look_up(self, trace: Trace) -> Sighting:
        which = (
            outbox.c.id == trace.id
            if trace.id is not None
            else outbox.c.reference == trace.reference
        )
        try:
            with self._database.reading() as connection:
                row = connection.execute(select(outbox).where(which).limit(1)).one_or_none()
        except DatabaseTrouble:
            return Silent()
        if row is None:
            return Absent()
        now = milliseconds(self._clock.now())
        return Found(row.id, _made_up(row, trace.number, now))


def _made_up(row: Row[Any], number: str, now: int) -> Standing:
    """What a message left alone has come to."""
    if row.state != SENT:
        return Standing(row.state)
    if row.channel == "voice":
        missed = Standing(NO_ANSWER, reasons.RANG_OUT)
        return missed if now - row.at >= _RINGS_MS else Standing(SENT)
    arrived = now - row.at >= _ON_ITS_WAY_MS
    return _ENDS.get(number, Standing(DELIVERED)) if arrived else Standing(SENT)


def shown(database: Database, keys: DeskKeys, now: int) -> Sequence[Shown]:
    """What would have been sent, newest first. `now` in milliseconds since 1970."""
    with database.reading() as connection:
        rows = connection.execute(
            select(outbox).order_by(outbox.c.at.desc(), outbox.c.id).limit(MOST_SHOWN)
        ).all()
    out: list[Shown] = []
    for row in rows:
        for key in keys.receiving:
            try:
                clear = open_sealed(key, row.sealed, info=_INFO, aad=row.id.encode())
            except CannotOpen:
                continue
            number, text = msgpack.unpackb(clear)
            out.append(
                Shown(
                    id=row.id,
                    at=row.at,
                    reference=row.reference,
                    code=row.code,
                    channel=row.channel,
                    state=_made_up(row, number, now).state,
                    number=number,
                    text=text,
                )
            )
            break
    return out
