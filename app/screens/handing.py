"""Handing the tablet to a parent: what is said before, and in which language she reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from app.casework.casebook import Casebook
from app.casework.measure_course import read_answers
from app.casework.profile.measures import Measure
from app.guards import part
from app.handing_over import HandedOver
from app.parts import buttons, cards, fields, text
from app.state import use_session, use_state
from app.wording import _
from app.wording.handed_words import LANGUAGES
from app.wording.vocabulary import word

PutAway = Callable[[Casebook, HandedOver], None]


@part
def HandToParent(
    measure: Measure, put_away: PutAway, typed: Mapping[str, str] | None = None
) -> ft.Control:
    """One tap to the form alone. `put_away` gets what she typed once the device is unlocked."""
    session = use_session()
    languages = {c: w for c, w in LANGUAGES.items() if c in session.casebook.profile.languages}
    language, set_language = use_state(next(iter(languages), "en"))

    async def hand_over() -> None:
        await session.hand_over(
            HandedOver(
                measure=measure, language=language, put_away=put_away, answers=dict(typed or {})
            )
        )

    said = (
        _("The parent sees this form and nothing else. It is kept without a name and unseen.")
        if measure.anonymous
        else _("The parent sees this form and nothing else. You look through it afterwards.")
    )
    lines: list[ft.Control] = [text.small(said)]
    if len(languages) > 1:
        lines.append(
            fields.chips(
                _("In which language?"),
                [language],
                languages,
                lambda picked: set_language(picked[0] if picked else language),
                many=False,
            )
        )
    lines += [
        buttons.actions(
            buttons.secondary(
                _("Hand over: {what}").format(what=word("measure", measure.code)),
                hand_over,
                icon=ft.Icons.TABLET_ANDROID,
            )
        ),
        text.small(_("The device is locked until you type your passphrase.")),
    ]
    return cards.card(*lines)


def unnamed(programme: str = "") -> PutAway:
    """For a form nobody shall know the writer of: kept when she has finished it, else thrown away
    unseen."""

    def put_away(book: Casebook, handed: HandedOver) -> None:
        answers = read_answers(handed.measure, handed.said)
        if handed.finished and answers:
            occasion = handed.measure.occasions[-1].code
            book.measures.fill_in_unnamed(
                handed.measure.code, occasion, answers, programme=programme
            )

    return put_away
