"""A page that somebody leaves with a family says what was written, in whatever script."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from app.places import ASSETS
from app.printed.blocks import Block, Document, Entry, Heading, Line, Point, Title
from app.printed.scripts import for_the_eye, prepared, reads_from_right
from app.printed.typeset import Typeset, typeset
from on_paper.reading import ink, words_of

AT = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


def printed(*blocks: Block, foot: str = "", large: bool = False, one_page: bool = False) -> Typeset:
    document = Document(
        title="Plan",
        language="cy_GB",
        made_at=AT,
        blocks=blocks,
        foot=foot,
        large=large,
        one_page=one_page,
    )
    return typeset(document, ASSETS / "fonts")


def test_everything_on_it_can_be_read_back():
    made = printed(
        Title(words="Family plan", under="Amina Okonkwo"),
        Heading(words="Goal"),
        Line(words="Agreed on 17 November."),
        Point(words="Ask about a nursery place", ticked=False, under="Amina, by Friday"),
        Entry(label="17 Nov", words="A home visit", source="Signed by Siân Ford"),
        foot="Okonkwo, plan",
    )

    said = words_of(made.pdf)
    for words in (
        "Family plan", "Amina Okonkwo", "Goal", "Agreed on 17 November.",
        "Ask about a nursery place", "Amina, by Friday", "A home visit", "Signed by Siân Ford",
        "Okonkwo, plan", "1 / 1",
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    "name",
    ["Siân Ŵyn", "王小明", "Ελένη", "Ольга", "אבי", "สมชาย", "ሰላም", "Անի", "ნინო", "½ cup ✓"],
)
def test_a_name_in_its_own_script_is_drawn_with_a_glyph_for_every_letter(name):
    made = printed(Line(words=name))

    assert made.unprintable == frozenset()
    drawn = words_of(made.pdf)
    assert all(letter in drawn for letter in name if not letter.isspace())


@pytest.mark.parametrize("name", ["আমিনা", "आमिना", "ਅਮੀਨਾ", "આમિના", "ஆமினா", "ఆమినా"])
def test_what_needs_a_shaping_engine_is_drawn_without_boxes_and_says_so(name):
    made = printed(Line(words=name))

    assert made.unprintable == frozenset()
    assert len(made.unshaped) == 1


def test_arabic_is_joined_and_stands_in_the_order_of_the_eye():
    drawn = for_the_eye(prepared("محمد"), from_right=True)

    # Final dal, medial mim, medial ha, initial mim: from the left, as it is drawn.
    assert [hex(ord(c)) for c in drawn] == ["0xfeaa", "0xfee4", "0xfea4", "0xfee3"]
    assert reads_from_right("محمد, 12 November")
    assert printed(Line(words="محمد")).unshaped == frozenset()


def test_brackets_in_a_line_from_the_right_embrace_what_they_embrace():
    assert for_the_eye("אב (גד)", from_right=True) == "(דג) בא"


def test_a_number_in_a_line_from_the_right_is_not_reversed():
    assert "07700900123" in for_the_eye(prepared("هاتف 07700900123"), from_right=True)


def test_a_picture_is_a_picture_and_no_box():
    made = printed(Line(words="\U0001f476\U0001f3fd"))

    assert made.unprintable == frozenset()
    assert ink(made.pdf) > ink(printed(Line(words="x")).pdf)


def test_what_no_font_has_is_a_question_mark_and_is_reported():
    made = printed(Line(words="Seal: 한"))

    assert made.unprintable == frozenset("한")
    assert "Seal: ?" in words_of(made.pdf)


def test_a_text_longer_than_a_page_goes_on_on_the_next_and_loses_no_word():
    words = [f"word{number}" for number in range(3000)]
    made = printed(Entry(label="17 Nov", words=" ".join(words), source="The note"))

    said = words_of(made.pdf).split()
    assert made.pages > 3
    assert [w for w in said if w.startswith("word")] == words


def test_a_long_plan_is_set_smaller_until_it_fits_on_one_page():
    points = [Point(words=f"Action {n}", ticked=False, under="Amina") for n in range(24)]

    assert printed(*points).pages == 2
    assert printed(*points, one_page=True).pages == 1


def test_easy_read_is_large_even_where_it_takes_a_second_page():
    points = [Point(words=f"Amina does thing {n}.") for n in range(40)]
    made = printed(*points, large=True, one_page=True)

    assert made.pages > 1
    sizes: set[float] = set()
    page = PdfReader(io.BytesIO(made.pdf)).pages[0]
    page.extract_text(
        visitor_text=lambda text, _cm, _tm, _font, size: (
            sizes.add(size) if "thing" in text else None
        )
    )
    assert min(sizes) >= 14


def test_the_language_is_in_the_file_for_a_screen_reader():
    catalogue = PdfReader(io.BytesIO(printed(Line(words="Cynllun")).pdf)).trailer["/Root"]

    assert catalogue["/Lang"] == "cy-GB"
