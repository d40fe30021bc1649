"""The directory at the office: appended to by compare and set, by those who may."""

import hashlib

import pytest
from sqlalchemy import select

from builders import AT, Organisation
from storage.statements import DIRECTORY, make_statement
from sync.errors import ChainRefused, DeviceRevoked, NotUnderstood, NotYours, SignedOut, Stale
from sync.server.tables import tokens


def test_everybody_reads_the_whole_directory(service, office):
    for device in (service.grace, service.amina, service.olwen):
        assert list(office.directory(device.token, 0)) == service.organisation.packed()
    assert list(office.directory(service.amina.token, 3)) == service.organisation.packed()[3:]
    assert office.directory(service.amina.token, 99) == ()


def test_a_statement_published_twice_stands_once(service, office):
    statement = service.organisation.certify(
        service.organisation.device("worker"), service.grace
    ).packed()

    office.publish(service.grace.token, statement)
    office.publish(service.grace.token, statement)

    assert office.standings(service.grace.token).directory == 6


def test_of_two_who_publish_at_once_the_second_is_told_to_look_again(service, office):
    organisation = service.organisation
    mine = organisation.directory.certify(
        service.olwen.signing, service.olwen.id, organisation.device("worker").certificate, AT
    )
    organisation.joins("worker", by=service.grace, office=office)

    with pytest.raises(Stale):
        office.publish(service.olwen.token, mine.packed())


def test_a_worker_publishes_nothing(service, office):
    organisation = service.organisation
    statement = organisation.directory.certify(
        service.amina.signing, service.amina.id, organisation.device("worker").certificate, AT
    )

    with pytest.raises(NotYours):
        office.publish(service.amina.token, statement.packed())


def test_an_administrator_makes_no_supervisor(service, office):
    organisation = service.organisation
    statement = organisation.directory.certify(
        service.olwen.signing, service.olwen.id, organisation.device("supervisor").certificate, AT
    )

    with pytest.raises(ChainRefused):
        office.publish(service.olwen.token, statement.packed())
    assert office.standings(service.olwen.token).directory == 5


def test_nobody_publishes_what_somebody_else_signed(service, office):
    organisation = service.organisation
    statement = organisation.directory.certify(
        service.grace.signing, service.grace.id, organisation.device("worker").certificate, AT
    )

    with pytest.raises(ChainRefused):
        office.publish(service.olwen.token, statement.packed())


def test_a_forged_signature_is_refused(service, office):
    organisation = service.organisation
    statement = organisation.directory.certify(
        service.olwen.signing, service.grace.id, organisation.device("worker").certificate, AT
    )

    with pytest.raises(ChainRefused):
        office.publish(service.grace.token, statement.packed())


def test_another_organisations_statement_is_not_understood(service, office):
    other = Organisation(2)
    grace = service.grace
    statement = make_statement(
        grace.signing,
        context=DIRECTORY,
        org=other.org,
        signer=grace.id,
        prev=service.organisation.directory.tip,
        body={"type": "certify"},
    )

    with pytest.raises(NotUnderstood):
        office.publish(grace.token, statement.packed())


@pytest.mark.parametrize(
    "body",
    [
        {"type": "revoke", "device": bytes(16)},
        {"type": "revoke", "last": 7},
        {"type": "certify"},
        {"type": "certify", "device": b"short"},
        {"type": "organisation", "root": bytes(32), "recovery": bytes(32)},
        {"type": "note", "deep": [[[[[[[[[1]]]]]]]]]},
    ],
)
def test_a_statement_of_another_form_is_not_understood(service, office, body):
    if body.get("type") == "revoke" and "last" in body:
        body = {**body, "device": service.ben.id}
    grace = service.grace
    statement = make_statement(
        grace.signing,
        context=DIRECTORY,
        org=service.organisation.org,
        signer=grace.id,
        prev=service.organisation.directory.tip,
        body=body,
    )

    with pytest.raises(NotUnderstood):
        office.publish(grace.token, statement.packed())
    assert office.standings(grace.token).directory == 5


