"""An office that lost changes takes them back from whoever has them, and nothing else."""

import copy
from dataclasses import replace

import pytest
from sqlalchemy import select

from builders import AT, Organisation, service_at
from storage.seal import fingerprint
from sync.errors import ChainRefused, NotYours, SignedOut, Stale
from sync.protocol import ChainReach
from sync.server import tables
from sync.server.office import OfficeService


@pytest.fixture
def lost(service, office, keeper):
    """Amina and Ben had each sent four changes; the office knows the first two of each, and what
    was kept apart is lost too."""
    service.organisation.regrant(
        service.okoro, service.grace, [service.amina, service.grace, service.ben], office=office
    )
    for device in (service.amina, service.ben):
        device.writes(service.okoro, *"abcd")
        device.pushes(office, service.okoro, 1, 2)
    path = keeper.back_up()
    for device in (service.amina, service.ben):
        device.pushes(office, service.okoro, 3, 4)

    def lose():
        keeper.put_back(path, folders=[])
        for device in (service.grace, service.amina, service.ben, service.olwen):
            device.login(office)

    return lose


def hand_back(office, by, author, casefile, first=3, last=4, **changes):
    """One chain's changes in somebody's hand; gives the office's answer."""
    runs, heads = author.batch([casefile], first, last)
    runs = [replace(run, **changes) for run in runs]
    (answer,) = office.hand_back(by.token, runs, heads)
    return answer


def reach(office, service, device):
    found = {r.device: r.n for r in office.reaches(service.grace.token)}
    return found.get(device.id, 0)


def test_a_colleague_hands_in_what_the_author_had_sent(service, office, lost):
    lost()
    assert set(office.reaches(service.grace.token)) == {
        ChainReach(casefile=service.okoro.id, device=d.id, n=2)
        for d in (service.amina, service.ben)
    }

    answer = hand_back(office, service.grace, service.amina, service.okoro)

    assert (answer.accepted, answer.refused, answer.quarantined) == (4, None, False)
    page = office.pull(service.grace.token, service.okoro.id, 0)
    assert page.next == page.top == 6
    assert page.heads
    assert service.amina.pushes(office, service.okoro).accepted == 4
    assert hand_back(office, service.ben, service.amina, service.okoro).accepted == 4
    assert office.pull(service.grace.token, service.okoro.id, 0).top == 6


def test_an_office_that_lost_nothing_knows_no_such_call(service, office):
    service.amina.writes(service.okoro, "a")
    with pytest.raises(NotYours):
        hand_back(office, service.grace, service.amina, service.okoro, 1, 1)
    with pytest.raises(NotYours):
        office.reaches(service.grace.token)


def test_whoever_is_not_in_the_family_hands_in_nothing_and_learns_nothing(service, office, lost):
    lost()
    outsider = service.organisation.joins("worker", by=service.grace, office=office)

    for device in (outsider, service.olwen):
        answer = hand_back(office, device, service.amina, service.okoro)
        assert (answer.accepted, answer.refused) == (0, "not-a-member")
        assert office.reaches(device.token) == ()
    nowhere = service.organisation.found(service.amina)
    service.amina.writes(nowhere, *"abcd")
    answer = hand_back(office, outsider, service.amina, nowhere)
    assert (answer.accepted, answer.refused) == (0, "not-a-member")


def test_what_nobody_signed_is_not_taken_back(service, office, lost):
    lost()
    grace, amina, okoro = service.grace, service.amina, service.okoro
    (run,), (head,) = amina.batch([okoro], 3, 4)
    altered = (run.items[0], run.items[1][:-1] + bytes([run.items[1][-1] ^ 1]))
    unsigned = replace(head, signature=bytes(64))

    assert hand_back(office, grace, amina, okoro, items=altered).refused == "bad-head"
    (answer,) = office.hand_back(grace.token, [run], [unsigned])
    assert answer.refused == "bad-head"
    (answer,) = office.hand_back(grace.token, [run], [])
    assert answer.accepted == 2
    stranger = Organisation(9).joins("worker")
    stranger.writes(okoro, "a")
    assert hand_back(office, grace, stranger, okoro, 1, 1).refused == "not-a-member"
    assert reach(office, service, amina) == 2


def test_a_chain_has_to_follow_on_what_is_there(service, office, lost):
    lost()
    grace, amina, okoro = service.grace, service.amina, service.okoro
    clone = replace(amina, chains={okoro.id: list(amina.chains[okoro.id][:1])})
    clone.writes(okoro, *"xyz")

    assert hand_back(office, grace, amina, okoro, 4, 4).refused == "gap"
    assert hand_back(office, grace, clone, okoro, 3, 4).refused == "fork"
    assert hand_back(office, grace, clone, okoro, 1, 4).refused == "fork"
    assert reach(office, service, amina) == 2


def removal_of(service, office, device, *, upto):
    chain = device.chains[service.okoro.id]
    last = {device.id: (upto, chain[upto - 1][1].id)}
    members = [d for d in (service.amina, service.ben, service.grace) if d is not device]
    service.organisation.regrant(
        service.okoro, service.grace, members, rotate=True, last=last, office=office
    )


def test_of_a_removed_member_what_her_removal_lets_stand_is_taken_back(service, office, lost):
    lost()
    removal_of(service, office, service.ben, upto=3)

    whole = hand_back(office, service.grace, service.ben, service.okoro)
    part = hand_back(office, service.grace, service.ben, service.okoro, 3, 3)

    assert (whole.accepted, part.accepted) == (2, 3)  # no head said where to stop
    assert reach(office, service, service.ben) == 3


