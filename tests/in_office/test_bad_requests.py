"""Anything may be sent: it is refused calmly, in fixed words, and changes nothing."""

import socket
from contextlib import suppress

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.stop import StopPlan
from sync.forms import MAX_BODY_BYTES, Malformed, shallow, unpack
from sync.protocol import Cursor
from sync.wire import CALLS
from sync.wire_errors import unpack_error

ODD = [
    None,
    True,
    -1,
    2**63,
    2**64 - 1,
    1.5,
    float("nan"),
    "text",
    b"",
    b"x" * 16,
    b"x" * 32,
    b"x" * 64,
    [],
    [None],
    [[b"x" * 16] * 6],
    [[[[[[[[[[1]]]]]]]]]],
    {},
    {"a": {"b": 1}},
    msgpack.ExtType(5, b"x"),
    msgpack.Timestamp(1, 2),
]


def valid(service):
    """One well-formed request for every call."""
    amina, okoro = service.amina, service.okoro
    if okoro.id not in amina.chains:
        amina.writes(okoro, "text", "text")
    runs, heads = amina.batch([okoro])
    statement = service.okoro.grant.statement.packed()
    return {
        "found_organisation": {"root_public": bytes(32), "statements": [statement], "claim": ""},
        "challenge": {"device": amina.id},
        "login": {"device": amina.id, "challenge": bytes(32), "signature": bytes(64)},
        "standings": {},
        "directory": {"after": 0},
        "publish": {"statement": statement},
        "chains": {"device": amina.id},
        "grants": {"casefile": okoro.id},
        "grants_several": {"casefiles": [okoro.id]},
        "grant": {"statement": statement},
        "push": {"runs": runs, "heads": heads, "drops": [bytes(32)]},
        "reaches": {},
        "hand_back": {"runs": runs, "heads": heads},
        "pull": {"casefile": okoro.id, "after": 0},
        "pull_several": {"wanted": [Cursor(casefile=okoro.id, after=0)]},
        "park": {"drafts": []},
        "parked": {},
        "unpark": {"drafts": [bytes(16)]},
        "quarantined": {},
        "settle_quarantine": {"casefile": okoro.id, "device": amina.id, "upto": 1},
        "invite": {"lookup": bytes(32), "expires": 1},
        "withdraw_invite": {"lookup": bytes(32)},
        "enrolments": {},
        "enrol": {"lookup_id": bytes(16), "request": b"request", "mac": bytes(32)},
        "enrolment": {"lookup_id": bytes(16)},
        "recover": {"statements": [statement]},
        "devices_seen": {},
        "wiped": {},
        "desk": {},
        "put_orders": {"orders": [amina.orders(StopPlan(route="ab" * 16, consent=1))]},
        "withdrawals_done": {},
        "orders_state": {"references": [bytes(16)]},
        "inbox_write": {"entries": [amina.leaves(okoro)]},
        "inbox_pull": {"wanted": [Cursor(casefile=okoro.id, after=0)]},
    }


def calm(reply):
    """A refusal in the agreed shape that says nothing about us and repeats nothing of yours."""
    assert 400 <= reply.status_code < 500, reply.status_code
    found = msgpack.unpackb(reply.content)
    assert found.keys() == {"code", "sentence", "reason"}
    unpack_error(reply.content)
    for leak in ("Traceback", "SELECT", "sqlite", ".py", "Error"):
        assert leak not in reply.content.decode("latin-1")
    return found["code"]


def test_every_call_has_a_well_formed_example(service):
    assert valid(service).keys() == CALLS.keys()
    for name, values in valid(service).items():
        CALLS[name].unpack_request(CALLS[name].pack_request(**values))


