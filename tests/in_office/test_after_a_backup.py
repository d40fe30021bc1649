"""What happened after a backup was made still holds once that backup is put back."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from builders import service_at
from fakes import seeded
from storage.seal import fingerprint
from sync.errors import DeviceRevoked, NotYours
from sync.server import apart
from sync.server.desk import numbers, optouts
from sync.server.desk.desk import Desk
from sync.server.desk.keys import DeskKeys
from sync.server.desk.tables import optouts as kept_optouts
from sync.server.office import OfficeService


def items(office, service, casefile):
    page = office.pull(service.grace.token, casefile.id, 0)
    return [item for run in page.runs for item in run.items]


# -- there and back --------------------------------------------------------------------------------


def test_what_was_redacted_after_the_backup_stays_redacted(service, office, keeper, database):
    amina = service.amina
    amina.writes(service.okoro, "before", "wrong family", "after")
    amina.pushes(office, service.okoro)
    wrong = amina.chains[service.okoro.id][1][1]
    path = keeper.back_up()
    office.push(service.grace.token, [], [], [wrong.id])

    done = keeper.put_back(path)

    assert (done.dropped, done.awaited) == (1, 0)
    service.grace.login(office)
    kept = items(office, service, service.okoro)
    assert kept[1] == wrong.nonce + wrong.ct_hash
    assert [len(item) == 44 for item in kept] == [False, True, False]
    assert (keeper.apart / "erasures").read_text() == wrong.id.hex() + "\n"


def test_what_waits_in_quarantine_stays_redacted_too(service, office, keeper):
    ben = service.ben
    service.organisation.revoke(ben, service.grace, office)
    ben.login(office)
    ben.writes(service.silva, "wrong")
    ben.pushes(office, service.silva)
    path = keeper.back_up()
    office.push(service.grace.token, [], [], [ben.chains[service.silva.id][0][1].id])

    assert keeper.put_back(path).dropped == 1

    service.grace.login(office)
    (page,) = office.quarantined(service.grace.token)
    assert [len(item) for run in page.runs for item in run.items] == [44]


@pytest.mark.parametrize("with_text", [True, False], ids=["with its text", "without"])
def test_what_comes_again_after_its_redaction_comes_without_text(
    service, office, keeper, with_text
):
    """Written and redacted after the backup: its author hands it in again, and her chain goes on,
    whether or not her device has heard of the redaction."""
    amina = service.amina
    path = keeper.back_up()
    amina.writes(service.okoro, "a", "wrong", "b")
    amina.pushes(office, service.okoro)
    wrong = amina.chains[service.okoro.id][1][1]
    office.push(service.grace.token, [], [], [wrong.id])

    done = keeper.put_back(path)
    assert (done.dropped, done.awaited) == (0, 1)
    for device in (amina, service.grace):
        device.login(office)
    (run,), heads = amina.batch([service.okoro])
    if not with_text:
        bare = run.items[1][:12] + fingerprint(run.items[1][12:])
        run = replace(run, items=(run.items[0], bare, run.items[2]))
    (answer,) = office.push(amina.token, [run], heads)

    assert (answer.accepted, answer.refused) == (3, None)
    assert [len(item) == 44 for item in items(office, service, service.okoro)] == [
        False,
        True,
        False,
    ]


def test_without_such_a_redaction_a_worker_still_hands_in_nothing_bare(service, office, keeper):
    amina = service.amina
    keeper.put_back(keeper.back_up())
    amina.login(office)
    amina.writes(service.okoro, "a", "b")
    (run,), heads = amina.batch([service.okoro])
    bare = replace(run, items=(run.items[0], run.items[1][:12] + fingerprint(run.items[1][12:])))
    (answer,) = office.push(amina.token, [bare], [amina.head(service.okoro.id, 1), *heads])

    assert (answer.accepted, answer.refused) == (1, "redacted")


def test_whoever_was_shut_out_after_the_backup_stays_out(service, office, keeper):
    organisation, grace, amina, ben = (
        service.organisation,
        service.grace,
        service.amina,
        service.ben,
    )
    path = keeper.back_up()
    organisation.revoke(ben, grace, office, wipe=True)
    organisation.regrant(service.okoro, grace, [grace], rotate=True, office=office)
    helen = organisation.joins("worker", by=grace, office=office)
    young = organisation.found(helen, [grace], office=office)

    done = keeper.put_back(path)

    assert done.decisions == 4
    for device in (grace, amina, helen):
        device.login(office)
    assert list(office.directory(grace.token, 0)) == organisation.packed()
    assert (
        office.grants(grace.token, service.okoro.id)[-1] == service.okoro.grant.statement.packed()
    )
    assert office.grants(helen.token, young.id) == (young.grant.statement.packed(),)
    with pytest.raises(NotYours):
        office.pull(amina.token, service.okoro.id, 0)
    challenge = office.challenge(ben.id)
    login = office.login(ben.id, challenge, ben.answer(challenge))
    assert (login.standing, login.wipe) == ("revoked", True)
    with pytest.raises(DeviceRevoked):
        office.standings(login.token)


def test_an_office_backed_up_while_it_was_nobodys_becomes_whose_it_was(
    office, keeper, database_url
):
    path = keeper.back_up()
    service = service_at(office)
    keeper.put_back(path)

    assert office.health() == service.organisation.org.hex()
    service.grace.login(office)
    assert list(office.directory(service.grace.token, 0)) == service.organisation.packed()


def test_another_organisations_decisions_are_not_put_back(service, office, keeper, tmp_path):
    (tmp_path / "other").mkdir()
    other = OfficeService(kept_apart=tmp_path / "other")
    service_at(other, seed=2)
    other.close()

    done = keeper.put_back(keeper.back_up(), folders=[keeper.apart, tmp_path / "other"])

    assert done.decisions == 0
    assert office.health() == service.organisation.org.hex()


def test_what_two_machines_kept_apart_is_put_back_as_one(
    service, database, keeper, clock, tmp_path
):
    path = keeper.back_up()
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    offices = [OfficeService(database.url, clock=clock, kept_apart=f) for f in folders]
    for turn in range(5):
        service.organisation.joins("worker", by=service.grace, office=offices[turn % 2])
    for each in offices:
        each.close()

    done = keeper.put_back(path, folders=folders[::-1])

    assert done.decisions == 5
    service.grace.login(keeper.office)
    found = keeper.office.directory(service.grace.token, 0)
    assert list(found) == service.organisation.packed()


def test_a_line_cut_off_by_a_crash_costs_that_line_alone(service, office, keeper):
    amina = service.amina
    amina.writes(service.okoro, *"abc")
    amina.pushes(office, service.okoro)
    path = keeper.back_up()
    changes = [change.id for _, change in amina.chains[service.okoro.id]]
    office.push(service.grace.token, [], [], changes[:1])
    with (keeper.apart / "erasures").open("a") as file:
        file.write(changes[1].hex()[:20])
    office.push(service.grace.token, [], [], changes[2:])

    found = apart.read([keeper.apart])

    assert found.erased == (changes[0], changes[2])
    assert found.unreadable == 1
    assert keeper.put_back(path).dropped == 2


def test_what_cannot_be_written_apart_is_not_done_at_all(service, office, keeper):
    """Better to ask again than to do what a restore would undo."""
    amina = service.amina
    amina.writes(service.okoro, "a")
    amina.pushes(office, service.okoro)
    (keeper.apart / "erasures").mkdir()

    with pytest.raises(OSError):
        office.push(service.grace.token, [], [], [amina.chains[service.okoro.id][0][1].id])

    assert [len(item) == 44 for item in items(office, service, service.okoro)] == [False]
    (keeper.apart / "erasures").rmdir()
    office.push(service.grace.token, [], [], [amina.chains[service.okoro.id][0][1].id])
    assert [len(item) == 44 for item in items(office, service, service.okoro)] == [True]


def test_an_office_at_work_forgets_what_a_restore_took_away(service, office, keeper):
    """Its idea of the directory is older than the restore, and longer than what was put back."""
    path = keeper.back_up()
    late = service.organisation.joins("worker", by=service.grace, office=office)

    keeper.put_back(path, folders=[])

    service.grace.login(office)
    assert office.standings(service.grace.token).directory == len(
        office.directory(service.grace.token, 0)
    )
    with pytest.raises(Exception, match="does not know"):
        late.login(office)


def test_who_asked_to_be_left_alone_after_the_backup_still_is(office, keeper):
    """The desk's own list is of yesterday; what was kept apart is not."""
    desk = Desk(office=office.surroundings, keys=DeskKeys.fresh(seeded("desk")), providers={})
    path = keeper.back_up()
    assert optouts.stop_typed(desk, "07700 900123")
    assert optouts.stop_typed(desk, "07700 900124")
    keeper.clock.advance(60)
    assert optouts.allow_typed(desk, "07700 900124")

    keeper.put_back(path)

    with office.surroundings.database.reading() as connection:
        (left_alone,) = connection.execute(select(kept_optouts.c.number, kept_optouts.c.by)).all()
    assert left_alone == (numbers.keyed(desk.keys.secret, "+447700900123"), "duty")
