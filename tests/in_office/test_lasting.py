"""What was acknowledged is there after any stop, the rude kind included."""

import random
import signal
import sqlite3
import subprocess
import sys

import pytest
import requests

from builders import service_at
from offices import Wire
from processes import Spoken, push_body, send_and_kill, start, stop
from sync.errors import SyncError
from sync.server.office import OfficeService


def test_a_restart_loses_nothing(service, office, database_url, clock):
    service.amina.writes(service.okoro, *"abc")
    service.amina.pushes(office, service.okoro)
    office.close()

    again = OfficeService(database_url, clock=clock)

    assert again.health() == service.organisation.org.hex()
    assert again.pull(service.grace.token, service.okoro.id, 0).top == 3
    assert service.amina.pushes(again, service.okoro).accepted == 3
    assert list(again.directory(service.ben.token, 0)) == service.organisation.packed()
    again.close()


def test_a_refused_call_leaves_nothing_half_done(service, office, monkeypatch):
    service.amina.writes(service.okoro, "a")

    def trip(*_arguments):
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr("sync.server.chains.spend", trip)
    with pytest.raises(RuntimeError):
        service.amina.pushes(office, service.okoro)
    monkeypatch.undo()

    assert office.pull(service.grace.token, service.okoro.id, 0).top == 0
    assert service.amina.pushes(office, service.okoro).top == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_commit_is_on_the_disk_before_it_is_answered(office):
    with office._s.database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1


def test_the_command_says_how_to_claim_it_and_stops_when_told(tmp_path):
    process, address = start(tmp_path)
    wire = Wire(address)
    refused = wire.post("standings", b"\x80")
    wire.close()
    said = stop(process, signal.SIGTERM)

    assert refused.status_code == 401
    assert process.returncode == 0
    assert address in said
    assert "needs this code" in said
    assert "everything it acknowledged is kept" in said
    assert "Traceback" not in said


def test_the_printed_code_claims_the_office(tmp_path):
    process, address = start(tmp_path)
    code = None
    for line in process.stdout:
        if line.startswith("    ") and line.count("-") == 3:
            code = line.strip()
            break
    wire = Wire(address)
    with pytest.raises(SyncError):
        service_at(Spoken(wire))
    service = service_at(Spoken(wire), claim=code)
    assert wire.health() == service.organisation.org.hex()
    wire.close()
    stop(process, signal.SIGINT)
    assert process.returncode == 0
    assert ((tmp_path / "office.sqlite3").stat().st_mode & 0o077) == 0


def test_a_setting_that_cannot_be_is_said_in_plain_words():
    done = subprocess.run(
        [sys.executable, "-m", "sync.server", "--port", "99999"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "A setting is not usable: port." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_said_in_plain_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = subprocess.run(
        [sys.executable, "-m", "sync.server", "--data", str(tmp_path / "file"), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "could not be opened" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.alone
def test_killing_the_office_loses_nothing_that_it_acknowledged(tmp_path):
    """`kill -9` at random moments of pushing; whatever was answered is there afterwards."""
    rng = random.Random(5)
    process, address = start(tmp_path, "--open-claim")
    wire = Wire(address)
    service = service_at(Spoken(wire))
    amina, okoro = service.amina, service.okoro
    amina.writes(okoro, *("text",) * 3000)
    acknowledged, position = 0, 1
    for _ in range(8):
        kill_after = rng.randrange(1, 25)
        try:
            for count in range(1000):
                last = min(position + rng.randrange(1, 20), 3000)
                runs, heads = amina.batch([okoro], position, last)
                if count == kill_after:
                    body = push_body(runs, heads)
                    send_and_kill(address, amina.token, body, process, rng.random() * 0.01)
                    raise ConnectionError
                (answer,) = wire.call("push", amina.token, runs=runs, heads=heads)
                assert answer.refused is None
                acknowledged = answer.accepted
                position = acknowledged + 1
        except (ConnectionError, requests.ConnectionError):
            wire.close()
            stop(process)
        process, address = start(tmp_path, "--open-claim")
        wire = Wire(address)
        amina.login(Spoken(wire))
        runs, heads = amina.batch([okoro], acknowledged or 1, acknowledged + 1)
        (answer,) = wire.call("push", amina.token, runs=runs, heads=heads)
        assert answer.refused is None
        assert answer.accepted >= acknowledged + 1
        acknowledged = answer.accepted
        position = acknowledged + 1
    service.grace.login(Spoken(wire))
    read = 0
    while True:
        page = wire.call("pull", service.grace.token, casefile=okoro.id, after=read)
        ids = [s.id for run in page.runs for s in run.rebuilt(service.organisation.org)]
        chain = amina.chains[okoro.id][read : page.next]
        assert ids == [sealed.id for _, sealed in chain]
        read = page.next
        if read == page.top:
            break
    assert read == acknowledged
    wire.close()
    stop(process)
    with sqlite3.connect(tmp_path / "office.sqlite3") as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
    assert acknowledged > 100


def test_a_port_that_is_taken_is_said_in_plain_words(tmp_path):
    process, address = start(tmp_path)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sync.server",
            "--data",
            str(tmp_path),
            "--port",
            address.split(":")[2],
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    stop(process)

    assert done.returncode == 2
    assert "is it taken?" in done.stderr
    assert "Traceback" not in done.stderr
