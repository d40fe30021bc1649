"""Who is in a casefile: founded by anybody for herself, changed by supervisors alone."""

from dataclasses import replace

import pytest

from builders import Organisation
from storage.grants import RECOVERY
from storage.statements import make_statement
from sync.errors import ChainRefused, NotUnderstood, NotYours, Stale


def altered(casefile, by, /, **changes):
    """The founding grant of a casefile with another body, signed all the same."""
    grant = casefile.grant.statement
    return make_statement(
        by.signing,
        context=grant.context,
        org=grant.org,
        signer=by.id,
        prev=grant.prev,
        body={**grant.body, **changes},
    ).packed()


def test_a_worker_founds_a_casefile_for_herself_and_her_supervisor(service, office):
    mine = {position.casefile for position in office.standings(service.amina.token).positions}

    assert mine == {service.okoro.id}
    assert office.grants(service.grace.token, service.okoro.id) == (
        service.okoro.grant.statement.packed(),
    )


def test_a_grant_handed_in_twice_stands_once(service, office):
    office.grant(service.amina.token, service.okoro.grant.statement.packed())

    assert len(office.grants(service.amina.token, service.okoro.id)) == 1


def test_a_worker_does_not_let_a_colleague_in(service, office):
    organisation = service.organisation
    casefile = organisation.found(service.amina, [service.grace, service.ben])

    with pytest.raises(ChainRefused):
        office.grant(service.amina.token, casefile.grant.statement.packed())
    with pytest.raises(ChainRefused):
        organisation.regrant(
            service.okoro,
            service.amina,
            [service.amina, service.grace, service.ben],
            office=office,
        )


def test_a_workers_second_device_may_be_in_from_the_start(service, office):
    organisation = service.organisation
    phone = organisation.joins(
        "worker", person=service.amina.person, by=service.grace, office=office
    )
    casefile = organisation.found(service.amina, [phone, service.grace], office=office)

    assert office.pull(phone.token, casefile.id, 0).top == 0


def test_a_supervisor_lets_somebody_in_who_then_reads_it_all(service, office):
    service.amina.writes(service.okoro, "Feeding well.", "Smiled.")
    service.amina.pushes(office, service.okoro)
    with pytest.raises(NotYours):
        office.pull(service.ben.token, service.okoro.id, 0)

    service.organisation.regrant(
        service.okoro, service.grace, [service.amina, service.grace, service.ben], office=office
    )

    assert office.pull(service.ben.token, service.okoro.id, 0).next == 2


def test_who_founds_has_to_be_in_it(service, office):
    casefile = service.organisation.found(service.grace, [service.amina])
    alien = altered(
        casefile,
        service.grace,
        members=[service.amina.id],
        keys=[[d, k] for d, k in casefile.grant.keys.items() if d != service.grace.id],
    )

    with pytest.raises(ChainRefused):
        office.grant(service.grace.token, alien)


@pytest.mark.parametrize("role", ["administrator", "desk"])
def test_administrators_and_the_desk_hold_no_casefile_key(service, office, role):
    organisation = service.organisation
    outsider = organisation.joins(role, by=service.grace, office=office)
    own = organisation.found(outsider)
    shared = organisation.found(service.grace, [outsider])

    for device, casefile in ((outsider, own), (service.grace, shared)):
        with pytest.raises(ChainRefused):
            office.grant(device.token, casefile.grant.statement.packed())
    with pytest.raises(ChainRefused):
        organisation.regrant(
            service.okoro,
            service.grace,
            [service.amina, service.grace, outsider],
            office=office,
        )


def test_a_grant_on_an_old_one_is_stale(service, office):
    organisation, grace = service.organisation, service.grace
    everybody = [service.amina, grace, service.ben]
    late = organisation.regrant(service.okoro, grace, everybody)
    organisation.regrant(service.okoro, grace, [service.amina, grace], rotate=True, office=office)

    with pytest.raises(Stale):
        office.grant(grace.token, late.statement.packed())


def test_a_supervisor_who_is_not_in_a_casefile_finds_nothing_there(service, office):
    organisation = service.organisation
    rosa = organisation.joins("supervisor", by=service.grace, office=office)
    own = organisation.regrant(service.okoro, rosa, [rosa, service.grace])
    never = organisation.found(rosa)

    with pytest.raises(NotYours) as theirs:
        office.grant(rosa.token, own.statement.packed())
    with pytest.raises(NotYours) as nowhere:
        organisation.regrant(never, rosa, [rosa], office=office)
    assert str(theirs.value) == str(nowhere.value)


def test_the_root_puts_things_right_by_a_supervisors_hand(service, office):
    organisation = service.organisation
    rosa = organisation.joins("supervisor", by=service.grace, office=office)

    organisation.regrant(
        service.okoro, rosa, [service.amina, rosa], as_root=True, office=office, last={}
    )

    assert office.pull(rosa.token, service.okoro.id, 0).top == 0
    with pytest.raises(ChainRefused):
        organisation.regrant(
            service.okoro, service.amina, [service.amina], as_root=True, office=office
        )


def test_a_grant_keeps_every_key_that_older_text_needs(service, office):
    organisation, grace = service.organisation, service.grace
    organisation.regrant(service.okoro, grace, [service.amina, grace], rotate=True, office=office)
    grown = list(service.okoro.keys)
    service.okoro.keys = grown[1:]

    with pytest.raises(ChainRefused):
        organisation.regrant(service.okoro, grace, [service.amina, grace], office=office)


