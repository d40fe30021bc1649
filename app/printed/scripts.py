"""Puts every writing into the order and the forms in which it is read, without a native library.

A PDF is drawn glyph by glyph. Hebrew and Arabic are turned into the order of the eye (Unicode's
rules, UAX 9), Arabic letters into the joined forms that its font has. Scripts of India, Sri Lanka
and their like need a shaping engine for signs that stand before or below their letter; phones have
no wheel of one, so their letters are drawn one after the other and `unshaped` says so.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from arabic_reshaper import ArabicReshaper
from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection

_FITZPATRICK = range(0x1F3FB, 0x1F400)
_JOINERS = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
_NEEDS_SHAPING = frozenset(
    {
        "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "MALAYALAM", "MYANMAR",
        "ORIYA", "SINHALA", "TAMIL", "TELUGU", "TIBETAN",
    }
)  # fmt: skip
_FACING = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))


def prepared(words: str) -> str:
    """In the order of speech, with Arabic joined and no signs that only a shaping engine reads."""
    plain = unicodedata.normalize("NFC", words)
    kept = "".join(
        c
        for c in plain
        if ord(c) not in _FITZPATRICK
        and ord(c) not in _JOINERS
        and (unicodedata.category(c) not in ("Cc", "Cf") or c in "\n\t")
    ).replace("\t", "    ")
    joined: str = _reshaper().reshape(kept) if _has(kept, "ARABIC") else kept
    return joined


def reads_from_right(words: str) -> bool:
    """Whether a paragraph begins at the right: its first letter decides."""
    return auto_detect_base_direction(words) is TextDirection.RTL


def for_the_eye(line: str, *, from_right: bool) -> str:
    """One prepared line of a paragraph in the order in which glyphs are drawn, left to right."""
    if line.isascii() and not from_right:
        return line
    base = TextDirection.RTL if from_right else TextDirection.LTR
    drawn = BidiParagraph(line, base_direction=base).get_reordered_characters()
    return "".join(
        _FACING.get(c.character, c.character) if c.embedding_level % 2 else c.character
        for c in drawn
    )


def unshaped(words: str) -> frozenset[str]:
    """The scripts in it whose signs may stand in the wrong place, by Unicode's English names."""
    return frozenset(script for c in words if (script := script_of(c)) in _NEEDS_SHAPING)


def script_of(character: str) -> str:
    """The first word of its name: LATIN, ARABIC, CJK; empty for what has no name."""
    return unicodedata.name(character, "").partition(" ")[0]


def _has(words: str, script: str) -> bool:
    return not words.isascii() and any(script_of(c) == script for c in words)


@cache
def _reshaper() -> ArabicReshaper:
    # Ligatures of whole words are not in the shipped font; harakat are kept as written.
    return ArabicReshaper({"delete_harakat": False, "support_ligatures": False})
