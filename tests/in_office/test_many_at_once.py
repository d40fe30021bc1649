"""Several devices, threads and processes at one office: dense, exact, and nobody waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from offices import Wire, served
from sync.errors import Stale
from sync.server.office import OfficeService

DEVICES, BATCHES, EACH = 6, 8, 5


@pytest.fixture
def crowd(service, office):
    """Six workers in one family, each with forty changes to send."""
    organisation = service.organisation
    workers = [
        organisation.joins("worker", by=service.grace, office=office) for _ in range(DEVICES)
    ]
    organisation.regrant(
        service.okoro, service.grace, [service.amina, service.grace, *workers], office=office
    )
    for worker in workers:
        worker.writes(service.okoro, *("text",) * BATCHES * EACH)
    return workers


def all_pulled(office, service):
    """(device, n) of everything in the family, in the office's order."""
    order, after = [], 0
    while True:
        page = office.pull(service.grace.token, service.okoro.id, after)
        order += [(r.device, n) for r in page.runs for n in range(r.first, r.last + 1)]
        after = page.next
        assert len(order) == after, "a hole in the sequence"
        if after == page.top:
            return order


def test_threads_pushing_to_one_family_get_a_dense_sequence(service, office, crowd):
    def send(worker):
        for batch in range(BATCHES):
            answer = worker.pushes(office, service.okoro, batch * EACH + 1, (batch + 1) * EACH)
            assert (answer.accepted, answer.refused) == ((batch + 1) * EACH, None)

    with ThreadPoolExecutor(DEVICES) as pool:
        list(pool.map(send, crowd))

    order = all_pulled(office, service)
    assert len(order) == len(set(order)) == DEVICES * BATCHES * EACH
    for worker in crowd:
        assert [n for device, n in order if device == worker.id] == list(
            range(1, BATCHES * EACH + 1)
        )


def test_a_reader_never_sees_a_number_filled_in_behind_her(service, office, crowd):
    done = threading.Event()
    seen: list[tuple[bytes, int]] = []

    def read():
        after = 0
        while True:
            last_round = done.is_set()
            page = office.pull(service.grace.token, service.okoro.id, after)
            seen.extend((r.device, n) for r in page.runs for n in range(r.first, r.last + 1))
            after = page.next
            if last_round and after == page.top:
                return

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(DEVICES) as pool:
        list(pool.map(lambda worker: send_all(office, service, worker), crowd))
    done.set()
    reader.join()

    assert seen == all_pulled(office, service)


def send_all(office, service, worker):
    for batch in range(BATCHES):
        worker.pushes(office, service.okoro, batch * EACH + 1, (batch + 1) * EACH)


def test_the_same_batch_from_many_threads_is_stored_once(service, office):
    service.amina.writes(service.okoro, *"abc")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.amina.pushes(office, service.okoro), range(16)))

    assert set(answers) == {answers[0]}
    assert all_pulled(office, service) == [(service.amina.id, n) for n in (1, 2, 3)]


def test_two_offices_on_one_database_agree(service, office, crowd, database_url, clock):
    """Two processes would each have their own connection and their own idea of the directory."""
    second = OfficeService(database_url, clock=clock)
    offices = [office, second]

    def send(numbered):
        number, worker = numbered
        for batch in range(BATCHES):
            mine = offices[(number + batch) % 2]
            worker.pushes(mine, service.okoro, batch * EACH + 1, (batch + 1) * EACH)

    with ThreadPoolExecutor(DEVICES) as pool:
        list(pool.map(send, enumerate(crowd)))

    assert all_pulled(office, service) == all_pulled(second, service)
    assert len(all_pulled(office, service)) == DEVICES * BATCHES * EACH
    second.close()


def test_a_revocation_at_one_office_is_known_at_the_other_with_the_next_call(
    service, office, database_url, clock
):
    second = OfficeService(database_url, clock=clock)
    second.standings(service.ben.token)

    service.organisation.revoke(service.ben, service.grace, office)

    with pytest.raises(Exception, match="run out"):
        second.standings(service.ben.token)
    second.close()


def test_of_many_who_grant_at_once_one_is_first(service, office):
    organisation, grace = service.organisation, service.grace
    everybody = [service.amina, grace]
    offered = [organisation.regrant(service.okoro, grace, everybody) for _ in range(8)]

    def put(grant):
        try:
            office.grant(grace.token, grant.statement.packed())
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(put, offered)) == 1
    assert len(office.grants(grace.token, service.okoro.id)) == 2


def test_of_many_who_found_one_casefile_at_once_one_is_first(service, office):
    casefile = service.organisation.found(service.amina, [service.grace])

    with ThreadPoolExecutor(8) as pool:
        packed = casefile.grant.statement.packed()
        list(pool.map(lambda _: office.grant(service.amina.token, packed), range(8)))

    assert office.grants(service.amina.token, casefile.id) == (packed,)


def test_over_http_it_is_no_different(service, office, crowd):
    with served(office) as address:

        def send(worker):
            wire = Wire(address)
            for batch in range(BATCHES):
                first = batch * EACH + 1
                runs, heads = worker.batch([service.okoro], first, first + EACH - 1)
                wire.call("push", worker.token, runs=runs, heads=heads)
            wire.close()

        with ThreadPoolExecutor(DEVICES) as pool:
            list(pool.map(send, crowd))

    assert len(set(all_pulled(office, service))) == DEVICES * BATCHES * EACH
