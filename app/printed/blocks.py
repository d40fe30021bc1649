"""What a printed document consists of: titles, lines, facts, entries with their day and source.

Plain values that know neither families nor paper; `typeset` makes pages of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The document's name, and under it whom or what it is about."""

    words: str
    under: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A part of the document; kept together with what follows it."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph, broken where it must. `quiet` words may be overlooked."""

    words: str
    strong: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One of several: behind a dot, or behind a box to tick (`ticked` False or True)."""

    words: str
    ticked: bool | None = None
    under: str = ""
    """Smaller, below: who does it and by when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A name or a day at the left, what belongs to it beside, and its source below."""

    label: str
    words: str
    source: str = ""


Block = Title | Heading | Line | Point | Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything on the pages, in order.

    `language` is that of its headings, such as `cy_GB`. `large`: big type and a lot of room, one
    fact to a line. `one_page`: printed smaller until it fits on one, as far as it stays readable.
    `foot` stands at the foot of every page, before its number.
    """

    title: str
    language: str
    made_at: datetime
    blocks: tuple[Block, ...]
    foot: str = ""
    large: bool = False
    one_page: bool = False


def words_of(document: Document) -> Iterator[str]:
    """Every piece of text in it."""
    for block in document.blocks:
        for one in fields(block):
            value = getattr(block, one.name)
            if isinstance(value, str):
                yield value
