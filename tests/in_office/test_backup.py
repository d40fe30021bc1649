"""Backing up and putting back: on either database, whole or not at all."""

import random
import subprocess
import sys
from hashlib import sha256

import pytest
from sqlalchemy import select

from builders import service_at
from databases import OnSqlite
from in_office.test_after_a_backup import items
from in_office.test_drafts import draft
from in_office.test_invites import LOOKUP, LOOKUP_ID, request_of
from keeper import AT
from offices import Wire
from processes import Spoken, running
from storage.clock import milliseconds
from storage.seal import fingerprint
from sync.errors import InviteRefused, SignedOut
from sync.forms import pack
from sync.server import backup, layout
from sync.server.backup import BadBackup, NothingThere, OlderLayout
from sync.server.database import Database
from sync.server.layout import NewerLayout
from sync.server.office import OfficeService
from sync.server.restoring import NotEmpty
from sync.server.tables import FLEETING, metadata
from sync.server.tables import office as office_table


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path):
    """Another machine's empty database, of either kind."""
    if request.param == "sqlite":
        (tmp_path / "elsewhere").mkdir()
        yield OnSqlite(tmp_path / "elsewhere").url
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


def contents(office):
    """Every row that a backup keeps, but for the mark of a restore."""
    with office._s.database.reading() as connection:
        found = {}
        for table in metadata.sorted_tables:
            if not table.info.get(FLEETING):
                columns = [
                    column
                    for column in table.columns
                    if not column.info.get(FLEETING) and column.name != "restored"
                ]
                rows = connection.execute(select(*columns).order_by(*table.primary_key.columns))
                found[table.name] = [tuple(row) for row in rows]
        return found


def busy(service, office):
    """A day at the office: something in every table."""
    organisation, grace, amina, ben = (
        service.organisation,
        service.grace,
        service.amina,
        service.ben,
    )
    amina.writes(service.okoro, *"abc")
    amina.pushes(office, service.okoro)
    ben.writes(service.silva, *"ab")
    ben.pushes(office, service.silva, 1, 1)
    joiner = organisation.device("worker")
    office.invite(grace.token, LOOKUP, 2**60)
    office.enrol(LOOKUP_ID, request_of(joiner), bytes(32))
    organisation.revoke(ben, grace, office)
    ben.login(office)
    ben.pushes(office, service.silva)
    office.park(amina.token, [draft(amina, service.okoro)])


def test_a_backup_moves_an_office_whole_to_either_database(service, office, keeper, elsewhere):
    busy(service, office)
    path = keeper.back_up()
    before = contents(office)
    assert all(before[name] for name in ("stretches", "quarantine", "held_heads", "drafts", "acts"))

    done = keeper.put_back(path, elsewhere, replace=False)
    moved = OfficeService(elsewhere, clock=keeper.clock)

    paused = {"desk_switch": [(1, True, milliseconds(keeper.clock.now()))]}
    assert contents(moved) == before | paused
    assert (done.changes, done.casefiles, done.decisions, done.dropped, done.awaited) == (
        4,
        2,
        0,
        0,
        0,
    )
    moved.close()


def test_an_office_goes_on_where_it_was(service, office, keeper, elsewhere):
    busy(service, office)
    keeper.put_back(keeper.back_up(), elsewhere, replace=False)
    moved = OfficeService(elsewhere, clock=keeper.clock)
    grace, amina = service.grace, service.amina

    for device in (grace, amina):
        device.login(moved)
    amina.writes(service.okoro, "d")
    assert amina.pushes(moved, service.okoro, 4).top == 4
    service.organisation.joins("worker", by=grace, office=moved)
    service.organisation.found(amina, [grace], office=moved)
    assert moved.standings(grace.token).restored != b""
    with moved._s.database.reading() as connection:
        positions = connection.execute(select(metadata.tables["acts"].c.position)).scalars().all()
    assert positions == sorted(set(positions))
    moved.close()


