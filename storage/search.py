"""Finding records by the beginnings of words, whatever accents, case or script they are in.

Text and queries are folded alike before the index sees them, so that "lucja" finds Łucja, "obrien"
O'Brien, and nothing a person types can be taken for an operator. The index keeps no text and no
positions of its own: a third of the size of one that does, and as much quicker to fill and to
open. Must not know kinds or changes, only places and text.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

_WORDS_ASKED: Final = 12  # a whole note pasted into the search box asks for its first words
_SNIPPET: Final = 120  # characters: two lines on a phone

_PLAIN: Final = {
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ı": "i",
    "ŧ": "t", "’": "'", "ʼ": "'", "‘": "'", "–": " ", "—": " ", "“": " ", "”": " ", "…": " ",
}  # fmt: skip
# Regular expressions, as they skip what needs nothing six times as quickly as str.translate does.
_PLAINER: Final = re.compile(f"[{''.join(_PLAIN)}]")
_ACCENTS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_WITHOUT_BLANKS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]+")
_SIGNS: Final = re.compile(r"[^\w\x00-\x7f]")
# What the index takes for a word: letters and digits of ASCII, and everything beyond ASCII.
_WORD: Final = re.compile("[0-9A-Za-z\x80-\U0010ffff]+")
_SHOWN_WORD: Final = re.compile(r"[\w'’]+")


def folded(text: str) -> str:
    """Accents off Latin, Greek and Cyrillic letters, vowel marks off Hebrew and Arabic, apostrophes
    closed up.

    Marks that other scripts need stay with their letters; Chinese and Japanese characters stand
    alone, so that a word is found inside a sentence. Case of ASCII letters is left to the index.
    """
    if not text.isascii():
        text = _PLAINER.sub(lambda found: _PLAIN[found[0]], text.casefold())
        if not text.isascii():
            bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
            whole = unicodedata.normalize("NFC", bare)
            apart = _WITHOUT_BLANKS.sub(lambda found: f" {' '.join(found[0])} ", whole)
            text = _SIGNS.sub(lambda found: _mark_or_blank(found[0]), apart)
    return text.replace("'", "")


def words(text: str) -> list[str]:
    """The folded words of what somebody typed, each once, in lower case."""
    return list(dict.fromkeys(_WORD.findall(folded(text).lower())))


@lru_cache(maxsize=1024)
def _mark_or_blank(sign: str) -> str:
    """A mark of a script that needs it stays; joiners and direction marks stand inside words and
    are not seen; every other sign divides words."""
    category = unicodedata.category(sign)
    return sign if category[0] == "M" else "" if category == "Cf" else " "


def snippet(text: str, asked: Sequence[str]) -> str:
    """The stretch of `text` around the first word that begins as one of `asked`, in one line."""
    start = _start_of(text, asked)
    lead = max(0, start - _SNIPPET // 3)
    if lead:
        blank = text.find(" ", lead, start)
        lead = blank + 1 if blank >= 0 else lead
    stretch = " ".join(text[lead : lead + _SNIPPET].split())
    return f"{'…' if lead else ''}{stretch}{'…' if len(text) > lead + _SNIPPET else ''}"


def _start_of(text: str, asked: Sequence[str]) -> int:
    """Where the first word that begins as one of `asked` begins; 0 when none is seen."""
    lower = text.lower()
    plainly = [at for word in asked if (at := _find_beginning(lower, word)) >= 0]
    if plainly and len(lower) == len(text):
        return min(plainly)
    beginnings = tuple(asked)
    for shown in _SHOWN_WORD.finditer(text):  # it has accents, or an apostrophe
        if any(word.startswith(beginnings) for word in words(shown[0])):
            return shown.start()
    return 0


def _find_beginning(text: str, word: str) -> int:
    at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at


class WordIndex:
    """The words of every place, in FTS5, or in a plain table where SQLite was built without it."""

    def __init__(self, connection: sqlite3.Connection, *, full_text: bool) -> None:
        self._connection = connection
        self.full_text = full_text

    def create(self) -> None:
        self._connection.execute(
            # `ascii` divides exactly as `folded` has prepared it, on every version of SQLite.
            # The one-letter prefixes cost a fifth of filling and make the first keystroke 15
            # times as quick.
            "CREATE VIRTUAL TABLE words USING fts5("
            "text, content='', detail=none, columnsize=0, tokenize='ascii', prefix='1')"
            if self.full_text
            else "CREATE TABLE words (rowid INTEGER PRIMARY KEY, text)"
        )

    def add(self, texts: Iterable[tuple[int, str]]) -> None:
        """Make the text (as a person wrote it) of each place findable. Places must be new."""
        prepared = (
            ((place, folded(text)) for place, text in texts)
            if self.full_text
            else ((place, f" {' '.join(words(text))}") for place, text in texts)
        )
        self._connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", prepared)

    def remove(self, place: int, text: str) -> None:
        """Forget a place; `text` must be what `add` was given, as the index has not kept it."""
        if self.full_text:
            self._connection.execute(
                "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)",
                (place, folded(text)),
            )
        else:
            self._connection.execute("DELETE FROM words WHERE rowid = ?", (place,))

    def purge(self) -> None:
        """Let go of words that no place has any more; FTS5 otherwise keeps them for a while."""
        if self.full_text:
            self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")

    def beginning(self, asked: Sequence[str]) -> list[int]:
        """Every place with words beginning as each of these folded words, in ascending order."""
        return self._matching(asked[:_WORDS_ASKED], '"{}"*', "% {}%")

    def whole(self, asked: Sequence[str]) -> set[int]:
        """Every place with each of these as whole words."""
        return set(self._matching(asked[:_WORDS_ASKED], '"{}"', "% {} %"))

    def _matching(self, asked: Sequence[str], fts: str, like: str) -> list[int]:
        if not asked:
            return []
        if self.full_text:
            query = " AND ".join(fts.format(w) for w in asked)
            found = self._connection.execute(
                "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (query,)
            )
        else:
            each = " AND ".join("text || ' ' LIKE ?" for _ in asked)
            found = self._connection.execute(
                f"SELECT rowid FROM words WHERE {each} ORDER BY rowid",
                [like.format(w) for w in asked],
            )
        return [place for (place,) in found]
