"""Who can read what: shown with the keys a device really holds, not with what a screen hides."""

from dataclasses import replace

import pytest

from cast import PASSPHRASE
from lines import LostReplies, NoSignal
from raw import keys_of, opens
from storage.errors import NoKey, NotAllowed
from sync.errors import NotYours
from sync.founding import found_restricted
from sync.granting import admit, end_access, grant, move_caseload, remove, revoke, to_admit
from sync.wishes import wishes


@pytest.fixture
def family(house):
    """Amina's family, which Grace has too, and Ben who has not."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    ben = house.joins("ben", by=grace)
    okoro = amina.founds_family()
    for i in range(3):
        amina.writes(okoro, "visit_note", text=f"Visit {i}.")
    amina.round()
    grace.round()
    return grace, amina, ben, okoro


def test_a_worker_sees_only_the_casefiles_granted(family):
    _, _, ben, okoro = family
    ben.round()
    assert okoro not in [c.id for c in ben.vault.casefiles()]
    assert ben.vault.count("visit_note") == 0


def test_a_newly_granted_worker_receives_the_whole_history(family):
    grace, amina, ben, okoro = family
    assert grant(grace.line, okoro, ben.person)

    outcome = ben.round()

    assert outcome.received == 3
    assert ben.vault.count("visit_note") == 3
    assert ben.vault.fold_hash(okoro) == amina.vault.fold_hash(okoro)


def test_history_from_before_a_change_of_key_is_received_too(family):
    grace, amina, ben, okoro = family
    grant(grace.line, okoro, ben.person)
    remove(grace.line, okoro, ben.person)
    amina.round()
    amina.writes(okoro, "visit_note", text="Under the second key.")
    amina.round()

    grant(grace.line, okoro, ben.person)
    ben.round()

    assert ben.vault.count("visit_note") == 4


def test_a_removed_member_cannot_open_what_is_written_later(family, house):
    grace, amina, ben, okoro = family
    grant(grace.line, okoro, ben.person)
    ben.round()
    old_keys = keys_of(ben, okoro)

    remove(grace.line, okoro, ben.person)
    amina.round()
    later = amina.writes(okoro, "visit_note", text="Not for Ben.")
    amina.round()
    grace.round()

    assert grace.reads(later)["text"] == "Not for Ben."
    stored = house.service.pull(grace.line.login().token, bytes.fromhex(okoro), 0)
    assert opens(stored, old_keys, house) == 3  # what was written before, and no more
    assert opens(stored, keys_of(grace, okoro), house) == 4


def test_a_removed_member_is_given_nothing_and_the_records_leave_her_device(family):
    grace, amina, ben, okoro = family
    grant(grace.line, okoro, ben.person)
    ben.round()
    remove(grace.line, okoro, ben.person)
    amina.writes(okoro, "visit_note", text="Later.")
    amina.round()

    outcome = ben.round()

    assert (outcome.received, outcome.ended) == (0, (okoro,))
    assert okoro not in [c.id for c in ben.vault.casefiles()]
    assert ben.vault.count("visit_note") == 0
    assert ben.vault.search("visit") == []


def test_a_casefile_the_office_is_silent_about_stays_until_a_supervisor_says_so(family):
    _, amina, _, okoro = family

    class Silent(LostReplies):
        def standings(self, token):
            said = self.inner.standings(token)
            there = tuple(p for p in said.positions if p.casefile.hex() != okoro)
            return replace(said, positions=there)

        def grants(self, token, casefile):
            raise NotYours("there is nothing here under that name")

    outcome = amina.talks_to(Silent(amina.office, set())).round()

    assert outcome.doubted == {okoro: "withheld"}
    assert amina.vault.count("visit_note") == 3


def test_what_a_removed_member_writes_waits_for_a_supervisor(family):
    grace, amina, ben, okoro = family
    grant(grace.line, okoro, ben.person)
    ben.round()
    remove(grace.line, okoro, ben.person)
    late = ben.writes(okoro, "visit_note", text="Written before Ben knew.")

    sent = ben.round()
    seen = grace.round()

    assert (sent.still_here, sent.waiting_for_a_supervisor) == (0, 1)
    assert seen.quarantined == 1
    assert grace.reads(late) == {}
    (waiting,) = grace.vault.quarantine()
    assert waiting.fields["text"] == "Written before Ben knew."
    grace.vault.adopt(waiting.id)
    grace.round()
    grace.round()
    amina.round()
    assert amina.reads(late)["text"] == "Written before Ben knew."
    assert amina.reads(late)["adopted_from"]["device"] == ben.device.hex()
    assert grace.vault.quarantine() == []
    assert grace.line.ask(grace.office.quarantined) == ()


def test_a_member_who_is_back_goes_on_where_she_was(family):
    grace, amina, ben, okoro = family
    grant(grace.line, okoro, ben.person)
    ben.round()
    ben.writes(okoro, "visit_note", text="One.")
    ben.round()
    grace.round()
    remove(grace.line, okoro, ben.person)
    ben.writes(okoro, "visit_note", text="Two, while out.")
    ben.round()
    grant(grace.line, okoro, ben.person)
    ben.round()
    three = ben.writes(okoro, "visit_note", text="Three.")
    ben.round()

    for hand in (grace, amina, grace, amina):
        hand.round()

    assert amina.reads(three)["text"] == "Three."
    assert amina.vault.count("visit_note") == 6
    assert len({hand.vault.fold_hash(okoro) for hand in (grace, amina, ben)}) == 1


def test_what_came_back_is_there_after_the_app_was_killed(family):
    """The picture of the records on disk was made while she was not a member."""
    grace, amina, _, okoro = family
    remove(grace.line, okoro, amina.person)
    grace.round()
    amina.round()
    amina.vault.lock()
    amina.vault.unlock(PASSPHRASE)
    grant(grace.line, okoro, amina.person)
    grace.round()
    amina.round()
    assert amina.vault.count("visit_note") == 3

    amina.is_killed()

    assert amina.vault.count("visit_note") == 3
    assert amina.vault.fold_hash(okoro) == grace.vault.fold_hash(okoro)


def test_a_restricted_note_cannot_be_opened_with_the_familys_key(family, house):
    grace, amina, ben, okoro = family
    grant(grace.line, okoro, ben.person)
    ben.round()
    restricted = found_restricted(amina.line, okoro)
    note = amina.writes(restricted, "visit_note", text="Disclosed in confidence.")
    amina.round()
    grace.round()
    ben.round()

    assert grace.reads(note)["text"] == "Disclosed in confidence."
    assert ben.reads(note) == {}
    stored = house.service.pull(grace.line.login().token, bytes.fromhex(restricted), 0)
    assert opens(stored, keys_of(ben, okoro), house) == 0
    assert opens(stored, keys_of(grace, restricted), house) == 1
    with pytest.raises(NoKey):
        keys_of(ben, restricted)


def test_a_caseload_is_moved_to_cover_and_back_in_one_decision_each(family):
    grace, amina, ben, okoro = family
    second = amina.founds_family()
    amina.round()
    grace.round()

    assert move_caseload(grace.line, [okoro, second], to=ben.person)
    ben.round()
    assert ben.vault.count("visit_note") == 3
    assert move_caseload(grace.line, [okoro, second], to=amina.person, away_from=ben.person)
    assert ben.round().ended == tuple(sorted([okoro, second]))
    amina.round()
    note = amina.writes(okoro, "visit_note", text="Back.")
    amina.round()
    grace.round()
    assert grace.reads(note)["text"] == "Back."


def test_a_decision_without_a_signal_is_carried_out_at_the_next_contact(family):
    grace, _, ben, okoro = family
    office = grace.office
    grace.talks_to(NoSignal())
    assert not grant(grace.line, okoro, ben.person)
    grace.reopens()

    grace.talks_to(office).round()

    assert wishes(grace.line) == []
    assert ben.round().received == 3


def test_two_supervisors_decide_at_once_and_both_are_heard(family, house):
    grace, amina, ben, okoro = family
    helen = house.joins("helen", by=grace, role="supervisor")
    carys = house.joins("carys", by=grace)
    helen.round()
    assert grant(grace.line, okoro, ben.person)
    assert grant(helen.line, okoro, carys.person)

    assert ben.round().received == 3
    assert carys.round().received == 3
    assert amina.round().doubted == {}


def test_a_new_supervisor_gets_the_teams_families(family, house):
    grace, _, _, okoro = family
    helen = house.joins("helen", by=grace, role="supervisor")
    assert okoro in [c.id for c in helen.vault.casefiles()]
    assert helen.vault.count("visit_note") == 3


def test_a_second_device_of_a_person_gets_what_the_person_has(family, house):
    grace, amina, _, _ = family
    phone = house.joins("amina", by=grace, person=amina.person)
    assert phone.vault.count("visit_note") == 3


def test_an_administrator_lets_people_in_and_can_read_nothing(family, house):
    grace, _, _, okoro = family
    olwen = house.joins("olwen", by=grace, role="administrator")
    olwen.round()
    assert olwen.vault.casefiles() == []
    with pytest.raises(NotAllowed):
        grant(olwen.line, okoro, olwen.person)
    with pytest.raises(NotAllowed):
        olwen.founds_family()


def test_a_device_an_administrator_certified_in_somebodys_name_gets_nothing_unseen(family, house):
    grace, amina, _, okoro = family
    olwen = house.joins("olwen", by=grace, role="administrator")
    # Olwen's own second device, said to be Amina's.
    planted = house.joins("olwen", by=olwen, person=amina.person)
    grace.round()
    planted.round()
    assert planted.vault.casefiles() == []
    assert [c.device for c in to_admit(grace.line)] == [planted.device]

    assert admit(grace.line, planted.device.hex())
    planted.round()
    assert okoro in [c.id for c in planted.vault.casefiles()]


def test_a_worker_cannot_grant(family):
    _, amina, ben, okoro = family
    for decide in (
        lambda: grant(amina.line, okoro, ben.person),
        lambda: remove(amina.line, okoro, ben.person),
        lambda: revoke(amina.line, ben.device.hex()),
    ):
        with pytest.raises(NotAllowed):
            decide()


def test_a_family_founded_before_its_supervisor_changed_devices_is_not_lost(house):
    grace = house.begins("grace")
    helen = house.joins("helen", by=grace, role="supervisor")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()  # out of signal: sealed to Grace's present device and Helen's
    note = amina.writes(okoro, "visit_note", text="Founded in the valley.")
    revoke(helen.line, grace.device.hex())
    tablet = house.joins("grace", by=helen, role="supervisor", person=grace.person)

    amina.round()
    for hand in (helen, tablet):
        hand.round()

    assert helen.reads(note)["text"] == "Founded in the valley."
    assert tablet.reads(note)["text"] == "Founded in the valley."


def test_who_leaves_loses_everything_and_gets_nothing_back_by_returning(family, house):
    grace, amina, _, okoro = family
    assert end_access(grace.line, amina.person)
    assert amina.round().revoked
    again = house.joins("amina", by=grace, person=amina.person)
    again.round()
    assert okoro not in [c.id for c in again.vault.casefiles()]


def test_who_lost_her_only_device_gets_her_families_back_with_the_next(family, house):
    grace, amina, _, okoro = family
    assert revoke(grace.line, amina.device.hex())
    again = house.joins("amina", by=grace, person=amina.person)
    again.round()
    assert okoro in [c.id for c in again.vault.casefiles()]
    assert wishes(grace.line) == []
