"""Things to fill in: always controlled, always labelled, the error beside the field it is about.

Flet empties a field that is not given its value on every redraw, so `value` is required, and
`on_change` receives the new value itself, not an event.

Every field has a key, made of its kind and its label. Without one Flet tells siblings apart by
their place: a field that moves down because another appears above it would be drawn as that other
one. When a field of one line so becomes one of several, Flutter's web client stops updating what a
screen reader hears, for good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flet as ft

from app.guards import handler, part
from app.parts.buttons import Act, icon_button
from app.parts.typed import TypedField, value_to
from app.state import use_state
from app.theme import GAP, TIGHT
from app.wording import _

Change = Callable[[str], Any]
_BODY = ft.TextThemeStyle.BODY_LARGE


def text_field(
    label: str,
    value: str,
    on_change: Change,
    *,
    error: str | None = None,
    hint: str | None = None,
    on_submit: Act | None = None,
    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT,
    all_capitals: bool = False,
    autofocus: bool = False,
    read_only: bool = False,
    expand: bool = False,
) -> TypedField:
    """One line. `error` is a sentence or None; `hint` stands below, always readable.

    `all_capitals` is for postcodes. Flet forces what it calls capitalization on every letter typed,
    and there is no right one for names: it makes "Van Der Berg" of "van der Berg".
    """
    return TypedField(
        key=f"line {label}",
        label=label,
        value=value,
        error=error,
        helper=None if error else hint,
        on_change=handler(value_to(on_change), fresh=True, source=on_change),
        on_submit=handler(on_submit, once=True, fresh=True),
        keyboard_type=keyboard,
        capitalization=ft.TextCapitalization.CHARACTERS if all_capitals else None,
        autofocus=autofocus,
        read_only=read_only,
        expand=expand or None,
        **_box(),
    )


def long_text(
    label: str,
    value: str,
    on_change: Change,
    *,
    error: str | None = None,
    hint: str | None = None,
    lines: int = 6,
    max_lines: int | None = None,
    on_blur: Act | None = None,
    autofocus: bool = False,
    read_only: bool = False,
    private: bool = True,
) -> TypedField:
    """Several lines, for notes. `private` keeps the keyboard from learning a family's words."""
    return TypedField(
        key=f"lines {label}",
        label=label,
        value=value,
        error=error,
        helper=None if error else hint,
        multiline=True,
        min_lines=lines,
        max_lines=max_lines,
        on_change=handler(value_to(on_change), fresh=True, source=on_change),
        on_blur=handler(on_blur, touch=False),
        autofocus=autofocus,
        read_only=read_only,
        enable_suggestions=not private,
        enable_ime_personalized_learning=not private,
        align_label_with_hint=True,
        **_box(),
    )


@part
def SecretField(
    label: str,
    value: str,
    on_change: Change,
    *,
    error: str | None = None,
    hint: str | None = None,
    on_submit: Act | None = None,
    autofocus: bool = False,
) -> TypedField:
    """A passphrase: hidden, can be shown, never learnt by the keyboard."""
    # Flet's own eye has no name for a screen reader.
    shown, show = use_state(False)
    eye = icon_button(
        ft.Icons.VISIBILITY_OFF_OUTLINED if shown else ft.Icons.VISIBILITY_OUTLINED,
        _("Hide: {what}").format(what=label) if shown else _("Show: {what}").format(what=label),
        lambda: show(not shown),
    )
    return TypedField(
        key=f"secret {label}",
        label=label,
        value=value,
        error=error,
        helper=None if error else hint,
        password=not shown,
        suffix_icon=eye,
        enable_suggestions=False,
        autocorrect=False,
        enable_ime_personalized_learning=False,
        on_change=handler(value_to(on_change), fresh=True, source=on_change),
        on_submit=handler(on_submit, once=True, fresh=True),
        autofocus=autofocus,
        **_box(),
    )


def search_field(label: str, value: str, on_change: Change) -> TypedField:
    """Search as you type. Debounce in the screen when the search is not instant."""
    return TypedField(
        key=f"search {label}",
        label=label,
        value=value,
        prefix_icon=ft.Icons.SEARCH,
        # In the largest text it is longer than a phone is wide, and would wrap out of its box.
        label_style=ft.TextStyle(overflow=ft.TextOverflow.ELLIPSIS),
        on_change=handler(value_to(on_change), fresh=True, source=on_change),
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
        **_box(radius=28),
    )


def choice(
    label: str,
    value: str | None,
    options: Mapping[str, str],
    on_change: Change,
    *,
    error: str | None = None,
) -> ft.Control:
    """One of a few, all in sight: radios below their question. `options` maps key to words."""
    return _asked(
        label,
        ft.RadioGroup(
            value=value or "",
            on_change=handler(_value_to(on_change), fresh=True, source=on_change),
            content=ft.Column(
                [ft.Radio(value=key, label=words) for key, words in options.items()],
                spacing=0,
                tight=True,
            ),
        ),
        error,
    )


