"""What may go into a document for a reader, and what is left out of it and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.casework.disclosure import Piece, Reader, Why, disclose
from app.casework.forms import PersonForm
from app.casework.people import Address, Relation
from casebooks import okoro

FATHER = Reader(persons=frozenset({"father"}))
REFUGE = Address(
    id="a", person="mother", lines="9 Quarry View", postcode="ZX3 1BB", secret_from=("father",)
)


def note(text: str, **more: object) -> Piece:
    fields: dict = {"id": "n", "kind": "visit_note", "text": text, **more}
    return Piece(**fields)


def reasons(found) -> list[Why]:
    return [left.why for left in found.left_out]


def test_what_somebody_else_told_is_left_out_and_listed_with_who_told_it():
    said = "Came by bus.\n\n[third party: the neighbour] Shouting at night.\n\nRing on Friday."
    found = disclose(FATHER, [note(said)])
    assert [k.text for k in found.kept] == ["Came by bus.\n\nRing on Friday."]
    (left,) = found.left_out
    assert (left.why, left.who, left.text) == (
        Why.THIRD_PARTY, "the neighbour", "Shouting at night.",
    )  # fmt: skip
    assert disclose(Reader(), [note(said)]).left_out == found.left_out, "for whomever it is"


def test_a_person_may_put_one_passage_back_and_the_mark_itself_is_not_printed():
    said = "[third party: a] One.\n\n[third party: b] Two."
    first, _ = disclose(FATHER, [note(said)]).left_out
    found = disclose(FATHER, [note(said)], put_in=[first.id])
    assert [(k.text, k.put_in) for k in found.kept] == [("One.", (first.id,))]
    assert [left.text for left in found.left_out] == ["Two."]


def test_a_paragraph_that_names_a_secret_place_is_left_out_for_that_reader_alone():
    said = "We spoke of sleep.\n\nWalked with her to Quarry View.\n\nAt zx31bb again."
    found = disclose(FATHER, [note(said)], addresses=[REFUGE])
    assert [k.text for k in found.kept] == ["We spoke of sleep."]
    assert reasons(found) == [Why.SECRET_ADDRESS, Why.SECRET_ADDRESS]
    hers = disclose(Reader(persons=frozenset({"mother"})), [note(said)], addresses=[REFUGE])
    assert hers.left_out == ()


def test_two_reasons_are_both_overruled_or_it_stays_out():
    said = "[third party: a friend] She hides in Quarry View."
    (one,) = disclose(FATHER, [note(said)], addresses=[REFUGE]).left_out
    assert one.why is Why.SECRET_ADDRESS
    (two,) = disclose(FATHER, [note(said)], addresses=[REFUGE], put_in=[one.id]).left_out
    assert two.why is Why.THIRD_PARTY
    both = disclose(FATHER, [note(said)], addresses=[REFUGE], put_in=[one.id, two.id])
    assert both.left_out == ()


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ({"restricted": True}, Why.RESTRICTED),
        ({"signed": False}, Why.UNSIGNED),
        ({"wrong_family": True}, Why.WRONG_FAMILY),
    ],
)
def test_what_nobody_may_put_in_stays_out_whatever_is_asked(field, why):
    piece = note("She told me.", **field)
    (left,) = disclose(FATHER, [piece]).left_out
    assert (left.why, left.may_be_put_in) == (why, False)
    assert disclose(FATHER, [piece], put_in=[left.id, "n", "n:0"]).kept == ()


def test_a_restricted_note_is_listed_without_a_word_of_it():
    (left,) = disclose(FATHER, [note("She told me.", restricted=True)]).left_out
    assert left.text == ""


def test_a_secret_address_itself_and_a_record_marked_whole_are_left_out_until_put_in():
    address = Piece(id="a", kind="address", text="9 Quarry View", secret_from=("father",))
    risk = Piece(id="r", kind="risk_note", text="He has a knife.", marks={None: "her brother"})
    found = disclose(FATHER, [address, risk], addresses=[REFUGE])
    assert found.kept == ()
    assert reasons(found) == [Why.SECRET_ADDRESS, Why.THIRD_PARTY]
    again = disclose(
        FATHER, [address, risk], addresses=[REFUGE], put_in=[x.id for x in found.left_out]
    )
    assert [k.text for k in again.kept] == ["9 Quarry View", "He has a knife."]


def test_a_passage_marked_afterwards_is_left_out_like_one_marked_in_the_text():
    found = disclose(FATHER, [note("One.\n\nTwo.", marks={1: "the school"})])
    assert [k.text for k in found.kept] == ["One."]
    assert [left.who for left in found.left_out] == ["the school"]


def test_a_family_read_for_its_father(house, amina, grace):
    """The whole way from records to what a document may say."""
    book = amina.book
    family = book.families.register(okoro())
    mother = book.families.get(family).adults[0].id
    father = book.families.add_person(
        family, PersonForm(given="Dayo", surname="Bell", relation=Relation.FATHER)
    )
    book.families.add_address(mother, "9 Quarry View", "ZX3 1BB", secret_from=[father])
    house.carry()

    def writes(member, text: str, **more: object):
        house.passes(hours=1)
        return replace(member.book.notes.start(family, **more), text=text)

    book.notes.sign(writes(amina, "Calm.\n\n[third party: aunt] He shouts.\n\nAt Quarry View."))
    book.notes.put_aside(writes(amina, "Not finished."))
    book.notes.sign(writes(amina, "He follows her.", restricted=True))
    marked = book.families.add_risk(family, "Aunt fears him.")
    book.disclosures.mark(marked, who="aunt")

    found = book.disclosures.for_reader(family, Reader(persons=frozenset({father})))
    printed = " ".join(k.text for k in found.kept)
    assert "Calm." in printed
    for word in ("shouts", "Quarry", "finished", "follows", "fears"):
        assert word not in printed, word
    assert {left.why for left in found.left_out} == {
        Why.THIRD_PARTY, Why.SECRET_ADDRESS, Why.RESTRICTED, Why.UNSIGNED,
    }  # fmt: skip
    assert found.kept == tuple(
        sorted(found.kept, key=lambda k: (k.piece.at is None, k.piece.at or house.clock.now()))
    )
    hers = book.disclosures.for_reader(family, Reader(persons=frozenset({mother})))
    assert "Quarry View" in " ".join(k.text for k in hers.kept)
    assert timedelta(0) <= house.clock.now() - found.kept[0].piece.at
