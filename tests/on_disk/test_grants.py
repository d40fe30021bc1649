"""Who may read a casefile: every epoch's key to each member and to recovery, and to nobody else."""

import os

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage import recovery, seal
from storage.body import Body
from storage.envelope import CasefileKey, Header, open_change, seal_change
from storage.errors import BadEnvelope, BrokenChain, CannotOpen, NoKey
from storage.grants import (
    RECOVERY,
    check_follows,
    inbox_private,
    inbox_public,
    make_grant,
    open_grant,
    read_grant,
)
from storage.statements import FIRST, grant_context, make_statement, read_statement

ORG, FAMILY, GRACE, AMINA, BEN = (bytes([n]) * 16 for n in (1, 2, 3, 4, 5))
GRACES_KEY = Ed25519PrivateKey.from_private_bytes(b"\3" * 32)
RECEIVING = {d: X25519PrivateKey.from_private_bytes(d * 2) for d in (GRACE, AMINA, BEN)}
PAPER = recovery.recovery_key(b"\7" * 32)
EPOCH_1, EPOCH_2 = (CasefileKey(bytes([n]) * 32, FAMILY, n) for n in (1, 2))


def granted(*members, previous=None, epoch_keys=(EPOCH_1,), last=None, **parts):
    whole = {
        "org": ORG,
        "signer": GRACE,
        "casefile": FAMILY,
        "recovery_public": seal.raw_public(PAPER),
        "linked_to": None,
        "label": "family",
    }
    return make_grant(
        GRACES_KEY,
        previous=previous,
        epoch_keys=epoch_keys,
        receivers={m: seal.raw_public(RECEIVING[m]) for m in members},
        last=last or {},
        randomness=os.urandom,
        **(whole | parts),
    )


def restated(grant, **changes):
    """The same grant with parts of its body exchanged, signed anew."""
    return make_statement(
        GRACES_KEY,
        context=grant.statement.context,
        org=ORG,
        signer=GRACE,
        prev=grant.statement.prev,
        body=grant.statement.body | changes,
    )


def test_members_and_recovery_open_every_epochs_key_and_nobody_else_does():
    grant = granted(GRACE, AMINA, epoch_keys=(EPOCH_1, EPOCH_2))
    for device, private in (
        (GRACE, RECEIVING[GRACE]),
        (AMINA, RECEIVING[AMINA]),
        (RECOVERY, PAPER),
    ):
        keys = open_grant(grant, device, private)
        assert [(k.raw, k.epoch, k.kid) for k in keys] == [
            (k.raw, k.epoch, k.kid) for k in (EPOCH_1, EPOCH_2)
        ]
    with pytest.raises(NoKey):
        open_grant(grant, BEN, RECEIVING[BEN])
    for private in (RECEIVING[BEN], RECEIVING[GRACE], PAPER):
        with pytest.raises(CannotOpen):
            open_grant(grant, AMINA, private)


def test_a_grant_travels_and_is_read_the_same():
    grant = granted(GRACE, AMINA, last={BEN: (7, b"\x07" * 32)}, linked_to=BEN, label="restricted")
    assert read_grant(read_statement(grant.statement.packed())) == grant
    assert grant.members == (GRACE, AMINA)
    grant.statement.check(GRACES_KEY.public_key())


def test_no_key_shows_in_a_grants_bytes():
    packed = granted(GRACE, AMINA).statement.packed()
    assert EPOCH_1.raw not in packed
    assert EPOCH_1.kid in packed


def test_a_note_written_before_somebody_joined_opens_with_what_her_grant_brings():
    header = Header(org=ORG, casefile=FAMILY, device=GRACE, n=1, prev=bytes(32), kid=EPOCH_1.kid)
    body = Body(kind="note", record=AMINA, fields={"t": "x"}, parents=(), hlc=1, author=GRACE)
    change = seal_change(header, body, EPOCH_1, os.urandom)
    later = granted(GRACE, BEN, previous=granted(GRACE), epoch_keys=(EPOCH_1, EPOCH_2))
    keys = {k.kid: k for k in open_grant(later, BEN, RECEIVING[BEN])}
    assert open_change(change, keys[EPOCH_1.kid]) == body


