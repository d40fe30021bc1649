"""What is asked before a note is signed, thrown away or moved to another family.

Signing shows the family's name and address first, because the wrong family is the likeliest
mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.note import NoteDraft
from app.casework.note_doubts import doubts
from app.parts import banners, dialogs, text
from app.screens.families import family_chooser
from app.screens.naming import person_name
from app.screens.others_words import marked_words
from app.state import use_state
from app.wording import _, local, moment
from app.wording.vocabulary import word


def use_questions(
    book: Casebook,
    family: Family,
    draft: NoteDraft,
    asking: str | None,
    close: Callable[[], None],
    sign: Callable[[], Any],
    discard: Callable[[], Any],
) -> None:
    """Before it is signed, whose it is and what speaks against it; before it is thrown away."""
    card = book.notes.signing_card(draft.family) if asking == "sign" else None
    whom: list[ft.Control] = []
    if card is not None:
        whom = [
            text.heading(card.family.name, level=2),
            *([text.line(card.address)] if card.address else []),
            *[text.small(f"{word('told_apart', c)}: {s}") for c, s in card.family.told_apart],
            text.line(moment(draft.occurred_at, book.now)),
            text.line(_present_words(family, draft)),
            *([text.small(marked)] if (marked := marked_words(draft.text)) else []),
        ]
    against = signing_doubts(book, family, draft) if asking == "sign" else []
    dialogs.use_question(
        asking == "sign",
        title=_("Sign this note for"),
        words=ft.Column(whom, tight=True, spacing=6),
        more=[
            *(
                [banners.banner("\n".join(against), tone="attention", title=_("Look again"))]
                if against
                else []
            ),
            text.small(_("Once signed it cannot be changed. You can add to it below, any time.")),
        ],
        yes=_("Yes, sign"),
        no=_("Change something") if against else None,
        on_yes=sign,
        on_close=close,
    )
    dialogs.use_question(
        asking == "discard",
        title=_("Throw this draft away?"),
        words=_("What is written here is deleted from this device and cannot be brought back."),
        yes=_("Throw away"),
        no=_("Keep it"),
        dangerous=True,
        on_yes=discard,
        on_close=close,
    )


def signing_doubts(book: Casebook, family: Family, draft: NoteDraft) -> list[str]:
    """What speaks against signing it as it stands, a sentence each."""
    about = draft.appointment
    found = doubts(
        draft,
        family,
        appointment=book.diary.get(about) if about else None,
        outcomes=book.engagement.outcomes(about) if about else (),
        on=local(draft.occurred_at).date(),
        today=book.today,
    )
    people = {person.id: person_name(person) for person in family.people}
    return [
        word("note_doubt", doubt.against).format(name=people.get(doubt.person, ""))
        for doubt in found
    ]


def _present_words(family: Family, draft: NoteDraft) -> str:
    people = [person_name(p) for p in map(family.person, draft.people) if p is not None]
    return _("Present: {names}").format(names=", ".join(people) or _("nobody"))


def use_moving(
    book: Casebook,
    asked: bool,
    family: Family,
    close: Callable[[], None],
    move: Callable[[str], Any],
) -> None:
    """To whom it belongs instead."""
    chosen, choose = use_state(None)

    async def agreed() -> None:
        if chosen:
            await move(chosen)

    dialogs.use_question(
        asked,
        title=_("Which family does it belong to?"),
        words=family_chooser(book, chosen, choose, besides=family.id),
        more=[
            text.small(
                _("The text moves there. Its link to this family's appointment and goals is cut.")
            )
        ],
        yes=_("Move it"),
        ready=chosen is not None,
        filled_in=True,
        on_yes=agreed,
        on_close=close,
    )
