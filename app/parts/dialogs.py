"""Questions and confirmations, through Flet's dialog hook: call these on every draw.

A covered tab shows no dialog; the question comes back with the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.guards import handler
from app.parts.buttons import Act, danger, primary, quiet
from app.state import use_gate
from app.wording import _


def use_question(
    asked: bool,
    *,
    title: str,
    words: str | ft.Control,
    yes: str,
    on_yes: Act,
    on_close: Callable[[], Any],
    no: str | None = None,
    on_no: Act | None = None,
    dangerous: bool = False,
    ready: bool = True,
    more: Sequence[ft.Control] = (),
    filled_in: bool = False,
) -> None:
    """Ask before something that matters. `asked` is your state; `on_close` sets it to False.

    While it is not `ready`, because something must be chosen first, there is no yes to press.
    Escape and a tap beside it close it, unless something is `filled_in` that would be lost. The
    keyboard begins at the answer that harms nothing.

    `on_yes` and `on_no` are called after the question was closed; `on_close` also when it was
    closed by itself, so it may do nothing else. `words` may be controls, such as fields.
    """
    covered = use_gate().covered

    async def agreed(e: Any) -> None:
        on_close()
        started = handler(on_yes)(e)
        await started

    async def refused(e: Any) -> None:
        on_close()
        await handler(on_no)(e)

    no_first = dangerous or no is not None  # a worded no is wanted as often as the yes
    if dangerous:
        confirm = danger(yes, agreed, source=on_yes, disabled=not ready)
    else:
        confirm = primary(
            yes,
            agreed,
            source=on_yes,
            disabled=not ready,
            autofocus=ready and not filled_in and not no_first,
        )
    ft.use_dialog(
        ft.AlertDialog(
            modal=filled_in,
            title=ft.Text(title),
            content=ft.Container(
                width=480,
                content=ft.Column(
                    [ft.Text(words) if isinstance(words, str) else words, *more],
                    tight=True,
                    spacing=12,
                ),
            ),
            scrollable=True,
            actions=[
                quiet(
                    no or _("Cancel"),
                    refused if on_no else on_close,
                    autofocus=no_first and not filled_in,
                ),
                confirm,
            ],
            actions_overflow_button_spacing=8,
            on_dismiss=handler(on_close, touch=False),
        )
        if asked and not covered
        else None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A short confirmation at the foot of the page, perhaps with one way back."""

    words: str
    undo: Act | None = None
    undo_words: str | None = None
    seconds: float = 8.0


def use_said(said: Said | None, on_close: Callable[[], Any]) -> None:
    """Show `said` (your state) as a snack bar; `on_close` sets it to None.

    With `undo`, one tap takes it back: better than asking beforehand.
    """
    covered = use_gate().covered

    async def take_back(e: Any) -> None:
        on_close()
        await handler(said.undo if said else None)(e)

    ft.use_dialog(
        ft.SnackBar(
            ft.Text(said.words, color=ft.Colors.ON_INVERSE_SURFACE),
            behavior=ft.SnackBarBehavior.FLOATING,
            duration=ft.Duration(milliseconds=round(said.seconds * 1000)),
            persist=False,
            action=ft.SnackBarAction(
                label=said.undo_words or _("Undo"),
                text_color=ft.Colors.INVERSE_PRIMARY,
                on_click=handler(take_back, once=True),
            )
            if said.undo
            else None,
            on_dismiss=handler(on_close, touch=False),
        )
        if said and not covered
        else None
    )


def tell(page: ft.Page, words: str) -> None:
    """Say something once, from a handler, without state: "Copied"."""
    page.show_dialog(
        ft.SnackBar(
            ft.Text(words, color=ft.Colors.ON_INVERSE_SURFACE),
            behavior=ft.SnackBarBehavior.FLOATING,
        )
    )