def test_keys_swapped_between_members_casefiles_epochs_or_organisations_do_not_open():
    honest = granted(GRACE, AMINA)
    keys = dict(honest.keys)
    swapped = [[RECOVERY, keys[RECOVERY]], [GRACE, keys[AMINA]], [AMINA, keys[GRACE]]]
    for device in (GRACE, AMINA):
        with pytest.raises(CannotOpen):
            open_grant(read_grant(restated(honest, keys=swapped)), device, RECEIVING[device])
    other_file = CasefileKey(EPOCH_1.raw, BEN, 1)
    elsewhere = granted(GRACE, AMINA, casefile=BEN, epoch_keys=(other_file,))
    two_epochs = granted(GRACE, AMINA, epoch_keys=(EPOCH_1, EPOCH_2))
    other_org = granted(GRACE, AMINA, org=BEN)
    for source in (elsewhere, two_epochs, other_org):
        lifted = restated(honest, keys=[[d, s] for d, s in source.keys.items()])
        with pytest.raises(CannotOpen):
            open_grant(read_grant(lifted), AMINA, RECEIVING[AMINA])


def test_a_grant_that_carries_other_keys_than_it_names_is_refused():
    honest = granted(GRACE)
    for changes in (
        {"kids": [EPOCH_2.kid]},
        {"inbox": inbox_public(EPOCH_2)},
    ):
        lying = read_grant(restated(honest, **changes))
        with pytest.raises(BadEnvelope, match="other keys"):
            open_grant(lying, GRACE, RECEIVING[GRACE])


@pytest.mark.parametrize(
    "clear",
    [b"", b"\xc0", b"\xc1", msgpack.packb(EPOCH_1.raw), msgpack.packb(["k" * 32]),
     msgpack.packb([EPOCH_1.raw[:31]]), msgpack.packb([]), b"\x91" * 3000],
)  # fmt: skip
def test_a_grant_that_carries_something_else_than_keys_is_refused(clear):
    honest = granted(GRACE)
    aad = seal.joined(seal.joined(ORG, FAMILY, b"\0", (1).to_bytes(4, "big")), GRACE)
    sealed = seal.seal_to(
        seal.raw_public(RECEIVING[GRACE]),
        clear,
        info=b"doorstep/grant/1",
        aad=aad,
        randomness=os.urandom,
    )
    keys = [[RECOVERY, honest.keys[RECOVERY]], [GRACE, sealed]]
    with pytest.raises(BadEnvelope, match="keys"):
        open_grant(read_grant(restated(honest, keys=keys)), GRACE, RECEIVING[GRACE])


SEALED = b"s" * 80


@pytest.mark.parametrize(
    "changes",
    [
        {"casefile": BEN},
        {"casefile": "c" * 16},
        {"epoch": 2},
        {"epoch": True},
        {"epoch": 0, "kids": []},
        {"kids": [EPOCH_1.kid, EPOCH_1.kid], "epoch": 2},
        {"kids": ["k" * 16]},
        {"kids": None},
        {"members": []},
        {"members": [AMINA, GRACE]},
        {"members": [GRACE, GRACE, AMINA]},
        {"members": [RECOVERY, GRACE, AMINA]},
        {"members": [GRACE, AMINA, BEN]},
        {"members": [[1], [2]]},
        {"inbox": bytes(31)},
        {"inbox": bytes(32)},
        {"last": [[BEN, 1]]},
        {"last": [[BEN, -1, FIRST]]},
        {"last": [[BEN, 1 << 63, FIRST]]},
        {"last": [[BEN, True, FIRST]]},
        {"last": [[BEN, 1, b""]]},
        {"last": [[[BEN], 1, FIRST]]},
        {"last": [[BEN, 1, FIRST], [BEN, 2, FIRST]]},
        {"last": 5},
        {"linked_to": b"short"},
        {"linked_to": 5},
        {"label": b"family"},
        {"keys": [[GRACE, SEALED], [AMINA, SEALED]]},
        {"keys": [[RECOVERY, SEALED], [GRACE, SEALED]]},
        {"keys": [[RECOVERY, SEALED], [GRACE, SEALED], [AMINA, SEALED], [AMINA, SEALED]]},
        {"keys": [[RECOVERY, SEALED], [GRACE, b"short"], [AMINA, SEALED]]},
        {"keys": [[RECOVERY, SEALED], [GRACE, SEALED], [AMINA]]},
        {"keys": {}},
    ],
    ids=lambda c: "-".join(c),
)  # fmt: skip
def test_a_grant_of_any_other_form_is_refused(changes):
    with pytest.raises(BadEnvelope):
        read_grant(restated(granted(GRACE, AMINA), **changes))


