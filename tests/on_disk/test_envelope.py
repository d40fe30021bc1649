"""One sealed change, and the chain that shows a missing, moved, forked or altered one."""

import os
import struct
import zlib
from dataclasses import replace

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage.body import Body, fields_are_plain, pack_body, unpack_body
from storage.envelope import (
    MAX_CHANGE_BYTES,
    ZERO_ID,
    CasefileKey,
    Header,
    as_item,
    change_id,
    check_head,
    key_id,
    open_change,
    parse_header,
    seal_change,
    sealed_from,
    sign_head,
)
from storage.errors import BadEnvelope, BadSignature, CannotOpen, TooLarge
from storage.runs import Run, in_runs
from storage.seal import joined

ORG, FAMILY, TABLET, AMINA, RECORD = (bytes([n]) * 16 for n in (1, 2, 3, 4, 5))
KEY = CasefileKey(bytes(range(32)), FAMILY, 1)
NOTE = Body(
    kind="visit_note",
    record=RECORD,
    fields={"text": "Sut mae? Żółw. Bế bé. 🙂", "minutes": 60, "seen_alone": None},
    parents=(b"\x07" * 32,),
    hlc=1_764_000_000_000 << 16,
    author=AMINA,
    seen=((b"\x08" * 16, 3, b"\x09" * 8),),
)


def header(n=1, prev=ZERO_ID, **parts):
    return Header(
        **{"org": ORG, "casefile": FAMILY, "device": TABLET, "kid": KEY.kid} | parts, n=n, prev=prev
    )


def sealed(body=NOTE, n=1, prev=ZERO_ID, key=KEY):
    return seal_change(header(n, prev, kid=key.kid), body, key, os.urandom)


def chain(length, key=KEY):
    """The headers and changes of one device's first `length` changes."""
    made, prev = [], ZERO_ID
    for n in range(1, length + 1):
        made.append((header(n, prev, kid=key.kid), sealed(n=n, prev=prev, key=key)))
        prev = made[-1][1].id
    return made


def test_a_note_comes_out_as_it_went_in():
    change = sealed()
    assert open_change(change, KEY) == NOTE
    assert parse_header(change.header) == header()
    assert sealed_from(change.header, as_item(change)) == change


