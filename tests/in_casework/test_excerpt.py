"""The beginning of a text, for a list."""

from app.casework.excerpt import excerpt


def test_what_fits_is_shown_as_it_is():
    assert excerpt("Feeding well.", 13) == "Feeding well."


def test_what_does_not_fit_ends_after_a_whole_word_and_says_that_more_follows():
    assert excerpt("Feeding well and sleeping.", 14) == "Feeding well…"
    assert excerpt("Feeding well and sleeping.", 12) == "Feeding well…"


def test_one_endless_word_is_cut_rather_than_left_out():
    assert excerpt("x" * 30, 10) == "x" * 10 + "…"


def test_a_text_that_begins_with_an_endless_gap_is_no_longer_than_asked():
    assert len(excerpt(" " * 30 + "x" * 30, 10)) <= 11