def chips(
    label: str,
    chosen: Sequence[str],
    options: Mapping[str, str],
    on_change: Callable[[list[str]], Any],
    *,
    error: str | None = None,
    many: bool = True,
) -> ft.Control:
    """Any of a few (`many`), or one of them, as chips that wrap."""

    def toggle(key: str) -> Any:
        if not many:
            return on_change([] if key in chosen else [key])
        return on_change(
            [k for k in options if (k in chosen) != (k == key)]  # keeps the options' order
        )

    return _asked(
        label,
        ft.Row(
            [
                ft.Chip(
                    key=key,
                    # A chip's label is one line unless it says how many.
                    label=ft.Text(words, max_lines=8, no_wrap=False),
                    selected=key in chosen,
                    show_checkmark=True,
                    bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
                    selected_color=ft.Colors.PRIMARY_CONTAINER,
                    padding=ft.Padding.symmetric(horizontal=6, vertical=10),
                    on_select=handler(lambda k=key: toggle(k), fresh=True, source=on_change),
                )
                for key, words in options.items()
            ],
            wrap=True,
            spacing=GAP,
            run_spacing=GAP,
        ),
        error,
    )


def ticks(
    label: str,
    chosen: Sequence[str],
    options: Mapping[str, str],
    on_change: Callable[[list[str]], Any],
) -> ft.Control:
    """Any of a few that are whole sentences, which chips would cut off."""

    def set_to(key: str) -> Callable[[bool], Any]:
        def change(yes: bool) -> Any:
            return on_change([k for k in options if (yes if k == key else k in chosen)])

        return change

    boxes = [tick(words, key in chosen, set_to(key), key=key) for key, words in options.items()]
    return _asked(label, ft.Column(boxes, spacing=0, tight=True), None)


def dropdown(
    label: str,
    value: str | None,
    options: Mapping[str, str],
    on_change: Change,
    *,
    error: str | None = None,
    hint: str | None = None,
) -> ft.DropdownM2:
    """One of many. (DropdownM2: the plain Dropdown has no name for a screen reader.)"""
    return ft.DropdownM2(
        key=f"one of {label}",
        label=label,
        value=value,
        error=error,
        helper=None if error else hint,
        # The client shows an option's key, not its text; its content it does show.
        options=[
            ft.dropdownm2.Option(key=key, text=words, content=ft.Text(words, theme_style=_BODY))
            for key, words in options.items()
        ],
        on_change=handler(_value_to(on_change), fresh=True, source=on_change),
        **_box(),
    )


def tick(label: str, value: bool, on_change: Callable[[bool], Any], *, key: str = "") -> ft.Control:
    """Yes or not yet. The words wrap, which a checkbox's own label does not, and can be tapped.

    `key` tells two with the same words apart.
    """
    return ft.MergeSemantics(
        ft.Row(
            [
                ft.Checkbox(
                    key=f"tick {key or label}",
                    data=label,
                    value=value,
                    on_change=handler(
                        lambda e: on_change(bool(e.control.value)), fresh=True, source=on_change
                    ),
                ),
                ft.Container(
                    ft.Text(label, theme_style=_BODY),
                    expand=True,
                    on_click=handler(lambda: on_change(not value), fresh=True, source=on_change),
                ),
            ],
            spacing=TIGHT,
        ),
        key=f"ticked {key or label}",
    )


def switch(label: str, value: bool, on_change: Callable[[bool], Any]) -> ft.Switch:
    """On or off, at once."""
    return ft.Switch(
        key=f"switch {label}",
        label=label,
        value=value,
        on_change=handler(lambda e: on_change(bool(e.control.value)), fresh=True, source=on_change),
    )


def _asked(label: str, answer: ft.Control, error: str | None) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Text(label, theme_style=ft.TextThemeStyle.LABEL_LARGE),
        answer,
    ]
    if error:
        lines.append(
            ft.Row(
                [
                    ft.Icon(ft.Icons.ERROR_OUTLINE, size=18, color=ft.Colors.ERROR),
                    ft.Text(
                        error,
                        theme_style=ft.TextThemeStyle.BODY_SMALL,
                        color=ft.Colors.ERROR,
                        expand=True,
                    ),
                ],
                spacing=6,
            )
        )
    # One group of that name: a screen reader says which question a Yes answers.
    asked = ft.Column(lines, spacing=4, tight=True)
    return ft.Semantics(container=True, content=asked, key=f"asked {label}")


def _box(radius: float = 10) -> dict[str, Any]:
    """How every field looks: a plain outline that is there before it is touched."""
    plain = ft.BorderSide(1, ft.Colors.OUTLINE)
    chosen = ft.BorderSide(2, ft.Colors.PRIMARY)
    return {
        "border": {
            ft.ControlState.DEFAULT: ft.OutlineInputBorder(side=plain, border_radius=radius),
            ft.ControlState.FOCUSED: ft.OutlineInputBorder(side=chosen, border_radius=radius),
            ft.ControlState.ERROR: ft.OutlineInputBorder(
                side=ft.BorderSide(2, ft.Colors.ERROR), border_radius=radius
            ),
        },
        "filled": True,
        "fill_color": ft.Colors.SURFACE_CONTAINER_LOWEST,
        "hover_color": ft.Colors.SURFACE_CONTAINER_LOW,
        "content_padding": ft.Padding.symmetric(horizontal=14, vertical=16),
        "helper_max_lines": 4,
        "error_max_lines": 4,
    }


def _value_to(change: Change) -> Callable[[Any], Any]:
    return lambda e: change(str(e.control.value or ""))