def test_of_a_revoked_device_what_its_revocation_lets_stand_is_taken_back(service, office, lost):
    lost()
    chain = service.ben.chains[service.okoro.id]
    statement = service.organisation.directory.revoke(
        service.grace.signing,
        service.grace.id,
        service.ben.id,
        last={service.okoro.id: (3, chain[2][1].id)},
        wipe=False,
        at=1,
    )
    office.publish(service.grace.token, statement.packed())

    assert hand_back(office, service.amina, service.ben, service.okoro).accepted == 2
    assert hand_back(office, service.amina, service.ben, service.okoro, 3, 3).accepted == 3
    with pytest.raises(SignedOut):
        hand_back(office, service.ben, service.amina, service.okoro)


def test_what_its_author_handed_in_meanwhile_leaves_quarantine(service, office, lost):
    lost()
    removal_of(service, office, service.ben, upto=3)
    service.ben.writes(service.okoro, "e")
    assert service.ben.pushes(office, service.okoro).quarantined
    assert office.standings(service.grace.token).quarantined == 3

    assert hand_back(office, service.grace, service.ben, service.okoro, 3, 3).accepted == 3

    assert office.standings(service.grace.token).quarantined == 2
    (page,) = office.quarantined(service.grace.token)
    assert (page.after, page.next) == (3, 5)
    assert service.ben.pushes(office, service.okoro).accepted == 5


def test_nothing_of_it_waits_when_all_of_it_is_back(service, office, lost):
    lost()
    removal_of(service, office, service.ben, upto=4)
    assert service.ben.pushes(office, service.okoro).quarantined

    assert hand_back(office, service.grace, service.ben, service.okoro).accepted == 4

    assert office.standings(service.grace.token).quarantined == 0
    with office._s.database.reading() as connection:
        rows = connection.execute(
            select(tables.chains.c.n, tables.chains.c.held_n, tables.chains.c.held_id).where(
                tables.chains.c.device == service.ben.id,
                tables.chains.c.casefile == service.okoro.id,
            )
        ).all()
        assert rows == [(4, 0, b"")]
        assert connection.execute(select(tables.held_heads)).all() == []


def test_another_chain_in_quarantine_is_not_overruled(service, office, lost):
    lost()
    ben = service.ben
    removal_of(service, office, ben, upto=4)
    clone = replace(ben, chains={service.okoro.id: list(ben.chains[service.okoro.id][:2])})
    clone.writes(service.okoro, *"xy")
    assert clone.pushes(office, service.okoro).quarantined

    answer = hand_back(office, service.grace, ben, service.okoro)

    assert (answer.accepted, answer.refused) == (2, "fork")


def test_only_a_supervisor_hands_in_what_has_no_text(service, office, lost):
    lost()
    (run,), _ = service.ben.batch([service.okoro], 3, 4)
    bare = tuple(item[:12] + fingerprint(item[12:]) for item in run.items)

    worker = hand_back(office, service.amina, service.ben, service.okoro, items=bare)
    supervisor = hand_back(office, service.grace, service.ben, service.okoro, items=bare)

    assert (worker.accepted, supervisor.accepted) == (2, 4)


def certified_by(worker, organisation):
    """What a worker's device would have to sign, had it no scruples."""
    newcomer = organisation.device("worker")
    directory = copy.copy(organisation.directory)
    return directory.certify(worker.signing, worker.id, newcomer.certificate, AT)


def test_a_worker_brings_decisions_back_and_decides_nothing(service, office, keeper):
    """What was signed by somebody who may, in the order it was decided; nothing else."""
    organisation, grace, amina, ben = (
        service.organisation,
        service.grace,
        service.amina,
        service.ben,
    )
    path = keeper.back_up()
    helen = organisation.joins("worker", by=grace, office=office)
    first = organisation.regrant(service.okoro, grace, [amina, grace, helen], office=office)
    second = organisation.regrant(service.okoro, grace, [amina, grace], rotate=True, office=office)
    keeper.put_back(path, folders=[])
    for device in (amina, ben):
        device.login(office)

    with pytest.raises(Stale):  # it names somebody whom the office does not know any more
        office.grant(amina.token, first.statement.packed())
    office.publish(amina.token, organisation.statements[-1].packed())
    with pytest.raises(Stale):
        office.grant(amina.token, second.statement.packed())
    office.grant(amina.token, first.statement.packed())
    office.grant(amina.token, second.statement.packed())
    own = organisation.regrant(service.okoro, amina, [amina, ben])
    with pytest.raises(ChainRefused):
        office.grant(amina.token, own.statement.packed())
    with pytest.raises(NotYours):
        office.publish(ben.token, certified_by(ben, organisation).packed())

    grace.login(office)
    assert office.grants(grace.token, service.okoro.id)[-1] == second.statement.packed()


def test_a_revoked_supervisors_grant_is_not_brought_back(service, office, keeper):
    organisation, grace, amina = service.organisation, service.grace, service.amina
    rosa = organisation.joins("supervisor", by=grace, office=office)
    organisation.regrant(service.okoro, grace, [amina, grace, rosa], office=office)
    path = keeper.back_up()
    late = organisation.regrant(service.okoro, rosa, [rosa, grace])
    organisation.revoke(rosa, grace, office)
    keeper.put_back(path)
    amina.login(office)

    with pytest.raises(ChainRefused):
        office.grant(amina.token, late.statement.packed())


def test_another_organisations_word_is_not_brought_back(service, office, keeper):
    other = service_at(OfficeService(), seed=2)
    keeper.put_back(keeper.back_up())
    service.amina.login(office)

    with pytest.raises(Exception, match=r"form|follow"):
        office.publish(service.amina.token, other.organisation.statements[-1].packed())