@pytest.mark.parametrize("name", CALLS)
def test_a_truncated_body_is_not_understood(service, wire, name):
    body = CALLS[name].pack_request(**valid(service)[name])
    for end in sorted({0, 1, len(body) // 3, len(body) // 2, len(body) - 1} - {len(body)}):
        reply = wire.post(name, body[:end], service.amina.token)
        assert calm(reply) == "not-understood"
    assert calm(wire.post(name, body + b"\x00", service.amina.token)) == "not-understood"


@pytest.mark.parametrize("name", CALLS)
def test_an_unknown_or_missing_field_is_not_understood(service, wire, name):
    values = valid(service)[name]
    more = msgpack.packb({**_plain(name, values), "role": "administrator"})
    assert calm(wire.post(name, more, service.amina.token)) == "not-understood"
    for missing in values.keys() - CALLS[name].optional:
        less = {k: v for k, v in _plain(name, values).items() if k != missing}
        reply = wire.post(name, msgpack.packb(less), service.amina.token)
        assert calm(reply) == "not-understood"


def _plain(name, values):
    return msgpack.unpackb(CALLS[name].pack_request(**values))


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.request])
def test_a_field_of_another_type_never_breaks_the_office(service, wire, name):
    values = _plain(name, valid(service)[name])
    for field in values:
        for odd in ODD:
            body = msgpack.packb({**values, field: odd})
            reply = wire.post(name, body, service.amina.token)
            if reply.status_code != 200:
                calm(reply)


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_inside_runs_heads_and_statements_never_break_it(service, wire, odd):
    push = _plain("push", valid(service)["push"])
    for part in ("runs", "heads"):
        for at in range(len(push[part][0])):
            row = [*push[part][0][:at], odd, *push[part][0][at + 1 :]]
            body = msgpack.packb({**push, part: [row], "drops": []})
            reply = wire.post("push", body, service.amina.token)
            if reply.status_code != 200:
                calm(reply)
    for packed in (odd, [odd, odd], [msgpack.packb(odd), bytes(64)]):
        body = msgpack.packb({"statement": msgpack.packb(packed)})
        assert calm(wire.post("grant", body, service.amina.token)) == "not-understood"
        assert calm(wire.post("publish", body, service.grace.token)) == "not-understood"


def test_bodies_that_are_not_a_map_are_not_understood(service, wire):
    for body in (b"", b"\xc1", b"\xc0", b"\x90", b'{"device": 1}', b"\xff" * 100, b"\x81" * 5000):
        assert calm(wire.post("standings", body, service.amina.token)) == "not-understood"


