"""Orders for the reminder desk as they come in: who signed, what she may order, and how much.

What counts is whose signature an order bears, not who hands it in: a device that took another's
place carries what the old one had not sent. Everything that makes the desk keep silent is taken
from whoever may once have had to do with it, revoked devices included; a reminder only from a
member in good standing. What becomes of an order is the desk's business (`desk.queue`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from storage.alarm import Alarm, CheckOut, Seen
from storage.capsule import Capsule
from storage.errors import BadEnvelope, BadSignature
from storage.orders import AFTER_REVOCATION, LATER, RANK, Order, read_order
from storage.stop import Stop, Withdrawal
from sync.directory import DESK, Certificate
from sync.errors import TooMuch
from sync.protocol import MAX_BATCH_BYTES, MAX_ORDERS, OrderAnswer, OrderState
from sync.server.access import Caller, caller, membership
from sync.server.allowance import spend
from sync.server.desk import alarm_queue, queue
from sync.server.desk.tables import alarms, capsules
from sync.server.surroundings import DAY_MS, Surroundings

FURTHEST_MS: Final = 400 * DAY_MS
"""How far ahead a reminder may be planned: a year and some notice."""
_UNREAD: Final = bytes(16)


class _Refused(Exception):
    """An order is not taken; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def put(s: Surroundings, token: bytes, packed: Sequence[bytes]) -> tuple[OrderAnswer, ...]:
    """Take orders in, each answered by itself; see `Office.put_orders`."""
    if len(packed) > MAX_ORDERS or sum(map(len, packed)) > MAX_BATCH_BYTES:
        raise TooMuch("more was ordered at once than the office takes")
    read = [_read(each) for each in packed]
    with s.database.writing() as connection:
        who = caller(s, connection, token, even_revoked=True, held=True)
        faults = [
            "malformed" if order is None else _fault(s, connection, who, order) for order in read
        ]
        sound = [o for o, fault in zip(read, faults, strict=True) if o and fault is None]
        queue.hold(
            connection,
            {o.casefile for o in sound if isinstance(o, Capsule | Withdrawal)},
            {o.route for o in sound if isinstance(o, Capsule | Stop)},
        )
        answers = [
            _answered(s, connection, who, order, fault)
            for order, fault in zip(read, faults, strict=True)
        ]
        spend(s, connection, who, _counted(zip(packed, read, answers, strict=True)))
    return tuple(answers)


def withdrawals_done(s: Surroundings, token: bytes) -> None:
    """A device has handed in every stop and withdrawal; see `Office.withdrawals_done`."""
    with s.database.writing() as connection:
        who = caller(s, connection, token, even_revoked=True, held=True)
        queue.phase_done(connection, who.device, s.now())


def alarm_states(
    s: Surroundings, token: bytes, references: Sequence[bytes]
) -> tuple[OrderState, ...]:
    """How alarms stand that are the caller's to know of; see `Office.orders_state`."""
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        mine = [
            row.reference
            for row in connection.execute(
                select(alarms.c.reference, alarms.c.device, alarms.c.casefile).where(
                    alarms.c.reference.in_(list(references)[:MAX_ORDERS])
                )
            ).all()
            if _person(who, row.device) == who.person
            or (row.casefile and membership(connection, row.casefile, who.device))
        ]
        found = alarm_queue.states(connection, mine)
    return tuple(OrderState(reference=r, state=found[r]) for r in references if r in found)


def _counted(taken: Iterable[tuple[bytes, Order | None, OrderAnswer]]) -> int:
    """How many bytes count against a device's day: what cannot wait is taken whatever it has sent
    before, or a full day would keep a mother's telephone ringing."""
    return sum(
        len(packed)
        for packed, order, answer in taken
        if answer.accepted and order is not None and RANK[order.what] == LATER
    )


def _read(packed: bytes) -> Order | None:
    try:
        return read_order(packed)
    except BadEnvelope:
        return None


def _fault(s: Surroundings, connection: Connection, who: Caller, order: Order) -> str | None:
    """A code for why this order is not taken; None when it is."""
    try:
        signer = _signer(who, order)
        if signer.role == DESK:
            raise _Refused("not-allowed")
        if signer.revoked is not None and order.what not in AFTER_REVOCATION:
            raise _Refused("revoked")
        _require_right(s, connection, order)
    except _Refused as refused:
        return refused.code
    return None


def _signer(who: Caller, order: Order) -> Certificate:
    if order.org != who.org:
        raise _Refused("not-ours")
    signer = who.directory.certificate(order.device)
    if signer is None:
        raise _Refused("unknown-device")
    try:
        order.signed.check(Ed25519PublicKey.from_public_bytes(signer.signing))
    except BadSignature as error:
        raise _Refused("bad-signature") from error
    return signer


def _require_right(s: Surroundings, connection: Connection, order: Order) -> None:
    """A reminder and an alarm about a family are its members' to order; to take reminders back is
    also a former member's, who may have been told last. A stop is anybody's who knows the route."""
    casefile = order.casefile
    if casefile is not None:
        inside = membership(connection, casefile, order.device)
        once = inside is not None and isinstance(order, Withdrawal)
        if not (inside or once):
            raise _Refused("not-a-member")
    if isinstance(order, Capsule) and order.not_after > s.now() + FURTHEST_MS:
        raise _Refused("too-far")


def _answered(
    s: Surroundings, connection: Connection, who: Caller, order: Order | None, fault: str | None
) -> OrderAnswer:
    if order is None:
        return OrderAnswer(reference=_UNREAD, accepted=False, refused=fault)
    if fault is not None:
        return OrderAnswer(reference=order.reference, accepted=False, refused=fault)
    try:
        state = _carried_out(connection, who, order, s.now())
    except queue.OrderRefused as refused:
        return OrderAnswer(reference=order.reference, accepted=False, refused=refused.code)
    return OrderAnswer(reference=order.reference, accepted=True, state=state)


def _carried_out(connection: Connection, who: Caller, order: Order, now: int) -> str:
    match order:
        case Capsule():
            return queue.put_capsule(connection, order, now)
        case Stop():
            return queue.put_stop(connection, order, now)
        case Withdrawal():
            return queue.withdraw(connection, order, now)
        case Alarm():
            return alarm_queue.leave_alarm(connection, order, now)
        case CheckOut():
            return alarm_queue.check_out(connection, order, now)
        case Seen():
            hers = _to_be_seen(connection, who, order)
            return alarm_queue.seen(connection, replace(order, references=hers), now)


def _to_be_seen(connection: Connection, who: Caller, order: Seen) -> tuple[bytes, ...]:
    """What of it this device may answer for: reminders and alarms of its casefiles, and alarms of
    others that it was told of; never an alarm of its own person, who may not be free to say."""
    wanted = list(order.references)
    person = _person(who, order.device)
    out: set[bytes] = set()
    for reference, casefile in connection.execute(
        select(capsules.c.reference, capsules.c.casefile).where(capsules.c.reference.in_(wanted))
    ).all():
        if membership(connection, casefile, order.device):
            out.add(reference)
    for reference, device, casefile in connection.execute(
        select(alarms.c.reference, alarms.c.device, alarms.c.casefile).where(
            alarms.c.reference.in_(wanted)
        )
    ).all():
        inside = casefile is None or membership(connection, casefile, order.device)
        if inside and _person(who, device) != person:
            out.add(reference)
    return tuple(r for r in order.references if r in out)


def _person(who: Caller, device: bytes) -> bytes | None:
    found = who.directory.certificate(device)
    return found.person if found else None
