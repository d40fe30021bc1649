"""PostgreSQL stops, crashes or is not there: a clear answer, nothing lost, and on with it later."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from builders import service_at
from databases import OnPostgres
from in_office.test_crossing import log
from offices import Wire, served
from postgres import Cluster
from sync.errors import Offline
from sync.server.office import OfficeService
from sync.wire import CALLS
from sync.wire_errors import unpack_error


@pytest.fixture
def own():
    """A PostgreSQL that this test may stop: it syncs every commit, as an organisation's does."""
    cluster = Cluster(durable=True)
    yield OnPostgres(cluster, cluster.create())
    cluster.remove()


@pytest.mark.parametrize(
    "url", ["mysql://somewhere/x", "postgresql+psycopg2://somewhere/x", "what"]
)
def test_another_database_is_refused_in_plain_words(url, tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sync.server", "--database-url", url, "--port", "0"),
            *("--data", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "SQLite or PostgreSQL" in done.stderr
    assert "Traceback" not in done.stderr


def test_after_a_restart_the_next_call_succeeds(own, clock):
    office = OfficeService(own.url, clock=clock)
    service = service_at(office)
    service.amina.writes(service.okoro, *"ab")
    service.amina.pushes(office, service.okoro, 1, 1)

    own.cluster.stop()
    own.cluster.start()

    assert service.amina.pushes(office, service.okoro).accepted == 2
    assert log(office, service, service.okoro) == [(service.amina.id, n) for n in (1, 2)]
    office.close()


def test_without_it_every_call_is_asked_to_come_again_and_then_answered(own, clock):
    office = OfficeService(own.url, clock=clock)
    service = service_at(office)
    service.amina.writes(service.okoro, "a")
    runs, heads = service.amina.batch([service.okoro])
    body = CALLS["push"].pack_request(runs=runs, heads=heads, drops=[])
    with served(office) as address:
        wire = Wire(address)
        own.cluster.stop(signal.SIGQUIT)
        health = wire.session.get(address + "/health", timeout=30)
        away = [
            wire.post("push", body, service.amina.token),
            wire.post("challenge", CALLS["challenge"].pack_request(device=service.amina.id)),
        ]
        own.cluster.start()
        back = wire.post("push", body, service.amina.token)
        wire.close()

    assert (health.status_code, health.json()["database"]) == (503, "unreachable")
    assert [answer.status_code for answer in away] == [503, 503]
    assert isinstance(unpack_error(away[0].content), Offline)
    assert back.status_code == 200
    office.close()


def test_a_crash_in_the_middle_of_a_push_leaves_nothing_of_it(own, clock):
    office = OfficeService(own.url, clock=clock)
    service = service_at(office)
    service.amina.writes(service.okoro, "a")
    with ThreadPoolExecutor(1) as pool:
        with own.holding("SELECT 1 FROM devices FOR UPDATE"):
            pushing = pool.submit(service.amina.pushes, office, service.okoro)
            own.wait_until_waiting(1)  # its changes are numbered and not yet committed
            own.cluster.stop(signal.SIGQUIT)
        with pytest.raises(OperationalError):
            pushing.result(30)
    own.cluster.start()

    assert office.pull(service.grace.token, service.okoro.id, 0).top == 0
    assert service.amina.pushes(office, service.okoro).top == 1
    office.close()
