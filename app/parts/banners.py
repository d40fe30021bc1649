"""What must be noticed first, what to say when there is nothing, and waiting."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.parts.marks import TONES, Tone
from app.theme import GAP, ROOM, ROUND
from app.wording import Kind, _


def banner(
    words: str,
    *,
    tone: Tone = "plain",
    title: str | None = None,
    icon: ft.IconData | None = None,
    actions: Sequence[ft.Control] = (),
    live: bool = False,
) -> ft.Control:
    """A sentence across the page. `live` has a screen reader say it when it appears."""
    sign, ground, ink = TONES[tone]
    lines: list[ft.Control] = []
    if title:
        lines.append(ft.Text(title, theme_style=ft.TextThemeStyle.TITLE_MEDIUM, color=ink))
    lines.append(ft.Text(words, theme_style=ft.TextThemeStyle.BODY_MEDIUM, color=ink))
    if actions:
        lines.append(ft.Row(list(actions), wrap=True, spacing=GAP, run_spacing=GAP))
    box = ft.Container(
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=12),
        bgcolor=ground,
        border_radius=ROUND,
        content=ft.Row(
            [
                ft.Icon(icon or sign, color=ink, size=26),
                ft.Column(lines, spacing=4, tight=True, expand=True),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )
    return ft.Semantics(live_region=True, content=box) if live else box


def problem(kind: Kind, *, actions: Sequence[ft.Control] = ()) -> ft.Control:
    """What went wrong, from `plain(error)`: first what happened, then what is safe and next."""
    rest = " ".join(part for part in (kind.safe, kind.then) if part)
    if not rest:
        return banner(kind.says, tone="attention", actions=actions, live=True)
    return banner(rest, tone="attention", title=kind.says, actions=actions, live=True)


def safe_contact_warning(words: str, *, code_word: str | None = None) -> ft.Control:
    """Shown before every number and address that is not plainly safe to use."""
    said = words
    if code_word:
        said = f"{words}\n{_('Code word: {word}').format(word=code_word)}"
    return banner(said, tone="bad", title=_("Before you get in touch"), icon=ft.Icons.SHIELD)


def empty(
    words: str,
    *,
    hint: str | None = None,
    icon: ft.IconData = ft.Icons.WB_SUNNY_OUTLINED,
    action: ft.Control | None = None,
) -> ft.Control:
    """Nothing here, said as good news or with the way on."""
    lines: list[ft.Control] = [
        ft.Icon(icon, size=40, color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Text(words, theme_style=ft.TextThemeStyle.TITLE_MEDIUM, text_align=ft.TextAlign.CENTER),
    ]
    if hint:
        lines.append(
            ft.Text(
                hint,
                theme_style=ft.TextThemeStyle.BODY_MEDIUM,
                color=ft.Colors.ON_SURFACE_VARIANT,
                text_align=ft.TextAlign.CENTER,
            )
        )
    if action is not None:
        lines.append(action)
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=32),
        alignment=ft.Alignment.CENTER,
        content=ft.Column(
            lines,
            spacing=GAP,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


def waiting(words: str, *, done: int | None = None, total: int | None = None) -> ft.Control:
    """Something takes a moment; with `done` and `total`, how far it is."""
    value = done / total if done is not None and total else None
    return ft.Semantics(
        container=True,
        live_region=True,
        label=words,
        exclude_semantics=True,
        content=ft.Column([ft.ProgressBar(value=value), ft.Text(words)], spacing=GAP, tight=True),
    )
