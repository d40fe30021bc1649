"""Two devices and what lies between them: sending, receiving, granting, quarantine."""

import pytest

from relay import PASSPHRASE, Relay, device, note
from storage.doorway import SENDING
from storage.errors import NotAllowed
from storage.vault import Vault


def _shared(amina: Vault, grace: Vault) -> str:
    return amina.found({grace.public.device: grace.public.receiving})


def test_a_note_reaches_the_other_device_and_is_known_to_have_been_sent(relay, amina, grace):
    casefile = _shared(amina, grace)
    record = amina.new_id()
    amina.write([note(casefile, record, text="Feeding well.")])
    assert [u.record for u in amina.unsent()] == [record]

    relay.exchange(casefile, amina, grace)

    found = grace.get(record)
    assert found is not None
    assert found.fields == {"text": "Feeding well."}
    assert amina.unsent() == []
    assert amina.get(record).sent
    assert amina.fold_hash(casefile) == grace.fold_hash(casefile)


def test_the_same_page_twice_changes_nothing(relay, amina, grace):
    casefile = _shared(amina, grace)
    amina.write([note(casefile, amina.new_id(), text="Once.")])
    relay.exchange(casefile, amina, grace)
    before = grace.fold_hash(casefile)
    page = relay.page(casefile, 0)

    assert grace.accept(page, relay.roster).count == 0
    assert grace.fold_hash(casefile) == before
    assert grace.count("visit_note") == 1


def test_a_locked_device_still_sends_and_knows_it_after_unlocking(relay, amina, grace):
    casefile = _shared(amina, grace)
    record = amina.new_id()
    amina.write([note(casefile, record, text="Written, then locked.")])
    amina.lock()

    assert relay.collect(amina) == 1
    grace.keep_grants(bytes.fromhex(casefile), relay.grants[bytes.fromhex(casefile)], relay.roster)
    assert relay.deliver(grace, casefile) == 1

    amina.unlock(PASSPHRASE)
    assert amina.unsent() == []
    assert amina.get(record).sent


def test_what_the_office_has_lost_again_waits_again(relay, amina, grace):
    casefile = _shared(amina, grace)
    records = [amina.new_id() for _ in range(3)]
    for record in records:
        amina.write([note(casefile, record, text="Feeding well.")])
    relay.collect(amina)
    assert amina.tally_unsent() == {}

    amina.device_file.rewind(bytes.fromhex(casefile), 1)

    assert [u.record for u in amina.unsent()] == records[1:]
    assert amina.tally_unsent() == {(casefile, "visit_note"): 2}
    assert [amina.get(record).sent for record in records] == [True, False, False]
    assert [v.sent for r in records for v in amina.history(r)] == [True, False, False]
    amina.lock()
    amina.unlock(PASSPHRASE)
    assert [u.record for u in amina.unsent(limit=1)] == records[1:2]
    relay.collect(amina)
    assert amina.unsent() == []


def test_edits_made_apart_fold_alike_in_both_places(relay, amina, grace):
    casefile = _shared(amina, grace)
    record = amina.new_id()
    amina.write([note(casefile, record, text="First.", status="open")])
    relay.exchange(casefile, amina, grace)

    amina.write([note(casefile, record, text="Amina's version.", status="held")])
    grace.write([note(casefile, record, text="Grace's version.")])
    relay.exchange(casefile, amina, grace)
    relay.exchange(casefile, amina, grace)

    assert amina.fold_hash(casefile) == grace.fold_hash(casefile)
    conflict = amina.get(record).conflicts["text"]
    assert {v.fields["text"] for v in conflict} == {"Amina's version.", "Grace's version."}

    amina.write([note(casefile, record, text="Amina's version.")])
    relay.exchange(casefile, amina, grace)
    assert grace.get(record).conflicts == {}
    assert amina.fold_hash(casefile) == grace.fold_hash(casefile)


