"""Takes one due reminder in hand: locked, asked about, marked as leaving, all in one transaction.

Several processes share the work: a row that one is looking at is passed over by the others. Once
this has committed the message counts as possibly sent, whatever happens to the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, case, select, update

from storage.capsule import Capsule, CapsuleContents, read_capsule
from storage.errors import BadEnvelope, CannotOpen
from sync.server.desk import codes, numbers, progress, reasons, rules, speaking, statuses
from sync.server.desk.desk import Desk
from sync.server.desk.facts import gathered
from sync.server.desk.providers.base import Message, Provider
from sync.server.desk.rules import Never
from sync.server.desk.spans import DAY_MS, SECOND_MS
from sync.server.desk.tables import capsules, daily, lines
from sync.server.dialects import Upsert

BETWEEN_TEXTS: Final = "\n\n"
"""An order's texts leave as one message: two languages, one sending."""


_NEXT: Final = (
    select(capsules)
    .where(capsules.c.duty == progress.SEND, capsules.c.due <= bindparam("now"))
    .order_by(capsules.c.due)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_COUNT: Final = Upsert(
    daily,
    lambda new: {
        "times": case((daily.c.day == new["day"], daily.c.times + 1), else_=1),
        "day": new["day"],
    },
)
_LINE: Final = Upsert(
    lines, lambda new: {name: new[name] for name in ("casefile", "reference", "at")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One attempt that this process, and no other, may make. `began` in milliseconds since 1970,
    `taken` in seconds by the monotonic clock."""

    order: Row[Any]
    key: bytes
    """The number's keyed hash."""
    fence: int
    attempt: int
    provider: Provider
    message: Message
    end: int
    began: int
    taken: float
    ailing: bool
    """Its provider has failed lately."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """A due row was looked at, and does not leave: it waits or has ended."""


def claim(desk: Desk) -> Claim | NotNow | None:
    """The next due reminder, or None when nothing is due."""
    with desk.database.writing() as connection:
        return claim_within(desk, connection)


def claim_within(desk: Desk, connection: Connection) -> Claim | NotNow | None:
    """The same in a transaction that is open already; it counts once that has committed."""
    now = desk.now()
    order = next_due(connection, now)
    return None if order is None else _taken(desk, connection, order, now)


def next_due(connection: Connection, now: int) -> Row[Any] | None:
    """The one that has been due for longest and that nobody else has in hand."""
    return connection.execute(_NEXT, {"now": now}).one_or_none()


def _taken(desk: Desk, connection: Connection, order: Row[Any], now: int) -> Claim | NotNow:
    try:
        capsule = read_capsule(order.packed)
        contents = desk.keys.open_capsule(capsule)
    except (BadEnvelope, CannotOpen):
        progress.end(connection, order, statuses.SUPPRESSED, reasons.UNREADABLE, now)
        return NotNow()
    key = numbers.keyed(desk.keys.secret, contents.number)
    facts = gathered(
        desk,
        connection,
        order,
        capsule,
        number=contents.number,
        key=key,
        unfit=unfit(order.channel, contents),
        now=now,
    )
    against = rules.objection(facts)
    if isinstance(against, Never):
        progress.end(connection, order, against.state, against.reason, now)
        return NotNow()
    if against is not None:
        _wait(connection, order, against, facts.end, now)
        return NotNow()
    if order.channel != "staff_sms" and _counted(connection, key, now) > desk.limits.a_day:
        uncount(connection, key, now)  # another process was a moment faster
        full = rules.Wait(now + rules.AGAIN_MS, reasons.NUMBER_LIMIT)
        _wait(connection, order, full, facts.end, now)
        return NotNow()
    provider = desk.providers["voice" if order.channel == "voice" else "sms"]
    _mark_leaving(desk, connection, order, provider, key, now)
    attempt = order.attempt + 1
    return Claim(
        order=order,
        key=key,
        fence=order.fence + 1,
        attempt=attempt,
        provider=provider,
        message=_message(desk, capsule, contents, attempt, facts.end, now),
        end=facts.end,
        began=now,
        taken=desk.clock.monotonic(),
        ailing=facts.provider_ailing,
    )


def unfit(channel: str, contents: CapsuleContents) -> str | None:
    """Why what was sealed cannot be sent through this channel, whatever the time."""
    if channel == "voice":
        if contents.withheld:
            return reasons.CANNOT_WITHHOLD
        return None if contents.voice else reasons.NO_WORDS
    return None if any(contents.texts) or contents.template else reasons.NO_WORDS


def _wait(connection: Connection, order: Row[Any], wait: rules.Wait, end: int, now: int) -> None:
    """Until it may be asked again, or until its window closes and that has to be said."""
    due = min(wait.until, max(end - rules.LEAD_MS + 1, now + SECOND_MS))
    if wait.reason == reasons.NOT_YET:
        state, reason = statuses.PLANNED, None
    else:
        state, reason = statuses.HELD, wait.reason
    news = state == statuses.HELD and order.reason != reason
    progress.move(connection, order, state, reason, now, {"due": due}, tell=news)


def _mark_leaving(
    desk: Desk, connection: Connection, order: Row[Any], provider: Provider, key: bytes, now: int
) -> None:
    progress.move(
        connection,
        order,
        statuses.SENDING,
        order.reason,
        now,
        {
            "fence": order.fence + 1,
            "attempt": order.attempt + 1,
            "duty": progress.RESCUE,
            "due": now + desk.limits.lease,
            "provider": provider.name,
            "provider_id": None,
            "claims_refusal": False,
            "looked": 0,
            "number": key,
            "began": now,
        },
        tell=False,
    )
    _LINE.put(
        connection,
        {
            "number": key,
            "route": order.route,
            "casefile": order.casefile,
            "reference": order.reference,
            "at": now,
        },
    )


def _counted(connection: Connection, key: bytes, now: int) -> int:
    """One more message to that number today; gives how many that makes."""
    row = _COUNT.put(connection, {"number": key, "day": now // DAY_MS, "times": 1})
    return int(row.times)


def uncount(connection: Connection, key: bytes, now: int) -> None:
    """A message that was counted did not go out after all."""
    connection.execute(
        update(daily)
        .where(daily.c.number == key, daily.c.day == now // DAY_MS, daily.c.times > 0)
        .values(times=daily.c.times - 1)
    )


def _message(
    desk: Desk, capsule: Capsule, contents: CapsuleContents, attempt: int, end: int, now: int
) -> Message:
    return Message(
        reference=capsule.reference.hex(),
        code=codes.of_attempt(desk.keys.secret, capsule.reference, attempt),
        channel="voice" if capsule.channel == "voice" else "sms",
        number=contents.number,
        text=_words(capsule.channel, contents),
        language=contents.language,
        valid_s=(end - now) // SECOND_MS,
        template=contents.template,
        personalisation=contents.personalisation,
        voicemail=contents.voicemail,
    )


def _words(channel: str, contents: CapsuleContents) -> str:
    if channel == "voice":
        return speaking.on_paper(contents.voice, contents.language)
    return BETWEEN_TEXTS.join(text for text in contents.texts if text)
