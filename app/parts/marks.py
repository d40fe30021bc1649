"""Status at a glance, never by colour alone: a shape and a word or a letter each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import flet as ft

Tone = Literal["good", "plain", "attention", "bad", "quiet"]

TONES: dict[Tone, tuple[ft.IconData, ft.ColorValue, ft.ColorValue]] = {
    "good": (
        ft.Icons.CHECK_CIRCLE_OUTLINE,
        ft.Colors.PRIMARY_CONTAINER,
        ft.Colors.ON_PRIMARY_CONTAINER,
    ),
    "plain": (
        ft.Icons.INFO_OUTLINE,
        ft.Colors.SECONDARY_CONTAINER,
        ft.Colors.ON_SECONDARY_CONTAINER,
    ),
    "attention": (
        ft.Icons.ERROR_OUTLINE,
        ft.Colors.TERTIARY_CONTAINER,
        ft.Colors.ON_TERTIARY_CONTAINER,
    ),
    "bad": (
        ft.Icons.WARNING_AMBER_ROUNDED,
        ft.Colors.ERROR_CONTAINER,
        ft.Colors.ON_ERROR_CONTAINER,
    ),
    "quiet": (
        ft.Icons.CIRCLE_OUTLINED,
        ft.Colors.SURFACE_CONTAINER_HIGH,
        ft.Colors.ON_SURFACE,
    ),
}


def status(words: str, tone: Tone = "plain", *, icon: ft.IconData | None = None) -> ft.Control:
    """A small label: "Signed", "Only on this device", "Was not brought". Not for tapping.

    Long words wrap inside it, so it needs a width to wrap in: a column, a row that wraps, the end
    of a tile; not a plain row, which gives its children as much as they ask for.
    """
    sign, ground, ink = TONES[tone]
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=10, vertical=4),
        bgcolor=ground,
        border_radius=16,
        content=ft.Row(
            [
                ft.Icon(icon or sign, size=18, color=ink),
                ft.Text(
                    words,
                    theme_style=ft.TextThemeStyle.LABEL_MEDIUM,
                    color=ink,
                    expand=True,
                    expand_loose=True,
                ),
            ],
            spacing=6,
            tight=True,
        ),
    )


def statuses(*labels: ft.Control) -> ft.Control:
    """Several labels in a row that wraps."""
    return ft.Row(list(labels), wrap=True, spacing=6, run_spacing=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step of a strip: a letter, its tone, and the whole of it in words."""

    letter: str
    tone: Tone
    words: str


_FORMS: dict[Tone, tuple[float, bool]] = {
    # corner radius, outlined: so that a strip reads without any colour
    "good": (999, False),
    "plain": (999, True),
    "attention": (6, False),
    "bad": (0, False),
    "quiet": (999, True),
}


def strip(marks: Sequence[Mark], *, label: str) -> ft.Control:
    """A pattern over time, oldest first: round for seen, square for missed, a letter in each.

    `label` is the pattern in one sentence, for a screen reader and for whoever cannot see marks.
    """
    return ft.Semantics(
        container=True,
        label=label,
        exclude_semantics=True,
        content=ft.Row([_mark(mark) for mark in marks], wrap=True, spacing=4, run_spacing=4),
    )


def _mark(mark: Mark) -> ft.Control:
    _, ground, ink = TONES[mark.tone]
    radius, outlined = _FORMS[mark.tone]
    return ft.Container(
        width=28,
        height=28,
        alignment=ft.Alignment.CENTER,
        bgcolor=None if outlined else ground,
        border=ft.Border.all(2, ft.Colors.OUTLINE if outlined else ink),
        border_radius=radius,
        tooltip=mark.words,
        content=ft.Text(
            mark.letter,
            theme_style=ft.TextThemeStyle.LABEL_SMALL,
            size=14,  # the mark does not grow: its words are in the label
            color=ft.Colors.ON_SURFACE if outlined else ink,
        ),
    )
