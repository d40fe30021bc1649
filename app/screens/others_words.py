"""What somebody else told: marking it by the paragraph with a thumb, and seeing it marked.

The same list of paragraphs serves a note being written, where the mark goes into the text, and a
signed one, where it is laid on afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import flet as ft

from app.casework.third_party import Passage, passages, with_mark
from app.guards import part
from app.parts import banners, buttons, cards, fields, text
from app.state import use_state
from app.wording import _, ngettext

BEGINNING = 70
"""Characters of a paragraph by which it is known again."""

Mark = Callable[[int, str], Any]
Lift = Callable[[int], Any]


def written(said: str, marks: Mapping[int | None, str] | None = None) -> ft.Control:
    """A text as it is read: what somebody else told stands apart and says so."""
    marked = _with(passages(said), marks or {})
    if not any(p.third_party for p in marked):
        return ft.Text(said, theme_style=ft.TextThemeStyle.BODY_LARGE)
    return ft.Column(
        [
            banners.banner(
                p.text,
                title=_("Told by or about somebody else: {who}").format(who=p.who)
                if p.who
                else _("Told by or about somebody else"),
                icon=ft.Icons.RECORD_VOICE_OVER_OUTLINED,
            )
            if p.third_party
            else ft.Text(p.text, theme_style=ft.TextThemeStyle.BODY_LARGE)
            for p in marked
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def all_marked(said: str) -> str:
    """A text with every paragraph marked."""
    for one in reversed(passages(said)):
        said = said if one.third_party else with_mark(said, one.number)
    return said


def marked_words(said: str) -> str:
    """`2 paragraphs marked`, or nothing."""
    count = sum(p.third_party for p in passages(said))
    if not count:
        return ""
    return ngettext(
        "{n} paragraph is marked as told by or about somebody else.",
        "{n} paragraphs are marked as told by or about somebody else.",
        count,
    ).format(n=count)


@part
def Passages(
    said: str,
    mark: Mark,
    lift: Lift,
    *,
    marks: Mapping[int | None, str] | None = None,
    fixed: bool = False,
) -> ft.Control:
    """A button, and behind it the paragraphs to tick. `fixed`: marks in the text stay (signed)."""
    opened, open_ = use_state(False)
    typing, set_typing = use_state(None)
    shown = [p for p in _with(passages(said), marks or {}) if not p.heading]
    if not opened:
        return buttons.actions(
            buttons.quiet(
                _("About somebody else…"),
                lambda: open_(True),
                icon=ft.Icons.RECORD_VOICE_OVER_OUTLINED,
                disabled=not shown,
            )
        )
    within = {p.number for p in passages(said) if p.third_party} if fixed else frozenset[int]()

    def keep() -> None:
        """On a signed note a name is one record: written once, when it is finished."""
        if fixed and typing is not None:
            mark(*typing)
        set_typing(None)

    def done() -> None:
        keep()
        open_(False)

    def ticked(number: int) -> Callable[[bool], Any]:
        def change(on: bool) -> Any:
            keep()
            return mark(number, "") if on else lift(number)

        return change

    def named(number: int) -> Callable[[str], Any]:
        def change(who: str) -> Any:
            # What is typed is kept beside the text: there blanks at the end would be lost.
            set_typing((number, who))
            return None if fixed else mark(number, who)

        return change

    lines: list[ft.Control] = [
        text.line(_("Which paragraphs were told by, or are about, somebody else?")),
        text.small(
            _(
                "A neighbour, a relative, another parent. They are left out of copies and reports "
                "unless somebody puts them in."
            )
        ),
    ]
    for one in shown:
        if one.number in within:
            lines.append(
                text.small(_("Marked when it was written: {words}").format(words=_of(one)))
            )
            continue
        lines.append(fields.tick(_of(one), one.third_party, ticked(one.number)))
        if one.third_party:
            typed = typing[1] if typing and typing[0] == one.number else one.who
            lines.append(
                fields.text_field(_("Who told it, or whom it is about"), typed, named(one.number))
            )
    lines.append(buttons.actions(buttons.secondary(_("Done"), done)))
    return cards.card(*lines)


def _of(passage: Passage) -> str:
    words = " ".join(passage.text.split())
    return words if len(words) <= BEGINNING else f"{words[:BEGINNING].rsplit(maxsplit=1)[0]}…"


def _with(found: Sequence[Passage], marks: Mapping[int | None, str]) -> list[Passage]:
    """The passages with what was marked afterwards."""
    return [
        replace(p, third_party=True, who=marks.get(p.number, marks.get(None, "")))
        if not p.third_party and (p.number in marks or None in marks)
        else p
        for p in found
    ]