def test_a_grant_that_leaves_a_part_out_is_refused():
    honest = granted(GRACE)
    for name in honest.statement.body:
        body = {k: v for k, v in honest.statement.body.items() if k != name}
        statement = make_statement(
            GRACES_KEY, context=grant_context(FAMILY), org=ORG, signer=GRACE, prev=FIRST, body=body
        )
        with pytest.raises(BadEnvelope):
            read_grant(statement)


def test_a_grant_in_another_casefiles_chain_is_refused():
    honest = granted(GRACE)
    for context in (grant_context(BEN), "directory", "grant:"):
        moved = make_statement(
            GRACES_KEY,
            context=context,
            org=ORG,
            signer=GRACE,
            prev=FIRST,
            body=honest.statement.body,
        )
        with pytest.raises(BadEnvelope):
            read_grant(moved)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 63) | st.binary(max_size=33)
    | st.text(max_size=3)
    | st.sampled_from([FAMILY, RECOVERY, FIRST]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(
    name=st.sampled_from(
        ["casefile", "epoch", "kids", "members", "inbox", "last", "linked_to", "label", "keys"]
    ),
    value=VALUES,
)
def test_no_value_makes_the_reader_fail_in_any_other_way(name, value):
    statement = restated(FOUNDING, **{name: value})
    try:
        read_grant(statement)
    except BadEnvelope:
        return


FOUNDING = granted(GRACE, AMINA)


def test_a_chain_of_grants_goes_on_from_its_last_one():
    added = granted(GRACE, AMINA, BEN, previous=FOUNDING)
    removed = granted(
        GRACE, BEN, previous=added, epoch_keys=(EPOCH_1, EPOCH_2), last={AMINA: (4, b"\4" * 32)}
    )
    back = granted(GRACE, AMINA, BEN, previous=removed, epoch_keys=(EPOCH_1, EPOCH_2))
    for before, after in ((None, FOUNDING), (FOUNDING, added), (added, removed), (removed, back)):
        check_follows(before, after)
    for before, after in ((FOUNDING, removed), (None, added), (added, FOUNDING), (added, added)):
        with pytest.raises(BrokenChain):
            check_follows(before, after)


@pytest.mark.parametrize(
    "parts",
    [
        {"epoch_keys": (CasefileKey(b"\x0b" * 32, FAMILY, 1),)},
        {"epoch_keys": (EPOCH_1, EPOCH_2, CasefileKey(b"\x0c" * 32, FAMILY, 3))},
        {"epoch_keys": (EPOCH_2, EPOCH_1)},
        {"linked_to": BEN},
        {"label": "team"},
        {"org": BEN},
        {"last": {AMINA: (5, b"\4" * 32)}},
        {"last": {}},
    ],
    ids=lambda p: "-".join(p),
)
def test_a_grant_may_not_rewrite_what_was_there(parts):
    before = granted(GRACE, BEN, last={AMINA: (4, b"\4" * 32)})
    after = granted(GRACE, BEN, **({"previous": before, "last": {AMINA: (4, b"\4" * 32)}} | parts))
    with pytest.raises(BrokenChain):
        check_follows(before, after)


def test_a_founding_grant_starts_at_the_first_epoch():
    with pytest.raises(BrokenChain):
        check_follows(None, granted(GRACE, epoch_keys=(EPOCH_1, EPOCH_2)))


def test_members_can_read_the_inbox_and_writers_cannot():
    public = inbox_public(EPOCH_1)
    assert public == granted(GRACE).inbox_public
    sealed = seal.seal_to(public, b"the appointment is moved", info=b"x", randomness=os.urandom)
    assert seal.open_sealed(inbox_private(EPOCH_1), sealed, info=b"x")
    assert inbox_public(CasefileKey(EPOCH_1.raw, BEN, 1)) != public
    assert inbox_public(EPOCH_2) != public


def test_a_grant_to_a_key_of_small_order_is_not_made():
    with pytest.raises(BadEnvelope):
        make_grant(
            GRACES_KEY, org=ORG, signer=GRACE, previous=None, casefile=FAMILY,
            epoch_keys=[EPOCH_1], receivers={BEN: bytes(32)},
            recovery_public=seal.raw_public(PAPER), last={}, linked_to=None, label="family",
            randomness=os.urandom,
        )  # fmt: skip
