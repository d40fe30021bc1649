"""Rows to tap. A row's accessible name is its title and subtitle, so both must stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import flet as ft

from app.guards import handler
from app.parts.buttons import Act
from app.theme import ROUND


def tile(
    title: str,
    subtitle: str = "",
    on_click: Act | None = None,
    *,
    icon: ft.IconData | None = None,
    leading: ft.Control | None = None,
    trailing: ft.Control | None = None,
    below: ft.Control | None = None,
    selected: bool = False,
    key: str | None = None,
) -> ft.ListTile:
    """One row. Give rows of a changing list a stable `key`, best the record id.

    `trailing` takes its width from the words: a number or an icon. What has words of its own
    stands `below`, where it leaves them room in the largest text on a phone.
    """
    words = ft.Text(subtitle) if subtitle else None
    return ft.ListTile(
        key=key,
        title=ft.Text(title),
        subtitle=ft.Column(
            [line for line in (words, below) if line is not None], spacing=6, tight=True
        )
        if below is not None
        else words,
        leading=leading or (ft.Icon(icon) if icon is not None else None),
        trailing=trailing,
        selected=selected,
        min_height=56,
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=4),
        on_click=handler(on_click, once=True),
    )


def rows(tiles: Sequence[ft.Control]) -> ft.Control:
    """A short list on one card with lines between (to about 30 rows)."""
    controls: list[ft.Control] = []
    for at, row in enumerate(tiles):
        if at:
            controls.append(ft.Divider(height=1, color=ft.Colors.OUTLINE_VARIANT))
        controls.append(row)
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=ROUND,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        content=ft.Column(
            controls,
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def long_list(tiles: Iterable[ft.Control], **options: Any) -> ft.ListView:
    """A long list that builds only what is near the eye. Give at most about 1,000 rows.

    Fills what is left of the page: use it as the body of `Shell(..., scroll=False)`.
    """
    return ft.ListView(list(tiles), expand=True, **options)
