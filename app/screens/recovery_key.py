"""The 24 words of the recovery key on the screen, and the sheet of paper they belong on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import flet as ft

from app import outside
from app.guards import part
from app.paper import sheet
from app.parts import banners, buttons, cards
from app.state import use_session
from app.wording import _, local, long_day


@part
def RecoveryKey(words: Sequence[str], organisation: str, address: str) -> ft.Control:
    """Every word with its number, and a way to print them where a browser can."""
    session = use_session()
    printing = session.papers is not None

    async def put_on_paper() -> None:
        on = local(session.clock.now()).date()
        await outside.print_sheet(session, recovery_sheet(words, organisation, address, on))

    what = _(
        "These 24 words open everything if every supervisor's device is lost. They are shown once "
        "and kept nowhere."
    )
    then = (
        _("Write them down or print them, on paper alone, and lock the paper away.")
        if printing
        else _("Write them down on paper and lock the paper away.")
    )
    lines: list[ft.Control] = [
        banners.banner(
            f"{what} {then}", title=_("The recovery key"), tone="attention", icon=ft.Icons.KEY
        ),
        cards.card(
            ft.ResponsiveRow(
                [
                    ft.Container(
                        ft.Text(f"{n}. {word}", theme_style=ft.TextThemeStyle.TITLE_MEDIUM),
                        col={"xs": 6, "sm": 4},
                    )
                    for n, word in enumerate(words, 1)
                ],
                run_spacing=12,
            )
        ),
    ]
    if printing:
        lines.append(
            buttons.actions(buttons.secondary(_("Print"), put_on_paper, icon=ft.Icons.PRINT))
        )
    return ft.Column(
        lines, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def recovery_sheet(words: Sequence[str], organisation: str, address: str, on: date) -> str:
    """The words as a sheet, with what somebody must know who finds nothing but the sheet."""
    return sheet(
        _("Doorstep: recovery key"),
        [
            organisation,
            _("Printed on {day}").format(day=long_day(on)),
            _(
                "These 24 words open every record of this organisation. They are for the day when "
                "every supervisor's device is lost, and exist on this paper alone."
            ),
        ],
        words,
        [
            _("Keep it in a sealed envelope under lock. Keep no file and no picture of it."),
            _("To use the words, on a new laptop: doorstep recover --office {address}").format(
                address=address.strip()
            ),
        ],
    )
