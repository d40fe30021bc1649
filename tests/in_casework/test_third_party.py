"""What somebody else told is marked by the paragraph, and the marks stay with the signature."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework.errors import Unknown
from app.casework.third_party import any_marked, passages, with_mark, without_mark
from casebooks import okoro

NOTE = """Home conditions:

Warm and tidy.

Worries:

Mrs Lane next door hears shouting at night.
She has heard it since May.

Agreed next:

Ring on Friday."""
OF_THE_NEIGHBOUR = 3


def test_the_paragraphs_of_a_note_and_which_of_them_are_headings():
    found = passages(NOTE)
    assert [p.text.split("\n")[0] for p in found] == [
        "Home conditions:", "Warm and tidy.", "Worries:",
        "Mrs Lane next door hears shouting at night.", "Agreed next:", "Ring on Friday.",
    ]  # fmt: skip
    assert [p.heading for p in found] == [True, False, True, False, True, False]
    assert not any(p.third_party for p in found)


def test_a_mark_covers_the_whole_paragraph_and_nothing_else():
    marked = with_mark(NOTE, OF_THE_NEIGHBOUR, "the neighbour")
    assert "[third party: the neighbour] Mrs Lane" in marked
    found = passages(marked)
    assert [p.number for p in found if p.third_party] == [OF_THE_NEIGHBOUR]
    assert found[OF_THE_NEIGHBOUR].who == "the neighbour"
    assert found[OF_THE_NEIGHBOUR].text.endswith("since May.")
    assert without_mark(marked, OF_THE_NEIGHBOUR) == NOTE


def test_naming_somebody_else_replaces_the_name():
    marked = with_mark(with_mark(NOTE, OF_THE_NEIGHBOUR, "a ]neighbour"), OF_THE_NEIGHBOUR)
    assert marked.count("[") == 1
    assert passages(marked)[OF_THE_NEIGHBOUR].who == ""


@pytest.mark.parametrize(
    "typed",
    [
        "[third party] He drinks.",
        "[Third-party: her mother] He drinks.",
        "[3rd: her mother] He drinks.",
        "[ THIRD PARTY : He drinks.",
        "[3rd party]\nHe drinks.",
        "He drinks. [third party: her mother]",
        "[third party: her mother]\n\nHe drinks.",
    ],
)
def test_a_mark_typed_by_hand_counts_however_it_is_written(typed):
    assert any_marked(typed)
    found = passages(f"All well.\n\n{typed}\n\nRing on Friday.")
    assert [p.third_party for p in found] == [False, True, False]
    assert found[1].text == "He drinks.", "not a word is taken for the mark"


def test_brackets_that_are_no_mark_are_text():
    for text in ("[third time] He drinks.", "[3rdly] so", "(third party)", "[a third partygoer]"):
        assert not any_marked(text), text


@given(
    st.lists(
        st.text("ab \n[]:tT3rdhipy", min_size=1, max_size=40).filter(lambda t: t.strip()),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_marking_and_lifting_gives_back_every_word(paragraphs, data):
    text = "\n\n".join(paragraphs)
    found = passages(text)
    if not found or any_marked(text):
        return
    number = data.draw(st.integers(0, len(found) - 1))
    marked = with_mark(text, number, "x")
    assert [p.third_party for p in passages(marked)] == [n == number for n in range(len(found))]
    assert without_mark(marked, number) == text


def test_the_marks_are_kept_in_the_draft_and_signed_with_the_note(house, amina, grace):
    family = amina.book.families.register(okoro())
    marked = with_mark(NOTE, OF_THE_NEIGHBOUR, "the neighbour")
    draft = amina.book.notes.save_draft(replace(amina.book.notes.start(family), text=marked))
    kept = amina.book.notes.open_draft(draft.id)
    signed = amina.book.notes.sign(kept)
    house.carry()
    (read,) = [p for p in passages(grace.book.notes.get(signed.id).text) if p.third_party]
    assert read.who == "the neighbour"


def test_a_signed_note_is_marked_afterwards_without_a_change_to_it(house, amina, grace):
    family = amina.book.families.register(okoro())
    note = amina.book.notes.sign(replace(amina.book.notes.start(family), text=NOTE))
    before = [version.fields for version in amina.vault.history(note.id)]
    amina.book.disclosures.mark(note.id, passage=OF_THE_NEIGHBOUR, who="the neighbour")
    house.carry()
    assert grace.book.disclosures.marks(note.id) == {OF_THE_NEIGHBOUR: "the neighbour"}
    assert [version.fields for version in amina.vault.history(note.id)] == before
    grace.book.disclosures.lift(note.id, passage=OF_THE_NEIGHBOUR)
    assert grace.book.disclosures.marks(note.id) == {}
    with pytest.raises(Unknown):
        amina.book.disclosures.mark("ab" * 16)


def test_lifted_by_one_and_marked_by_another_offline_it_stays_marked(house, amina, grace):
    family = amina.book.families.register(okoro())
    risk = amina.book.families.add_risk(family, "Her brother says the partner has a knife.")
    amina.book.disclosures.mark(risk, who="her brother")
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.disclosures.mark(risk, who="her brother, by telephone")
        grace.book.disclosures.lift(risk)
    house.carry()
    for member in (amina, grace):
        assert None in member.book.disclosures.marks(risk)


def test_a_mark_goes_along_when_the_note_moves_to_the_right_family(amina):
    wrong, right = (amina.book.families.register(okoro(ref=r)) for r in ("RC-1", "RC-2"))
    note = amina.book.notes.sign(replace(amina.book.notes.start(wrong), text=NOTE))
    amina.book.disclosures.mark(note.id, passage=OF_THE_NEIGHBOUR, who="the neighbour")
    copy = amina.book.notes.move(note.id, right)
    assert amina.book.disclosures.marks(copy) == {OF_THE_NEIGHBOUR: "the neighbour"}
