"""What may go into a document for a reader, and what is left out of it and why.

Pure: whoever prints gathers the pieces and hands them over. Left out by default are what somebody
else told, addresses that the reader must not learn, what colleagues are warned of before they
knock, restricted notes, and what nobody signed. A person may put the first three back, one by one;
the others stay out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.casework.company import hints_at
from app.casework.people import Address
from app.casework.third_party import Passage, passages


class Why(StrEnum):
    """Why something is left out; the app words each."""

    THIRD_PARTY = "third_party"
    SECRET_ADDRESS = "secret_address"  # noqa: S105 - not a password
    WARNING = "warning"
    RESTRICTED = "restricted"
    UNSIGNED = "unsigned"
    WRONG_FAMILY = "wrong_family"


MAY_BE_PUT_IN = frozenset({Why.THIRD_PARTY, Why.SECRET_ADDRESS, Why.WARNING})
"""What a person may decide to disclose after all, one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a document is made: the persons of the family who will read it or may see it.

    A report for a court or conference is read by the parents too, so they belong here. Without
    anybody nothing counts as secret from the reader, and what others told still stays out.
    """

    persons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing that could go in: a note, an addendum, a contact, an address, a warning.

    `marks` are passages, by number, that were marked after the text was written, with who told
    them; None stands for the whole. `signed` is True for kinds that nobody signs. `secret_from`
    is for addresses. `recorded` is when it was written down: of several on one day, all that is
    known of their order. `code` says what it is in the words of its kind: of a period `kind:code`,
    of a decision `kind:outcome`; `about` is the person it is about.
    """

    id: str
    kind: str
    text: str
    at: datetime | None = None
    recorded: datetime | None = None
    author: str = ""
    code: str = ""
    about: str = ""
    signed: bool = True
    restricted: bool = False
    wrong_family: bool = False
    secret_from: tuple[str, ...] = ()
    marks: Mapping[int | None, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A piece as it may stand in the document. `put_in` are left-out ids a person put back."""

    piece: Piece
    text: str
    put_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One thing that is not in the document. `text` is empty where even the preparer has not
    opened it. `may_be_put_in`: a person may decide otherwise, naming this `id`.
    """

    id: str
    piece: Piece
    why: Why
    text: str = ""
    who: str = ""

    @property
    def may_be_put_in(self) -> bool:
        return self.why in MAY_BE_PUT_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What goes in, and what does not, both in the order of the pieces."""

    kept: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]


def disclose(
    reader: Reader,
    pieces: Iterable[Piece],
    *,
    addresses: Sequence[Address] = (),
    put_in: Collection[str] = (),
) -> Disclosure:
    """Divide the pieces. `addresses` are all that the family's people have or had: a paragraph
    that names one the reader must not learn is left out with it.

    `put_in` are ids of what was left out before and a person decided to put in; of what may not
    be put in they are ignored.
    """
    secret = [a for a in addresses if set(a.secret_from) & reader.persons]
    kept: list[Kept] = []
    left: list[LeftOut] = []
    for piece in pieces:
        whole = _whole(piece, reader)
        stays_out = next((one for one in whole if not _put_in(one, put_in)), None)
        if stays_out is not None:
            left.append(stays_out)
            continue
        told = any(one.why is Why.SECRET_ADDRESS for one in whole)
        again = [one.id for one in whole]
        said: list[str] = []
        for passage in passages(piece.text):
            reasons = _passage(piece, passage, () if told else secret)
            against = next((one for one in reasons if not _put_in(one, put_in)), None)
            if against is None:
                said.append(passage.text)
                again += [one.id for one in reasons]
            else:
                left.append(against)
        if said or not piece.text.strip():
            kept.append(Kept(piece=piece, text="\n\n".join(said), put_in=tuple(again)))
    return Disclosure(kept=tuple(kept), left_out=tuple(left))


def _put_in(one: LeftOut, put_in: Collection[str]) -> bool:
    return one.may_be_put_in and one.id in put_in


def _whole(piece: Piece, reader: Reader) -> list[LeftOut]:
    """Why a piece is left out as a whole, gravest first; empty when only its paragraphs count."""

    def out(why: Why, text: str = piece.text, who: str = "") -> LeftOut:
        return LeftOut(id=f"{piece.id}:{why}", piece=piece, why=why, text=text, who=who)

    if piece.restricted:
        return [out(Why.RESTRICTED, text="")]
    if piece.wrong_family:
        return [out(Why.WRONG_FAMILY, text="")]
    if not piece.signed:
        return [out(Why.UNSIGNED)]
    found = []
    if set(piece.secret_from) & reader.persons:
        found.append(out(Why.SECRET_ADDRESS))
    if None in piece.marks:
        found.append(out(Why.THIRD_PARTY, who=piece.marks[None]))
    elif piece.kind == "risk_note":  # written for whoever goes there, often about who reads this
        found.append(out(Why.WARNING))
    return found


def _passage(piece: Piece, passage: Passage, secret: Sequence[Address]) -> list[LeftOut]:
    """Why a paragraph is left out. One with two reasons goes in only when both are overruled."""

    def out(why: Why, who: str = "") -> LeftOut:
        one = f"{piece.id}:{passage.number}:{why}"
        return LeftOut(id=one, piece=piece, why=why, text=passage.text, who=who)

    found = []
    if any(hints_at(passage.text, address) for address in secret):
        found.append(out(Why.SECRET_ADDRESS))
    if passage.third_party:
        found.append(out(Why.THIRD_PARTY, passage.who))
    elif passage.number in piece.marks:
        found.append(out(Why.THIRD_PARTY, piece.marks[passage.number]))
    return found
