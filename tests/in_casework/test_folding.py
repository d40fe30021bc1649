"""What people type finds what is written, whatever the accents, capitals or apostrophes."""

from __future__ import annotations

import pytest

from app.casework.folding import folded, matches


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("nguyen", "Nguyễn Thị Hoa"),
        ("lucja", "Łucja Wójcik"),
        ("obrien", "Siobhán O’Brien"),
        ("llyr", "Llŷr ap Gwilym"),
        ("strasse", "Straße"),
        ("παπαδοπουλου", "Ελένη Παπαδοπούλου"),
        ("йоана", "Йоана"),
        ("محمد", "مُحَمَّد"),
        ("smi jon", "Jones, Alice Smith"),
        ("", "anything"),
    ],
)
def test_a_beginning_without_accents_finds_the_name(typed: str, written: str):
    assert matches(typed, written)


def test_every_word_typed_must_be_found():
    assert not matches("alice okoro", "Alice Smith")


def test_letters_that_need_their_marks_keep_them():
    assert folded("कि") != folded("क")
    assert folded("தி") != folded("த")
    assert folded("  MARY\tann ") == "mary ann"
