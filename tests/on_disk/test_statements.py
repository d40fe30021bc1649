"""Signed statements: exact bytes, one encoding, one place in one chain."""

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import BadEnvelope, BadSignature, TooLarge
from storage.seal import fingerprint, joined
from storage.statements import (
    DIRECTORY,
    FIRST,
    MAX_STATEMENT_BYTES,
    grant_context,
    make_statement,
    read_statement,
)

ORG, DEVICE = b"\1" * 16, b"\2" * 16
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def stated(body=None, **parts):
    whole = {"context": DIRECTORY, "org": ORG, "signer": DEVICE, "prev": FIRST}
    return make_statement(KEY, **(whole | parts), body={"type": "note"} if body is None else body)


def wrapped(*parts, signature=bytes(64)):
    return msgpack.packb([msgpack.packb(list(parts)), signature])


def test_a_statement_comes_back_as_it_was_made():
    made = stated({"type": "certify", "at": 5, "keys": [b"k", None, True]})
    read = read_statement(made.packed())
    assert read == made
    assert read.id == fingerprint(joined(made.encoded, made.signature))
    read.check(KEY.public_key())


@pytest.mark.parametrize(
    "other",
    [
        {"context": grant_context(DEVICE)},
        {"org": b"\xff" * 16},
        {"signer": b"\xff" * 16},
        {"prev": b"\xff" * 32},
        {"body": {"type": "another"}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_signature_holds_for_one_context_organisation_signer_place_and_body(other):
    made, moved = stated(), stated(**other)
    borrowed = read_statement(msgpack.packb([moved.encoded, made.signature]))
    with pytest.raises(BadSignature):
        borrowed.check(KEY.public_key())


def test_another_key_and_another_purpose_are_refused():
    made = stated()
    with pytest.raises(BadSignature):
        made.check(Ed25519PrivateKey.generate().public_key())
    for context in (b"doorstep/head/1", b"doorstep/login/1", b""):
        signature = KEY.sign(joined(context, made.encoded))
        with pytest.raises(BadSignature):
            read_statement(msgpack.packb([made.encoded, signature])).check(KEY.public_key())
    with pytest.raises(BadSignature):
        read_statement(msgpack.packb([made.encoded, KEY.sign(made.encoded)])).check(
            KEY.public_key()
        )


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xc0",
        msgpack.packb([b"x"]),
        msgpack.packb(["text", bytes(64)]),
        msgpack.packb([b"", bytes(64)]),
        msgpack.packb([5, bytes(64)]),
        wrapped(DIRECTORY, 2, ORG, DEVICE, FIRST, {}),
        wrapped(DIRECTORY, True, ORG, DEVICE, FIRST, {}),
        wrapped(DIRECTORY, 1.0, ORG, DEVICE, FIRST, {}),
        wrapped(b"directory", 1, ORG, DEVICE, FIRST, {}),
        wrapped(DIRECTORY, 1, ORG[1:], DEVICE, FIRST, {}),
        wrapped(DIRECTORY, 1, ORG, "d" * 16, FIRST, {}),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST[1:], {}),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST, []),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST, {b"type": "x"}),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST, {}, None),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST, {}, signature=bytes(63)),
        wrapped(DIRECTORY, 1, ORG, DEVICE, FIRST, {}, signature="s" * 64),
        b"\x91" * 5000,
    ],
)
def test_a_statement_of_any_other_form_is_refused(bad):
    with pytest.raises(BadEnvelope):
        read_statement(bad)


def test_a_statement_that_two_readers_could_read_differently_is_refused():
    """Doubled map keys, numbers and strings written longer than needed, a tail after the end."""
    role = msgpack.packb("role")
    doubled = b"\x82" + role + msgpack.packb("worker") + role + msgpack.packb("supervisor")
    head = msgpack.packb([DIRECTORY, 1, ORG, DEVICE, FIRST, {}])[:-1]
    version = len(msgpack.packb([DIRECTORY]))
    longer = head[:version] + b"\xcc\x01" + head[version + 1 :] + b"\x80"
    assert msgpack.unpackb(longer)[1] == 1
    for encoded in (head + doubled, longer, head + b"\xde\x00\x00", head + b"\x80\xc0"):
        with pytest.raises(BadEnvelope):
            read_statement(msgpack.packb([encoded, bytes(64)]))
    honest = stated().packed()
    with pytest.raises(BadEnvelope):
        read_statement(honest + b"\xc0")
    with pytest.raises(BadEnvelope):
        read_statement(b"\xdc\x00\x02" + honest[1:])


def test_a_statement_too_large_to_travel_is_neither_made_nor_read():
    with pytest.raises(TooLarge):
        stated({"text": "x" * MAX_STATEMENT_BYTES})
    with pytest.raises(BadEnvelope):
        read_statement(bytes(MAX_STATEMENT_BYTES + 1))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_in_any_other_way(noise):
    for raw in (noise, msgpack.packb([noise, bytes(64)])):
        try:
            read_statement(raw)
        except BadEnvelope:
            continue
