"""The same device twice: noticed whoever comes second, refused by name, and nothing is lost."""

import shutil
from pathlib import Path

import pytest

from fakes import surroundings
from relay import PASSPHRASE, RECOVERY, SCHEMA, Leaf, Relay, device, note
from storage.errors import ClonedDevice, Fork
from storage.vault import Vault, open_vault


def _copy_of(vault: Vault, folder: Path) -> Vault:
    """A backup of the whole folder, put onto another machine."""
    vault.lock()
    vault.device_file.checkpoint()
    folder.mkdir()
    for part in vault.device_file.path.parent.glob(vault.device_file.path.name + "*"):
        shutil.copy(part, folder)
    vault.unlock(PASSPHRASE)
    clone = open_vault(
        folder / vault.device_file.path.name,
        schema=SCHEMA,
        surroundings=surroundings(f"clone {folder.name}"),
    )
    clone.unlock(PASSPHRASE)
    return clone


@pytest.fixture
def shared(amina, grace, relay: Relay) -> str:
    casefile = amina.found({grace.public.device: grace.public.receiving})
    amina.write([note(casefile, amina.new_id(), text="Before the copy.")])
    relay.exchange(casefile, amina, grace)
    return casefile


def test_a_copy_learns_what_it_is_from_changes_it_never_made(
    amina, grace, relay: Relay, shared, tmp_path
):
    clone = _copy_of(amina, tmp_path / "copy")
    amina.write([note(shared, amina.new_id(), text="By the first.")])
    relay.collect(amina)
    record = clone.new_id()
    clone.write([note(shared, record, text="By the copy, not sent.")])
    draft = clone.new_id()
    clone.save_draft(shared, draft, {"text": "Half by the copy"})
    before = clone.cursor(bytes.fromhex(shared))

    with pytest.raises(ClonedDevice):
        relay.deliver(clone, shared)
    assert clone.device_file.cloned
    assert clone.cursor(bytes.fromhex(shared)) == before
    assert clone.get(record) is not None, "its own work stays on its screen"
    with pytest.raises(ClonedDevice):
        relay.deliver(clone, shared)

    clone.become_new_device()
    assert clone.public.device != amina.public.device
    assert clone.get(record).fields["text"] == "By the copy, not sent."
    assert [d.fields["text"] for d in clone.drafts()] == ["Half by the copy"]
    relay.roster.certify(clone.public, b"amina".ljust(16, b"."))
    members = {v.public.device: v.public.receiving for v in (amina, grace, clone)}
    grace.regrant(bytes.fromhex(shared), members, rotate=False, last={})
    relay.exchange(shared, grace, clone, amina)
    relay.exchange(shared, amina, grace, clone)

    texts = {r.fields["text"] for r in grace.find("visit_note")}
    assert texts == {"Before the copy.", "By the first.", "By the copy, not sent."}
    assert clone.fold_hash(shared) == grace.fold_hash(shared) == amina.fold_hash(shared)
    assert clone.unsent() == []
    clone.close()
    again = open_vault(
        tmp_path / "copy" / "amina.doorstep", schema=SCHEMA, surroundings=surroundings("again")
    )
    again.unlock(PASSPHRASE)
    assert again.fold_hash(shared) == grace.fold_hash(shared)
    assert again.public.login == again.device_file.login_key().public_key().public_bytes_raw()
    again.close()


def test_the_office_refusing_a_fork_says_it_as_well(amina, relay, shared):
    amina.write([note(shared, amina.new_id(), text="Which of us?")])
    amina.device_file.refused(bytes.fromhex(shared), "fork")
    assert amina.device_file.cloned
    assert [u.refused for u in amina.unsent()] == ["fork"]
    assert not amina.device_file.outbox(), "a refused chain stands still"


