"""Dates and times that can be typed as one would say them, or picked.

Typing is faster than three calendars for someone who knows the date, and the only way for some.
What was understood is said back in words below the field.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import flet as ft

from app.guards import handler, part
from app.parts.buttons import icon_button
from app.parts.fields import text_field
from app.state import use_gate, use_state
from app.unread import Unread
from app.wording import _, clock, day, long_day
from app.wording.typed import typed_date, typed_time


def DateField(
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    *,
    today: date,
    error: str | None = None,
    hint: str | None = None,
    past: bool = False,
    first: date | None = None,
    last: date | None = None,
) -> ft.Control:
    """A date. `on_change` gets the date, or None while what stands there is none.

    `past`: a day without its year lies behind us (a date of birth). `first` and `last` bound the
    calendar only; judge the value yourself and pass `error`.
    """
    # Its label is its identity: drawn in the place of another date it must forget what was typed.
    return _DateField(
        label,
        value,
        on_change,
        today=today,
        error=error,
        hint=hint,
        past=past,
        first=first,
        last=last,
        key=f"date {label}",
    )


@part
def _DateField(
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    *,
    today: date,
    error: str | None,
    hint: str | None,
    past: bool,
    first: date | None,
    last: date | None,
) -> ft.Control:
    covered = use_gate().covered
    text, set_text = use_state(lambda: day_typed(value, today))
    left, set_left = use_state(False)
    picking, set_picking = use_state(False)
    shown = text if typed_date(text, today, past=past) == value else day_typed(value, today)

    def typed(new: str) -> Any:
        set_text(new)
        set_left(False)
        understood = typed_date(new, today, past=past)
        return on_change(understood) if understood != value else None

    def picked(e: ft.Event[ft.DatePicker]) -> Any:
        set_picking(False)
        chosen = day_picked(e.control.value)
        if chosen is None:
            return None
        set_text(day_typed(chosen, today))
        return on_change(chosen)

    ft.use_dialog(
        ft.DatePicker(
            value=value or today,
            first_date=first or date(today.year - 110, 1, 1),
            last_date=last or date(today.year + 5, 12, 31),
            help_text=label,
            on_change=handler(picked),
            on_dismiss=handler(lambda: set_picking(False), touch=False),
        )
        if picking and not covered
        else None
    )
    unclear = left and bool(shown.strip()) and value is None
    field = text_field(
        label,
        shown,
        typed,
        error=error or (_("Please write a date such as 4 June 2026.") if unclear else None),
        hint=long_day(value) if value is not None else hint,
        expand=True,
    )
    field.on_blur = handler(lambda: set_left(True), touch=False)
    field.data = _unread(shown, value, set_left)
    return _beside(
        field,
        icon_button(
            ft.Icons.CALENDAR_MONTH,
            _("Pick: {what}").format(what=label),
            lambda: set_picking(True),
        ),
    )


def TimeField(
    label: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    *,
    error: str | None = None,
    hint: str | None = None,
) -> ft.Control:
    """A time of day. `on_change` gets the time, or None while what stands there is none."""
    return _TimeField(label, value, on_change, error=error, hint=hint, key=f"time {label}")


@part
def _TimeField(
    label: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    *,
    error: str | None,
    hint: str | None,
) -> ft.Control:
    covered = use_gate().covered
    text, set_text = use_state(lambda: clock(value) if value else "")
    left, set_left = use_state(False)
    picking, set_picking = use_state(False)
    shown = text if typed_time(text) == value else (clock(value) if value else "")

    def typed(new: str) -> Any:
        set_text(new)
        set_left(False)
        understood = typed_time(new)
        return on_change(understood) if understood != value else None

    def picked(e: ft.Event[ft.TimePicker]) -> Any:
        set_picking(False)
        chosen = e.control.value
        if not isinstance(chosen, time):
            return None
        set_text(clock(chosen))
        return on_change(chosen)

    ft.use_dialog(
        ft.TimePicker(
            value=value or time(9, 0),
            entry_mode=ft.TimePickerEntryMode.INPUT,
            hour_format=ft.TimePickerHourFormat.H24,
            help_text=label,
            on_change=handler(picked),
            on_dismiss=handler(lambda: set_picking(False), touch=False),
        )
        if picking and not covered
        else None
    )
    unclear = left and bool(shown.strip()) and value is None
    field = text_field(
        label,
        shown,
        typed,
        error=error or (_("Please write a time such as 9.30 or 14:00.") if unclear else None),
        hint=clock(value) if value is not None and shown.strip() != clock(value) else hint,
        expand=True,
    )
    field.on_blur = handler(lambda: set_left(True), touch=False)
    field.data = _unread(shown, value, set_left)
    return _beside(
        field,
        icon_button(
            ft.Icons.SCHEDULE, _("Pick: {what}").format(what=label), lambda: set_picking(True)
        ),
    )


def _unread(shown: str, value: object, set_left: Callable[[bool], None]) -> Unread | bool:
    """While words stand there that mean nothing, the field says so and nothing is saved."""
    # Not None: Flet takes that for "as it was drawn before".
    return Unread(lambda: set_left(True)) if shown.strip() and value is None else False


def day_picked(value: object) -> date | None:
    """The day somebody picked, from what the client makes of it.

    The client sends the midnight it showed as an instant in UTC, which in British summer lies on
    the day before; noon of that day is on the right one wherever the device stands.
    """
    if isinstance(value, datetime):
        return (value + timedelta(hours=12)).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def day_typed(value: date | None, today: date) -> str:
    """A date as it stands in its field: `4 June`, with the year when it is another one."""
    if value is None:
        return ""
    return day(value, today).partition(" ")[2]


def _beside(field: ft.Control, button: ft.Control) -> ft.Control:
    return ft.Row(
        [field, ft.Container(button, padding=ft.Padding.only(top=4))],
        spacing=4,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
