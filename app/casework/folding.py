"""Makes what people type comparable: case, accents and punctuation put aside, letters kept.

Search must find Nguyễn for "nguyen", Łucja for "lucja" and O'Brien for "obrien", in any script.
"""

from __future__ import annotations

import unicodedata

_WITHOUT_MARK = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
        "ı": "i", "ŧ": "t", "ß": "ss", "'": "", "’": "", "ʼ": "", "`": "", "‘": "",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """Lower case, no accents on Latin, Greek or Cyrillic letters, blanks single, for comparing.

    Marks of scripts that need them to be readable (Devanagari, Tamil, Arabic vowels aside) stay.
    """
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_MARK)
    bare = "".join(c if _is_of_a_word(c) else " " for c in apart if not _is_accent(c))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def words(text: str) -> list[str]:
    """The folded words of what somebody typed, for matching each as the beginning of a word."""
    return folded(text).replace("-", " ").split()


def matches(query: str, *candidates: str) -> bool:
    """Whether every word typed begins some word of the candidates; an empty query matches all."""
    there = [w for c in candidates for w in words(c)]
    return all(any(w.startswith(asked) for w in there) for asked in words(query))


def _is_of_a_word(character: str) -> bool:
    """Letters and digits, hyphens, and the marks without which some scripts lose their vowels."""
    return character.isalnum() or character == "-" or unicodedata.category(character)[0] == "M"


def _is_accent(mark: str) -> bool:
    """Combining marks of the general blocks; those of Indic scripts are part of the letter."""
    return "\u0300" <= mark <= "\u036f" or "\u064b" <= mark <= "\u065f" or mark == "\u0670"
