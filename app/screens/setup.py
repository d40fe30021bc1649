"""Setting up a device: join with an invite, or start an organisation.

Joining shows whose app has to be opened. Starting shows the recovery key once, to print, and asks
for parts of it back before it ends. Either can be interrupted and goes on where it was.
"""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from app.guards import screen
from app.layout import Porch
from app.parts import banners, buttons, cards, text
from app.screens.founding import StartOrganisation
from app.screens.joining import Join, Waiting
from app.state import use_session, use_state
from app.wording import _
from sync.pairing import joining
from sync.replacing import left_behind
from sync.setting_up import is_begun


@screen
def Setup() -> ft.View:
    """What to do first; or where it was left."""
    session = use_session()
    way, take = use_state(None)
    vault = session.vault
    begun: Any = None
    if vault is not None and not vault.locked:
        if joining(vault) is not None:
            begun = "wait"
        elif is_begun(vault):
            begun = "start"
        elif session.device is not None and left_behind(session.device.file):
            begun = "join"  # it is being paired again, and its invite was not accepted
    way = way or begun

    async def back() -> None:
        await asyncio.sleep(0)
        take(None)

    async def choose_anew() -> None:
        await asyncio.sleep(0)
        take("choose")  # not None: opened again, it stands there without having been chosen

    async def join_anew() -> None:
        await asyncio.sleep(0)
        take("join")

    if way == "wait":
        return Waiting(on_back=join_anew)
    if way == "join":
        return Join(on_joined=lambda: take("wait"), on_back=choose_anew)
    if way == "start":
        return StartOrganisation(on_back=back)
    return Porch(
        _("Welcome to Doorstep"),
        [
            text.heading(_("Set up this device"), level=2),
            text.line(
                _(
                    "Notes, appointments and contacts with families stay sealed on this device and "
                    "are only opened by you and the colleagues who need them."
                )
            ),
            cards.card(
                text.heading(_("I have an invite"), level=3),
                text.line(_("From your supervisor or administrator: a code, or a picture of it.")),
                buttons.primary(
                    _("Join with an invite"), lambda: take("join"), icon=ft.Icons.LOGIN
                ),
            ),
            cards.card(
                text.heading(_("We are new"), level=3),
                text.line(_("For the first supervisor of an organisation, once.")),
                buttons.secondary(
                    _("Start an organisation"), lambda: take("start"), icon=ft.Icons.DOMAIN_ADD
                ),
            ),
            banners.banner(
                _("Nothing is sent anywhere before you choose."), icon=ft.Icons.LOCK_OUTLINE
            ),
        ],
    )