def test_a_claimed_length_without_the_bytes_costs_nothing(service, wire):
    for body in (b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff"):
        assert calm(wire.post("push", body, service.amina.token)) == "not-understood"


def test_deep_nesting_is_not_understood(service, wire):
    for depth in (9, 100, 5_000, 100_000):
        body = b"\x81\xa4runs" + b"\x91" * depth + b"\xc0"
        assert calm(wire.post("push", body, service.amina.token)) == "not-understood"
    assert shallow([[[[[[[[]]]]]]]])
    assert not shallow([[[[[[[[[]]]]]]]]])
    assert not shallow({"a": {"b": [[[[[[[1]]]]]]]}})


def test_an_oversize_body_is_turned_away_before_it_is_read(service, wire):
    reply = wire.post("push", bytes(MAX_BODY_BYTES + 1), service.amina.token)

    assert reply.status_code == 413
    assert calm(reply) == "too-much"


def test_an_announced_oversize_body_is_not_even_waited_for(service, wire):
    host, port = wire.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /v1/push HTTP/1.1\r\nHost: office\r\nContent-Length: 9999999999\r\n"
            b"Content-Type: application/msgpack\r\n\r\n"
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 413")


def test_an_oversize_body_that_does_not_say_so_is_turned_away_too(service, wire):
    def endless():
        for _ in range(MAX_BODY_BYTES // 65_536 + 2):
            yield bytes(65_536)

    reply = wire.session.post(
        wire.address + CALLS["push"].path,
        data=endless(),
        headers={"Content-Type": "application/msgpack"},
        timeout=30,
    )

    assert reply.status_code == 413


def test_a_device_that_loses_its_signal_in_mid_sentence_is_no_fault_of_ours(service, wire, caplog):
    host, port = wire.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(
            b"POST /v1/push HTTP/1.1\r\nHost: office\r\nContent-Length: 100000\r\n"
            b"Content-Type: application/msgpack\r\n\r\nhalf"
        )

    assert wire.health()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_another_content_type_is_not_understood(service, wire):
    body = CALLS["standings"].pack_request()
    for kind in ("application/json", "text/plain", "application/msgpack; charset=x"):
        headers = {"Content-Type": kind}
        assert calm(wire.post("standings", body, service.amina.token, **headers)) == (
            "not-understood"
        )


def test_a_mangled_authorization_is_a_login_that_has_run_out(service, wire):
    body = CALLS["standings"].pack_request()
    for value in ("", "Bearer", "Bearer x", "Basic " + "0" * 64, "Bearer " + "zz" * 32):
        reply = wire.post("standings", body, None, Authorization=value)
        assert calm(reply) == "signed-out"


def test_addresses_and_methods_that_do_not_exist_answer_like_what_is_not_yours(service, wire):
    missing = wire.post(
        "pull", CALLS["pull"].pack_request(casefile=bytes(16), after=0), service.amina.token
    )
    for method, path in (
        ("GET", "/"),
        ("GET", "/v1/pull"),
        ("PUT", "/v1/pull"),
        ("DELETE", "/health"),
        ("POST", "/v1/casefiles"),
        ("GET", "/v1/../etc/passwd"),
        ("GET", "/docs/"),
    ):
        reply = wire.session.request(method, wire.address + path, timeout=30)
        assert (reply.status_code, reply.content) == (404, missing.content)


# -- whatever the bytes ------------------------------------------------------------------------

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.binary(max_size=70)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)
anything = st.binary(max_size=300) | values.map(msgpack.packb)


@given(body=anything)
@settings(max_examples=600)
def test_no_bytes_make_the_reader_do_anything_but_refuse(body):
    for call in CALLS.values():
        try:
            call.unpack_request(body)
        except Malformed:
            continue
        assert call.request.keys() - call.optional <= unpack(body).keys()


@given(body=anything)
@settings(max_examples=600)
def test_no_answer_makes_a_device_do_anything_but_refuse(body):
    for call in CALLS.values():
        try:
            call.unpack_answer(body)
        except Malformed:
            continue
    with suppress(Malformed):
        unpack_error(body)


@given(data=st.data())
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
def test_no_request_makes_the_office_fail(service, wire, data):
    name = data.draw(st.sampled_from(sorted(CALLS)))
    request = _plain(name, valid(service)[name])
    for field in data.draw(st.sets(st.sampled_from(sorted(request)) if request else st.nothing())):
        request[field] = data.draw(values)
    caller = data.draw(st.sampled_from([service.amina, service.grace, service.olwen]))

    reply = wire.post(name, msgpack.packb(request), caller.token)

    assert reply.status_code == 200 or calm(reply)


@given(data=st.data())
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
def test_no_signed_statement_makes_the_office_fail(service, wire, data):
    """A certified device may sign anything; the office answers all of it."""
    from storage.statements import make_statement

    grace = service.grace
    grant = service.okoro.grant.statement
    body = dict(grant.body)
    context, prev = grant.context, grant.id
    if data.draw(st.booleans()):
        context, prev = "directory", service.organisation.directory.tip
        body = {
            "type": data.draw(st.sampled_from(["certify", "revoke", "organisation"])),
            "device": service.ben.id,
            "last": [],
        }
    for field in data.draw(st.sets(st.sampled_from(sorted(body)), min_size=1)):
        body[field] = data.draw(values)
    statement = make_statement(
        grace.signing,
        context=context,
        org=service.organisation.org,
        signer=grace.id,
        prev=prev,
        body=body,
    )
    name = "publish" if context == "directory" else "grant"
    packed = CALLS[name].pack_request(statement=statement.packed())

    reply = wire.post(name, packed, grace.token)

    if reply.status_code == 200:  # it happened to be one: the directory has moved on
        service.organisation.directory.extend([statement]) if context == "directory" else None
    else:
        calm(reply)
