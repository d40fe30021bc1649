"""Two offices as processes of their own on one PostgreSQL, spoken to over HTTP: one service."""

import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack

import pytest
import requests

from builders import Organisation, service_at
from databases import OnPostgres
from offices import Wire
from postgres import Cluster
from processes import Spoken, push_body, running, send_and_kill
from sync.errors import NotOurOffice, Offline, SignedOut, Stale, SyncError

pytestmark = pytest.mark.alone

DEVICES, BATCHES, EACH = 6, 8, 5


@pytest.fixture
def place(cluster, prepared):
    """A database for both of them."""
    place = OnPostgres(cluster, cluster.create(prepared))
    yield place
    place.vanish()


@pytest.fixture
def offices(place, tmp_path):
    """Two of them: what each says over HTTP, and its process."""
    with ExitStack() as stack:
        found = stack.enter_context(
            running(tmp_path, 2, "--database-url", place.url, "--open-claim")
        )
        wires = [Wire(address) for _, address in found]
        for wire in wires:
            stack.callback(wire.close)
        yield [(Spoken(wire), process) for wire, (process, _) in zip(wires, found, strict=True)]


@pytest.fixture
def both(offices):
    return [office for office, _ in offices]


@pytest.fixture
def service(both):
    """The usual cast, everybody logged in at the first office."""
    return service_at(both[0])


def crowd_in(service, office, count=DEVICES):
    """Workers in one family, each with as much to send."""
    organisation = service.organisation
    workers = [organisation.joins("worker", by=service.grace, office=office) for _ in range(count)]
    members = [service.amina, service.grace, *workers]
    organisation.regrant(service.okoro, service.grace, members, office=office)
    for worker in workers:
        worker.writes(service.okoro, *("text",) * BATCHES * EACH)
    return workers


def read_on(office, service, seen):
    """Pull what came after what was seen; gives whether that is all there is."""
    page = office.pull(service.grace.token, service.okoro.id, len(seen))
    seen.extend((r.device, n) for r in page.runs for n in range(r.first, r.last + 1))
    assert len(seen) == page.next, "a hole in the sequence"
    return page.next == page.top


def everything(office, service):
    seen = []
    while not read_on(office, service, seen):
        pass
    return seen


def assert_whole(order, workers):
    """Every change of everybody's once, each one's own in her order."""
    assert len(order) == len(set(order))
    for worker in workers:
        mine = [n for device, n in order if device == worker.id]
        assert mine == list(range(1, BATCHES * EACH + 1))


def test_changes_through_both_are_one_sequence_and_no_reader_misses_a_row(service, both):
    workers = crowd_in(service, both[0])
    done = threading.Event()
    seen = [[], []]

    def send(numbered):
        number, worker = numbered
        for batch in range(BATCHES):
            first = batch * EACH + 1
            (answer,) = both[(number + batch) % 2].push(
                worker.token, *worker.batch([service.okoro], first, first + EACH - 1)
            )
            assert (answer.accepted, answer.refused) == (first + EACH - 1, None)

    def read(which):
        while True:
            last_round = done.is_set()
            if read_on(both[which], service, seen[which]) and last_round:
                return

    with ThreadPoolExecutor(DEVICES + 2) as pool:
        readers = [pool.submit(read, which) for which in range(2)]
        list(pool.map(send, enumerate(workers)))
        done.set()
        for reader in readers:
            reader.result(60)

    order = everything(both[0], service)
    assert seen == [order, order]
    assert len(order) == DEVICES * BATCHES * EACH
    assert_whole(order, workers)


def test_a_login_at_one_is_a_login_at_the_other(service, both):
    challenge = both[0].challenge(service.amina.id)
    login = both[1].login(service.amina.id, challenge, service.amina.answer(challenge))

    assert both[0].standings(login.token) is not None
    with pytest.raises(SignedOut):
        both[0].login(service.amina.id, challenge, service.amina.answer(challenge))


def test_a_revocation_at_one_is_known_at_the_other_with_the_next_call(service, both):
    both[1].standings(service.ben.token)

    service.organisation.revoke(service.ben, service.grace, both[0])

    with pytest.raises(SignedOut):
        both[1].standings(service.ben.token)


def at_both(calls):
    """Make the calls at the same moment, each in a thread; gives what came of them."""
    gate = threading.Barrier(len(calls))

    def make(call):
        gate.wait(30)
        try:
            return call()
        except SyncError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def test_two_organisations_that_found_at_both_at_once_get_one_office_between_them(both):
    organisations = [Organisation(1), Organisation(2)]
    for each in organisations:
        each.joins("supervisor")

    came_of_it = at_both(
        [
            lambda o=o, each=each: o.found_organisation(
                root_public=each.directory.root_public, statements=each.packed(), claim=""
            )
            for o, each in zip(both, organisations, strict=True)
        ]
    )

    assert {type(each) for each in came_of_it} == {type(None), NotOurOffice}
    owner = organisations[came_of_it.index(None)].org.hex()
    assert [office.wire.health() for office in both] == [owner, owner]


