"""Who is calling: challenges, tokens, and their end."""

import pytest

from storage.seal import joined
from sync.errors import DeviceUnknown, SignedOut, TooMuch


def test_a_device_that_signs_the_challenge_gets_in(service, office):
    token = service.amina.login(office)

    assert len(token) == 32
    assert office.standings(token).directory == 5


def test_a_challenge_serves_once(service, office):
    amina = service.amina
    challenge = office.challenge(amina.id)
    office.login(amina.id, challenge, amina.answer(challenge))

    with pytest.raises(SignedOut):
        office.login(amina.id, challenge, amina.answer(challenge))


def test_a_challenge_runs_out_after_two_minutes(service, office, clock):
    amina = service.amina
    challenge = office.challenge(amina.id)
    clock.advance(120)

    with pytest.raises(SignedOut):
        office.login(amina.id, challenge, amina.answer(challenge))


def test_a_challenge_is_for_the_device_that_asked(service, office):
    challenge = office.challenge(service.ben.id)

    with pytest.raises(SignedOut):
        office.login(service.amina.id, challenge, service.amina.answer(challenge))


def test_a_wrong_signature_uses_the_challenge_up(service, office):
    amina = service.amina
    challenge = office.challenge(amina.id)
    with pytest.raises(DeviceUnknown):
        office.login(amina.id, challenge, service.ben.answer(challenge))

    with pytest.raises(SignedOut):
        office.login(amina.id, challenge, amina.answer(challenge))


def test_an_answer_made_for_another_office_does_not_open_this_one(service, office):
    amina = service.amina
    challenge = office.challenge(amina.id)
    elsewhere = amina.login_key.sign(joined(b"doorstep/login/1", bytes(16), amina.id, challenge))

    with pytest.raises(DeviceUnknown):
        office.login(amina.id, challenge, elsewhere)


def test_a_stranger_is_given_bytes_to_sign_and_stays_a_stranger(service, office):
    stranger = service.organisation.device("worker")
    challenge = office.challenge(stranger.id)

    assert len(challenge) == 32
    with pytest.raises(DeviceUnknown):
        office.login(stranger.id, challenge, stranger.answer(challenge))


def test_nobody_gets_into_an_office_that_belongs_to_nobody(office):
    with pytest.raises(DeviceUnknown):
        office.login(bytes(15) + b"x", office.challenge(bytes(15) + b"x"), bytes(64))
    with pytest.raises(SignedOut):
        office.standings(bytes(32))


def test_a_login_lasts_fifteen_minutes(service, office, clock):
    token = service.amina.login(office)
    clock.advance(15 * 60 - 1)
    office.standings(token)
    clock.advance(1)

    with pytest.raises(SignedOut):
        office.standings(token)


def test_a_made_up_token_is_a_login_that_has_run_out(service, office):
    for token in (bytes(32), b"", service.amina.id, service.amina.token[:-1]):
        with pytest.raises(SignedOut):
            office.standings(token)


def test_logins_that_are_begun_and_not_finished_are_bounded(service, office, clock):
    for _ in range(16):
        office.challenge(service.amina.id)
    with pytest.raises(TooMuch):
        office.challenge(service.amina.id)

    clock.advance(121)
    service.amina.login(office)


def test_tokens_and_challenges_are_not_kept_as_they_are_given(service, office, database):
    token = service.amina.login(office)
    office.close()

    kept = b"".join(database.files().values())
    assert service.amina.id in kept
    assert token not in kept
