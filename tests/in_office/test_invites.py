"""Invites: once, in time, and not by trying."""

import hashlib

import pytest

from sync.errors import InviteRefused, NotYours, SignedOut, TooMuch
from sync.protocol import Enrolment

DAY_MS = 24 * 3600 * 1000
LOOKUP_ID = b"sixteen bytes id"
LOOKUP = hashlib.sha256(LOOKUP_ID).digest()


@pytest.fixture
def expires(clock):
    return int(clock.now().timestamp() * 1000) + DAY_MS


@pytest.fixture
def invited(service, office, expires):
    office.invite(service.grace.token, LOOKUP, expires)
    return service.organisation.device("worker")


def request_of(device):
    return b"request:" + device.certificate.signing + device.certificate.receiving


def refusal(call, *arguments, **more):
    with pytest.raises(InviteRefused) as refused:
        call(*arguments, **more)
    return refused.value.reason


def test_a_joiner_asks_and_the_inviter_hears_exactly_what_was_said(service, office, invited):
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))

    (heard,) = office.enrolments(service.grace.token)
    assert heard == Enrolment(
        invite=LOOKUP, request=request_of(invited), mac=bytes(32), at=1_780_304_400_000
    )
    assert office.enrolments(service.olwen.token) == ()
    assert office.enrolment(LOOKUP_ID).state == "waiting"


def test_once_certified_the_joiner_gets_the_directory_and_logs_in(service, office, invited):
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))
    statement = service.organisation.certify(invited, service.grace)
    office.publish(service.grace.token, statement.packed())

    state = office.enrolment(LOOKUP_ID)

    assert state.state == "certified"
    assert list(state.directory) == service.organisation.packed()
    assert office.enrolments(service.grace.token) == ()
    invited.login(office)


def test_certifying_somebody_else_lets_nobody_in(service, office, invited):
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))
    service.organisation.joins("worker", by=service.grace, office=office)

    assert office.enrolment(LOOKUP_ID).state == "waiting"
    assert office.enrolment(LOOKUP_ID).directory == ()


def test_an_invite_is_used_once(service, office, invited):
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))

    assert refusal(office.enrol, LOOKUP_ID, request_of(service.ben), bytes(32)) == "used"
    assert refusal(office.enrol, LOOKUP_ID, request_of(invited), b"\x01" * 32) == "used"
    assert len(office.enrolments(service.grace.token)) == 1


def test_an_invite_runs_out_after_a_day_whatever_it_says(service, office, clock):
    office.invite(service.grace.token, LOOKUP, 2**62)
    clock.advance(24 * 3600)

    assert refusal(office.enrol, LOOKUP_ID, b"request", bytes(32)) == "expired"
    assert refusal(office.enrolment, LOOKUP_ID) == "expired"


def test_who_asked_in_time_may_be_let_in_later(service, office, invited, clock):
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))
    clock.advance(3 * 24 * 3600)
    service.grace.login(office)

    assert len(office.enrolments(service.grace.token)) == 1
    assert office.enrolment(LOOKUP_ID).state == "waiting"


def test_a_week_later_it_is_forgotten(service, office, invited, clock, expires):
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32))
    clock.advance(8 * 24 * 3600)
    service.grace.login(office)
    office.invite(service.grace.token, bytes(32), expires + 9 * DAY_MS)

    assert refusal(office.enrolment, LOOKUP_ID) == "unknown"


def test_an_invite_that_was_never_made_is_unknown(service, office):
    assert refusal(office.enrol, LOOKUP_ID, b"request", bytes(32)) == "unknown"
    assert refusal(office.enrolment, LOOKUP_ID) == "unknown"


def test_an_invite_taken_back_is_unknown(service, office, invited):
    office.withdraw_invite(service.olwen.token, LOOKUP)
    assert office.enrolment(LOOKUP_ID).state == "waiting"
    office.withdraw_invite(service.grace.token, LOOKUP)
    office.withdraw_invite(service.grace.token, LOOKUP)

    assert refusal(office.enrol, LOOKUP_ID, b"request", bytes(32)) == "unknown"


def test_an_invite_that_has_run_out_already_is_not_taken(service, office, clock):
    now = int(clock.now().timestamp() * 1000)

    assert refusal(office.invite, service.grace.token, LOOKUP, now) == "expired"


def test_announcing_twice_is_announcing_once(service, office, invited, expires):
    office.invite(service.grace.token, LOOKUP, expires)
    with pytest.raises(NotYours):
        office.invite(service.olwen.token, LOOKUP, expires)


def test_a_worker_invites_nobody(service, office, expires):
    for call in (
        lambda: office.invite(service.amina.token, LOOKUP, expires),
        lambda: office.withdraw_invite(service.amina.token, LOOKUP),
        lambda: office.enrolments(service.amina.token),
    ):
        with pytest.raises(NotYours):
            call()


def test_a_revoked_inviter_s_invites_are_void(service, office, expires):
    office.invite(service.olwen.token, LOOKUP, expires)
    service.organisation.revoke(service.olwen, service.grace, office)

    assert refusal(office.enrol, LOOKUP_ID, b"request", bytes(32)) == "unknown"
    with pytest.raises(SignedOut):
        office.invite(service.olwen.token, LOOKUP, expires)


def test_guessing_from_one_address_gets_slow_and_others_go_on(service, office, invited, clock):
    for guess in range(20):
        refusal(office.enrol, b"guess %010d" % guess, b"request", bytes(32), address="192.0.2.7")
    with pytest.raises(TooMuch):
        office.enrol(LOOKUP_ID, request_of(invited), bytes(32), address="192.0.2.7")
    with pytest.raises(TooMuch):
        office.enrolment(LOOKUP_ID, address="192.0.2.7")

    assert office.enrolment(LOOKUP_ID, address="192.0.2.8").state == "waiting"
    clock.advance(3600)
    office.enrol(LOOKUP_ID, request_of(invited), bytes(32), address="192.0.2.7")


def test_open_invites_are_bounded(service, office, expires):
    for n in range(200):
        office.invite(service.grace.token, n.to_bytes(32, "big"), expires)

    with pytest.raises(TooMuch):
        office.invite(service.grace.token, LOOKUP, expires)
    office.withdraw_invite(service.grace.token, bytes(32))
    office.invite(service.grace.token, LOOKUP, expires)
