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
from typing import Final

_WORDS_ASKED: Final = 12  # a whole note pasted into the search box asks for its first words
_SNIPPET: Final = 120  # characters: two lines on a phone

_PLAIN = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
        "ı": "i", "ŧ": "t", "’": "'", "ʼ": "'", "‘": "'", "–": " ", "—": " ", "“": " ", "”": " ",
    }
)  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_SIGNS = re.compile(r"[^\w\x00-\x7f]")
# What the index takes for a word: letters and digits of ASCII, and everything beyond ASCII.
_WORD = re.compile("[0-9A-Za-z\x80-\U0010ffff]+")


def folded(text: str) -> str:
    """Accents off Latin, Greek and Cyrillic letters, vowel marks off Hebrew and Arabic, apostrophes
    closed up.

    Marks that other scripts need stay with their letters; Chinese and Japanese characters stand
    alone, so that a word is found inside a sentence. Case of ASCII letters is left to the index.
    """
    if not text.isascii():
        text = text.casefold().translate(_PLAIN)
        if not text.isascii():
            bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
            spaced = _WITHOUT_BLANKS.sub(r" \g<0> ", unicodedata.normalize("NFC", bare))
            text = _SIGNS.sub(_mark_or_blank, spaced)
    return text.replace("'", "")


def words(text: str) -> list[str]:
    """The folded words of what somebody typed, each once, in lower case."""
    return list(dict.fromkeys(_WORD.findall(folded(text).lower())))


def _mark_or_blank(found: re.Match[str]) -> str:
    category = unicodedata.category(found[0])
    # Joiners and direction marks are inside words and not seen.
    return found[0] if category[0] == "M" else "" if category == "Cf" else " "


def snippet(text: str, asked: Sequence[str]) -> str:
    """The stretch of `text` around the first word that begins as one of `asked`, in one line."""
    start = 0
    for word in re.finditer(r"[\w'’]+", text):
        if words(word[0])[:1] and any(w.startswith(tuple(asked)) for w in words(word[0])):
            start = word.start()
            break
    lead = max(0, start - _SNIPPET // 3)
    if lead:
        blank = text.find(" ", lead, start)
        lead = blank + 1 if blank >= 0 else lead
    stretch = " ".join(text[lead : lead + _SNIPPET].split())
    return f"{'…' if lead else ''}{stretch}{'…' if len(text) > lead + _SNIPPET else ''}"


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
