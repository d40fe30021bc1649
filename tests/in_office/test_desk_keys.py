"""The desk's own keys: made once, kept beside the database and never in it."""

import json
import os
import stat
import threading

import pytest

from builders import AT, service_at
from fakes import seeded
from ordered import NUMBER, alarm, capsule
from storage.alarm import CheckOutPlan
from storage.capsule import read_capsule
from storage.errors import CannotOpen
from storage.orders import read_order
from storage.seal import raw_public
from sync.desk import check_identity
from sync.server.desk.keys import DeskKeys, UnusableKeys, kept_in, read_keys, replace_in
from sync.server.desk.making import keys_of
from sync.server.office import OfficeService
from sync.server.settings import Settings


@pytest.fixture
def keys():
    return DeskKeys.fresh(seeded("desk"))


def test_they_are_made_once_for_their_owner_alone_and_read_again(tmp_path):
    path = tmp_path / "office" / "desk.keys"
    made = kept_in(path, os.urandom)
    check_identity(made.identity())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_in(path, os.urandom).written() == made.written()
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_together_agree_on_one_desk(tmp_path):
    path = tmp_path / "desk.keys"
    found: list[str] = []
    start = threading.Barrier(8)

    def first():
        start.wait()
        found.append(kept_in(path, os.urandom).written())

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_file_that_others_may_read_is_complained_of(tmp_path, caplog):
    path = tmp_path / "desk.keys"
    made = kept_in(path, os.urandom)
    path.chmod(0o644)
    assert kept_in(path, os.urandom).written() == made.written(), "a mounted secret may look so"
    assert "can be read by others" in caplog.text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: "",
        lambda t: "{}",
        lambda t: t[: len(t) // 2],
        lambda t: json.dumps(json.loads(t) | {"doorstep desk keys": 2}),
        lambda t: json.dumps(json.loads(t) | {"receiving": []}),
        lambda t: json.dumps(json.loads(t) | {"secret": "ab"}),
        lambda t: json.dumps(json.loads(t) | {"signing": 5}),
        lambda t: json.dumps([1]),
    ],
)
def test_what_is_no_key_file_is_refused_and_left_alone(tmp_path, keys, spoil):
    path = tmp_path / "desk.keys"
    spoiled = spoil(keys.written())
    path.write_text(spoiled)
    with pytest.raises(UnusableKeys):
        kept_in(path, os.urandom)
    assert path.read_text() == spoiled


def test_they_come_from_a_file_in_the_data_folder_from_another_or_from_the_environment(
    tmp_path, keys, monkeypatch
):
    monkeypatch.setenv("DOORSTEP_OFFICE_DATA", str(tmp_path))
    assert Settings().desk_keys_file == tmp_path / "desk.keys"
    other = tmp_path / "elsewhere.keys"
    replace_in(other, keys)
    monkeypatch.setenv("DOORSTEP_OFFICE_DESK_KEYS", str(other))
    assert keys_of(Settings()).written() == keys.written()
    monkeypatch.setenv("DOORSTEP_OFFICE_DESK_KEYS", str(tmp_path / "not there.keys"))
    monkeypatch.setenv("DOORSTEP_OFFICE_DESK_SECRET", keys.written())
    settings = Settings()
    assert keys_of(settings).written() == keys.written()
    assert keys.secret.hex() not in repr(settings)
    assert not (tmp_path / "not there.keys").exists()


def test_a_renewed_desk_is_another_one_that_opens_the_old_and_knows_the_same_numbers(keys):
    renewed = keys.renewed(seeded("again"))
    assert renewed.device != keys.device
    assert renewed.identity().signing != keys.identity().signing
    assert renewed.secret == keys.secret
    assert read_keys(renewed.written()).written() == renewed.written()
    service = service_at(OfficeService(desk=keys))
    public = raw_public(keys.receiving[0])
    old = read_order(service.amina.orders(capsule(), desk=public))
    new = read_order(service.amina.orders(capsule(), desk=raw_public(renewed.receiving[0])))
    left = read_order(service.amina.orders(alarm(), desk=public))
    out = read_order(service.amina.orders(CheckOutPlan(alarm="ab" * 16, phrase="x"), desk=public))
    assert renewed.open_capsule(old).number == renewed.open_capsule(new).number == NUMBER
    assert renewed.open_alarm(left).worker == "Amina"
    assert renewed.open_check_out(out) == "x"
    with pytest.raises(CannotOpen):
        keys.open_capsule(new)
    stranger = read_order(service.amina.orders(alarm()))
    with pytest.raises(CannotOpen):
        renewed.open_alarm(stranger)
    service.office.close()


def test_no_key_and_nothing_sealed_to_it_can_be_read_in_the_database(tmp_path, keys, clock):
    office = OfficeService(f"sqlite:///{tmp_path}/office.sqlite3", clock=clock, desk=keys)
    service = service_at(office)
    plan = capsule(casefile=service.okoro.id.hex())
    packed = service.amina.orders(plan, at=AT, desk=raw_public(keys.receiving[0]))
    assert office.put_orders(service.amina.token, [packed])[0].accepted
    office.close()
    written = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert bytes.fromhex(plan.route) in written, "ids stand in clear, on purpose"
    assert NUMBER.encode() not in written
    assert plan.contents.texts[0].encode() not in written
    for secret in (
        keys.secret,
        keys.signing.private_bytes_raw(),
        keys.login.private_bytes_raw(),
        keys.receiving[0].private_bytes_raw(),
    ):
        assert secret not in written
    assert keys.open_capsule(read_capsule(packed)).number == NUMBER


def test_no_key_shows_when_it_is_printed(keys):
    assert keys.secret.hex() not in repr(keys)
    assert "X25519" not in repr(keys)
