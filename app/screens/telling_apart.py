"""A family named so that it is not taken for another: its reference always, more where it helps."""

from __future__ import annotations

from app.casework.casebook import Casebook
from app.casework.family import FamilyTag
from app.wording.vocabulary import word


def family_words(book: Casebook, family: str) -> str:
    """`Hughes (BF-1107)`; empty for a family that is not here."""
    tag = book.families.tag(family)
    return f"{tag.name} ({tag.ref})" if tag.ref else tag.name


def line_words(book: Casebook, family: str) -> str:
    """For a list: `Hughes (BF-1107), Lives at: 3 Tannery Row` where another family is like it."""
    tag = book.families.tag(book.families.remaining(family))
    named = f"{tag.name} ({tag.ref})" if tag.ref else tag.name
    facts = (f"{word('told_apart', c)}: {said}" for c, said in tag.told_apart if c != "ref")
    return ", ".join((named, *facts))


def apart_words(tag: FamilyTag) -> str:
    """`Lives at: 3 Tannery Row; Born: 4 June`: empty where no other family is like it."""
    return "; ".join(f"{word('told_apart', code)}: {said}" for code, said in tag.told_apart)


def told_apart(book: Casebook, family: str) -> str:
    """The same, for a family's id."""
    return apart_words(book.families.tag(family))
