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
    ground = ft.Container(
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
    return read_in_one(ground, key=key)


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


def read_in_one(control: ft.Control, *, key: str | None = None) -> ft.Control:
    """So that a screen reader is through with it before it goes on to what stands beside it.

    Without it what is side by side is read line by line across, two families' warnings mixed.
    """
    apart = ft.Card(  # for nothing but this: the texts in it stay texts of their own
        control,
        semantic_container=False,
        elevation=0,
        margin=0,
        bgcolor=ft.Colors.TRANSPARENT,
        shape=ft.RoundedRectangleBorder(radius=0),
    )
    return ft.Semantics(container=True, content=apart, key=key)


def columns(*controls: ft.Control, wide: bool) -> ft.Control:
    """Side by side where there is room (`use_wide()`), one below the other where there is not."""
    if wide:
        return ft.Row(
            [ft.Container(read_in_one(control), expand=True) for control in controls],
            spacing=ROOM,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Column(
        list(controls),
        spacing=ROOM,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