def test_a_new_member_reads_the_whole_history_and_a_removed_one_loses_it(
    relay, amina, grace, tmp_path
):
    casefile = amina.found({grace.public.device: grace.public.receiving})
    raw = bytes.fromhex(casefile)
    record = amina.new_id()
    amina.write([note(casefile, record, text="Before Ben.")])
    relay.exchange(casefile, amina, grace)
    ben = device(tmp_path, "ben", relay)
    publics = {v.public.device: v.public.receiving for v in (amina, grace, ben)}

    grace.regrant(raw, publics, rotate=False, last={})
    relay.exchange(casefile, grace, amina, ben)
    assert ben.get(record).fields["text"] == "Before Ben."
    assert ben.search("before")[0].record == record

    ben.write([note(casefile, ben.new_id(), text="Not sent yet.")])
    del publics[ben.public.device]
    last = {ben.public.device: (0, bytes(32))}
    grace.regrant(raw, publics, rotate=True, last=last)
    relay.exchange(casefile, grace, amina)
    ben.keep_grants(raw, relay.grants[raw], relay.roster)

    assert ben.casefiles() == []
    assert ben.get(record) is None
    assert ben.search("before") == []
    assert ben.device_file.outbox_size().changes == 1, "what was not sent stays"

    amina.write([note(casefile, amina.new_id(), text="After Ben.")])
    assert amina.casefiles()[0].epoch == 2
    relay.exchange(casefile, amina, grace)
    assert grace.fold_hash(casefile) == amina.fold_hash(casefile)
    ben.close()


def test_changes_of_an_unknown_device_wait_until_it_is_certified(relay, amina, grace):
    casefile = _shared(amina, grace)
    record = amina.new_id()
    amina.write([note(casefile, record, text="Am I known?")])
    relay.collect(amina)
    raw = bytes.fromhex(casefile)
    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    certificate = relay.roster.devices.pop(amina.public.device)

    accepted = grace.accept(relay.page(casefile, 0), relay.roster)
    assert (accepted.count, accepted.quarantined) == (0, 1)
    assert [q.reason for q in grace.quarantine()] == ["uncertified"]
    assert grace.get(record) is None

    relay.roster.devices[amina.public.device] = certificate
    amina.write([note(casefile, record, status="held")])
    relay.exchange(casefile, amina, grace)
    assert grace.get(record).fields == {"text": "Am I known?", "status": "held"}
    assert grace.quarantine() == []
    assert grace.fold_hash(casefile) == amina.fold_hash(casefile)


def test_changes_under_a_key_that_comes_later_open_when_it_comes(relay, amina, grace):
    casefile = _shared(amina, grace)
    raw = bytes.fromhex(casefile)
    record = amina.new_id()
    amina.write([note(casefile, record, text="The key is on its way.")])
    relay.collect(amina)

    accepted = grace.accept(relay.page(casefile, 0), relay.roster)
    assert (accepted.count, accepted.quarantined) == (1, 1)
    assert grace.get(record) is None

    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    assert grace.get(record).fields["text"] == "The key is on its way."
    assert grace.quarantine() == []


def test_a_removed_members_late_change_is_adopted_with_the_original_quoted(relay, amina, grace):
    casefile = _shared(amina, grace)
    record = amina.new_id()
    amina.write([note(casefile, record, text="In time.")])
    relay.exchange(casefile, amina, grace)
    amina.write([note(casefile, record, text="Too late.")])
    relay.collect(amina)
    relay.roster.until[amina.public.device, bytes.fromhex(casefile)] = 1

    accepted = grace.accept(relay.page(casefile, 1), relay.roster)
    assert accepted.quarantined == 1
    assert grace.get(record).fields["text"] == "In time."
    (late,) = grace.quarantine()
    assert (late.reason, late.fields) == ("not-allowed", {"text": "Too late."})

    grace.adopt(late.id)
    found = grace.get(record)
    assert found.fields["text"] == "Too late."
    assert found.fields["adopted_from"]["device"] == amina.public.device.hex()
    assert grace.quarantine() == []


