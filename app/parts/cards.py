"""Grounds to put things on: a card for one matter, a section for several."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.parts.text import heading
from app.theme import GAP, ROOM, ROUND


def card(
    *controls: ft.Control, spacing: int = GAP, padding: int = ROOM, key: str | None = None
) -> ft.Control:
    """One matter: a family, an appointment, a question."""
    return ft.Container(
        key=key,
        padding=padding,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=ROUND,
        content=ft.Column(
            list(controls),
            spacing=spacing,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def section(
    title: str,
    controls: Sequence[ft.Control],
    *,
    action: ft.Control | None = None,
    level: int = 2,
    spacing: int = GAP,
) -> ft.Control:
    """A heading, perhaps one action beside it, and what belongs under it."""
    top = heading(title, level=level)
    first: ft.Control = (
        top
        if action is None
        else ft.Row(
            [ft.Container(top, expand=True), action],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    )
    return ft.Column(
        [first, *controls],
        spacing=spacing,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def columns(*controls: ft.Control, wide: bool) -> ft.Control:
    """Side by side where there is room (`use_wide()`), one below the other where there is not."""
    if wide:
        return ft.Row(
            [ft.Container(control, expand=True) for control in controls],
            spacing=ROOM,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Column(
        list(controls),
        spacing=ROOM,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