def test_the_office_works_on_while_it_is_backed_up(service, office, keeper, monkeypatch):
    """What comes meanwhile is in the backup whole or not at all."""
    amina = service.amina
    amina.writes(service.okoro, *"x" * 60)
    amina.pushes(office, service.okoro, 1, 20)
    pushed = iter(range(21, 61))
    write_table = backup._write_table

    def meanwhile(connection, table, out):
        n = next(pushed)
        assert amina.pushes(office, service.okoro, n, n).accepted == n
        return write_table(connection, table, out)

    monkeypatch.setattr(backup, "_write_table", meanwhile)
    path = keeper.back_up()
    monkeypatch.undo()
    keeper.put_back(path)

    service.grace.login(office)
    assert len(items(office, service, service.okoro)) == 20


def test_nothing_secret_and_nothing_that_dies_with_a_day_is_in_the_file(service, office, keeper):
    busy(service, office)
    challenge = office.challenge(service.amina.id)
    with pytest.raises(InviteRefused):
        office.enrol(b"a wrong guess ..", b"x", bytes(32), address="192.0.2.7")
    with office._s.database.reading() as connection:
        pepper = connection.execute(select(office_table.c.pepper)).scalar_one()
    path = keeper.back_up()

    kept = path.read_bytes()
    assert service.organisation.org in kept
    assert service.amina.chains[service.okoro.id][0][1].ct in kept
    for secret in (challenge, service.amina.token, fingerprint(service.amina.token), pepper):
        assert secret not in kept
    assert path.stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in keeper.folder.glob("*backup*")) == ["backup"]


def test_a_restore_ends_logins_and_open_invites(service, office, keeper):
    office.invite(service.grace.token, LOOKUP, 2**60)
    keeper.put_back(keeper.back_up())

    with pytest.raises(SignedOut):
        office.standings(service.grace.token)
    with pytest.raises(InviteRefused):
        office.enrol(LOOKUP_ID, request_of(service.ben), bytes(32))


# -- what has to be refused ------------------------------------------------------------------------


def test_a_file_that_is_there_already_is_left_alone(service, office, keeper):
    (keeper.folder / "backup").write_text("somebody's letter")
    with pytest.raises(FileExistsError):
        keeper.back_up()
    assert (keeper.folder / "backup").read_text() == "somebody's letter"


def test_an_office_with_somebodys_data_is_replaced_only_when_told(service, office, keeper):
    path = keeper.back_up()
    service.amina.writes(service.okoro, "a")
    service.amina.pushes(office, service.okoro)
    before = contents(office)

    with pytest.raises(NotEmpty):
        keeper.put_back(path, replace=False)
    assert contents(office) == before

    keeper.put_back(path, replace=True)
    assert contents(office)["stretches"] == []


def test_a_damaged_backup_changes_nothing(service, office, keeper, tmp_path):
    busy(service, office)
    whole = keeper.back_up().read_bytes()
    before = contents(office)
    chance = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole)
        if chance.random() < 0.5:
            damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        else:
            del damaged[chance.randrange(len(whole)) :]
        (tmp_path / "damaged").write_bytes(damaged)
        with pytest.raises(BadBackup):
            keeper.put_back(tmp_path / "damaged")
    assert contents(office) == before


def sealed(*values):
    """A file with the right hash, whatever is in it."""
    body = b"doorstep-office backup 1\n" + b"".join(map(pack, values))
    return body + sha256(body).digest()


ABOUT = {"revision": layout.newest(), "at": AT, "organisation": b"o" * 16, "version": "1"}


@pytest.mark.parametrize(
    "values",
    [
        [],
        [ABOUT],
        [{**ABOUT, "at": "today"}, {}],
        ["about", {}],
        [ABOUT, ["casefiles", ["casefile"]], [[b"x"]], {"casefiles": 1}],
        [ABOUT, ["casefiles", ["casefile"]], [[b"x"]], [], {"casefiles": 2}],
        [ABOUT, ["casefiles", ["casefile", "top"]], [[b"x"]], [], {"casefiles": 1}],
        [ABOUT, ["somebody", ["else"]], [[b"x"]], [], {"somebody": 1}],
        [ABOUT, ["members", ["casefile", "no such"]], [[b"x", b"y"]], [], {"members": 1}],
        [ABOUT, "casefiles", {}],
    ],
)
def test_a_file_that_no_office_wrote_changes_nothing(service, office, keeper, tmp_path, values):
    before = contents(office)
    (tmp_path / "odd").write_bytes(sealed(*values))
    with pytest.raises(BadBackup):
        keeper.put_back(tmp_path / "odd")
    assert contents(office) == before