def test_a_redacted_note_is_gone_from_every_device_and_from_a_new_one(
    relay, amina, grace, tmp_path
):
    casefile = _shared(amina, grace)
    record, other = amina.new_id(), amina.new_id()
    amina.write([note(casefile, record, text="Belongs to another family.")])
    amina.write([note(casefile, record, text="Still the wrong family.", signed_at="2026-06-01")])
    amina.write([note(casefile, other, text="Belongs here.")])
    relay.exchange(casefile, amina, grace)

    grace.redact(record)
    assert grace.get(record) is None
    assert grace.search("wrong") == []
    relay.exchange(casefile, grace, amina)
    assert amina.get(record) is None
    assert amina.search("another") == []
    assert amina.fold_hash(casefile) == grace.fold_hash(casefile)

    ben = device(tmp_path, "ben", relay)
    publics = {v.public.device: v.public.receiving for v in (amina, grace, ben)}
    grace.regrant(bytes.fromhex(casefile), publics, rotate=False, last={})
    relay.exchange(casefile, grace, ben)
    assert ben.get(record) is None
    assert ben.get(other).fields["text"] == "Belongs here."
    assert ben.quarantine() == []
    assert ben.fold_hash(casefile) == grace.fold_hash(casefile)

    for vault in (amina, grace, ben):
        before = vault.fold_hash(casefile)
        vault.lock()
        (tmp_path / f"{vault.device_file.path.name}.image").unlink()
        vault.unlock(PASSPHRASE)
        assert vault.fold_hash(casefile) == before
    ben.close()


def test_a_worker_may_not_redact(relay, amina, grace):
    casefile = _shared(amina, grace)
    record = amina.new_id()
    amina.write([note(casefile, record, text="Stays.")])
    with pytest.raises(NotAllowed):
        amina.redact(record)
    assert amina.get(record) is not None


def test_a_draft_follows_its_writer_to_her_next_device(relay, amina, grace, tmp_path):
    casefile = _shared(amina, grace)
    draft_id = amina.new_id()
    amina.save_draft(casefile, draft_id, {"text": "Half a sentence"})
    amina.drop_keys()
    (parked,) = amina.device_file.drafts_to_park()
    relay.collect(amina)

    next_one = device(tmp_path, "amina2", relay, person=b"amina".ljust(16, b"."))
    raw = bytes.fromhex(casefile)
    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    publics = {v.public.device: v.public.receiving for v in (grace, next_one)}
    grace.regrant(raw, publics, rotate=False, last={})
    relay.exchange(casefile, grace, next_one)

    assert next_one.open_draft_from(parked, relay.roster).fields == {"text": "Half a sentence"}
    assert [d.draft_id for d in next_one.drafts()] == [draft_id]
    next_one.close()


def test_listeners_hear_what_changed_once_the_lock_is_given_back(relay, amina, grace):
    casefile = _shared(amina, grace)
    heard: list[set[str]] = []
    stop = amina.subscribe(lambda kinds: heard.append(set(kinds)))
    amina.write([note(casefile, amina.new_id(), text="A")])
    assert heard == [{"visit_note"}]
    relay.collect(amina)
    assert heard[-1] == {SENDING}
    stop()
    amina.write([note(casefile, amina.new_id(), text="B")])
    assert len(heard) == 2


def test_a_large_outbox_leaves_in_batches_that_each_end_at_a_signed_head(
    relay: Relay, amina, grace
):
    casefile = _shared(amina, grace)
    amina.write([note(casefile, amina.new_id(), text=f"Note {i}") for i in range(1203)])
    amina.lock()
    batch = amina.device_file.outbox(1000)
    assert batch.changes == 1000
    assert relay.collect(amina, limit_changes=700) == 1203
    assert relay.deliver(grace, casefile) == 1203
    assert grace.count("visit_note") == 1203
    while grace.work_in_background():
        pass
    assert len(grace.search("note 77")) > 0
