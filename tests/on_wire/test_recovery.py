"""Every laptop lost: the words on paper bring a supervisor back, and only those words."""

import pytest

from lines import LostReplies
from storage.recovery import seed_from, words_of
from sync.errors import NotOurOffice, Offline
from sync.founding import found_restricted
from sync.granting import remove, revoke
from sync.rebuilding import rebuild


@pytest.fixture
def lost(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    note = amina.writes(okoro, "visit_note", text="From before the flood.")
    amina.round()
    grace.round()
    grace.vault.close()
    return grace, amina, okoro, note


def test_a_laptop_is_rebuilt_from_the_printed_words(house, lost):
    grace, amina, okoro, note = lost
    laptop = house.picks_up("grace")
    words = " ".join(words_of(house.recovery_seed))

    me = rebuild(laptop.vault, laptop.office, seed=seed_from(words), address=house.address)
    outcome = laptop.round()

    assert (me.person, me.role) == (grace.person, "supervisor")
    assert outcome.doubted == {}
    assert laptop.reads(note)["text"] == "From before the flood."
    assert {c.kind for c in laptop.vault.casefiles()} == {"team", "family"}


def test_and_works_from_then_on_like_any_supervisors(house, lost):
    grace, amina, okoro, _ = lost
    laptop = house.picks_up("grace")
    rebuild(laptop.vault, laptop.office, seed=house.recovery_seed, address=house.address)
    laptop.round()

    assert revoke(laptop.line, grace.device.hex())
    (*_, newest) = laptop.vault.grants(bytes.fromhex(okoro))
    assert newest.epoch == 2
    assert grace.device not in newest.members
    answer = laptop.writes(okoro, "visit_note", text="After.")
    laptop.round()
    amina.round()
    assert amina.reads(answer)["text"] == "After."
    ben = house.joins("ben", by=laptop)
    assert [c.kind for c in ben.vault.casefiles()] == ["team"]


def test_with_replies_lost_it_is_done_again(house, lost):
    _, _, _, note = lost
    laptop = house.picks_up("grace")
    for call in ("recover", "grant"):
        with pytest.raises(Offline):
            rebuild(
                laptop.vault,
                LostReplies(laptop.office, {call}, after=1),
                seed=house.recovery_seed,
                address=house.address,
            )
    rebuild(laptop.vault, laptop.office, seed=house.recovery_seed, address=house.address)
    laptop.round()
    assert laptop.reads(note)["text"] == "From before the flood."


def test_also_after_the_lost_laptop_was_revoked_by_an_administrator(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    olwen = house.joins("olwen", by=grace, role="administrator")
    okoro = amina.founds_family()
    note = amina.writes(okoro, "visit_note", text="Before.")
    amina.round()
    grace.round()
    grace.writes(okoro, "visit_note", text="Grace's own.")
    grace.round()
    assert revoke(olwen.line, grace.device.hex())

    laptop = house.picks_up("grace")
    rebuild(laptop.vault, laptop.office, seed=house.recovery_seed, address=house.address)
    outcome = laptop.round()

    assert outcome.doubted == {}
    assert laptop.reads(note)["text"] == "Before."
    assert laptop.vault.count("visit_note") == 2
    amina.round()
    assert amina.vault.fold_hash(okoro) == laptop.vault.fold_hash(okoro)


def test_other_words_do_nothing(house, lost):
    laptop = house.picks_up("mallory")
    with pytest.raises(NotOurOffice):
        rebuild(laptop.vault, laptop.office, seed=bytes(32), address=house.address)
    assert laptop.vault.me is None


def test_everything_is_opened_only_when_asked_for(house):
    grace = house.begins("grace")
    helen = house.joins("helen", by=grace, role="supervisor")
    family = helen.founds_family()
    helen.round()
    grace.round()
    restricted = found_restricted(helen.line, family)
    helen.writes(restricted, "visit_note", text="Not for Grace.")
    helen.round()
    assert remove(helen.line, restricted, grace.person)

    laptop = house.picks_up("grace")
    rebuild(laptop.vault, laptop.office, seed=house.recovery_seed, address=house.address)
    laptop.round()
    assert restricted not in [c.id for c in laptop.vault.casefiles()]

    second = house.picks_up("grace")
    rebuild(
        second.vault,
        second.office,
        seed=house.recovery_seed,
        address=house.address,
        everything=True,
    )
    second.round()
    assert second.vault.count("visit_note") == 1