@pytest.mark.parametrize(
    "last", [[[b"short", 1, bytes(32)]], [[bytes(16), "many", bytes(32)]], [[bytes(16), 1, b""]]]
)
def test_a_revocation_with_odd_ends_is_not_understood(service, office, last):
    grace = service.grace
    statement = make_statement(
        grace.signing,
        context=DIRECTORY,
        org=service.organisation.org,
        signer=grace.id,
        prev=service.organisation.directory.tip,
        body={"type": "revoke", "device": service.ben.id, "last": last, "wipe": False, "at": AT},
    )

    with pytest.raises(NotUnderstood):
        office.publish(grace.token, statement.packed())


def test_a_later_versions_statement_is_kept_in_the_chain(service, office):
    grace = service.grace
    statement = make_statement(
        grace.signing,
        context=DIRECTORY,
        org=service.organisation.org,
        signer=grace.id,
        prev=service.organisation.directory.tip,
        body={"type": "team", "name": 7},
    )

    office.publish(grace.token, statement.packed())

    assert office.directory(service.ben.token, 5) == (statement.packed(),)


def test_a_large_directory_is_read_page_by_page(service, office):
    organisation = service.organisation
    grace = service.grace
    for _ in range(12):
        statement = make_statement(
            grace.signing,
            context=DIRECTORY,
            org=organisation.org,
            signer=grace.id,
            prev=organisation.directory.tip,
            body={"type": "filler", "bytes": bytes(200_000)},
        )
        organisation._take(statement)
        office.publish(grace.token, statement.packed())

    read: list[bytes] = []
    while page := office.directory(grace.token, len(read)):
        assert sum(map(len, page)) <= 2 * 1024 * 1024
        read += page
    assert read == organisation.packed()


# -- revocation --------------------------------------------------------------------------------


def test_revoking_ends_a_login_at_once(service, office):
    service.organisation.revoke(service.ben, service.grace, office)

    with pytest.raises(SignedOut):
        office.standings(service.ben.token)
    with pytest.raises(SignedOut):
        office.pull(service.ben.token, service.silva.id, 0)
    with office._s.database.reading() as connection:
        kept = connection.execute(select(tokens.c.device)).scalars().all()
    assert service.ben.id not in kept
    assert service.amina.id in kept


def test_a_login_given_while_the_revocation_was_under_way_is_dead_too(service, office):
    """Two processes may have crossed: the token is there, and was given to a trusted device."""
    service.organisation.revoke(service.ben, service.grace, office)
    late = tokens.insert().values(
        hash=hashlib.sha256(bytes(32)).digest(), device=service.ben.id, expires=2**62, revoked=False
    )
    with office._s.database.writing() as connection:
        connection.execute(late)

    for call in (
        lambda: office.standings(bytes(32)),
        lambda: office.push(bytes(32), [], []),
        lambda: office.wiped(bytes(32)),
    ):
        with pytest.raises(SignedOut):
            call()


def test_a_revoked_device_still_logs_in_and_is_told(service, office):
    service.organisation.revoke(service.ben, service.grace, office, wipe=True)

    challenge = office.challenge(service.ben.id)
    login = office.login(service.ben.id, challenge, service.ben.answer(challenge))

    assert (login.standing, login.wipe) == ("revoked", True)


def test_a_revoked_device_reads_nothing_of_any_casefile(service, office):
    organisation, ben = service.organisation, service.ben
    organisation.revoke(ben, service.grace, office)
    ben.login(office)

    for call in (
        lambda: office.standings(ben.token),
        lambda: office.pull(ben.token, service.silva.id, 0),
        lambda: office.grants(ben.token, service.silva.id),
        lambda: office.parked(ben.token),
        lambda: office.unpark(ben.token, [bytes(16)]),
        lambda: office.grant(ben.token, organisation.found(ben).grant.statement.packed()),
        lambda: office.quarantined(ben.token),
        lambda: office.devices_seen(ben.token),
        lambda: office.chains(ben.token, ben.id),
        lambda: office.enrolments(ben.token),
        lambda: office.invite(ben.token, bytes(32), 2**62),
        lambda: office.publish(ben.token, organisation.statements[-1].packed()),
    ):
        with pytest.raises(DeviceRevoked):
            call()
    # What it may read is the signed order to stop.
    assert list(office.directory(ben.token, 0)) == organisation.packed()