def test_unsent_edits_move_to_the_new_identity_with_their_history(
    amina, grace, relay: Relay, shared, tmp_path
):
    clone = _copy_of(amina, tmp_path / "copy")
    record = clone.new_id()
    clone.write([note(shared, record, text="One.", status="open")])
    clone.write([note(shared, record, text="Two.")])
    clone.write([note(shared, record, text="Three."), note(shared, record, status="held")])
    (known,) = [r.record for r in clone.find("visit_note") if r.record != record]
    clone.write([note(shared, known, status="held")])
    history = [dict(v.fields) for v in clone.history(record)]

    clone.become_new_device()
    assert [dict(v.fields) for v in clone.history(record)] == history
    assert clone.get(record).fields == {"text": "Three.", "status": "held"}
    assert clone.conflicted() == []
    assert clone.device_file.outbox_size().changes == 5
    relay.roster.certify(clone.public, b"amina".ljust(16, b"."))
    relay.collect(clone)
    relay.deliver(grace, shared)
    assert grace.fold_hash(shared) == clone.fold_hash(shared)
    clone.close()


def test_an_earlier_backup_put_back_is_noticed_before_it_can_fork(
    amina, grace, relay: Relay, shared, tmp_path
):
    restored = _copy_of(amina, tmp_path / "backup")
    for i in range(3):
        amina.write([note(shared, amina.new_id(), text=f"After the backup {i}.")])
    relay.exchange(shared, amina, grace)
    with pytest.raises(ClonedDevice):
        relay.deliver(restored, shared)

    restored.become_new_device()
    relay.roster.certify(restored.public, b"amina".ljust(16, b"."))
    raw = bytes.fromhex(shared)
    restored.keep_grants(raw, relay.grants[raw], relay.roster, recovery=RECOVERY)
    restored.accept(relay.page(shared, restored.cursor(raw)), relay.roster)
    assert restored.fold_hash(shared) == grace.fold_hash(shared)
    restored.close()


def test_a_supervisors_unsent_redaction_survives_the_move(relay: Relay, grace, amina, tmp_path):
    casefile = amina.found({grace.public.device: grace.public.receiving})
    record = amina.new_id()
    amina.write([note(casefile, record, text="Wrong family.")])
    relay.exchange(casefile, amina, grace)
    clone = _copy_of(grace, tmp_path / "copy")
    clone.redact(record)
    clone.become_new_device()
    assert clone.get(record) is None
    assert not clone.device_file.cloned
    relay.roster.certify(clone.public, b"grace".ljust(16, b"."), supervisor=True)
    relay.collect(clone)
    relay.deliver(amina, casefile)
    assert amina.get(record) is None
    assert amina.search("wrong") == []
    assert all(len(k.item) == 44 for k in relay.items[bytes.fromhex(casefile)][:1])
    clone.close()


def test_two_changes_under_one_number_from_a_colleague_are_an_attack(
    amina, grace, relay: Relay, shared, tmp_path
):
    clone = _copy_of(amina, tmp_path / "copy")
    other = Relay(
        items={c: list(i) for c, i in relay.items.items()},
        heads={c: dict(h) for c, h in relay.heads.items()},
        grants=relay.grants,
        roster=relay.roster,
    )
    amina.write([note(shared, amina.new_id(), text="One side.")])
    clone.write([note(shared, clone.new_id(), text="The other side.")])
    relay.collect(amina)
    other.collect(clone)
    relay.deliver(grace, shared)
    before = grace.fold_hash(shared)

    forked = other.page(shared, 1)
    again = Leaf(casefile=forked.casefile, after=1, next=2, runs=forked.runs, heads=forked.heads)
    with pytest.raises(Fork):
        grace.accept(again, relay.roster)
    assert grace.fold_hash(shared) == before
    clone.close()


def test_a_device_from_this_folder_is_not_mistaken_for_a_copy(tmp_path, relay):
    vault = device(tmp_path, "ben", relay)
    casefile = vault.found({})
    for i in range(3):
        vault.write([note(casefile, vault.new_id(), text=str(i))])
        relay.exchange(casefile, vault)
        vault.lock()
        vault.unlock(PASSPHRASE)
    assert not vault.device_file.cloned
    vault.close()
