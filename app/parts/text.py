"""Words on the screen: headings a screen reader can jump between, and lines that wrap.

Sizes come from the theme's roles, so that one setting makes all of them larger.
"""

from __future__ import annotations

import flet as ft

STYLE = ft.TextThemeStyle


def heading(words: str, *, level: int = 2, icon: ft.IconData | None = None) -> ft.Control:
    """A heading; the view's own title is level 1, so sections begin at 2."""
    style = {1: STYLE.HEADLINE_MEDIUM, 2: STYLE.TITLE_LARGE, 3: STYLE.TITLE_MEDIUM}
    text = ft.Text(words, theme_style=style.get(level, STYLE.TITLE_SMALL), expand=icon is not None)
    line = text if icon is None else ft.Row([ft.Icon(icon, size=22), text], spacing=8)
    return ft.Semantics(header=True, heading_level=level, content=line)


def line(words: str, *, strong: bool = False) -> ft.Text:
    """Ordinary words that wrap. Not selectable: Flet would offer that as a field without a name."""
    return ft.Text(words, theme_style=STYLE.TITLE_MEDIUM if strong else STYLE.BODY_LARGE)


def small(words: str, *, colour: ft.ColorValue = ft.Colors.ON_SURFACE_VARIANT) -> ft.Text:
    """What may be overlooked: when it was saved, who wrote it."""
    return ft.Text(words, theme_style=STYLE.BODY_SMALL, color=colour)


def figure(number: str, words: str) -> ft.Control:
    """A number that should be seen from afar, with what it counts beneath."""
    return ft.Semantics(
        container=True,
        label=f"{number} {words}".strip(),
        exclude_semantics=True,
        content=ft.Column(
            [
                ft.Text(number, theme_style=STYLE.HEADLINE_LARGE),
                *([small(words)] if words else []),
            ],
            spacing=0,
            tight=True,
        ),
    )


def fact(name: str, value: str, *, icon: ft.IconData | None = None) -> ft.Control:
    """One named fact, such as "Due date: Mon 14 December 2026 (28+0)"; alone without a value."""
    words = ft.Column(
        [small(name), ft.Text(value, theme_style=STYLE.BODY_LARGE)] if value else [line(name)],
        spacing=0,
        tight=True,
        expand=True,
    )
    if icon is None:
        return ft.Row([words])
    sign = ft.Icon(icon, size=22, color=ft.Colors.ON_SURFACE_VARIANT)
    return ft.Row([sign, words], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START)
