"""The passphrase, the tries, the key store, and what a destroyed key leaves behind."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgpack
import pytest

from fakes import FakeClock, MemoryKeyStore, cheap_kdf, surroundings, with_connect
from relay import PASSPHRASE, SCHEMA, Relay, device, note
from storage.errors import (
    AlreadyOpen,
    ClonedDevice,
    KeysDestroyed,
    KeyStoreUnavailable,
    NewerFile,
    NoVault,
    TooManyTries,
    UnsafeParameters,
    VaultLocked,
    WeakPassphrase,
    WriteFailed,
    WrongPassphrase,
)
from storage.keys import DeviceLock, make_lock, open_lock
from storage.surroundings import Surroundings, connect, scrypt
from storage.vault import Vault, create_vault, open_vault

OTHER = "window-harbour-thistle-drum"


def _wrong(vault: Vault) -> None:
    with pytest.raises(WrongPassphrase):
        vault.unlock("not the passphrase at all")


def _reopen(path: Path, around: Surroundings) -> Vault:
    return open_vault(path, schema=SCHEMA, surroundings=around)


def test_everything_is_closed_until_the_passphrase_is_given(amina):
    casefile = amina.found({})
    record = amina.new_id()
    amina.write([note(casefile, record, text="Private.")])
    amina.lock()
    with pytest.raises(VaultLocked):
        amina.get(record)
    with pytest.raises(VaultLocked):
        amina.write([note(casefile, record, text="No.")])
    _wrong(amina)
    amina.unlock(PASSPHRASE)
    assert amina.get(record) is not None


def test_the_wait_grows_with_each_wrong_try_and_outlives_a_restart(tmp_path):
    clock = FakeClock()
    around = surroundings("waits", clock=clock)
    vault = create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=around)
    vault.lock()
    waits = []
    for _ in range(6):
        _wrong(vault)
        waits.append(vault.wait_before_next_try())
        clock.advance(vault.wait_before_next_try())
    assert waits == [0, 0, 5, 30, 60, 300]

    vault.close()
    vault = _reopen(tmp_path / "a", around)
    assert vault.wait_before_next_try() == 300
    with pytest.raises(TooManyTries) as too_early:
        vault.unlock(PASSPHRASE)
    assert too_early.value.seconds == 300
    clock.skew = timedelta(days=365)  # setting the clock forward wins nothing
    assert vault.wait_before_next_try() == 300

    clock.advance(300)
    vault.unlock(PASSPHRASE)
    vault.lock()
    assert vault.tries_left == 10, "a right passphrase forgives the wrong ones"
    vault.close()


def test_a_try_counts_even_if_the_process_dies_before_it_is_judged(tmp_path):
    def dies(passphrase: bytes, salt: bytes, n: int) -> bytes:
        raise KeyboardInterrupt

    around = surroundings("dies")
    create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=around).close()
    vault = _reopen(tmp_path / "a", replace(around, kdf=dies))
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            vault.unlock("guess")
    vault.close()
    vault = _reopen(tmp_path / "a", around)
    assert vault.tries_left == 8
    vault.close()


def test_after_ten_wrong_tries_the_keys_are_gone_and_the_outbox_is_not(tmp_path, relay: Relay):
    clock = FakeClock()
    vault = device(tmp_path, "amina", relay, around=surroundings("amina", clock=clock))
    casefile = vault.found({})
    vault.write([note(casefile, vault.new_id(), text="Not sent yet.")])
    vault.save_draft(casefile, vault.new_id(), {"text": "Half"})
    vault.lock()
    for _ in range(9):
        _wrong(vault)
        clock.advance(300)
    with pytest.raises(KeysDestroyed):
        vault.unlock("not the passphrase at all")
    with pytest.raises(KeysDestroyed) as refused:
        vault.unlock(PASSPHRASE)
    assert not refused.value.ordered
    vault.close()

    vault = _reopen(tmp_path / "amina.doorstep", surroundings("later"))
    assert vault.keys_destroyed
    assert not vault.wiped_on_order
    assert len(vault.device_file.drafts_to_park()) == 1
    assert len(vault.device_file.login_key().private_bytes_raw()) == 32
    assert relay.collect(vault) == 1
    vault.close()
    assert not (tmp_path / "amina.doorstep.image").exists()


def test_a_wiped_device_can_send_and_read_nothing(tmp_path, relay: Relay, grace):
    vault = device(tmp_path, "amina", relay)
    casefile = vault.found({grace.public.device: grace.public.receiving})
    vault.write([note(casefile, vault.new_id(), text="Sealed.")])
    master = vault._open.keyring.master.raw
    vault.drop_keys()
    assert vault.locked
    with pytest.raises(KeysDestroyed) as refused:
        vault.unlock(PASSPHRASE)
    assert refused.value.ordered, "nobody typed a wrong passphrase"
    assert relay.collect(vault) == 1
    vault.close()
    connection = sqlite3.connect(tmp_path / "amina.doorstep")
    names = {n for (n,) in connection.execute("SELECT name FROM meta")}
    assert not names & {"lock", "keys"}
    assert connection.execute("SELECT count(*) FROM keys").fetchone() == (0,)
    connection.close()
    assert master  # only this test remembers it
    relay.deliver(grace, casefile)
    assert grace.count("visit_note") == 1


def test_a_new_passphrase_replaces_the_old_one(amina):
    amina.change_passphrase(PASSPHRASE, OTHER)
    amina.lock()
    with pytest.raises(WrongPassphrase):
        amina.unlock(PASSPHRASE)
    amina.unlock(OTHER)
    with pytest.raises(WrongPassphrase):
        amina.change_passphrase(PASSPHRASE, OTHER)
    with pytest.raises(WeakPassphrase):
        amina.change_passphrase(OTHER, "short")


def test_no_old_wrap_of_the_master_key_stays_in_the_files(tmp_path, relay):
    vault = device(tmp_path, "amina", relay)
    old = vault.device_file.get("lock")
    assert old is not None
    wrap = DeviceLock.unpacked(old).wrap
    vault.change_passphrase(PASSPHRASE, OTHER)
    for file in tmp_path.iterdir():
        assert wrap not in file.read_bytes()
    vault.close()


class _Failing(sqlite3.Connection):
    """A disk on which the n-th statement from now on fails, and all after it."""

    left = 10**9

    def execute(self, sql, *parameters):
        type(self).left -= 1
        if type(self).left < 0:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
            error.sqlite_errorname = "SQLITE_IOERR_WRITE"
            raise error
        return super().execute(sql, *parameters)


def _failing(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=0.5, isolation_level=None, check_same_thread=False, factory=_Failing
    )


@pytest.mark.parametrize("statements", range(50))
def test_an_interrupted_change_of_passphrase_leaves_one_that_works(statements, tmp_path):
    around = surroundings("rewrap")
    create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=around).close()
    vault = _reopen(tmp_path / "a", with_connect(around, _failing))
    _Failing.left = statements
    done = False
    try:
        vault.change_passphrase(PASSPHRASE, OTHER)
        done = True
    except (WriteFailed, sqlite3.OperationalError):
        shutil.copytree(tmp_path, tmp_path / "crash")  # what a kill would have left behind
    _Failing.left = 10**9
    vault.device_file.close()

    for place in [tmp_path / "a", *([] if done else [tmp_path / "crash" / "a"])]:
        vault = _reopen(place, around)
        works = []
        for passphrase in (PASSPHRASE, OTHER):
            try:
                vault.unlock(passphrase)
                works.append(passphrase)
            except WrongPassphrase:
                pass
        assert len(works) == 1
        assert not done or works == [OTHER]
        vault.close()


def test_stretching_settings_out_of_bounds_are_refused_wherever_they_come_from(tmp_path):
    around = surroundings("bounds")
    vault = create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=around)
    vault.lock()
    packed = vault.device_file.get("lock")
    assert packed is not None
    _, salt, wrap = msgpack.unpackb(packed)
    for n in (2**14, 2**18, 2**16 + 1, 0):
        with vault.device_file.transaction():
            vault.device_file.put("lock", msgpack.packb([n, salt, wrap]))
        with pytest.raises(UnsafeParameters):
            vault.unlock(PASSPHRASE)
    assert vault.tries_left == 10
    vault.close()


def test_the_real_stretching_opens_what_it_locked():
    lock = make_lock(b"k" * 32, "caffè ☕", b"s" * 32, n=2**15, kdf=scrypt, randomness=os.urandom)
    assert open_lock(lock, "caffe\u0300 ☕", b"s" * 32, kdf=scrypt) == b"k" * 32
    with pytest.raises(WrongPassphrase):
        open_lock(lock, "caffè ☕", b"t" * 32, kdf=scrypt)


def test_without_a_key_store_a_pin_is_refused_and_with_one_it_is_enough(tmp_path):
    with pytest.raises(WeakPassphrase):
        create_vault(tmp_path / "a", "294857", schema=SCHEMA, surroundings=surroundings(1))
    assert not list(tmp_path.iterdir())
    around = surroundings(1, key_store=MemoryKeyStore())
    vault = create_vault(tmp_path / "a", "294857", schema=SCHEMA, surroundings=around)
    vault.lock()
    vault.unlock("294857")
    assert around.kdf is cheap_kdf
    vault.close()


def test_a_file_copied_to_another_machine_does_not_open_there(tmp_path):
    around = surroundings(1, key_store=MemoryKeyStore())
    create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=around).close()
    shutil.copy(tmp_path / "a", tmp_path / "copy")
    elsewhere = surroundings(2, key_store=MemoryKeyStore())
    with pytest.raises(ClonedDevice):
        _reopen(tmp_path / "copy", elsewhere)
    with pytest.raises(ClonedDevice):
        _reopen(tmp_path / "copy", surroundings(2))


def test_a_key_store_out_of_reach_is_said_and_harms_nothing(tmp_path):
    store = MemoryKeyStore()
    around = surroundings(1, key_store=store)
    create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=around).close()
    store.broken = True
    with pytest.raises(KeyStoreUnavailable):
        _reopen(tmp_path / "a", around)
    store.broken = False
    vault = _reopen(tmp_path / "a", around)
    vault.unlock(PASSPHRASE)
    vault.close()


def test_one_file_serves_one_process(tmp_path):
    vault = create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=surroundings(1))
    with pytest.raises(AlreadyOpen):
        _reopen(tmp_path / "a", surroundings(1))
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from relay import SCHEMA\nfrom fakes import surroundings\n"
        "from pathlib import Path\nfrom storage.vault import open_vault\n"
        "try:\n    open_vault(Path(sys.argv[1]), schema=SCHEMA, surroundings=surroundings(1))\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a"), str(root), str(root / "tests")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "AlreadyOpen"
    vault.close()
    _reopen(tmp_path / "a", surroundings(1)).close()


def test_a_vault_is_never_made_over_another_and_never_from_nothing(tmp_path):
    create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=surroundings(1)).close()
    before = (tmp_path / "a").read_bytes()
    with pytest.raises(FileExistsError):
        create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=surroundings(2))
    assert (tmp_path / "a").read_bytes() == before
    with pytest.raises(NoVault):
        _reopen(tmp_path / "b", surroundings(1))
    assert not (tmp_path / "b").exists()


def test_only_the_owner_may_read_the_files(tmp_path, relay):
    vault = device(tmp_path, "amina", relay)
    vault.write([note(vault.found({}), vault.new_id(), text="Mine.")])
    vault.lock()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
    vault.close()


def test_an_older_app_leaves_a_newer_file_alone(tmp_path):
    create_vault(tmp_path / "a", PASSPHRASE, schema=SCHEMA, surroundings=surroundings(1)).close()
    connection = connect(tmp_path / "a")
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('device file', 'from_the_future', '')"
    )
    connection.close()
    before = (tmp_path / "a").read_bytes()
    with pytest.raises(NewerFile):
        _reopen(tmp_path / "a", surroundings(1))
    assert (tmp_path / "a").read_bytes() == before
