"""Unlocking: one field, kind words, growing waits after wrong tries, a way out if forgotten."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import flet as ft

from app.guards import screen
from app.layout import Porch
from app.lifecycle import Why
from app.parts import banners, buttons, fields, text
from app.screens.forgotten import Forgotten
from app.state import use_gate, use_session, use_state
from app.wording import _, ngettext, plain
from storage.errors import KeysDestroyed, StorageError, TooManyTries, WrongPassphrase

_WHY = {
    Why.AWAY: lambda: _("Locked because you were away. What you wrote is kept."),
    Why.IDLE: lambda: _("Locked because nothing was touched for a while. What you wrote is kept."),
    Why.ASKED: lambda: _("Locked. What you wrote is kept."),
}


@screen
def Unlock() -> ft.View:
    """The only screen of a locked device."""
    session, gate = use_session(), use_gate()
    phrase, set_phrase = use_state("")
    busy, set_busy = use_state(False)
    forgotten, set_forgotten = use_state(False)
    trouble, set_trouble = use_state(None)
    wait, set_wait = use_state(lambda: _waiting(session))
    ticking: Any = ft.use_ref(None)

    async def count_down() -> None:
        while (left := _waiting(session)) > 0:
            set_wait(left)
            await asyncio.sleep(1)
        set_wait(0)

    def start() -> None:
        if _waiting(session) > 0 and ticking.current is None:
            ticking.current = asyncio.create_task(count_down())

    def stop() -> None:
        if ticking.current is not None:
            ticking.current.cancel()
            ticking.current = None

    ft.use_effect(start, dependencies=[wait > 0], cleanup=stop)

    async def unlock() -> None:
        if busy or not phrase:
            return
        set_busy(True)
        set_trouble(None)
        try:
            await session.unlock(phrase)
            session.notice = None
        except (WrongPassphrase, TooManyTries, KeysDestroyed) as error:
            set_trouble(plain(error))
            set_wait(_waiting(session))
        except StorageError as error:
            set_trouble(plain(error))
        finally:
            set_phrase("")
            set_busy(False)

    if forgotten:
        return Forgotten(on_back=lambda: set_forgotten(False))
    body: list[ft.Control] = []
    if session.notice is not None:
        body.append(banners.problem(session.notice))
    if gate.why in _WHY and trouble is None:
        body.append(text.line(_WHY[gate.why]()))
    # Without taking the focus: a field that has it before the page has been described to a screen
    # reader shows what is typed into it, and the app never hears of it (Flutter's web client).
    body.append(fields.SecretField(_("Passphrase"), phrase, set_phrase, on_submit=unlock))
    if busy:
        body.append(banners.waiting(_("Opening…")))
    if trouble is not None:
        body.append(banners.problem(trouble))
    if wait > 0:
        body.append(
            text.line(
                ngettext("Try again in {n} second.", "Try again in {n} seconds.", wait).format(
                    n=wait
                )
            )
        )
    if session.vault is not None and session.vault.keys_destroyed:
        gone = KeysDestroyed(ordered=session.vault.wiped_on_order)
        body = [
            banners.problem(plain(gone)),
            buttons.primary(_("Pair this device again"), lambda: set_forgotten(True)),
        ]
        return Porch(_("Doorstep"), body, route="/unlock")
    body += [
        buttons.primary(_("Unlock"), unlock, icon=ft.Icons.LOCK_OPEN, disabled=busy or wait > 0),
        buttons.quiet(_("I forgot my passphrase"), lambda: set_forgotten(True)),
    ]
    if session.handed is not None and not session.handed.finished:
        body.append(buttons.quiet(_("Back to the form"), session.hand_again))
    return Porch(_("Doorstep"), body, route="/unlock")


def _waiting(session: Any) -> int:
    vault = session.vault
    return math.ceil(vault.wait_before_next_try()) if vault is not None else 0
