"""What every document has in common before it is printed: for whom, what is left out, and saving.

A person sees what is left out and why, and may put some of it in, one by one. The record that a
document was made is written before it leaves.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import flet as ft

from app import outside
from app.casework.casebook import Casebook
from app.casework.disclosure import Disclosure, LeftOut
from app.casework.family import Family
from app.casework.paper import PaperForm
from app.casework.people import Person
from app.guards import part
from app.parts import banners, buttons, cards, fields, text
from app.places import ASSETS
from app.printed.blocks import Document, words_of
from app.printed.scripts import unshaped
from app.printed.typeset import Typeset, typeset
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, day, local, ngettext
from app.wording.vocabulary import word

FONTS = ASSETS / "fonts"
SHOWN = 20
"""So many of what is left out stand there at first; what may be put in stands before the rest."""


def reader_chips(
    family: Family, chosen: Sequence[str], on_change: Callable[[list[str]], None], label: str
) -> ft.Control:
    """Which of the family's adults read it: what is secret from any of them is left out."""
    options = {p.id: person_name(p) for p in family.adults}
    return fields.chips(label, chosen, options, on_change)


def readers_named(family: Family, chosen: Collection[str]) -> tuple[Person, ...]:
    """The persons chosen, as they are now."""
    return tuple(p for p in family.adults if p.id in chosen)


@part
def LeftOutCard(
    before: Disclosure,
    told: Disclosure,
    put_in: Sequence[str],
    on_change: Callable[[tuple[str, ...]], None],
) -> ft.Control:
    """Everything that is not in the document and why, and what was put in of it.

    `before` is as nobody had put anything in.
    """
    book = use_session().casebook
    limit, set_limit = use_state(SHOWN)
    found = {one.id: one for one in (*before.left_out, *told.left_out)}
    shown = sorted(found.values(), key=lambda one: not one.may_be_put_in)
    if not shown:
        return text.small(_("Nothing is left out."))
    still = len(told.left_out)
    said = ngettext("{n} thing is left out", "{n} things are left out", still).format(n=still)
    more = (
        [buttons.quiet(_("Show more"), lambda: set_limit(limit + SHOWN))]
        if len(shown) > limit
        else []
    )
    return cards.section(
        said,
        [
            text.small(
                _(
                    "Put something in only if this reader may know it. That you did is written "
                    "down with your name."
                )
            ),
            *[_row(book, one, put_in, on_change) for one in shown[:limit]],
            *more,
        ],
    )


def _row(
    book: Casebook,
    one: LeftOut,
    put_in: Sequence[str],
    on_change: Callable[[tuple[str, ...]], None],
) -> ft.Control:
    at = day(local(one.piece.at).date(), book.today) if one.piece.at else ""
    author = book.team.name_of(one.piece.author) if one.piece.author else ""
    why = word("left_out", one.why)
    if one.who:
        why = f"{why}: {one.who}"
    lines: list[ft.Control] = [text.small(", ".join(filter(None, (why, at, author))))]
    if one.text:
        lines.append(text.line(one.text))
    if one.may_be_put_in:

        def change(on: bool) -> None:
            others = tuple(x for x in put_in if x != one.id)
            on_change((*others, one.id) if on else others)

        lines.append(fields.switch(_("Put it in"), one.id in put_in, change))
    return cards.card(*lines, key=one.id)


async def put_on_paper(
    book: Casebook, family: str, document: Document, form: PaperForm, told: Disclosure, name: str
) -> Typeset | None:
    """Set the document, write down that it was made, and hand it over; None when not taken."""
    made = await asyncio.to_thread(typeset, document, FONTS)
    book.papers.made(family, replace(form_of(form, told, made.pdf), pages=made.pages))
    taken = await outside.save(f"{name}-{book.today.isoformat()}.pdf", made.pdf)
    return made if taken else None


def form_of(form: PaperForm, told: Disclosure, contents: bytes) -> PaperForm:
    """The record of a document, with what is in it and what is not."""
    return replace(
        form,
        left_out=tuple(one.id for one in told.left_out),
        put_in=tuple(sorted({one for kept in told.kept for one in kept.put_in})),
        digest=hashlib.sha256(contents).hexdigest(),
    )


def unjoined(document: Document) -> list[ft.Control]:
    """Which letters of it the paper cannot join, said before it is made."""
    scripts = unshaped(" ".join(words_of(document)))
    if not scripts:
        return []
    named = ", ".join(sorted(one.capitalize() for one in scripts))
    return [
        banners.banner(
            _(
                "Letters in these scripts stand one behind the other on the paper and are not "
                "joined as they should be: {scripts}. Please read them over."
            ).format(scripts=named),
            tone="attention",
        )
    ]
