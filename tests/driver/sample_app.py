"""A tiny Flet app for the driver's own test: a locked door, a note that saves itself, a date.

It also shows what the driver expects of a real app: an address printed on start, named icons,
controlled fields, dates written the British way.
"""

import datetime as dt
import os
from typing import Any

import flet as ft

from app.web import WebHost

PASSPHRASE = "open sesame"
GREETING = os.environ.get("SAMPLE_GREETING", "Hello")


@ft.component
def Door(on_open: Any) -> ft.Control:
    typed, set_typed = ft.use_state("")
    wrong, set_wrong = ft.use_state(False)

    def unlock() -> None:
        set_wrong(typed != PASSPHRASE)
        on_open(typed == PASSPHRASE)

    return ft.Column(
        [
            ft.TextField(
                label="Passphrase",
                password=True,
                value=typed,
                error="That is not it" if wrong else None,
                on_change=lambda e: set_typed(e.control.value),
            ),
            ft.Button("Unlock", on_click=unlock, height=48),
        ]
    )


@ft.component
def Note() -> ft.Control:
    note, set_note = ft.use_state("")
    day, set_day = ft.use_state(dt.date(2026, 3, 10))
    picking, set_picking = ft.use_state(False)

    def picked(e: Any) -> None:
        set_picking(False)  # before the date: a picker still shown would open again
        # The picker answers with local midnight in UTC: in summer that is the day before.
        set_day((e.control.value + dt.timedelta(hours=12)).date())

    ft.use_dialog(
        ft.DatePicker(
            value=day,
            first_date=dt.date(2026, 1, 1),
            last_date=dt.date(2026, 12, 31),
            on_change=picked,
            on_dismiss=lambda: set_picking(False),
        )
        if picking
        else None
    )
    return ft.Column(
        [
            ft.Text(GREETING),
            ft.TextField(
                label="Visit note",
                multiline=True,
                value=note,
                on_change=lambda e: set_note(e.control.value),
            ),
            ft.Text(f"Kept {len(note)} characters"),
            ft.Text(f"Visit on {day:%d %B %Y}"),
            ft.Button("Change date", on_click=lambda: set_picking(True), height=48),
        ]
    )


@ft.component
def Sample() -> ft.Control:
    unlocked, set_unlocked = ft.use_state(False)
    return ft.SafeArea(Note() if unlocked else Door(on_open=set_unlocked))


def main(page: ft.Page) -> None:
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale("en", "GB")], current_locale=ft.Locale("en", "GB")
    )
    page.render(Sample)


if __name__ == "__main__":
    host = WebHost(main, title="Sample", language="en_GB")
    print(f"Open {host.address}", flush=True)
    host.run()