def test_grants_and_statements_at_both_at_once_are_one_chain_each(service, both):
    organisation, grace = service.organisation, service.grace
    for _ in range(5):
        grants = [organisation.regrant(service.okoro, grace, [service.amina, grace]) for _ in both]
        device = organisation.device("worker")
        signer = (grace.signing, grace.id, device.certificate)
        length = organisation.directory.length
        certificates = [organisation.directory.certify(*signer, at) for at in (1, 2)]

        came_of_it = at_both(
            [
                lambda o=o, g=g: o.grant(grace.token, g.statement.packed())
                for o, g in zip(both, grants, strict=True)
            ]
            + [
                lambda o=o, s=s: o.publish(grace.token, s.packed())
                for o, s in zip(both, certificates, strict=True)
            ]
        )

        assert [type(each) for each in came_of_it].count(Stale) == 2
        granted = grants[came_of_it[:2].index(None)]
        service.okoro.grants.append(granted)
        organisation._take(certificates[came_of_it[2:].index(None)])
        for office in both:
            shown = office.grants(grace.token, service.okoro.id)
            assert shown[-1] == granted.statement.packed()
            assert list(office.directory(grace.token, 0)) == organisation.packed()
            assert office.standings(grace.token).directory == length + 1


def keep_sending(worker, casefile, offices, chance, acknowledged):
    """Send everything as a device does: again after any failure, wherever somebody answers."""
    place = 1
    while place <= BATCHES * EACH:
        last = min(place + chance.randrange(1, EACH + 1), BATCHES * EACH)
        office = chance.choice(offices)
        try:
            (answer,) = office.push(worker.token, *worker.batch([casefile], place, last))
        except (Offline, requests.RequestException):
            time.sleep(0.05)  # as a device would, for longer
            continue
        assert answer.refused is None
        acknowledged[worker.id] = answer.accepted
        place = answer.accepted + 1


def test_killing_one_of_two_loses_nothing_that_either_acknowledged(service, offices):
    (first, killed), (second, _) = offices
    workers = crowd_in(service, first)
    victim, *others = workers
    acknowledged = dict.fromkeys((worker.id for worker in workers), 0)
    chance = [random.Random(seed) for seed in range(DEVICES)]

    with ThreadPoolExecutor(DEVICES) as pool:
        sending = [
            pool.submit(
                keep_sending, worker, service.okoro, [first, second], chance[at], acknowledged
            )
            for at, worker in enumerate(others)
        ]
        # In the middle of a push, at a moment that nobody chose.
        body = push_body(*victim.batch([service.okoro], 1, EACH))
        send_and_kill(first.wire.address, victim.token, body, killed, chance[-1].random() * 0.05)
        for each in sending:
            each.result(100)
    keep_sending(victim, service.okoro, [second], chance[-1], acknowledged)

    order = everything(second, service)
    assert set(acknowledged.values()) == {BATCHES * EACH}
    assert len(order) == DEVICES * BATCHES * EACH
    assert_whole(order, workers)


def test_postgresql_crashing_under_both_loses_nothing_that_either_acknowledged(tmp_path):
    """It syncs its commits here, as an organisation's does, and comes back three times."""
    cluster = Cluster(durable=True)
    url = cluster.url(cluster.create())
    with running(tmp_path, 2, "--database-url", url, "--open-claim") as found:
        offices = [Spoken(Wire(address)) for _, address in found]
        service = service_at(offices[0])
        workers = crowd_in(service, offices[0])
        acknowledged = dict.fromkeys((worker.id for worker in workers), 0)
        with ThreadPoolExecutor(DEVICES) as pool:
            sending = [
                pool.submit(
                    keep_sending, worker, service.okoro, offices, random.Random(at), acknowledged
                )
                for at, worker in enumerate(workers)
            ]
            for share in (0.1, 0.4, 0.7):
                while sum(acknowledged.values()) < share * DEVICES * BATCHES * EACH:
                    wait([*sending], timeout=0.005)
                cluster.stop(signal.SIGQUIT)
                cluster.start()
            for each in sending:
                each.result(100)
        order = everything(offices[1], service)
        for office in offices:
            office.wire.close()
    cluster.remove()

    assert set(acknowledged.values()) == {BATCHES * EACH}
    assert len(order) == DEVICES * BATCHES * EACH
    assert_whole(order, workers)
