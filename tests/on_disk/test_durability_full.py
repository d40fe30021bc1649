"""A disk that is full, or will not take a write, is said so; nothing that was saved suffers."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from relay import PASSPHRASE, Relay, note
from storage.errors import DiskFull, WriteFailed
from storage.vault import Vault


@contextmanager
def _no_more_pages(vault: Vault) -> Iterator[None]:
    """SQLite's own limit: SQLITE_FULL."""
    connection = vault.device_file.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    yield
    connection.execute("PRAGMA max_page_count = 4294967294")


@contextmanager
def _no_longer_files(vault: Vault) -> Iterator[None]:
    """The machine's limit: a write error, in the middle of a transaction."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    vault.device_file.checkpoint()
    resource.setrlimit(resource.RLIMIT_FSIZE, (60 * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _save(vault: Vault, casefile: str, saved: list[str]) -> None:
    record = vault.new_id()
    vault.write([note(casefile, record, text="x" * 3000)])
    saved.append(record)


def _fails(error: type[Exception], step: Callable[[], None]) -> None:
    """Sooner or later."""
    for _ in range(200):
        try:
            step()
        except error:
            return
    pytest.fail("the disk never filled up")


@pytest.mark.parametrize(
    ("full", "error"), [(_no_more_pages, DiskFull), (_no_longer_files, WriteFailed)]
)
def test_a_save_that_fails_changes_nothing_and_the_next_one_works(
    full, error, relay: Relay, amina: Vault, grace: Vault
):
    casefile = amina.found({grace.public.device: grace.public.receiving})
    first = amina.new_id()
    amina.write([note(casefile, first, text="Saved before.")])
    saved = [first]
    with full(amina):
        _fails(error, lambda: _save(amina, casefile, saved))
        assert {r.record for r in amina.find("visit_note")} == set(saved), "the rest never shows"
        draft = {"text": "y" * 9000}
        _fails(error, lambda: amina.save_draft(casefile, amina.new_id(), draft))

    again = amina.new_id()
    amina.write([note(casefile, again, text="Room again.")])
    saved.append(again)
    relay.exchange(casefile, amina, grace)
    assert {r.record for r in grace.find("visit_note")} == set(saved)
    assert grace.fold_hash(casefile) == amina.fold_hash(casefile)

    amina.close()
    assert not amina.device_file.path.with_name("amina.doorstep-wal").exists()


def test_a_page_that_does_not_fit_is_taken_in_whole_later(relay: Relay, amina, grace):
    casefile = amina.found({grace.public.device: grace.public.receiving})
    amina.write([note(casefile, amina.new_id(), text="z" * 2000 + str(i)) for i in range(100)])
    relay.collect(amina)
    raw = bytes.fromhex(casefile)
    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    with _no_more_pages(grace):
        with pytest.raises(DiskFull):
            grace.accept(relay.page(casefile, 0), relay.roster)
        assert grace.cursor(raw) == 0
        assert grace.count("visit_note") == 0
    assert relay.deliver(grace, casefile) == 100
    assert grace.fold_hash(casefile) == amina.fold_hash(casefile)


def test_a_full_disk_keeps_no_one_from_locking(relay: Relay, amina):
    casefile = amina.found({})
    record = amina.new_id()
    amina.write([note(casefile, record, text="A" * 100_000)])
    with _no_longer_files(amina):
        amina.lock()
        assert amina.locked
    amina.unlock(PASSPHRASE)
    assert amina.get(record) is not None


def test_what_could_not_be_kept_is_not_remembered_either(relay: Relay, amina):
    kept = [b"first"]
    amina.keep_secret("invite", kept[0])

    def keep_another() -> None:
        secret = bytes([len(kept)]) * 9000
        amina.keep_secret("invite", secret)
        kept.append(secret)

    with _no_longer_files(amina):
        _fails(WriteFailed, keep_another)
        assert amina.secret("invite") == kept[-1]
    assert amina.secrets("inv") == {"invite": kept[-1]}
