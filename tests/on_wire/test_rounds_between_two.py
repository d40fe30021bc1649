"""What two people write out of signal meets, field by field as the domain has declared; and what
a round says of itself is true."""

from datetime import timedelta

import pytest

from lines import LostReplies, NoSignal, at_once
from sync.ahead import when_wanted
from sync.errors import Offline
from sync.outcome import Progress


@pytest.fixture(params=[when_wanted, at_once], ids=["step by step", "begun ahead"])
def house(house, request):
    """Calls are made one by one, or begun while what came before is still being written down."""
    house.begin = request.param
    return house


@pytest.fixture
def two(house):
    """Grace and Amina with one family they both have."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    return grace, amina, okoro


def both_sync(*hands):
    for hand in (*hands, *hands):
        hand.round()


def test_a_note_written_by_one_is_read_by_the_other(two):
    grace, amina, okoro = two
    note = amina.writes(okoro, "visit_note", text="Feeding well, both settled.")

    sent, received = amina.round(), grace.round()

    assert (sent.sent, sent.still_here, sent.doubted) == (1, 0, {})
    assert received.received == 1
    assert grace.reads(note)["text"] == "Feeding well, both settled."
    assert grace.vault.fold_hash(okoro) == amina.vault.fold_hash(okoro)


def test_of_a_short_field_the_later_one_counts_on_both_sides(two):
    grace, amina, okoro = two
    person = amina.writes(okoro, "person", name="Ada")
    both_sync(amina, grace)
    amina.writes(okoro, "person", person, name="Adaeze")
    grace.clock.skew = timedelta(seconds=60)
    grace.writes(okoro, "person", person, name="Adaeze Okoro")

    both_sync(amina, grace)

    assert amina.reads(person)["name"] == grace.reads(person)["name"] == "Adaeze Okoro"
    assert not grace.vault.conflicted()


def test_of_a_notes_text_both_stay_until_somebody_chooses(two):
    grace, amina, okoro = two
    note = amina.writes(okoro, "visit_note", text="First draft.")
    both_sync(amina, grace)
    amina.writes(okoro, "visit_note", note, text="Amina's words.")
    grace.writes(okoro, "visit_note", note, text="Grace's words.")

    both_sync(amina, grace)

    for hand in (amina, grace):
        (conflicted,) = hand.vault.conflicted("visit_note")
        values = {v.fields["text"] for v in conflicted.conflicts["text"]}
        assert values == {"Amina's words.", "Grace's words."}
    amina.writes(okoro, "visit_note", note, text="Amina's words.")
    both_sync(amina, grace)
    assert not grace.vault.conflicted()
    assert grace.reads(note)["text"] == "Amina's words."


def test_of_two_appointment_times_both_stay(two):
    grace, amina, okoro = two
    visit = amina.writes(okoro, "appointment", starts="2026-06-04T10:00:00Z", venue="home")
    both_sync(amina, grace)
    amina.writes(okoro, "appointment", visit, starts="2026-06-05T10:00:00Z")
    grace.writes(okoro, "appointment", visit, starts="2026-06-05T14:00:00Z")

    both_sync(amina, grace)

    (conflicted,) = amina.vault.conflicted("appointment")
    assert len(conflicted.conflicts["starts"]) == 2
    assert amina.vault.fold_hash(okoro) == grace.vault.fold_hash(okoro)


def test_of_safe_contact_the_stricter_wins_whoever_was_later(two):
    grace, amina, okoro = two
    contact = amina.writes(okoro, "safe_contact", allowed="anything")
    both_sync(amina, grace)
    grace.writes(okoro, "safe_contact", contact, allowed="never")
    amina.clock.skew = timedelta(hours=1)
    amina.writes(okoro, "safe_contact", contact, allowed="text_only")

    both_sync(amina, grace)

    assert amina.reads(contact)["allowed"] == grace.reads(contact)["allowed"] == "never"


def test_attendance_is_added_up_from_both(two):
    grace, amina, okoro = two
    visit = amina.writes(okoro, "attendance", outcomes=[])
    both_sync(amina, grace)
    amina.writes(okoro, "attendance", visit, outcomes=["attended"])
    grace.writes(okoro, "attendance", visit, outcomes=["was not brought"])

    both_sync(amina, grace)

    for hand in (amina, grace):
        assert sorted(hand.reads(visit)["outcomes"]) == ["attended", "was not brought"]
    assert len(amina.vault.history(visit)) == 3


@pytest.mark.parametrize("years", [10, -10])
def test_a_clock_ten_years_wrong_changes_no_outcome_and_is_told(two, years):
    grace, amina, okoro = two
    person = grace.writes(okoro, "person", name="Baby")
    both_sync(grace, amina)
    amina.clock.skew = timedelta(days=365 * years)
    amina.writes(okoro, "person", person, name="Baby Okoro")

    assert amina.round().clock_off == timedelta(days=365 * years)
    grace.round()
    grace.writes(okoro, "person", person, name="Chidi Okoro")
    both_sync(grace, amina)

    # Each had seen what she changed: no clock comes into it.
    assert grace.reads(person)["name"] == amina.reads(person)["name"] == "Chidi Okoro"


def test_with_the_reply_lost_nothing_doubles_and_nothing_is_lost(two):
    grace, amina, okoro = two
    note = amina.writes(okoro, "visit_note", text="Once.")
    amina.talks_to(LostReplies(amina.office, {"push"}))

    with pytest.raises(Offline):
        amina.round()
    assert amina.vault.device_file.outbox_size().changes == 1
    outcome = amina.talks_to(amina.office.inner).round()

    assert outcome.still_here == 0
    grace.round()
    assert len(grace.vault.history(note)) == 1
    assert grace.reads(note)["text"] == "Once."


def test_out_of_signal_everything_stays_and_says_so(two):
    _, amina, okoro = two
    amina.talks_to(NoSignal())
    amina.writes(okoro, "visit_note", text="In the valley.")

    with pytest.raises(Offline):
        amina.round()

    assert [u.casefile for u in amina.vault.unsent()] == [okoro]


def test_progress_counts_what_the_office_has_acknowledged_and_nothing_else(two):
    _, amina, okoro = two
    for i in range(1_500):
        amina.writes(okoro, "person", name=f"Somebody {i}")
    told: list[Progress] = []
    amina.talks_to(LostReplies(amina.office, {"push"}, after=1))

    with pytest.raises(Offline):
        amina.round(told.append)

    sending = [(p.sent, p.total) for p in told if p.phase == "sending"]
    assert sending[0] == (0, 1_500)
    assert sending[-1] == (1_000, 1_500)
    assert amina.vault.device_file.outbox_size().changes == 500


def test_a_broken_pull_goes_on_where_it_was(two):
    grace, amina, okoro = two
    for i in range(2_500):
        amina.writes(okoro, "person", name=f"Somebody {i}")
    amina.round()
    grace.talks_to(LostReplies(grace.office, {"pull_several"}, after=2))

    with pytest.raises(Offline):
        grace.round()
    first = grace.vault.count("person")
    rest = grace.talks_to(grace.office.inner).round()

    assert 0 < first < 2_500
    assert rest.received == 2_500 - first
    assert grace.vault.count("person") == 2_500


def test_todays_families_come_first(two):
    grace, amina, okoro = two
    others = [amina.founds_family() for _ in range(5)]
    amina.round()
    grace.round()
    for casefile in (okoro, *others):
        amina.writes(casefile, "person", name="Somebody")
    amina.round()
    pulled: list[object] = []

    def watch(name, arguments):
        if name == "pull_several":
            pulled.extend(cursor.casefile.hex() for cursor in arguments[0])

    grace.talks_to(LostReplies(grace.office, set(), watch=watch))

    grace.exchange.round(first=[others[3]])

    assert pulled[0] == others[3]


def test_what_a_device_pushed_it_does_not_pull_back(two):
    _, amina, okoro = two
    asked = []
    amina.talks_to(LostReplies(amina.office, set(), watch=lambda name, _: asked.append(name)))
    amina.writes(okoro, "person", name="Ada")
    amina.round()
    asked.clear()

    amina.round()

    assert asked == ["standings"]


def test_a_round_asks_what_is_new_and_for_that_alone(two):
    grace, amina, okoro = two
    grace.round()
    calls = []
    for hand in (grace, amina):
        hand.talks_to(LostReplies(hand.office, (), watch=lambda name, _: calls.append(name)))
        hand.round()
        calls.clear()  # a new line logs in, and a supervisor's looks once whether all is in order

    amina.writes(okoro, "visit_note", text="Feeding well.")
    amina.round()
    assert calls == ["standings", "push"]
    calls.clear()
    assert grace.round().received == 1
    assert calls == ["standings", "pull_several"]


def test_a_locked_device_still_sends(two):
    grace, amina, okoro = two
    note = amina.writes(okoro, "visit_note", text="Written, then locked.")
    amina.vault.lock()

    outcome = amina.round()

    assert (outcome.sent, outcome.still_here) == (1, 0)
    grace.round()
    assert grace.reads(note)["text"] == "Written, then locked."
    amina.vault.unlock("kettle-marble-otter-lantern")
    assert amina.vault.unsent() == []


def test_a_family_founded_and_locked_out_of_signal_reaches_the_supervisor(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    note = amina.writes(okoro, "visit_note", text="A new family, no signal.")
    amina.vault.lock()

    amina.round()
    grace.round()

    assert grace.reads(note)["text"] == "A new family, no signal."
