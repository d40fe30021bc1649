"""Gathers what the rules ask about one due reminder: in one question to the database.

Asked inside the transaction that claims it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, exists, select

from storage.capsule import Capsule
from sync.server.desk import numbers, reasons, silence, statuses
from sync.server.desk.desk import Desk
from sync.server.desk.rules import Facts
from sync.server.desk.spans import DAY_MS
from sync.server.desk.tables import (
    appointment_floors,
    capsules,
    daily,
    floors,
    optouts,
    phases,
    providers,
    routes,
    switch,
    withdrawn,
)


def gathered(
    desk: Desk,
    connection: Connection,
    order: Row[Any],
    capsule: Capsule,
    *,
    number: str,
    key: bytes,
    unfit: str | None,
    now: int,
) -> Facts:
    """`number` is E.164 and `key` its keyed hash; `unfit` is why its contents will not do."""
    channel = "voice" if order.channel == "voice" else "sms"
    provider = desk.providers.get(channel)
    found = _asked(connection, order, key, provider.name if provider else "", now)
    if provider is None:
        unable, until = reasons.NO_PROVIDER, 0
    elif found.until is not None and found.until > now:
        unable, until = found.trouble or reasons.PROVIDER_AWAY, found.until
    else:
        unable, until = None, 0
    return Facts(
        now=now,
        opens=order.opens,
        closes=order.closes,
        not_after=order.not_after,
        deliver_by=order.deliver_by,
        channel=order.channel,
        consent=order.consent,
        stopped=found.stopped if found.stopped is not None and found.stopped >= 0 else None,
        withdrawn=is_withdrawn(order, found),
        opted_out=bool(found.opted_out),
        number=numbers.refusal(number, order.channel) or unfit,
        original=_corrected(order, found),
        paused=bool(found.paused),
        overdue=_overdue(connection, capsule, now),
        sent_today=found.today or 0,
        daily_limit=desk.limits.a_day,
        held_for=order.reason or "" if order.state == statuses.HELD else "",
        provider=unable,
        provider_until=until,
        provider_ailing=bool(found.until or found.failures),
    )


def withdrawals(connection: Connection, order: Row[Any]) -> bool:
    """Whether a device has taken this order back since it was claimed."""
    return is_withdrawn(order, _asked(connection, order, b"", "", 0))


def is_withdrawn(order: Row[Any], found: Row[Any]) -> bool:
    """By name, by the version of its appointment, or with everything of its casefile."""
    return bool(
        found.by_name
        or (found.version is not None and order.appointment_version < found.version)
        or (found.upto is not None and min(order.planned, order.received) <= found.upto)
    )


_original = capsules.alias()
# Asked for every message that leaves, so it is put together once.
_QUESTION: Final = select(
    select(routes.c.stopped)
    .where(routes.c.route == bindparam("route"))
    .scalar_subquery()
    .label("stopped"),
    select(floors.c.upto)
    .where(floors.c.casefile == bindparam("casefile"))
    .scalar_subquery()
    .label("upto"),
    select(appointment_floors.c.before_version)
    .where(
        appointment_floors.c.casefile == bindparam("casefile"),
        appointment_floors.c.appointment == bindparam("appointment"),
    )
    .scalar_subquery()
    .label("version"),
    exists()
    .where(
        withdrawn.c.casefile == bindparam("casefile"),
        withdrawn.c.reference == bindparam("reference"),
    )
    .label("by_name"),
    exists().where(optouts.c.number == bindparam("number")).label("opted_out"),
    select(daily.c.times)
    .where(daily.c.number == bindparam("number"), daily.c.day == bindparam("day"))
    .scalar_subquery()
    .label("today"),
    select(switch.c.paused).scalar_subquery().label("paused"),
    *(
        select(providers.c[name])
        .where(providers.c.provider == bindparam("provider"))
        .scalar_subquery()
        .label(label)
        for name, label in (("until", "until"), ("reason", "trouble"), ("failures", "failures"))
    ),
    *(
        select(_original.c[name])
        .where(_original.c.reference == bindparam("original"))
        .scalar_subquery()
        .label(label)
        for name, label in (("state", "original"), ("ended", "original_ended"))
    ),
)


def _asked(
    connection: Connection, order: Row[Any], key: bytes, provider: str, now: int
) -> Row[Any]:
    return connection.execute(
        _QUESTION,
        {
            "route": order.route,
            "casefile": order.casefile,
            "appointment": order.appointment,
            "reference": order.reference,
            "number": key,
            "day": now // DAY_MS,
            "provider": provider,
            "original": order.correction_of,
        },
    ).one()


def _corrected(order: Row[Any], found: Row[Any]) -> str | None:
    if order.correction_of is None:
        return None
    if found.original == statuses.UNKNOWN and found.original_ended is not None:
        return statuses.FAILED  # looked for and not found
    return found.original or "missing"


def _overdue(connection: Connection, capsule: Capsule, now: int) -> tuple[bytes, ...]:
    if capsule.max_silence is None:
        return ()
    if not capsule.watch:
        return (capsule.device,)  # the rule applies, and nobody is there to be asked
    devices = [device for device, _ in capsule.watch]
    rows = connection.execute(
        select(phases.c.device, phases.c.at).where(phases.c.device.in_(devices))
    )
    heard = {row.device: row.at for row in rows}
    return silence.overdue(now, capsule.max_silence, capsule.watch, heard)
