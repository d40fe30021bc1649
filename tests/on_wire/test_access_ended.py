"""A lost tablet: its access ends, what was sealed in it still arrives, and its keys go."""

from dataclasses import replace

import pytest

from lines import LostReplies
from raw import keys_of, opens
from storage.errors import KeysDestroyed, VaultLocked
from sync.errors import DeviceRevoked
from sync.granting import revoke


@pytest.fixture
def lost(house):
    """Amina has lost her tablet, with one note unsent in it."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    early = amina.writes(okoro, "visit_note", text="Sent in time.")
    amina.round()
    grace.round()
    late = amina.writes(okoro, "visit_note", text="Still in the tablet.")
    amina.vault.save_draft(okoro, amina.vault.new_id(), {"text": "half a sentence"})
    return grace, amina, okoro, early, late


def test_access_ends_at_once_also_for_a_login_made_before(lost):
    grace, amina, okoro, _, _ = lost
    token = amina.line.login().token
    assert revoke(grace.line, amina.device.hex(), wipe=False)

    with pytest.raises(Exception, match="login has run out"):
        amina.office.pull(token, bytes.fromhex(okoro), 0)
    amina.line.forget_token()
    with pytest.raises(DeviceRevoked):
        amina.line.ask(amina.office.pull, bytes.fromhex(okoro), 0)


def test_what_was_unsent_goes_to_quarantine_and_a_supervisor_adopts_it(lost):
    grace, amina, okoro, early, late = lost
    revoke(grace.line, amina.device.hex())

    outcome = amina.round()

    assert (outcome.revoked, outcome.still_here, outcome.waiting_for_a_supervisor) == (True, 0, 1)
    assert grace.round().quarantined == 1
    assert grace.reads(late) == {}
    (waiting,) = grace.vault.quarantine()
    grace.vault.adopt(waiting.id)
    grace.round()
    grace.round()
    assert grace.reads(late)["text"] == "Still in the tablet."
    assert grace.reads(late)["adopted_from"]["device"] == amina.device.hex()
    assert grace.reads(early)["text"] == "Sent in time."
    assert grace.line.ask(grace.office.quarantined) == ()
    assert grace.vault.quarantine() == []


def test_what_was_sent_in_time_counts_for_ever_also_on_devices_to_come(lost, house):
    grace, amina, okoro, early, _ = lost
    revoke(grace.line, amina.device.hex())
    phone = house.joins("grace", by=grace, role="supervisor", person=grace.person)
    assert phone.reads(early)["text"] == "Sent in time."


def test_it_destroys_its_keys_and_says_so(lost):
    grace, amina, _, _, _ = lost
    revoke(grace.line, amina.device.hex())
    assert [s.wipe_pending for s in seen(grace) if s.device == amina.device] == [True]

    outcome = amina.round()

    assert outcome.wiped
    assert amina.vault.locked
    with pytest.raises(KeysDestroyed):
        amina.vault.unlock("kettle-marble-otter-lantern")
    assert not any(s.wipe_pending for s in seen(grace))


def seen(hand):
    return hand.line.ask(hand.office.devices_seen)


def test_also_while_it_is_locked(lost):
    grace, amina, _, _, late = lost
    amina.vault.lock()
    revoke(grace.line, amina.device.hex())

    outcome = amina.round()

    assert (outcome.wiped, outcome.still_here) == (True, 0)
    grace.round()
    assert [q.fields["text"] for q in grace.vault.quarantine()] == ["Still in the tablet."]


def test_with_the_connection_lost_before_all_was_sent_nothing_is_destroyed(lost):
    grace, amina, _, _, _ = lost
    revoke(grace.line, amina.device.hex())
    amina.talks_to(LostReplies(amina.office, {"push"}))
    with pytest.raises(Exception, match="reply was lost"):
        amina.round()
    assert not amina.vault.keys_destroyed


def test_an_office_cannot_order_a_wipe_by_itself(lost):
    _, amina, okoro, _, late = lost

    class Destructive(LostReplies):
        def login(self, *arguments):
            return replace(self.inner.login(*arguments), standing="revoked", wipe=True)

    outcome = amina.talks_to(Destructive(amina.office, set())).round()

    assert not outcome.wiped
    assert amina.reads(late)["text"] == "Still in the tablet."


def test_the_key_is_changed_so_that_the_tablet_opens_nothing_written_later(lost, house):
    grace, amina, okoro, _, _ = lost
    old = keys_of(amina, okoro)
    revoke(grace.line, amina.device.hex(), wipe=False)
    grace.writes(okoro, "visit_note", text="After.")
    grace.round()

    stored = house.service.pull(grace.line.login().token, bytes.fromhex(okoro), 0)
    assert (opens(stored, old, house), opens(stored, keys_of(grace, okoro), house)) == (1, 2)


def test_an_administrator_ends_access_too_and_the_supervisors_device_changes_the_keys(lost, house):
    grace, amina, okoro, _, _ = lost
    olwen = house.joins("olwen", by=grace, role="administrator")
    assert revoke(olwen.line, amina.device.hex())
    grace.round()
    (*_, newest) = grace.vault.grants(bytes.fromhex(okoro))
    assert (newest.epoch, newest.members) == (2, (grace.device,))


def test_a_revoked_device_with_an_unlocked_vault_reads_nothing_new(lost):
    grace, amina, okoro, _, _ = lost
    revoke(grace.line, amina.device.hex(), wipe=False)
    note = grace.writes(okoro, "visit_note", text="After.")
    grace.round()
    assert amina.round().revoked
    try:
        assert amina.reads(note) == {}
    except VaultLocked:
        pytest.fail("nobody asked for a wipe")
