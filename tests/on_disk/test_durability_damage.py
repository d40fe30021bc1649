"""A damaged file is noticed, set aside untouched, and what is whole of it is saved."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes import surroundings
from relay import PASSPHRASE, RECOVERY, SCHEMA, Relay, device, note
from storage.errors import DamagedFile, StorageError
from storage.pages import rows_in
from storage.vault import Vault, open_vault

CASES = 100


class House:
    """A device as a crash left it, with a log; what it held; and an office that has most of it."""

    def __init__(self, folder: Path) -> None:
        self.relay = Relay()
        self.folder = folder / "left"
        self.folder.mkdir()
        self.grace = device(folder, "grace", self.relay, role="supervisor")
        amina = device(self.folder, "amina", self.relay)
        self.casefile = amina.found({self.grace.public.device: self.grace.public.receiving})
        self.notes: dict[str, str] = {}
        self._write(amina, 60)
        self.relay.exchange(self.casefile, amina, self.grace)
        self.sent = set(self.notes)
        for _ in range(20):
            record, text = self.grace.new_id(), f"Grace {len(self.notes)} " + "w" * 400
            self.grace.write([note(self.casefile, record, text=text)])
            self.notes[record] = text
            self.sent.add(record)
        self.relay.exchange(self.casefile, self.grace, amina)
        amina.lock()  # makes the image and empties the log
        amina.unlock(PASSPHRASE)
        self._write(amina, 25)
        self.name = amina.device_file.path.name
        self.crashed = folder / "crashed"
        shutil.copytree(self.folder, self.crashed)
        amina.close()

    def _write(self, vault: Vault, count: int) -> None:
        for i in range(count):
            record, text = vault.new_id(), f"Note {i} " + "v" * (300 + 97 * (i % 40))
            vault.write([note(self.casefile, record, text=text)])
            self.notes[record] = text


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.grace.close()


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    used = len(data.rstrip(b"\0")) or len(data)
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(used)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _cut(path: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data.rstrip(b"\0")))])


def _delete(path: Path, _: random.Random) -> None:
    path.unlink()


_DAMAGE: list[tuple[str, Callable[[Path, random.Random], None]]] = [
    ("", _flip),
    ("", _flip),
    ("", _cut),
    ("-wal", _flip),
    ("-wal", _flip),
    ("-wal", _cut),
    ("-wal", _delete),
    (".image", _flip),
    (".image", _cut),
    (".seq", _delete),
]


@pytest.mark.parametrize("case", range(CASES))
def test_damage_is_noticed_and_costs_no_more_than_it_touched(case: int, house: House, tmp_path):
    chance = random.Random(case)
    ending, damage = _DAMAGE[case % len(_DAMAGE)]
    folder = tmp_path / "device"
    shutil.copytree(house.crashed, folder)
    path = folder / house.name
    damage(folder / (house.name + ending), chance)
    could_be_read = _changes_in(path)

    vault, told = _open(path)
    if told is not None:
        assert told.set_aside is not None
        assert _changes_in(told.set_aside) >= could_be_read, "set aside, nothing taken away"
        if vault is None:
            assert not told.usable
            return
        assert told.usable
    assert vault is not None

    here = {r.record: r.fields["text"] for r in vault.find("visit_note")}
    assert here.items() <= house.notes.items(), "nothing is there that was never written"
    lost = house.notes.keys() - here.keys()
    if told is None:
        assert not lost, "what is lost is told"
    else:
        assert len(lost - house.sent) <= told.lost or vault.device_file.cloned
    _goes_on(vault, house, here.keys() | house.sent)
    vault.close()


def _changes_in(path: Path) -> set[bytes]:
    """The ciphertexts that a file and its log still show to whoever looks at every page."""
    return {
        values[5]
        for _, values in rows_in(path)
        if len(values) == 7 and isinstance(values[5], bytes)
    }


def _open(path: Path) -> tuple[Vault | None, DamagedFile | None]:
    """Open as the app does: told of damage, once more; and try a push, which looks as well."""
    told: DamagedFile | None = None
    for _ in range(3):
        try:
            vault = open_vault(path, schema=SCHEMA, surroundings=surroundings("after"))
        except DamagedFile as error:
            assert told is None, "a salvaged file is whole"
            told = error
            continue
        except StorageError:
            return None, told
        try:
            vault.unlock(PASSPHRASE)
            vault.device_file.outbox()
            return vault, told
        except DamagedFile:
            vault.close()
        except StorageError:
            vault.close()
            return None, told
    return None, told


def _goes_on(vault: Vault, house: House, expected: set[str]) -> None:
    """With the office's help, and as a new device if it must, everything whole arrives."""
    relay = Relay(
        items={c: list(items) for c, items in house.relay.items.items()},
        heads={c: dict(heads) for c, heads in house.relay.heads.items()},
        grants={c: list(grants) for c, grants in house.relay.grants.items()},
        roster=house.relay.roster,
    )
    if vault.device_file.cloned:
        vault.become_new_device()
        relay.roster.certify(vault.public, b"amina".ljust(16, b"."))
    relay.collect(vault)
    raw = bytes.fromhex(house.casefile)
    vault.keep_grants(raw, relay.grants[raw], relay.roster, recovery=RECOVERY)
    vault.accept(relay.page(house.casefile, vault.cursor(raw)), relay.roster)
    here = {r.record: r.fields["text"] for r in vault.find("visit_note")}
    assert expected <= here.keys()
    assert all(house.notes[record] == text for record, text in here.items())


def test_what_no_longer_links_up_is_not_sent_but_salvaged(tmp_path, relay: Relay, grace):
    """Damage inside a change that the image still shows as it was."""
    vault = device(tmp_path, "amina", relay)
    casefile = vault.found({grace.public.device: grace.public.receiving})
    records = [vault.new_id() for _ in range(5)]
    for number, record in enumerate(records):
        vault.write([note(casefile, record, text=f"Note {number}")])
    vault.lock()
    (item,) = vault.device_file.connection.execute(
        "SELECT item FROM changes WHERE n = 3"
    ).fetchone()
    spoilt = item[:30] + bytes([item[30] ^ 8]) + item[31:]
    vault.device_file.connection.execute("UPDATE changes SET item = ? WHERE n = 3", [spoilt])
    vault.unlock(PASSPHRASE)
    assert vault.count("visit_note") == 5
    with pytest.raises(DamagedFile):
        relay.collect(vault)
    assert relay.items == {}
    vault.close()

    with pytest.raises(DamagedFile) as told:
        open_vault(vault.device_file.path, schema=SCHEMA, surroundings=surroundings("after"))
    assert (told.value.kept, told.value.lost, told.value.usable) == (4, 1, True)
    again = open_vault(vault.device_file.path, schema=SCHEMA, surroundings=surroundings("after"))
    again.unlock(PASSPHRASE)
    assert {r.record for r in again.find("visit_note")} == {*records} - {records[2]}
    assert again.device_file.cloned, "its chain has a gap: it goes on as a new device"
    again.become_new_device()
    relay.roster.certify(again.public, b"amina".ljust(16, b"."))
    relay.collect(again)
    assert relay.deliver(grace, casefile) == 4
    again.close()