@pytest.mark.parametrize("length", [0, 1, 199, 200, 1_000, 200_000])
def test_notes_of_every_length_come_back_whole(length):
    body = NOTE._replace(fields={"text": "ŵ" * length + os.urandom(length // 2).hex()})
    assert open_change(sealed(body), KEY) == body


def test_no_word_of_a_note_stands_in_its_sealed_bytes():
    change = sealed(NOTE._replace(fields={"text": "marmalade"}))
    assert change.ct is not None
    for word in (b"marmalade", b"visit_note", RECORD, AMINA):
        assert word not in change.header + change.nonce + change.ct


def test_short_notes_all_look_the_same_size():
    sizes = {len(sealed(NOTE._replace(fields={"text": "x" * n})).ct or b"") for n in range(60)}
    assert sizes == {256}


@pytest.mark.parametrize(
    "other",
    [
        {"org": b"\xff" * 16},
        {"casefile": b"\xff" * 16},
        {"device": b"\xff" * 16},
        {"n": 2},
        {"prev": b"\xff" * 32},
        {"kid": b"\xff" * 16},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_change_moved_to_another_place_does_not_open(other):
    change = sealed()
    moved = replace(header(), **other).encoded()
    with pytest.raises(CannotOpen):
        open_change(change._replace(header=moved), KEY)
    assert change_id(moved, change.nonce, change.ct_hash) != change.id


def test_every_flipped_bit_of_a_change_shows():
    change = sealed()
    assert change.ct is not None
    for place in range(len(change.ct) * 8):
        altered = bytearray(change.ct)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(CannotOpen):
            open_change(change._replace(ct=bytes(altered)), KEY)
    for place in range(len(change.header) * 8):
        altered = bytearray(change.header)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(CannotOpen):
            open_change(change._replace(header=bytes(altered)), KEY)
    with pytest.raises(CannotOpen):
        open_change(change._replace(nonce=bytes(12)), KEY)


@pytest.mark.parametrize(
    "other",
    [
        CasefileKey(bytes(32), FAMILY, 1),
        CasefileKey(KEY.raw, FAMILY, 2),
        CasefileKey(KEY.raw, b"\xff" * 16, 1),
    ],
    ids=["another key", "another epoch", "another casefile"],
)
def test_a_change_opens_with_its_own_key_epoch_and_casefile_only(other):
    with pytest.raises(CannotOpen):
        open_change(sealed(), other)


def test_a_key_is_known_by_a_name_that_commits_to_it():
    assert key_id(KEY.raw) == KEY.kid != key_id(bytes(32))
    assert len(KEY.kid) == 16
    assert KEY.raw.hex() not in repr(KEY)
    assert KEY.kid not in KEY.raw


def test_a_change_too_large_to_travel_is_refused_before_it_enters_a_chain():
    with pytest.raises(TooLarge):
        sealed(NOTE._replace(fields={"text": os.urandom(600_000).hex() * 2}))
    with pytest.raises(TooLarge):
        sealed(NOTE._replace(fields={"text": "a" * (9 * 1024 * 1024)}))


@pytest.mark.parametrize(
    "fields",
    [
        {"text": b"bytes"},
        {"text": "\ud83d"},
        {"minutes": 1 << 63},
        {"minutes": float("nan")},
        {"minutes": float("-inf")},
        {1: "a number for a name"},
        {"a": [[[[[[[[[1]]]]]]]]]},
        {"a": [0] * 65_537},
        {"a": {1, 2}},
    ],
    ids=str,
)
def test_what_no_reader_would_take_is_refused_before_it_enters_a_chain(fields):
    with pytest.raises(BadEnvelope):
        sealed(NOTE._replace(fields=fields))


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(fields=st.dictionaries(st.text(), PLAIN, max_size=5), hlc=st.integers(0, (1 << 63) - 1))
def test_whatever_may_be_sealed_is_read_back_the_same(fields, hlc):
    body = NOTE._replace(fields=fields, hlc=hlc)
    if fields_are_plain(fields):
        assert unpack_body(pack_body(body)) == body
    else:
        with pytest.raises(BadEnvelope):
            pack_body(body)


def packed(*parts, flag=b"\0", tail=b"\0" * 20):
    raw = msgpack.packb(list(parts))
    return flag + struct.pack(">I", len(raw)) + raw + tail


GOOD: tuple[object, ...] = ("k", RECORD, {}, [], 5, AMINA, [])


def test_a_later_version_may_add_to_a_body():
    assert unpack_body(packed(*GOOD, "more")).kind == "k"


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, b"k"),
        (0, None),
        (1, RECORD[1:]),
        (1, "r" * 16),
        (2, []),
        (2, {b"text": "x"}),
        (2, {"text": b"x"}),
        (2, {"text": msgpack.ExtType(1, b"x")}),
        (2, {"at": msgpack.Timestamp(1)}),
        (2, {"n": (1 << 64) - 1}),
        (3, {}),
        (3, [b"\0" * 31]),
        (3, [0] * 32),
        (4, -1),
        (4, 1 << 63),
        (4, True),
        (4, 1.0),
        (5, b""),
        (6, [[10**12, 1, b"\0" * 8]]),
        (6, [[TABLET, "1", b"\0" * 8]]),
        (6, [[TABLET, 0, b"\0" * 8]]),
        (6, [[TABLET, 1 << 63, b"\0" * 8]]),
        (6, [[TABLET, 1, b"\0" * 7]]),
        (6, [[TABLET, 1]]),
        (6, {"a": 1}),
    ],
)
def test_a_body_of_any_other_form_is_refused(place, wrong):
    parts = list(GOOD)
    parts[place] = wrong
    with pytest.raises(BadEnvelope):
        unpack_body(packed(*parts))


def test_a_body_packed_in_any_other_way_is_refused():
    good = packed(*GOOD)
    raw = good[5:-20]
    deflated = zlib.compress(raw)
    for bad in (
        b"",
        good[:4],
        b"\x02" + good[1:],
        good[:-1] + b"\x01",
        good[:1] + struct.pack(">I", len(good)) + good[5:],
        b"\0" + struct.pack(">I", 1) + b"\xc0",
        b"\0" + struct.pack(">I", len(raw) + 1) + raw + b"\xc0",
        b"\x01" + struct.pack(">I", len(deflated) - 1) + deflated[:-1],
        b"\x01" + struct.pack(">I", len(deflated) + 1) + deflated + b"x",
        b"\x01" + struct.pack(">I", len(raw)) + raw,
        packed(),
        packed(*GOOD[:6]),
        b"\0" + struct.pack(">I", 2) + b"\x81\x01",
    ):
        with pytest.raises(BadEnvelope):
            unpack_body(bad)
    assert unpack_body(b"\x01" + struct.pack(">I", len(deflated)) + deflated).kind == "k"


def test_a_change_too_large_to_travel_is_not_opened_either():
    """A member may seal what she likes with the key; nobody has to open it."""
    encoded = header().encoded()
    ct = KEY.encrypt(bytes(12), pack_body(NOTE).ljust(MAX_CHANGE_BYTES, b"\0"), encoded)
    with pytest.raises(BadEnvelope, match="larger"):
        open_change(sealed_from(encoded, bytes(12) + ct), KEY)


def test_a_bomb_is_not_unpacked():
    """A megabyte that would become a gigabyte, and a few bytes that claim a billion entries."""
    bomb = zlib.compress(b"\0" * (64 * 1024 * 1024), 9)
    with pytest.raises(BadEnvelope):
        unpack_body(b"\x01" + struct.pack(">I", len(bomb)) + bomb)
    claims = (b"\xdd" + struct.pack(">I", 1_000_000)) * 400
    for claimed in (claims, claims.ljust(1_000_000, b"\xc0"), b"\x91" * 100_000):
        with pytest.raises(BadEnvelope):
            unpack_body(b"\0" + struct.pack(">I", len(claimed)) + claimed)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_readers_fail_in_any_other_way(noise):
    for read in (
        unpack_body,
        parse_header,
        lambda b: unpack_body(b"\0" + struct.pack(">I", len(b)) + b),
        lambda b: unpack_body(b"\x01" + struct.pack(">I", len(b)) + b),
        lambda b: unpack_body(
            (lambda z: b"\x01" + struct.pack(">I", len(z)) + z)(zlib.compress(b))
        ),
    ):
        try:
            read(noise)
        except BadEnvelope:
            continue


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats()
    | st.text()
    | st.binary(max_size=40)
    | st.sampled_from([ORG, ZERO_ID, bytes(44), bytes(268)]),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(st.lists(ANYTHING, min_size=6, max_size=8))
def test_no_values_make_the_readers_fail_in_any_other_way(values):
    raw = msgpack.packb(values)
    for read in (
        lambda: parse_header(raw),
        lambda: unpack_body(b"\0" + struct.pack(">I", len(raw)) + raw),
        lambda: Run.unpacked(values),
    ):
        try:
            read()
        except BadEnvelope:
            continue


@pytest.mark.parametrize(
    "parts",
    [
        [2, ORG, FAMILY, TABLET, 1, ZERO_ID, KEY.kid],
        [True, ORG, FAMILY, TABLET, 1, ZERO_ID, KEY.kid],
        [1, ORG[1:], FAMILY, TABLET, 1, ZERO_ID, KEY.kid],
        [1, [0] * 16, FAMILY, TABLET, 1, ZERO_ID, KEY.kid],
        [1, "o" * 16, FAMILY, TABLET, 1, ZERO_ID, KEY.kid],
        [1, ORG, 5, TABLET, 1, ZERO_ID, KEY.kid],
        [1, ORG, FAMILY, TABLET, 0, ZERO_ID, KEY.kid],
        [1, ORG, FAMILY, TABLET, -1, ZERO_ID, KEY.kid],
        [1, ORG, FAMILY, TABLET, 1 << 63, ZERO_ID, KEY.kid],
        [1, ORG, FAMILY, TABLET, 1.0, ZERO_ID, KEY.kid],
        [1, ORG, FAMILY, TABLET, 1, KEY.kid, KEY.kid],
        [1, ORG, FAMILY, TABLET, 1, ZERO_ID],
        [1, ORG, FAMILY, TABLET, 1, ZERO_ID, KEY.kid, None],
        {"v": 1},
    ],
)
def test_a_header_of_any_other_form_is_refused(parts):
    with pytest.raises(BadEnvelope):
        parse_header(msgpack.packb(parts))


def test_a_header_written_another_way_is_refused():
    """One header has one writing; a longer one for the same values would have another id."""
    encoded = header().encoded()
    assert encoded[1 + 1 + 18 * 3] == 1
    longer = encoded[:56] + b"\xcc\x01" + encoded[57:]
    assert msgpack.unpackb(longer) == msgpack.unpackb(encoded)
    for bad in (longer, encoded + b"\xc0", encoded[:-1]):
        with pytest.raises(BadEnvelope):
            parse_header(bad)


def test_a_run_is_rebuilt_byte_for_byte():
    made = chain(300)
    (run,) = in_runs((h, as_item(s)) for h, s in made)
    assert (run.first, run.last) == (1, 300)
    travelled = Run.unpacked(msgpack.unpackb(msgpack.packb(run.packed())))
    assert travelled.rebuilt(ORG) == [s for _, s in made]


def test_runs_are_cut_where_the_key_the_device_or_the_count_changes():
    second = CasefileKey(bytes(32), FAMILY, 2)
    (h1, s1), (h2, _) = chain(2)
    other_key = replace(h2, kid=second.kid, n=3)
    runs = in_runs((h, as_item(s1)) for h in (h1, h2, other_key, replace(h2, device=AMINA), h2))
    assert [(r.first, len(r.items)) for r in runs] == [(1, 2), (3, 1), (2, 1), (2, 1)]
    assert in_runs([]) == []


def test_a_redacted_change_keeps_its_place_in_the_chain():
    made = chain(3)
    gone = made[1][1]._replace(ct=None)
    (run,) = in_runs((h, as_item(gone if s.id == gone.id else s)) for h, s in made)
    assert [len(i) for i in run.items] == [268, 44, 268]
    assert [s.id for s in run.rebuilt(ORG)] == [s.id for _, s in made]
    with pytest.raises(CannotOpen, match="redacted"):
        open_change(run.rebuilt(ORG)[1], KEY)


@pytest.mark.parametrize("length", [0, 12, 43, 45, 60, 267, 12 + MAX_CHANGE_BYTES + 1])
def test_nothing_between_a_hash_and_a_sealed_change_travels_as_either(length):
    run = in_runs((h, as_item(s)) for h, s in chain(1))[0]
    with pytest.raises(BadEnvelope):
        Run.unpacked(replace(run, items=(bytes(length),)).packed())


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, FAMILY[1:]),
        (1, "d" * 16),
        (2, None),
        (3, 0),
        (3, True),
        (3, (1 << 63) - 1),
        (4, FAMILY),
        (5, []),
        (5, None),
        (5, ["i" * 44]),
    ],
)
def test_a_run_of_any_other_form_is_refused(place, wrong):
    parts = in_runs((h, as_item(s)) for h, s in chain(1))[0].packed()
    parts[place] = wrong
    with pytest.raises(BadEnvelope):
        Run.unpacked(parts)
    malformed: list[object] = [parts[:5], [*parts, None], None, {}]
    for bad in malformed:
        with pytest.raises(BadEnvelope):
            Run.unpacked(bad)


