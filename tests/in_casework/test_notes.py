"""A note from the first word to the signature, restricted ones, and one on the wrong family."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.casework.contact_type import ContactType
from app.casework.errors import (
    AlreadySigned,
    Missing,
    NoteTooLong,
    NotSigned,
    NotYourNote,
    OnlySupervisors,
    PastedImage,
    ReasonNeeded,
    SameFamily,
    Unknown,
)
from app.casework.forms import Booking
from app.casework.note import Note, NoteDraft, Seen
from app.casework.timeline import Event
from casebooks import okoro, pugh
from storage.vault import Statement


def drafted(member, family, text, **more) -> NoteDraft:
    return member.book.notes.save_draft(replace(member.book.notes.start(family, **more), text=text))


def signed(member, family, text, **more) -> Note:
    return member.book.notes.sign(drafted(member, family, text, **more))


def test_a_draft_from_an_appointment_knows_who_when_and_what(amina):
    book = amina.book
    family = book.families.register(okoro())
    who = book.families.get(family).adults[0].id
    starts = datetime(2026, 11, 23, 8, tzinfo=UTC)
    visit = book.diary.book(
        Booking(family=family, starts=starts, kind=ContactType.CENTRE_VISIT, people=(who,))
    )
    draft = book.notes.start(family, appointment=visit)
    assert (draft.contact_type, draft.occurred_at) == (ContactType.CENTRE_VISIT, starts)
    assert (draft.people, draft.workers) == ((who,), (amina.person,))
    with pytest.raises(Unknown):
        book.notes.start(book.families.register(pugh()), appointment=visit)


def test_an_unfinished_note_survives_locking_and_is_opened_again_as_it_was(amina):
    family = amina.book.families.register(okoro())
    draft = drafted(amina, family, "She said that she")
    amina.vault.lock()
    amina.vault.unlock("kettle-marble-otter-lantern")
    assert amina.book.notes.open_draft(draft.id).text == "She said that she"
    assert [d.id for d in amina.book.notes.drafts(family)] == [draft.id]


def test_a_draft_is_kept_whatever_is_in_it_and_only_signing_refuses(amina):
    notes = amina.book.notes
    family = amina.book.families.register(okoro())
    for text, refusal in (
        ("", Missing),
        ("ŵ" * 200_001, NoteTooLong),
        ("Look: data:image/png;base64,iVBORw0KGgo=", PastedImage),
    ):
        draft = drafted(amina, family, text)
        assert notes.open_draft(draft.id).text == text
        with pytest.raises(refusal):
            notes.sign(draft)
        assert notes.open_draft(draft.id).text == text, "refused, and nothing lost"
        assert notes.of_family(family) == []


def test_the_longest_note_there_can_be_is_signed_and_travels_whole(house, amina, grace):
    """Four bytes to a character and nothing to deflate: the most that a note can weigh."""
    chance = random.Random(200_000)
    text = "".join(chr(chance.randrange(0x20000, 0x2A6D0)) for _ in range(200_000))
    family = amina.book.families.register(okoro())
    note = signed(amina, family, text)
    house.carry()
    assert grace.book.notes.get(note.id).text == text


def test_a_signed_note_does_not_change_and_addenda_stand_below_it(house, amina, grace):
    notes = amina.book.notes
    family = amina.book.families.register(okoro())
    note = signed(amina, family, "Feeding well.")
    house.carry()
    assert note.signed
    assert notes.drafts() == []
    with pytest.raises(AlreadySigned):
        notes.reopen(note.id)
    draft = replace(amina.book.notes.start(family), id=note.id, text="Feeding badly.")
    with pytest.raises(AlreadySigned):
        notes.sign(draft)
    with pytest.raises(AlreadySigned):
        notes.put_aside(draft)

    house.passes(hours=2)
    notes.add_addendum(note.id, "She rang: it was Tuesday, not Monday.")
    house.carry()
    seen = grace.book.notes.get(note.id)
    assert seen.text == "Feeding well."
    assert [a.text for a in seen.addenda] == ["She rang: it was Tuesday, not Monday."]
    assert seen.addenda[0].writer == amina.person


def test_signing_twice_with_an_impatient_finger_makes_one_note(amina):
    family = amina.book.families.register(okoro())
    draft = drafted(amina, family, "Feeding well.")
    first = amina.book.notes.sign(draft)
    assert amina.book.notes.sign(draft) == first
    assert len(amina.book.notes.of_family(family)) == 1


def test_an_unsigned_note_travels_is_seen_as_unsigned_and_is_finished_later(house, amina, grace):
    family = amina.book.families.register(okoro())
    notes = amina.book.notes
    aside = notes.put_aside(drafted(amina, family, "Half a visit."))
    house.carry()
    assert not grace.book.notes.get(aside.id).signed
    with pytest.raises(NotYourNote):
        grace.book.notes.reopen(aside.id)
    with pytest.raises(NotSigned):
        notes.add_addendum(aside.id, "More.")

    again = notes.reopen(aside.id)
    assert (again.text, again.on_record) == ("Half a visit.", True)
    notes.sign(replace(again, text="The whole visit.", child_seen=Seen.YES))
    house.carry()
    done = grace.book.notes.get(aside.id)
    assert (done.text, done.signed, done.child_seen) == ("The whole visit.", True, Seen.YES)
    assert [n.id for n in grace.book.notes.of_family(family)] == [aside.id]


def test_two_versions_of_an_unsigned_note_wait_for_a_choice(house, amina, grace):
    """The same person on two devices, or a colleague who helps: here the supervisor types too."""
    family = amina.book.families.register(okoro())
    aside = amina.book.notes.put_aside(drafted(amina, family, "First."))
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.notes.put_aside(
            replace(amina.book.notes.reopen(aside.id), text="Amina's words.")
        )
        grace.book.settle(aside.id, "text", "Grace's words.")
    house.carry()
    note = amina.book.notes.get(aside.id)
    assert note.conflict
    assert {note.text, *note.other_texts} == {"Amina's words.", "Grace's words."}
    assert [c.field for c in amina.book.conflicts(family)] == ["text"]

    amina.book.settle(aside.id, "text", "Both, put together.")
    house.carry()
    settled = grace.book.notes.get(aside.id)
    assert (settled.text, settled.conflict) == ("Both, put together.", False)


def test_a_signature_is_for_one_text_and_the_other_stands_beside_it(house, amina, grace):
    family = amina.book.families.register(okoro())
    aside = amina.book.notes.put_aside(drafted(amina, family, "First."))
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.notes.sign(replace(amina.book.notes.reopen(aside.id), text="What I sign."))
        house.passes(hours=1)
        grace.book.settle(aside.id, "text", "What Grace typed later.")
    house.carry()
    for member in (amina, grace):
        note = member.book.notes.get(aside.id)
        assert note.text == "What I sign.", "never a signature under somebody else's words"
        assert note.other_texts == ("What Grace typed later.",)
        assert not note.conflict
        assert member.book.conflicts() == []
        with pytest.raises(AlreadySigned):
            member.book.settle(aside.id, "text", "Something else.")


def test_before_signing_the_family_is_named_with_its_address(amina):
    family = amina.book.families.register(okoro())
    card = amina.book.notes.signing_card(family)
    assert (card.family.name, card.address) == ("Okoro", "4 Larch Row, Northmere, ZX1 4AA")
    assert card.people == ("Chidi Okoro",)


def test_a_colleague_cannot_read_a_restricted_note_and_the_supervisor_gives_a_reason(
    house, amina, rhian, grace
):
    family = amina.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, rhian.person, "therapist")
    house.carry()
    note = signed(amina, family, "He was at the window.", restricted=True)
    house.carry()

    assert rhian.book.notes.of_family(family) == []
    assert rhian.vault.search("window") == []
    with pytest.raises(Unknown):
        rhian.book.notes.get(note.id, reason="Curious.")

    (listed,) = grace.book.notes.of_family(family)
    assert (listed.restricted, listed.text, listed.text_hidden) == (True, "", True)
    (found,) = grace.book.search("window")
    assert (found.restricted, found.snippet, found.family) == (True, "", family)
    entry = grace.book.families.timeline(family, events={Event.RESTRICTED_NOTE}).entries[0]
    assert entry.text == ""
    with pytest.raises(ReasonNeeded):
        grace.book.notes.get(note.id)
    assert grace.book.notes.openings(family) == []

    assert grace.book.notes.get(note.id, reason="Supervision.").text == "He was at the window."
    house.carry()
    (opening,) = amina.book.notes.openings(family)
    assert (opening.reader, opening.reason, opening.note) == (
        grace.person,
        "Supervision.",
        note.id,
    )
    assert amina.book.notes.get(note.id).text == "He was at the window.", "her own needs no reason"


def test_two_workers_restricted_notes_of_one_family_are_kept_from_each_other(
    house, amina, rhian, grace
):
    family = amina.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, rhian.person, "therapist")
    house.carry()
    signed(amina, family, "Amina's restricted note.", restricted=True)
    signed(rhian, family, "Rhian's restricted note.", restricted=True)
    signed(amina, family, "Amina's second.", restricted=True)
    house.carry()
    assert [n.writer for n in rhian.book.notes.of_family(family)] == [rhian.person]
    assert len(amina.book.notes.of_family(family)) == 2
    assert len(grace.book.notes.of_family(family)) == 3
    linked = [c for c in grace.vault.casefiles() if c.linked_to == family]
    assert len(linked) == 2, "one founded by each, used again by its founder"


def test_a_draft_on_the_wrong_family_moves_without_a_trace(amina):
    book = amina.book
    wrong, right = book.families.register(okoro()), book.families.register(pugh())
    draft = drafted(amina, wrong, "Osian sat up.")
    moved = book.notes.move(draft.id, right)
    assert [(d.id, d.text) for d in book.notes.drafts(right)] == [(moved, "Osian sat up.")]
    assert book.notes.drafts(wrong) == []
    assert book.notes.wrong_copies() == []
    with pytest.raises(SameFamily):
        book.notes.move(moved, right)


def test_a_signed_note_on_the_wrong_family_is_copied_marked_and_then_destroyed_everywhere(
    house, amina, grace
):
    book = amina.book
    wrong, right = book.families.register(okoro()), book.families.register(pugh())
    who = book.families.get(wrong).adults[0].id
    visit = book.diary.book(
        Booking(family=wrong, starts=datetime(2026, 11, 23, 8, tzinfo=UTC), people=(who,))
    )
    note = signed(amina, wrong, "Osian sat up by himself.", appointment=visit)
    book.notes.add_addendum(note.id, "For two minutes, Osian.")
    house.passes(hours=3)
    copy = book.notes.move(note.id, right, reason="Both at ten o'clock.")
    assert book.notes.move(note.id, right) == copy, "twice moves nothing twice"
    house.carry()

    there = grace.book.notes.get(copy)
    assert (there.family, there.text, there.signed_at) == (right, note.text, note.signed_at)
    assert (there.people, there.appointment) == ((), None), "they are of the other family"
    assert [a.text for a in there.addenda] == ["For two minutes, Osian."]
    assert grace.book.notes.get(note.id).in_wrong_family
    (request,) = grace.book.notes.wrong_copies()
    assert (request.family_name, request.moved_to_name, request.asked_by_name) == (
        "Okoro",
        "Pugh",
        "Amina Yusuf",
    )
    with pytest.raises(OnlySupervisors):
        amina.book.notes.remove_wrong_copy(request.id)

    grace.book.notes.remove_wrong_copy(request.id)
    house.carry()
    house.carry()
    for member in (amina, grace):
        with pytest.raises(Unknown):
            member.book.notes.get(note.id)
        assert member.book.notes.of_family(wrong) == []
        assert {f.family for f in member.book.search("osian")} == {right}
        assert member.book.notes.wrong_copies() == []
        assert len(member.book.notes.wrong_copies(removed=True)) == 1


def test_only_its_writer_moves_a_note(house, amina, grace):
    wrong = amina.book.families.register(okoro())
    right = amina.book.families.register(pugh())
    note = signed(amina, wrong, "Osian sat up.")
    house.carry()
    with pytest.raises(NotYourNote):
        grace.book.notes.move(note.id, right)


def test_an_unsigned_note_on_record_moves_unsigned(house, amina, grace):
    wrong = amina.book.families.register(okoro())
    right = amina.book.families.register(pugh())
    aside = amina.book.notes.put_aside(drafted(amina, wrong, "Osian sat"))
    copy = amina.book.notes.move(aside.id, right)
    house.carry()
    assert not grace.book.notes.get(copy).signed
    assert len(grace.book.notes.wrong_copies()) == 1
    assert amina.book.notes.sign(amina.book.notes.reopen(copy)).signed


def test_an_emptied_device_finds_its_draft_beside_the_appointment(amina):
    book = amina.book
    family = book.families.register(okoro())
    visit = book.diary.book(Booking(family=family, starts=datetime(2026, 11, 23, 8, tzinfo=UTC)))
    assert book.notes.of_appointment(visit) is None
    draft = drafted(amina, family, "Half.", appointment=visit)
    found = book.notes.of_appointment(visit)
    assert isinstance(found, NoteDraft)
    book.notes.sign(draft)
    found = book.notes.of_appointment(visit)
    assert isinstance(found, Note)
    assert found.signed


def test_text_in_any_script_comes_back_as_it_was_written(house, amina, grace):
    words = "Llŷr, Łucja, Nguyễn, Ελένη, Йоана, محمد, שרה, आशा, মিতা, ਗੁਰਪ੍ਰੀਤ, தமிழ், 母亲, 👶🏽"
    family = amina.book.families.register(okoro())
    note = signed(amina, family, words)
    house.carry()
    assert grace.book.notes.get(note.id).text == words
    assert [f.record for f in grace.book.search("nguyen")] == [note.id]


def test_nothing_written_beside_a_signature_shows_as_signed(house, amina, grace):
    """A device that had not seen the signature, or says that it had not, changes other fields."""
    family = amina.book.families.register(okoro())
    yesterday = datetime(2026, 11, 22, 8, tzinfo=UTC)
    aside = amina.book.notes.put_aside(drafted(amina, family, "First.", occurred_at=yesterday))
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.notes.sign(
            replace(amina.book.notes.reopen(aside.id), text="Signed.", child_seen=Seen.NO)
        )
        house.passes(hours=1)
        grace.vault.write(
            [
                Statement(
                    casefile=family,
                    kind="visit_note",
                    record=aside.id,
                    fields={"child_seen": "yes", "occurred_at": "2026-11-01T09:00:00Z"},
                )
            ]
        )
    house.carry()
    for member in (amina, grace):
        note = member.book.notes.get(aside.id)
        assert (note.child_seen, note.occurred_at, note.writer) == (
            Seen.NO,
            yesterday,
            amina.person,
        )


def test_the_supervisors_own_restricted_note_is_not_the_workers_to_read(house, amina, grace):
    family = amina.book.families.register(okoro())
    signed(amina, family, "Amina's restricted note.", restricted=True)
    house.carry()
    signed(grace, family, "About Amina's safety there.", restricted=True)
    house.carry()
    assert [n.writer for n in amina.book.notes.of_family(family)] == [amina.person]
    assert amina.vault.search("safety") == []
