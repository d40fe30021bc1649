"""The office's reminder desk on the people's page: confirmed, or to be confirmed by comparing.

The first supervisor confirms it by starting the organisation. Later only an office that was set up
anew shows another one; a supervisor compares its code with the one that the office prints, because
whoever stands between the two could show a desk of her own. Must not know what the desk sends.
"""

from __future__ import annotations

import asyncio

import flet as ft

from app.guards import part
from app.parts import banners, buttons, cards, text
from app.state import use_session, use_state
from app.wording import _, plain
from storage.errors import StorageError
from sync.desk import certify_desk, desk_fingerprint
from sync.errors import SyncError
from sync.protocol import DeskIdentity


@part
def DeskSection(shown: DeskIdentity) -> ft.Control:
    """Whether the desk that the office shows is ours; for supervisors, the means to say so."""
    session = use_session()
    exchange = session.exchange
    busy, set_busy = use_state(False)
    trouble, set_trouble = use_state(None)
    if exchange is None:
        return ft.Container()
    line = exchange.line
    ours = {desk.device for desk in line.directory.desks()}
    code = desk_fingerprint(shown)
    if shown.device in ours:
        return cards.section(
            _("Reminder desk"),
            [
                cards.card(
                    text.line(_("Confirmed. Reminders are sealed to this desk alone.")),
                    text.fact(_("Code"), code),
                )
            ],
        )

    async def confirm() -> None:
        set_busy(True)
        set_trouble(None)
        try:
            await asyncio.to_thread(certify_desk, line, shown)
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))
        finally:
            set_busy(False)

    lines: list[ft.Control] = [
        banners.banner(
            _(
                "The office shows a reminder desk that nobody has confirmed. Compare this code "
                "with the one that the office prints when it starts, by telephone if need be. "
                "Confirm only if every character is the same."
            ),
            tone="attention",
        ),
        text.fact(_("Code"), code),
    ]
    if trouble is not None:
        lines.append(banners.problem(trouble))
    lines.append(
        buttons.actions(
            buttons.primary(
                _("The codes are the same"), confirm, icon=ft.Icons.CHECK, disabled=busy
            )
        )
    )
    return cards.section(_("Reminder desk"), [cards.card(*lines)])
