"""What must be true once the network is well again, whatever happened before.

Everybody who may see a casefile has folded it to the same hash; every change that anybody wrote
is at the office exactly once; nobody doubts anything.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from cast import PASSPHRASE
from house import Hand
from simulation.world import World
from sync.server.tables import quarantine
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
    """A supervisor adopts what she can read and dismisses the rest."""
    waiting = [q for q in hand.vault.quarantine() if q.reason == "not-allowed"]
    for quarantined in waiting:
        if quarantined.fields is not None and "_redacts" not in quarantined.fields:
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