@given(st.integers(0, 4), st.data())
def test_a_change_dropped_swapped_or_edited_on_the_way_changes_the_last_id(at, data):
    """The signed head names the last id, so any of these fails against it."""
    made = CHAIN_OF_FIVE
    (run,) = in_runs((h, as_item(s)) for h, s in made)
    items = list(run.items)
    what = data.draw(st.sampled_from(["drop", "double", "swap", "edit"]))
    if what == "drop":
        del items[at]
    elif what == "double":
        items.insert(at, items[at])
    elif what == "swap":
        other = (at + 1) % 5
        items[at], items[other] = items[other], items[at]
    else:
        flipped = bytearray(items[at])
        flipped[data.draw(st.integers(0, len(flipped) - 1))] ^= 1
        items[at] = bytes(flipped)
    altered = replace(run, items=tuple(items)).rebuilt(ORG)
    assert not altered or altered[-1].id != made[-1][1].id


CHAIN_OF_FIVE = chain(5)


def test_a_run_claimed_for_another_chain_has_other_ids():
    (run,) = in_runs((h, as_item(s)) for h, s in chain(2))
    honest = run.rebuilt(ORG)[-1].id
    for other in (
        {"casefile": AMINA},
        {"device": AMINA},
        {"kid": AMINA},
        {"first": 2},
        {"prev": b"\1" * 32},
    ):
        assert replace(run, **other).rebuilt(ORG)[-1].id != honest
    assert run.rebuilt(AMINA)[-1].id != honest


