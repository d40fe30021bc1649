"""Things to tap: one clear primary action a screen, the others quieter, all at least 48 px.

Pass the plain function: every button wraps it in the guard itself and ignores a second tap while
the first is still being worked on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.guards import handler
from app.theme import TARGET

Act = Callable[..., Any]


_RING = ft.BorderSide(
    width=3, color=ft.Colors.ON_SURFACE, stroke_align=ft.BorderSideStrokeAlign.OUTSIDE
)
"""Around what the keyboard would press."""
_EDGE, _NO_EDGE = ft.BorderSide(width=1, color=ft.Colors.OUTLINE), ft.BorderSide.none()


def primary(
    words: str,
    on_click: Act | None,
    *,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool = False,
    autofocus: bool = False,
    source: Act | None = None,
) -> ft.Control:
    """The one thing this screen is for. `source`: see `guards.handler`.

    It is not done while a date or time beside it cannot be read: that field is shown instead.
    """
    return ft.FilledButton(
        words,
        icon=icon,
        on_click=handler(on_click, once=True, fresh=True, readable=True, source=source),
        disabled=disabled,
        # False is not None to Flet: inside a wrapping row it would break the layout.
        expand=expand or None,
        autofocus=autofocus,
        style=_padded(),
    )


def secondary(
    words: str,
    on_click: Act | None,
    *,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    expand: bool = False,
) -> ft.Control:
    """Something else that is often wanted here."""
    return ft.OutlinedButton(
        words,
        icon=icon,
        on_click=handler(on_click, once=True),
        disabled=disabled,
        expand=expand or None,
        style=_padded(edge=_EDGE),
    )


def quiet(
    words: str,
    on_click: Act | None,
    *,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    autofocus: bool = False,
) -> ft.Control:
    """A way out, or a detail: Cancel, Show more."""
    return ft.TextButton(
        words,
        icon=icon,
        on_click=handler(on_click, once=True),
        disabled=disabled,
        autofocus=autofocus,
        style=_padded(),
    )


def danger(
    words: str,
    on_click: Act | None,
    *,
    icon: ft.IconData | None = None,
    disabled: bool = False,
    source: Act | None = None,
) -> ft.Control:
    """What cannot be taken back. Ask first: see `dialogs.confirm`."""
    return ft.FilledButton(
        words,
        icon=icon,
        on_click=handler(on_click, once=True, fresh=True, source=source),
        disabled=disabled,
        style=_padded(bgcolor=ft.Colors.ERROR, color=ft.Colors.ON_ERROR),
    )


def icon_button(
    icon: ft.IconData,
    name: str,
    on_click: Act | None,
    *,
    disabled: bool = False,
    selected: bool = False,
    colour: ft.ColorValue | None = None,
) -> ft.IconButton:
    """An icon with a name that a screen reader says; a tooltip alone names nothing on the web."""
    return ft.IconButton(
        ft.Icon(
            icon,
            semantics_label=name,
            color=ft.Colors.PRIMARY if selected else colour,
        ),
        tooltip=name,
        on_click=handler(on_click, once=True),
        disabled=disabled,
        size_constraints=ft.BoxConstraints(min_width=TARGET, min_height=TARGET),
    )


def actions(*buttons: ft.Control) -> ft.Control:
    """Buttons in a row that wraps; the primary one comes first."""
    return ft.Row(
        list(buttons),
        wrap=True,
        spacing=12,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _padded(
    bgcolor: ft.ColorValue | None = None,
    color: ft.ColorValue | None = None,
    edge: ft.BorderSide = _NO_EDGE,
) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        padding=ft.Padding.symmetric(horizontal=20, vertical=15),
        shape=ft.RoundedRectangleBorder(radius=12),
        bgcolor=bgcolor,
        color=color,
        # On a filled ground the tint that Material gives what has the focus is hardly seen.
        side={ft.ControlState.FOCUSED: _RING, ft.ControlState.DEFAULT: edge},
    )
