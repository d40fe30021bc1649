"""Lines break where a reader would break them, and no letter is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.printed.lines import broken


def lines(words: str, room: float = 10) -> list[str]:
    """Every character one wide."""
    return broken(words, room, lambda _: 1.0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("ten letter", ["ten letter"]),
        ("one two three", ["one two", "three"]),
        ("one two  three", ["one two", "three"]),
        ("mother-in-law's house", ["mother-in-", "law's", "house"]),
        ("07700-900101", ["07700-9001", "01"]),
        ("Llanfairpwllgwyngyll", ["Llanfairpw", "llgwyngyll"]),
        ("a Llanfairpwllgwyngyll b", ["a", "Llanfairpw", "llgwyngyll", "b"]),
        ("王小明今天很高兴我们一起", ["王小明今天很高兴我们", "一起"]),
    ],
)
def test_a_line_breaks_where_a_reader_would(words, expected):
    assert lines(words) == expected


@given(st.text(alphabet="ab -王é", max_size=200), st.integers(min_value=1, max_value=30))
def test_no_letter_is_lost_and_no_line_too_wide(words, room):
    found = lines(words, room)

    assert "".join("".join(found).split()) == "".join(words.split())
    assert all(len(line) <= room for line in found)
