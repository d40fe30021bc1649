"""What waits on a device for the desk and for others' inboxes is never lost, and always leaves."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fakes import surroundings
from on_disk.test_orders import ALARM, CAPSULE, CONTENTS
from relay import PASSPHRASE, SCHEMA, Relay, device, note
from storage.alarm import CheckOutPlan, SeenPlan
from storage.capsule import open_capsule
from storage.errors import BadEnvelope, DamagedFile, NoDesk, NotAllowed, TooLarge, VaultLocked
from storage.grants import inbox_public
from storage.seal import raw_public
from storage.stop import StopPlan, WithdrawalPlan
from storage.vault import Leaving, Vault, open_vault

DESK = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ROUTE = "a1" * 16


def reopened(vault: Vault, seed: str = "again") -> Vault:
    """After a kill: nothing was said to the file, nothing is made of it."""
    if vault._open is not None:
        vault._open.close()
        vault._open = None
    vault.device_file.close()
    again = open_vault(vault.device_file.path, schema=SCHEMA, surroundings=surroundings(seed))
    again.unlock(PASSPHRASE)
    return again


def leaving(record: str = "b2" * 16, **changed) -> Leaving:
    return replace(
        Leaving(
            casefile="c3" * 16,
            kid=bytes(16),
            inbox=raw_public(DESK),
            kind="attendance",
            record=record,
            fields={"remark": "came"},
        ),
        **changed,
    )


def waiting(vault: Vault) -> list[str]:
    return [order.order.what for order in vault.orders_waiting()]


def test_a_change_and_what_it_asks_of_the_desk_are_saved_together(amina):
    casefile, record = amina.found({}), amina.new_id()
    amina.keep_desk(raw_public(DESK))
    amina.write(
        [note(casefile, record, text="Tuesday at ten.")],
        orders=[CAPSULE, StopPlan(route=ROUTE, consent=1)],
        leavings=[leaving()],
    )
    again = reopened(amina)
    assert again.get(record) is not None
    assert waiting(again) == ["capsule", "stop"]
    (capsule,) = again.orders_waiting("capsule")
    assert capsule.reference == CAPSULE.reference
    assert open_capsule(capsule.order, DESK) == CONTENTS
    size = again.device_file.outbox_size()
    assert (size.changes, size.orders, size.entries, size.everything) == (1, 2, 1, 4)
    again.close()


@pytest.mark.parametrize(
    ("orders", "leavings", "error"),
    [
        ([StopPlan(route=ROUTE, consent=1), CAPSULE], [], NoDesk),
        ([WithdrawalPlan(casefile="d4" * 16, reason="moved")], [], BadEnvelope),
        ([], [leaving(inbox=bytes(32))], BadEnvelope),
        ([], [leaving(fields={"remark": "x" * 9_000_000})], TooLarge),
        ([StopPlan(route=ROUTE, consent=1)], [leaving(), leaving(kid=bytes(15))], BadEnvelope),
    ],
)
def test_what_nobody_would_take_stops_the_whole_save(amina, orders, leavings, error):
    casefile, record = amina.found({}), amina.new_id()
    with pytest.raises(error):
        amina.write([note(casefile, record, text="x")], orders=orders, leavings=leavings)
    assert amina.get(record) is None
    assert amina.device_file.outbox_size().everything == 0


def test_what_cannot_wait_goes_first_and_alone_if_need_be(amina):
    amina.keep_desk(raw_public(DESK))
    amina.write(
        [],
        orders=[
            CAPSULE,
            SeenPlan(references=(ROUTE,)),
            StopPlan(route=ROUTE, consent=1),
            ALARM,
            WithdrawalPlan(casefile="d4" * 16, upto=1, reason="ended"),
            CheckOutPlan(alarm=ALARM.reference),
        ],
    )
    orders = amina.device_file.orders
    kinds = {o.order.reference: o.order.what for o in amina.orders_waiting()}
    urgent = [kinds[o.reference] for o in orders.batch(10, 1_000_000, urgent=True)]
    assert urgent == ["alarm", "check-out", "stop", "withdrawal", "seen"]
    everything = [kinds[o.reference] for o in orders.batch(10, 1_000_000, urgent=False)]
    assert everything == [*urgent, "capsule"]
    assert [kinds[o.reference] for o in orders.batch(2, 1_000_000, urgent=False)] == urgent[:2]
    assert len(orders.batch(10, 1, urgent=False)) == 1, "one at least, or nothing would ever move"


def test_an_order_is_kept_until_the_office_has_it_and_a_refused_one_until_somebody_looks(amina):
    heard: list[frozenset[str]] = []
    amina.subscribe(lambda kinds: heard.append(frozenset(kinds)))
    amina.write([], orders=[StopPlan(route=ROUTE, consent=n) for n in (1, 2, 3)])
    one, two, three = amina.orders_waiting()
    heard.clear()
    file = amina.device_file
    took = file.orders.settle([one.order.reference], {two.order.reference: "not-ours"})
    assert took == 1
    assert heard, "the screen is told"
    assert file.orders.settle([one.order.reference], {}) == 0, "said twice is done once"
    assert [(o.reference, o.refused) for o in amina.orders_waiting()] == [
        (two.reference, "not-ours"),
        (three.reference, None),
    ]
    again = reopened(amina)
    orders = again.device_file.orders
    assert [o.reference for o in orders.batch(9, 9_999, urgent=True)] == [three.order.reference]
    with pytest.raises(NotAllowed):
        again.drop_order(three.reference)
    again.device_file.retry()
    assert len(orders.batch(9, 9_999, urgent=True)) == 2
    orders.settle([], {two.order.reference: "not-ours"})
    again.drop_order(two.reference)
    assert [o.reference for o in again.orders_waiting()] == [three.reference]
    again.close()


def test_an_office_that_was_put_back_hears_again_who_is_to_be_left_alone(amina, relay):
    """And gets what was left for others; but no reminder, which it may have sent since."""
    amina.keep_desk(raw_public(DESK))
    withdrawal = WithdrawalPlan(casefile="d4" * 16, upto=1, reason="ended")
    amina.write([], orders=[StopPlan(route=ROUTE, consent=1), CAPSULE, ALARM, withdrawal])
    amina.write([], leavings=[leaving()])
    relay.collect(amina)
    assert waiting(amina) == []
    assert amina.device_file.outbox_size().everything == 0
    again = reopened(amina)
    with again.device_file.transaction():
        again.device_file.offer_for_others_again()
    assert waiting(again) == ["stop", "withdrawal"]
    assert again.device_file.outbox_size().everything == 3
    relay.collect(again)
    assert again.device_file.outbox_size().everything == 0
    assert [order.what for order in relay.orders[-2:]] == ["stop", "withdrawal"]
    assert waiting(again) == []
    again.close()


def test_the_same_order_twice_is_one(amina):
    amina.keep_desk(raw_public(DESK))
    amina.write([], orders=[CAPSULE])
    amina.write([], orders=[CAPSULE])
    assert waiting(amina) == ["capsule"]


def test_a_locked_and_even_a_wiped_device_still_hands_everything_in(amina, relay):
    amina.write([], orders=[StopPlan(route=ROUTE, consent=1)], leavings=[leaving()])
    amina.lock()
    with pytest.raises(VaultLocked):
        amina.write([], orders=[StopPlan(route=ROUTE, consent=1)])
    assert waiting(amina) == ["stop"], "the screen may say so without the keys"
    amina.drop_keys()
    relay.collect(amina)
    assert [(order.what, order.route.hex()) for order in relay.orders] == [("stop", ROUTE)]
    assert len(relay.inboxes[bytes.fromhex("c3" * 16)]) == 1
    assert amina.device_file.outbox_size().everything == 0


def test_a_device_that_becomes_a_new_one_hands_in_what_it_had_signed_before(amina, relay):
    """Nobody can sign a capsule anew: it is sealed. What counts is whose signature it bears."""
    amina.keep_desk(raw_public(DESK))
    amina.write([], orders=[CAPSULE], leavings=[leaving()])
    before = amina.device_file.device_id
    amina.become_new_device()
    assert amina.device_file.device_id != before
    relay.collect(amina)
    (capsule,) = relay.orders
    assert capsule.device == before
    capsule.signed.check(relay.roster.signing_key(before))


def test_a_damaged_file_gives_back_orders_and_entries_and_what_was_left_in_its_inbox(
    amina, grace, relay
):
    casefile = amina.found({grace.public.device: grace.public.receiving})
    relay.exchange(casefile, amina, grace)
    key = grace._open.keyring.writing_key(bytes.fromhex(casefile))
    ben = device(amina.device_file.path.parent, "ben", relay)
    left = leaving(casefile=casefile, kid=key.kid, inbox=inbox_public(key))
    ben.write([], leavings=[left])
    relay.collect(ben)
    relay.exchange(casefile, amina, grace)
    assert amina.get(left.record) is not None
    amina.keep_desk(raw_public(DESK))
    amina.write([], orders=[CAPSULE, StopPlan(route=ROUTE, consent=1)], leavings=[leaving()])
    amina.device_file.mark_damaged()
    with pytest.raises(DamagedFile) as noticed:
        reopened(amina)
    assert (noticed.value.usable, noticed.value.lost) == (True, 0)
    again = reopened(amina)
    assert waiting(again) == ["capsule", "stop"]
    assert again.device_file.outbox_size().entries == 1
    assert again.get(left.record) is not None
    relay.deliver(again, casefile)
    assert again.inbox_cursor(bytes.fromhex(casefile)) == 1, "read anew, and recognised"
    assert again.gone_from_inboxes() == {}
    assert again.fold_hash(casefile) == grace.fold_hash(casefile)
    again.close()
    ben.close()


def test_an_older_file_gets_room_for_what_is_new(tmp_path):
    """As a device has it that skipped a version."""
    vault = device(tmp_path, "amina", Relay())
    connection = vault.device_file.connection
    for table in ("orders", "leavings", "inbox_numbers"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'hold_what_is_for_others'")
    again = reopened(vault)
    again.write([], orders=[StopPlan(route=ROUTE, consent=1)], leavings=[leaving()])
    assert again.device_file.outbox_size().everything == 2
    again.close()