def test_a_grant_seals_the_keys_to_each_member_and_to_recovery(service, office):
    casefile = service.organisation.found(service.amina, [service.grace])
    keys = casefile.grant.keys
    for missing in (RECOVERY, service.grace.id):
        packed = altered(
            casefile, service.amina, keys=[[d, k] for d, k in keys.items() if d != missing]
        )
        with pytest.raises(NotUnderstood):
            office.grant(service.amina.token, packed)


def test_a_casefile_stays_what_it_was_founded_as(service, office):
    organisation = service.organisation
    casefile = organisation.found(service.amina, [service.grace], office=office)
    casefile.grants[-1] = replace(casefile.grant, label="team")

    with pytest.raises(ChainRefused):
        organisation.regrant(casefile, service.grace, [service.amina, service.grace], office=office)


def test_restricted_notes_hang_on_a_casefile_of_ones_own(service, office):
    organisation = service.organisation
    organisation.found(
        service.amina,
        [service.grace],
        label="restricted",
        linked_to=service.okoro.id,
        office=office,
    )
    with pytest.raises(NotYours):
        organisation.found(
            service.amina, label="restricted", linked_to=service.silva.id, office=office
        )


def test_a_grant_names_nobody_unknown_and_nobody_revoked(service, office):
    organisation, grace = service.organisation, service.grace
    unknown = organisation.device("worker")
    with pytest.raises(Stale):
        organisation.regrant(service.okoro, grace, [service.amina, grace, unknown], office=office)

    organisation.revoke(service.ben, grace, office)
    with pytest.raises(Stale):
        organisation.regrant(
            service.okoro, grace, [service.amina, grace, service.ben], office=office
        )


def test_who_founded_out_of_signal_could_not_know_of_a_revocation(service, office):
    organisation = service.organisation
    rosa = organisation.joins("supervisor", by=service.grace, office=office)
    founded = organisation.found(service.amina, [rosa])
    organisation.revoke(rosa, service.grace, office)

    office.grant(service.amina.token, founded.grant.statement.packed())

    service.amina.writes(founded, "Written in the valley.")
    assert service.amina.pushes(office, founded).accepted == 1


def test_removing_somebody_has_to_list_what_was_accepted(service, office):
    organisation, grace, amina = service.organisation, service.grace, service.amina
    amina.writes(service.okoro, "one", "two")
    amina.pushes(office, service.okoro)
    with pytest.raises(Stale):
        organisation.regrant(service.okoro, grace, [grace], rotate=True, office=office)

    end = amina.chains[service.okoro.id][1][1].id
    organisation.regrant(
        service.okoro, grace, [grace], rotate=True, last={amina.id: (2, end)}, office=office
    )
    with pytest.raises(NotYours):
        office.pull(amina.token, service.okoro.id, 0)


def test_a_removed_member_is_shown_the_signed_word_that_removed_her_and_no_more(service, office):
    organisation, grace, amina = service.organisation, service.grace, service.amina
    organisation.regrant(service.okoro, grace, [grace], rotate=True, office=office)
    organisation.regrant(service.okoro, grace, [grace, service.ben], office=office)

    assert office.grants(amina.token, service.okoro.id) == tuple(
        grant.statement.packed() for grant in service.okoro.grants[:2]
    )
    assert office.standings(amina.token).positions == ()


def test_a_removed_devices_end_stays_in_every_later_grant(service, office):
    organisation, grace, amina = service.organisation, service.grace, service.amina
    amina.writes(service.okoro, "one")
    amina.pushes(office, service.okoro)
    end = amina.chains[service.okoro.id][0][1].id
    organisation.regrant(
        service.okoro, grace, [grace], rotate=True, last={amina.id: (1, end)}, office=office
    )
    service.okoro.grants[-1] = replace(service.okoro.grant, last={})

    with pytest.raises(ChainRefused):
        organisation.regrant(service.okoro, grace, [grace, service.ben], office=office)


def test_a_grant_signed_with_another_key_is_refused(service, office):
    forged = altered(
        service.organisation.found(service.amina),
        replace(service.amina, signing=service.ben.signing),
    )

    with pytest.raises(ChainRefused):
        office.grant(service.amina.token, forged)


def test_a_grant_signed_by_somebody_else_is_refused(service, office):
    casefile = service.organisation.found(service.grace, [service.amina])

    with pytest.raises(ChainRefused):
        office.grant(service.amina.token, casefile.grant.statement.packed())


def test_another_organisations_grant_is_not_understood(service, office):
    other = Organisation(2)
    stranger = other.joins("worker")
    casefile = other.found(stranger)

    with pytest.raises(NotUnderstood):
        office.grant(service.amina.token, casefile.grant.statement.packed())


@pytest.mark.parametrize(
    "change",
    [
        {"label": "diary"},
        {"label": 7},
        {"members": []},
        {"epoch": 2},
        {"epoch": True},
        {"kids": []},
        {"linked_to": b"short"},
        {"linked_to": 7},
        {"last": [[bytes(16), "n", bytes(32)]]},
        {"last": 7},
        {"last": [[bytes(16), 1, bytes(32)]]},
        {"keys": 7},
        {"inbox": b""},
        {"casefile": bytes(16)},
    ],
)
def test_a_grant_of_another_form_is_not_understood(service, office, change):
    casefile = service.organisation.found(service.amina, [service.grace])

    with pytest.raises(NotUnderstood):
        office.grant(service.amina.token, altered(casefile, service.amina, **change))
    assert len(office.standings(service.amina.token).positions) == 1


def test_a_member_twice_in_a_grant_is_not_understood(service, office):
    casefile = service.organisation.found(service.amina, [service.grace])
    packed = altered(
        casefile, service.amina, members=[service.amina.id, service.amina.id, service.grace.id]
    )

    with pytest.raises(NotUnderstood):
        office.grant(service.amina.token, packed)
