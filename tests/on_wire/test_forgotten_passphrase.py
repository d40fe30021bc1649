"""A forgotten passphrase costs three minutes, and not one word: the old file sends itself."""

import shutil

import pytest

from cast import PASSPHRASE
from house import SCHEMA, Hand
from lines import LostReplies, NoSignal
from storage.errors import AlreadyOpen
from storage.vault import create_vault, open_vault
from sync.exchange import Exchange
from sync.granting import revoke
from sync.pairing import approve, join, make_invite, pending, poll
from sync.replacing import (
    carry_over,
    discard,
    last_left_behind,
    leave_behind,
    left_behind,
    send_left_behind,
)


@pytest.fixture
def stuck(house):
    """Amina cannot get into her tablet; a note and a draft are only in there."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.writes(okoro, "visit_note", text="Sent long ago.")
    amina.round()
    grace.round()
    note = amina.writes(okoro, "visit_note", text="Unsent.")
    amina.vault.save_draft(okoro, amina.vault.new_id(), {"text": "half a sentence"})
    amina.vault.close()
    return grace, amina, okoro, note


def pairs_again(house, grace, amina, *, send_first=True):
    """What the app does: set aside, make anew, ask, be approved."""
    old = leave_behind(amina.path, amina.around)
    vault = create_vault(
        amina.path, "another-four-word-one", schema=SCHEMA, surroundings=amina.around
    )
    new = Hand("amina", amina.path, vault, amina.office, Exchange(vault, amina.office),
               amina.clock, amina.around, amina.person)  # fmt: skip
    house.hands[amina.path.name] = new
    if send_first:
        list(send_left_behind(amina.path, amina.office, amina.around))
    made = make_invite(grace.line, inviter="Grace", person=amina.person)
    join(new.vault, new.office, made.invite, replaces=old.device)
    (request,) = pending(grace.line)
    assert request.replaces == old.device.hex()
    approve(grace.line, request)
    assert poll(new.vault, new.office).person == amina.person
    return new


def test_the_new_file_is_not_called_damaged_for_what_only_the_old_one_held(stuck):
    _, amina, _, _ = stuck
    leave_behind(amina.path, amina.around)
    create_vault(
        amina.path, "another-four-word-one", schema=SCHEMA, surroundings=amina.around
    ).close()
    open_vault(amina.path, schema=SCHEMA, surroundings=amina.around).close()
    assert len(left_behind(amina.path)) == 1


def test_a_device_forgotten_again_before_it_was_let_in_is_kept_and_not_taken_for_hers(stuck):
    _, amina, _, _ = stuck
    leave_behind(amina.path, amina.around)
    create_vault(
        amina.path, "another-four-word-one", schema=SCHEMA, surroundings=amina.around
    ).close()
    leave_behind(amina.path, amina.around)
    found = last_left_behind(amina.path, amina.around)
    assert found.device == amina.device
    assert found.office is not None
    assert len(left_behind(amina.path)) == 2
    (sent,) = send_left_behind(amina.path, amina.office, amina.around)
    assert sent.sent > 0
    assert len(left_behind(amina.path)) == 2


def test_unsent_changes_and_drafts_are_all_there_on_the_new_device(house, stuck):
    grace, amina, okoro, note = stuck
    new = pairs_again(house, grace, amina)

    outcome = new.round()
    grace.round()

    assert outcome.drafts_received == 1
    assert new.reads(note)["text"] == grace.reads(note)["text"] == "Unsent."
    assert new.vault.count("visit_note") == 2
    assert [d.fields["text"] for d in new.vault.drafts()] == ["half a sentence"]
    list(send_left_behind(amina.path, new.office, amina.around))
    assert left_behind(amina.path) == []
    assert new.round().drafts_received == 0


def test_the_old_device_says_that_its_keys_are_gone_before_its_file_goes(house, stuck):
    grace, amina, _, _ = stuck
    pairs_again(house, grace, amina)
    assert amina.device in owing_a_wipe(grace)

    list(send_left_behind(amina.path, amina.office, amina.around))

    assert owing_a_wipe(grace) == set()
    assert left_behind(amina.path) == []


def test_drafts_left_at_the_office_once_do_not_come_again_before_the_old_device_is_revoked(
    house, stuck
):
    _, amina, _, _ = stuck
    leave_behind(amina.path, amina.around)
    (outcome,) = send_left_behind(amina.path, amina.office, amina.around)
    assert not outcome.revoked
    assert list(send_left_behind(amina.path, amina.office, amina.around)) == []
    assert len(left_behind(amina.path)) == 1
    assert last_left_behind(amina.path, amina.around).device == amina.device


def owing_a_wipe(hand):
    return {s.device for s in hand.line.ask(hand.office.devices_seen) if s.wipe_pending}


def test_with_no_signal_at_first_the_old_file_waits_and_is_then_adopted_from_quarantine(
    house, stuck
):
    grace, amina, okoro, note = stuck
    new = pairs_again(house, grace, amina, send_first=False)
    assert list(send_left_behind(amina.path, NoSignal(), amina.around)) == []
    assert len(left_behind(amina.path)) == 1

    (outcome,) = send_left_behind(amina.path, new.office, amina.around)

    assert (outcome.revoked, outcome.waiting_for_a_supervisor) == (True, 1)
    assert left_behind(amina.path) == []
    grace.round()
    (waiting,) = grace.vault.quarantine()
    grace.vault.adopt(waiting.id)
    grace.round()
    assert new.round().drafts_received == 1
    assert new.reads(note)["text"] == "Unsent."


def test_a_file_with_something_unsent_is_never_deleted(house, stuck):
    grace, amina, _, _ = stuck
    leave_behind(amina.path, amina.around)
    amina.talks_to(LostReplies(amina.office, {"push"}))
    assert list(send_left_behind(amina.path, amina.office, amina.around)) == []
    (old,) = left_behind(amina.path)
    assert old.stat().st_size > 0


def test_a_vault_still_open_is_not_set_aside(house, stuck):
    _, amina, _, _ = stuck
    vault = open_vault(amina.path, schema=SCHEMA, surroundings=amina.around)
    with pytest.raises(AlreadyOpen):
        leave_behind(amina.path, amina.around)
    vault.close()


def test_a_second_forgotten_passphrase_sets_a_second_file_aside(house, stuck):
    grace, amina, okoro, note = stuck
    new = pairs_again(house, grace, amina, send_first=False)
    new.round()
    new.writes(okoro, "visit_note", text="In the second.")
    new.vault.close()
    newest = pairs_again(house, grace, new, send_first=False)
    assert len(left_behind(amina.path)) == 2

    list(send_left_behind(amina.path, newest.office, amina.around))

    assert left_behind(amina.path) == []
    assert grace.round().quarantined == 2


def test_a_copied_device_pairs_again_and_carries_over_what_was_refused(house, tmp_path):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    amina.vault.close()
    copy = tmp_path / "copy.doorstep"
    shutil.copy(amina.path, copy)
    amina.reopens()
    amina.writes(okoro, "visit_note", text="On the tablet.")
    amina.round()

    clone = house.picks_up("clone")
    clone.vault.close()
    clone.path = copy
    clone.around = amina.around
    clone.reopens(PASSPHRASE)
    only = clone.writes(okoro, "visit_note", text="Only on the copy.")
    outcome = clone.round()
    assert outcome.cloned
    assert outcome.still_here == 1
    assert grace.round().received == 1

    new = house.joins("amina", by=grace, person=amina.person)
    assert carry_over(clone.vault, new.vault) == 1
    new.round()
    grace.round()
    assert grace.reads(only)["text"] == "Only on the copy."
    assert revoke(grace.line, amina.device.hex(), wipe=False)
    clone.vault.close()
    discard(copy)
    assert not copy.exists()
