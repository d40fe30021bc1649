"""The tablet in a parent's hands: one form and nothing else, until the worker unlocks.

The device is locked while this is shown: no key is in it, so neither an address nor a key pressed
leads anywhere. Both ways out end at the unlock screen.
"""

from __future__ import annotations

import flet as ft

from app.guards import screen
from app.handing_over import HandedOver
from app.layout import Porch
from app.parts import banners, buttons, text
from app.screens.measure_form import doubtful, questions
from app.state import use_session, use_state
from app.wording.handed_words import HandedWords, handed_words


@screen
def InTheirHands() -> ft.View:
    """The only screen of a device that was handed over."""
    session = use_session()
    handed = session.handed
    _drawn, draw = use_state(0)
    problem, set_problem = use_state(None)
    if handed is None:  # taken back in this very moment
        return Porch("", [], route="/form")
    words = handed_words(handed.language)

    def answer(domain: str, typed: str) -> None:
        handed.answer(domain, typed)
        set_problem(None)
        draw(lambda n: n + 1)

    def finish() -> None:
        if doubtful(handed.measure, handed.said):
            set_problem(words.check)
            return
        handed.finished = True
        draw(lambda n: n + 1)

    take_back = buttons.quiet(words.worker, session.take_back, icon=ft.Icons.LOCK_OPEN)
    title = handed.measure.words.said(handed.language)
    if handed.finished:
        return Porch(title, _over(words, take_back), route="/form")
    return Porch(
        title,
        [
            *_beginning(handed, words),
            *questions(
                handed.measure,
                handed.said,
                answer,
                handed.language,
                easy=True,
                yes_no=(words.yes, words.no),
            ),
            *([banners.banner(problem, tone="attention", live=True)] if problem else []),
            buttons.actions(take_back),
        ],
        route="/form",
        foot=buttons.primary(words.finished, finish, icon=ft.Icons.CHECK),
    )


def _beginning(handed: HandedOver, words: HandedWords) -> list[ft.Control]:
    intro = handed.measure.intro.said(handed.language)
    said = [intro, words.begin, words.unnamed if handed.measure.anonymous else ""]
    return [text.line(one) for one in said if one]


def _over(words: HandedWords, take_back: ft.Control) -> list[ft.Control]:
    return [
        text.heading(words.thanks),
        text.line(words.give_back),
        buttons.actions(take_back),
    ]
