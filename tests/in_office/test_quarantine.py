"""What revoked and removed devices still hand in: kept, apart, for a supervisor to judge."""

from dataclasses import replace

import pytest

from sync.errors import NotYours


@pytest.fixture
def silva(service, office):
    """Ben has pushed two changes, then his device was revoked while it held two more."""
    ben = service.ben
    ben.writes(service.silva, "one", "two", "three", "four")
    ben.pushes(office, service.silva, 1, 2)
    service.organisation.revoke(ben, service.grace, office)
    ben.login(office)
    return service.silva


def removed(service, office, device):
    """A worker is taken out of her family by its supervisor."""
    chain = service.amina.chains.get(service.okoro.id, [])
    top = office.pull(service.grace.token, service.okoro.id, 0).top
    last = {device.id: (top, chain[top - 1][1].id)} if top else {}
    service.organisation.regrant(
        service.okoro, service.grace, [service.grace], rotate=True, last=last, office=office
    )


def test_what_a_revoked_device_had_not_sent_waits_for_a_supervisor(service, office, silva):
    answer = service.ben.pushes(office, silva)

    assert (answer.accepted, answer.refused, answer.quarantined, answer.top) == (4, None, True, 0)
    assert office.pull(service.grace.token, silva.id, 0).top == 2
    assert office.standings(service.grace.token).quarantined == 2
    (page,) = office.quarantined(service.grace.token)
    assert (page.casefile, page.after, page.next, page.top) == (silva.id, 2, 4, 4)
    rebuilt = [s for run in page.runs for s in run.rebuilt(service.organisation.org)]
    assert rebuilt == [sealed for _, sealed in service.ben.chains[silva.id][2:]]
    assert page.heads == (service.ben.head(silva.id),)


def test_handing_the_same_in_twice_keeps_it_once(service, office, silva):
    first = service.ben.pushes(office, silva)
    again = service.ben.pushes(office, silva, 3)

    assert (first.accepted, again.accepted, again.quarantined) == (4, 4, True)
    assert office.standings(service.grace.token).quarantined == 2


def test_a_chain_in_quarantine_still_has_to_hold_together(service, office, silva):
    ben = service.ben
    ben.writes(silva, "five", "six")
    clone = replace(ben, chains={silva.id: list(ben.chains[silva.id][:3])})
    clone.writes(silva, "other")
    ben.pushes(office, silva, 1, 4)

    assert ben.pushes(office, silva, 6).refused == "gap"
    assert clone.pushes(office, silva, 4).refused == "fork"
    assert clone.pushes(office, silva, 3).refused == "fork"
    assert ben.pushes(office, silva, 5).accepted == 6


def test_old_changes_of_a_revoked_device_are_recognised(service, office, silva):
    answer = service.ben.pushes(office, silva, 1, 2)

    assert (answer.accepted, answer.refused, answer.quarantined) == (2, None, False)


def test_a_revoked_device_that_was_never_a_member_leaves_nothing(service, office, silva):
    service.ben.writes(service.okoro, "a")

    assert service.ben.pushes(office, service.okoro).refused == "not-a-member"
    assert office.standings(service.grace.token).quarantined == 0


def test_a_removed_member_s_later_changes_wait_too(service, office):
    amina = service.amina
    amina.writes(service.okoro, "in time", "too late")
    amina.pushes(office, service.okoro, 1, 1)
    removed(service, office, amina)

    answer = amina.pushes(office, service.okoro, 2)

    assert (answer.accepted, answer.quarantined) == (2, True)
    assert office.pull(service.grace.token, service.okoro.id, 0).top == 1
    assert office.standings(service.grace.token).quarantined == 1


def test_only_supervisors_of_the_casefile_see_into_quarantine(service, office, silva):
    service.ben.pushes(office, silva)
    rosa = service.organisation.joins("supervisor", by=service.grace, office=office)

    assert office.quarantined(rosa.token) == ()
    assert office.standings(rosa.token).quarantined == 0
    for device in (service.amina, service.olwen):
        with pytest.raises(NotYours):
            office.quarantined(device.token)
        with pytest.raises(NotYours):
            office.settle_quarantine(device.token, silva.id, service.ben.id, 4)
    with pytest.raises(NotYours):
        office.settle_quarantine(rosa.token, silva.id, service.ben.id, 4)
    assert office.standings(service.grace.token).quarantined == 2


def test_what_is_settled_does_not_come_back(service, office, silva):
    service.ben.pushes(office, silva)

    office.settle_quarantine(service.grace.token, silva.id, service.ben.id, 3)
    (page,) = office.quarantined(service.grace.token)
    assert (page.after, page.next) == (3, 4)
    for _ in range(2):
        office.settle_quarantine(service.grace.token, silva.id, service.ben.id, 4)
    assert office.quarantined(service.grace.token) == ()

    assert service.ben.pushes(office, silva).accepted == 4
    assert office.quarantined(service.grace.token) == ()


def test_settling_what_is_not_there_is_not_yours(service, office, silva):
    for casefile, device in ((silva.id, service.amina.id), (bytes(16), service.ben.id)):
        with pytest.raises(NotYours):
            office.settle_quarantine(service.grace.token, casefile, device, 1)


def test_a_member_who_comes_back_goes_on_where_she_was(service, office):
    amina, grace = service.amina, service.grace
    amina.writes(service.okoro, "before")
    amina.pushes(office, service.okoro)
    removed(service, office, amina)
    amina.writes(service.okoro, "away", "away too")
    amina.pushes(office, service.okoro, 2, 2)
    amina.pushes(office, service.okoro, 3, 3)
    office.settle_quarantine(grace.token, service.okoro.id, amina.id, 2)
    grace.writes(service.okoro, "meanwhile")
    grace.pushes(office, service.okoro)

    service.organisation.regrant(service.okoro, grace, [amina, grace], office=office)
    amina.writes(service.okoro, "back")
    answer = amina.pushes(office, service.okoro, 4)

    assert (answer.accepted, answer.quarantined, answer.top) == (4, False, 5)
    assert office.quarantined(grace.token) == ()
    page = office.pull(amina.token, service.okoro.id, 0)
    order = [(r.device, n) for r in page.runs for n in range(r.first, r.last + 1)]
    assert order == [(amina.id, 1), (grace.id, 1), (amina.id, 2), (amina.id, 3), (amina.id, 4)]
    rebuilt = [
        s.id
        for run in page.runs
        for s in run.rebuilt(service.organisation.org)
        if run.device == amina.id
    ]
    assert rebuilt == [sealed.id for _, sealed in amina.chains[service.okoro.id]]


def test_a_full_quarantine_is_handed_out_bit_by_bit(service, office, silva):
    ben = service.ben
    for n in range(5, 35, 2):
        ben.writes(silva, *(service.organisation.randomness(120_000).hex(),) * 2)
        ben.pushes(office, silva, 3 if n == 5 else n, n + 1)
    read: list[bytes] = []
    while pages := office.quarantined(service.grace.token):
        (page,) = pages
        read += [s.id for run in page.runs for s in run.rebuilt(service.organisation.org)]
        assert page.heads[-1].n == page.next
        office.settle_quarantine(service.grace.token, silva.id, ben.id, page.next)

    assert read == [sealed.id for _, sealed in ben.chains[silva.id][2:]]
