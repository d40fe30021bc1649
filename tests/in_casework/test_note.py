"""A note may be long, not endless; it starts with fitting headings and holds no pictures."""

from __future__ import annotations

import base64
import os
import random

import pytest

from app.casework.contact_type import ContactType
from app.casework.errors import Missing, NoteTooLong, PastedImage
from app.casework.note import (
    LONGEST_NOTE,
    checked_for_signing,
    checked_text,
    headings,
)
from app.casework.pasted import find_image, without_images

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(3000)).decode()
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + random.Random(7).randbytes(3000)).decode()


def test_a_note_of_200_000_characters_is_taken_and_one_more_is_not():
    assert checked_text("ŵ" * LONGEST_NOTE)
    with pytest.raises(NoteTooLong) as refused:
        checked_text("ŵ" * (LONGEST_NOTE + 1))
    assert (refused.value.length, refused.value.limit) == (200_001, 200_000)


def test_nothing_but_blanks_cannot_be_signed_and_can_be_kept():
    assert checked_text("  \n") == "  \n"
    with pytest.raises(Missing):
        checked_for_signing("  \n")


@pytest.mark.parametrize(
    "picture",
    [
        f"data:image/png;base64,{PNG}",
        f"data:image/svg+xml;utf8,{'x' * 900}",
        PNG,
        JPEG,
        "\n".join(PNG[n : n + 76] for n in range(0, len(PNG), 76)),
    ],
)
def test_a_picture_pasted_as_characters_is_recognised_and_the_words_around_it_are_kept(
    picture: str,
):
    text = f"Baby smiled at dad. {picture} Next visit Tuesday."
    with pytest.raises(PastedImage) as refused:
        checked_text(text)
    assert text[refused.value.start : refused.value.start + 4] == picture[:4]
    assert without_images(text) == "Baby smiled at dad.  Next visit Tuesday."


def test_two_pictures_are_both_taken_out():
    text = f"One data:image/png;base64,{PNG} two data:image/jpeg;base64,{JPEG} three"
    assert without_images(text) == "One  two  three"


def test_the_bytes_of_an_image_file_pasted_as_text_are_recognised():
    raw = (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20).decode("latin-1")
    assert find_image("before " + raw) == (7, 7 + len(raw))


@pytest.mark.parametrize(
    "words",
    [
        "Mother said she looked up data:image formats for her college course.",
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 40,
        "https://example.org/" + "a1B2" * 100,
        "She drew GIF89a on the card, her brother's band.",
        "ÿØÿ is what the keyboard made of it, she laughed.",
        "a" * 5000,
        "Ala ma kota, a kot ma Alę. " * 400,
        "母亲说宝宝睡得很好。" * 400,
    ],
)
def test_long_words_links_and_other_scripts_are_not_taken_for_pictures(words: str):
    assert find_image(words) is None


def test_looking_for_pictures_in_the_longest_note_is_quick_enough_for_typing():
    text = os.urandom(60_000).hex()[:LONGEST_NOTE] + "A+/" * 20_000
    assert find_image(text) is None


def test_every_kind_of_contact_has_headings_that_fit_it():
    assert "home_conditions" in headings(ContactType.HOME_VISIT)
    assert "home_conditions" not in headings(ContactType.CLINIC_SESSION)
    assert headings(ContactType.OTHER) == ()
    for kind in ContactType:
        assert len(set(headings(kind))) == len(headings(kind))