def test_a_head_vouches_for_one_place_in_one_chain():
    signing = Ed25519PrivateKey.generate()
    public = signing.public_key()
    last = chain(2)[-1][1].id
    head = sign_head(signing, org=ORG, casefile=FAMILY, device=TABLET, n=2, head=last)
    check_head(head, ORG, public)
    for other in (
        replace(head, casefile=AMINA),
        replace(head, device=AMINA),
        replace(head, n=3),
        replace(head, id=ZERO_ID),
        replace(head, signature=head.signature[:-1]),
        replace(head, signature=bytes(64)),
    ):
        with pytest.raises(BadSignature):
            check_head(other, ORG, public)
    with pytest.raises(BadSignature):
        check_head(head, AMINA, public)
    with pytest.raises(BadSignature):
        check_head(head, ORG, Ed25519PrivateKey.generate().public_key())


def test_a_signature_made_for_another_purpose_is_no_head():
    """The same bytes signed under a statement's context do not pass for a head."""
    signing = Ed25519PrivateKey.generate()
    head = sign_head(signing, org=ORG, casefile=FAMILY, device=TABLET, n=1, head=ZERO_ID)
    body = msgpack.packb([ORG, FAMILY, TABLET, 1, ZERO_ID])
    elsewhere = signing.sign(joined(b"doorstep/statement/1", body))
    with pytest.raises(BadSignature):
        check_head(replace(head, signature=elsewhere), ORG, signing.public_key())