def test_a_newer_offices_backup_is_left_to_that_office(service, office, keeper, tmp_path):
    before = contents(office)
    (tmp_path / "newer").write_bytes(sealed({**ABOUT, "revision": "9999"}, {}))
    with pytest.raises(NewerLayout):
        keeper.put_back(tmp_path / "newer")
    assert contents(office) == before


def test_an_older_offices_backup_is_brought_forward(office, keeper, tmp_path):
    """One made before there were revisions but the first."""
    columns = ["one", "layout", "org", "root_public", "length"]
    (tmp_path / "older").write_bytes(
        sealed(
            {**ABOUT, "revision": layout.BASELINE},
            ["office", columns],
            [[1, 1, b"o" * 16, b"r" * 32, 0]],
            [],
            {"office": 1},
        )
    )
    keeper.put_back(tmp_path / "older")

    assert office.health() == (b"o" * 16).hex()
    with office._s.database.reading() as connection:
        assert layout.current(connection) == layout.newest()


def test_there_is_nothing_to_back_up_where_nothing_is(keeper, elsewhere, tmp_path):
    empty = Database(elsewhere)
    with pytest.raises(NothingThere):
        backup.write(empty, tmp_path / "none", at=AT, version="1")
    with empty.writing() as connection:
        layout.bring(connection, layout.BASELINE)
    with pytest.raises(OlderLayout):
        backup.write(empty, tmp_path / "none", at=AT, version="1")
    empty.close()
    assert not (tmp_path / "none").exists()


# -- by command ------------------------------------------------------------------------------------


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "sync.server", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_rehearsal_from_sqlite_to_postgresql_by_command(cluster, tmp_path):
    """As build/README.md tells it: back up while it runs, restore elsewhere, look."""
    with running(tmp_path, 1, "--open-claim") as [(_, address)]:
        office = Spoken(Wire(address))
        service = service_at(office)
        service.amina.writes(service.okoro, *"ab")
        office.push(service.amina.token, *service.amina.batch([service.okoro]))
        data = tmp_path / "office-0"
        made = command("backup", tmp_path / "monday", "--data", data)
        office.push(
            service.grace.token,
            runs=[],
            heads=[],
            drops=[service.amina.chains[service.okoro.id][0][1].id],
        )
        again = command("backup", tmp_path / "monday", "--data", data)
        office.wire.close()
    name = cluster.create()
    there = ["--database-url", cluster.url(name), "--data", tmp_path / "new"]

    done = command("restore", tmp_path / "monday", *there, "--kept-apart", data)
    twice = command("restore", tmp_path / "monday", *there)
    (tmp_path / "monday").write_bytes((tmp_path / "monday").read_bytes()[:-1])
    damaged = command("restore", tmp_path / "monday", *there, "--replace")
    nowhere = command("backup", tmp_path / "none", "--data", tmp_path / "nowhere")
    missing = command("restore", tmp_path / "none", *there)

    assert (made.returncode, again.returncode) == (0, 2)
    assert "is whole" in made.stdout
    assert "already" in again.stderr
    assert done.returncode == 0, done.stderr
    assert "2 changes in 2 casefiles" in done.stdout
    assert "1 dropped again" in done.stdout
    assert (twice.returncode, damaged.returncode) == (2, 2)
    assert "--replace" in twice.stderr
    assert "not a whole backup" in damaged.stderr
    assert (nowhere.returncode, missing.returncode) == (2, 2)
    assert "no office's data" in nowhere.stderr
    assert not (tmp_path / "nowhere").exists()
    for each in (made, again, done, twice, damaged, nowhere, missing):
        assert "Traceback" not in each.stdout + each.stderr
    restored = OfficeService(cluster.url(name))
    assert restored.health() == service.organisation.org.hex()
    restored.close()
    cluster.drop(name)