def test_a_revoked_supervisor_may_redact_and_adopt_nothing(service, office):
    organisation = service.organisation
    second = organisation.joins("supervisor", by=service.grace, office=office)
    service.amina.writes(service.okoro, "Feeding well.")
    service.amina.pushes(office, service.okoro)
    organisation.revoke(service.grace, second, office)
    service.grace.login(office)

    with pytest.raises(NotYours):
        office.push(service.grace.token, [], [], [service.amina.chains[service.okoro.id][0][1].id])
    with pytest.raises(DeviceRevoked):
        office.settle_quarantine(service.grace.token, service.okoro.id, service.ben.id, 1)


def test_the_wipe_is_owed_until_the_device_says_it_is_done(service, office):
    ben, grace = service.ben, service.grace
    service.organisation.revoke(ben, grace, office, wipe=True)
    owed = {seen.device: seen.wipe_pending for seen in office.devices_seen(grace.token)}
    assert owed[ben.id]

    ben.login(office)
    office.wiped(ben.token)
    office.wiped(ben.token)

    assert ben.id not in {seen.device for seen in office.devices_seen(grace.token)}
    challenge = office.challenge(ben.id)
    assert not office.login(ben.id, challenge, ben.answer(challenge)).wipe


def test_a_device_in_good_standing_has_nothing_to_wipe(service, office):
    with pytest.raises(NotYours):
        office.wiped(service.ben.token)


def test_a_revocation_has_to_list_what_was_accepted(service, office):
    organisation, ben, grace = service.organisation, service.ben, service.grace
    ben.writes(service.silva, "one", "two")
    ben.pushes(office, service.silva, 1, 1)
    (end,) = office.chains(grace.token, ben.id)
    statement = organisation.directory.revoke(
        grace.signing, grace.id, ben.id, last={end.casefile: (end.n, end.id)}, wipe=False, at=AT
    )
    ben.pushes(office, service.silva, 2, 2)

    with pytest.raises(Stale):
        office.publish(grace.token, statement.packed())
    organisation.revoke(ben, grace, office)
    with pytest.raises(SignedOut):
        office.standings(ben.token)


def test_an_administrator_learns_the_ends_of_chains_she_cannot_read(service, office):
    service.ben.writes(service.silva, "one", "two")
    service.ben.pushes(office, service.silva)
    ends = office.chains(service.olwen.token, service.ben.id)

    assert [(e.casefile, e.n) for e in ends] == [(service.silva.id, 2)]
    assert ends[0].id == service.ben.chains[service.silva.id][1][1].id
    service.organisation.revoke(service.ben, service.olwen, office)


def test_nobody_asks_after_chains_of_a_device_that_is_not_in_the_directory(service, office):
    with pytest.raises(NotYours):
        office.chains(service.grace.token, bytes(15) + b"x")


def test_supervisors_see_when_each_device_was_last_heard_from(service, office, clock):
    clock.advance(3 * 24 * 3600)
    service.grace.login(office)
    seen = {s.device: s.last_seen for s in office.devices_seen(service.grace.token)}
    silent = service.organisation.device("worker")
    office.publish(
        service.grace.token, service.organisation.certify(silent, service.grace).packed()
    )

    assert seen[service.grace.id] - seen[service.amina.id] == 3 * 24 * 3600 * 1000
    after = {s.device: s.last_seen for s in office.devices_seen(service.grace.token)}
    assert after[silent.id] is None
