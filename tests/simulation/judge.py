"""What must be true once the network is well again, whatever happened before.

Everybody who may see a casefile has folded it to the same hash; every change that anybody wrote
and everything that anybody left in an inbox is at the office exactly once; every stop has stopped,
and no reminder waits that was stopped or taken back; nobody doubts anything.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Select, select

from cast import PASSPHRASE
from house import Hand
from simulation.world import World
from storage.alarm import Alarm, CheckOut
from storage.capsule import Capsule
from storage.stop import Stop, Withdrawal
from sync.server.desk.tables import alarms as kept_alarms
from sync.server.desk.tables import capsules, routes
from sync.server.tables import inbox, quarantine
from sync.wishes import wishes

_ENOUGH = 30


def settle(world: World) -> None:
    """Mend everything and let everybody speak until there is nothing left to say."""
    world.calm = True
    while world.late:
        world._late_arrival(world.hands[0])
    for hand in world.hands:
        if hand.vault.locked:
            hand.vault.unlock(PASSPHRASE)
    for _ in range(_ENOUGH):
        moved = [_something_moves(world, hand) for hand in world.hands]  # every one of them
        if not any(moved):
            for hand in world.hands:
                doubted = hand.round().doubted
                assert not doubted, f"{hand.name} still doubts {doubted}"
            return
    raise AssertionError("the devices never come to rest")


def _something_moves(world: World, hand: Hand) -> bool:
    outcome = hand.round()
    for waiting in hand.vault.orders_waiting():
        # Nothing else is lost: it came to a family that this device is in no more.
        assert waiting.refused == "not-a-member", f"{hand.name} was refused {waiting.refused}"
        world.ordered.remove(waiting.order)
        world.refused.add(waiting.order.reference)
        hand.vault.drop_order(waiting.reference)
    assert not outcome.cloned, f"{hand.name} takes itself for a copy"
    # After a restore the office does hold less than it did, until everybody has been in contact.
    assert world.restored or not outcome.doubted, f"{hand.name} doubts {outcome.doubted}"
    assert not outcome.refusals, f"{hand.name} was refused {outcome.refusals}"
    decided = False
    if hand in world.hands[:2]:
        decided = _decide_quarantine(world, hand)
    return bool(
        decided
        or outcome.sent
        or outcome.received
        or outcome.still_here
        or outcome.ended
        or wishes(hand.line)
        or hand.vault.grants_to_offer()
    )


def _decide_quarantine(world: World, hand: Hand) -> bool:
    """A supervisor adopts what she can read of her colleagues' and dismisses the rest: what the
    desk may not say as well."""
    waiting = [q for q in hand.vault.quarantine() if q.reason == "not-allowed"]
    for quarantined in waiting:
        readable = quarantined.fields is not None and not quarantined.inbox
        if readable and "_redacts" not in (quarantined.fields or ()):
            change = hand.vault.adopt(quarantined.id)
            world.written[change] = quarantined.casefile
        else:
            hand.vault.dismiss(quarantined.id)
    return bool(waiting)


def _at_the_office(world: World) -> tuple[Counter[bytes], dict[str, int]]:
    """How often the office has each change, and how far each casefile reaches, by pulling all."""
    held: Counter[bytes] = Counter()
    tops: dict[str, int] = {}
    for hand in world.hands[:2]:
        for position in hand.line.ask(world.service.standings).positions:
            casefile, after = position.casefile, 0
            if casefile.hex() in tops:
                continue
            while after < position.top:
                page = hand.line.ask(world.service.pull, casefile, after)
                for run in page.runs:
                    held.update(change.id for change in run.rebuilt(hand.line.org))
                after = page.next
            tops[casefile.hex()] = position.top
    # What a supervisor has settled is kept, and no call hands it out any more.
    with world.service._s.database.reading() as connection:
        held.update(connection.execute(select(quarantine.c.id)).scalars())
    return held, tops


def check(world: World) -> None:
    """The end of every story."""
    held, tops = _at_the_office(world)
    lost = [i.hex()[:8] for i in world.written if held[i] == 0]
    doubled = [i.hex()[:8] for i, times in held.items() if times > 1]
    assert not lost, f"{len(lost)} of {len(world.written)} changes never reached the office: {lost}"
    assert not doubled, f"{len(doubled)} changes are there twice: {doubled}"
    _check_orders(world)
    _check_inboxes(world)
    compared = 0
    for casefile in tops:
        hashes: dict[str, list[str]] = {}
        for hand in world.hands:
            if casefile in {c.id for c in hand.vault.casefiles()}:
                place = bytes.fromhex(casefile)
                assert hand.vault.cursor(place) == tops[casefile], f"{hand.name} is behind"
                folded = hand.vault.fold_hash(casefile).hex()[:12]
                hashes.setdefault(folded, []).append(hand.name)
        assert len(hashes) == 1, f"casefile {casefile[:8]} differs: {hashes}"
        compared += 1
    assert compared == len(tops)


def _rows(world: World, query: Select[Any]) -> list[tuple[Any, ...]]:
    with world.service.surroundings.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def _check_orders(world: World) -> None:
    """What was ordered has had its effect once, and silence has won wherever it was asked for."""
    stops: dict[bytes, int] = {}
    for order in world.ordered:
        if isinstance(order, Stop):
            stops[order.route] = max(order.consent, stops.get(order.route, -1))
    kept = dict(_rows(world, select(routes.c.route, routes.c.stopped).where(routes.c.stopped >= 0)))
    assert kept == stops, "a stop has not stopped, or one that nobody made"
    withdrawals = [o for o in world.ordered if isinstance(o, Withdrawal)]
    planned = {o.reference: o for o in world.ordered if isinstance(o, Capsule)}
    found = _rows(world, select(capsules.c.reference, capsules.c.state, capsules.c.received))
    _check_all_there(world, {reference for reference, _, _ in found}, set(planned), "reminder")
    for reference, state, received in found:
        if reference not in planned:
            continue
        capsule = planned[reference]
        silenced = capsule.consent <= stops.get(capsule.route, -1)
        taken = any(_takes_back(w, capsule, received) for w in withdrawals)
        if world.restored and state == "unknown":
            continue  # it may have been sent since the backup was made: it never will be again
        assert (state == "planned") == (not silenced and not taken), f"a reminder is {state}"
    alarms = {o.reference: o for o in world.ordered if isinstance(o, Alarm)}
    outs = {o.alarm for o in world.ordered if isinstance(o, CheckOut)}
    extended = {o.replaces for o in alarms.values()}
    states = dict(_rows(world, select(kept_alarms.c.reference, kept_alarms.c.state)))
    _check_all_there(world, set(states), set(alarms), "alarm")
    for reference, state in states.items():
        if reference not in alarms:
            continue
        if reference in outs | extended:
            # An office that was put back rings once too often rather than not at all.
            assert state in ("leaving", "replaced") or (world.restored and state == "waiting")
        else:
            assert state == "waiting", f"an alarm that nobody ended is {state}"


def _check_all_there(world: World, there: set[bytes], ordered: set[bytes], what: str) -> None:
    """Reminders and alarms are not ordered again of an office that was put back: they may have
    been sent."""
    # One that was refused may have come through before, and only its answer was lost.
    assert there <= ordered | world.refused, f"{what}: one that nobody ordered"
    assert world.restored or ordered <= there, f"{what}: one is missing"


def _takes_back(withdrawal: Withdrawal, capsule: Capsule, received: int) -> bool:
    if withdrawal.casefile != capsule.casefile:
        return False
    older = withdrawal.appointment == capsule.appointment and capsule.appointment_version < (
        withdrawal.before_version or 0
    )
    upto = -1 if withdrawal.upto is None else withdrawal.upto
    named = capsule.reference in withdrawal.references
    return named or older or min(capsule.planned, received) <= upto


def _check_inboxes(world: World) -> None:
    """Everything that was left is numbered once, and read by every member."""
    rows = _rows(
        world, select(inbox.c.casefile, inbox.c.seq).order_by(inbox.c.casefile, inbox.c.seq)
    )
    reach: dict[str, int] = {}
    for casefile, seq in rows:
        assert seq == reach.get(casefile.hex(), 0) + 1, "an inbox has a gap"
        reach[casefile.hex()] = seq
    for hand in world.hands:
        own = {c.id for c in hand.vault.casefiles()}
        for casefile in own:
            there = hand.vault.inbox_cursor(bytes.fromhex(casefile))
            assert there == reach.get(casefile, 0), f"{hand.name} has not read an inbox"
        for record, casefile in world.left:
            if casefile in own:
                assert hand.vault.history(record), f"{hand.name} lacks what was left"
        assert hand.vault.count("safe_contact", {"state": "sent"}) == 0
