"""What PostgreSQL in particular is told, and what becomes of a call when it is in trouble."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from in_office.test_crossing import CASEFILES, log
from offices import Wire, served
from sync.errors import Offline
from sync.server.office import OfficeService
from sync.wire import CALLS
from sync.wire_errors import unpack_error

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


# -- what it is told -------------------------------------------------------------------------------


def setting(office, name):
    with office._s.database.writing() as connection:
        return connection.exec_driver_sql(f"SHOW {name}").scalar_one()


def test_a_commit_is_on_the_disk_and_no_wait_is_for_ever(office):
    assert setting(office, "synchronous_commit") == "on"
    assert setting(office, "transaction_isolation") == "read committed"
    assert setting(office, "lock_timeout") == "30s"
    assert setting(office, "idle_in_transaction_session_timeout") == "1min"


def test_a_database_set_to_lose_commits_or_to_serialise_is_told_better(database, cluster):
    for careless in ("synchronous_commit = off", "default_transaction_isolation = serializable"):
        cluster.say(f"ALTER DATABASE {database.name} SET {careless}")
    office = OfficeService(database.url)

    assert setting(office, "synchronous_commit") == "on"
    assert setting(office, "transaction_isolation") == "read committed"
    office.close()


def test_what_an_administrator_decided_is_left_alone(database, cluster):
    cluster.say(f"ALTER DATABASE {database.name} SET lock_timeout = '7s'")
    cluster.say(f"ALTER DATABASE {database.name} SET synchronous_commit = 'remote_apply'")
    office = OfficeService(database.url)

    assert setting(office, "lock_timeout") == "7s"
    assert setting(office, "synchronous_commit") == "remote_apply"
    office.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_way_to_name_it_is_understood(database, scheme):
    office = OfficeService(database.url.replace("postgresql", scheme, 1))
    assert office.reachable()
    office.close()


def test_a_database_that_is_not_there_is_said_without_its_password(database, tmp_path):
    url = f"postgresql://office:a-secret@/nowhere?host={database.cluster.folder}/elsewhere"
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
    assert "could not be opened" in done.stderr
    assert "a-secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


# -- moments ---------------------------------------------------------------------------------------


def test_a_page_is_of_one_moment(service, office, database):
    """What is committed while a page is read is not half in it."""
    amina = service.amina
    amina.writes(service.okoro, "a")
    amina.pushes(office, service.okoro)
    with (
        ThreadPoolExecutor(1) as pool,
        database.holding("LOCK TABLE stretches IN ACCESS EXCLUSIVE MODE") as other,
    ):
        pulling = pool.submit(office.pull, service.grace.token, service.okoro.id, 0)
        database.wait_until_waiting(1)  # it has read how far the casefile reaches
        other.execute("UPDATE casefiles SET top = 2")
        other.execute(
            "INSERT INTO stretches SELECT casefile, seq + 1, device, n + 1, kid, prev, signature,"
            " bytes, ids, packed FROM stretches"
        )
        other.commit()
        page = pulling.result(30)

    assert (page.next, page.top) == (1, 1)


def test_whoever_loses_in_a_deadlock_is_carried_out_all_the_same(service, office, database):
    """Nothing of the office's own goes round in a circle; an administrator's session may."""
    amina = service.amina
    amina.writes(service.okoro, "a")
    with ThreadPoolExecutor(1) as pool:
        with database.holding("SELECT 1 FROM devices FOR UPDATE") as other:
            pushing = pool.submit(amina.pushes, office, service.okoro)
            database.wait_until_waiting(1)  # it has the family and waits for the device
            other.execute(CASEFILES.encode())  # PostgreSQL ends the push, which waited first
        assert pushing.result(30).accepted == 1

    assert log(office, service, service.okoro) == [(amina.id, 1)]


def test_a_session_that_hangs_with_a_family_in_its_hands_holds_up_nothing_else(
    service, database, clock
):
    impatient = OfficeService(f"{database.url}&options=-c%20lock_timeout%3D200", clock=clock)
    amina, ben = service.amina, service.ben
    amina.writes(service.okoro, "a")
    ben.writes(service.silva, "a")
    family = f"'\\x{service.okoro.id.hex()}'"
    with database.holding(f"SELECT 1 FROM casefiles WHERE casefile = {family} FOR UPDATE"):
        with served(impatient) as address:
            wire = Wire(address)
            runs, heads = amina.batch([service.okoro])
            body = CALLS["push"].pack_request(runs=runs, heads=heads, drops=[])
            answer = wire.post("push", body, amina.token)
            wire.close()
        assert ben.pushes(impatient, service.silva).accepted == 1

    assert answer.status_code == 503
    assert isinstance(unpack_error(answer.content), Offline)
    assert amina.pushes(impatient, service.okoro).accepted == 1
    impatient.close()
