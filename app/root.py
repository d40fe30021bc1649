"""The root of every tab: attaches it to the session, and shows set-up, unlock or the screens.

While the device is locked nothing but the unlock screen is drawn; the route is kept, so that after
unlocking the person is where she was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.guards import handler, screen
from app.layout import PLACES
from app.navigation import Destination, back, go, rooms
from app.parts.banners import empty
from app.parts.buttons import secondary
from app.session import Session
from app.state import Tab, use_state, within
from app.wording import _

log = logging.getLogger(__name__)
_HIDDEN = {
    ft.AppLifecycleState.HIDE,
    ft.AppLifecycleState.PAUSE,
    ft.AppLifecycleState.DETACH,
}
_SHOWN = {
    ft.AppLifecycleState.SHOW,
    ft.AppLifecycleState.RESUME,
    ft.AppLifecycleState.RESTART,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """What the product shows; the components come from app/screens and app/supervisor."""

    setup: Callable[[], Any]
    unlock: Callable[[], Any]
    handed: Callable[[], Any]
    """What a parent sees to whom the device was handed."""
    routes: Sequence[ft.Route]
    places: Callable[[Session], Sequence[Destination]]
    """The destinations for whoever this device belongs to; asked while it is open."""


def opener(session: Session, screens: Screens) -> Callable[[ft.Page], Any]:
    """The `main` for Flet: everything a new tab needs."""

    async def main(page: ft.Page) -> None:
        page.title = _("Doorstep")
        tab = session.attach(page)
        tab.draw = lambda: page.render_views(Root, tab, screens)
        outlive_closing(page)
        listen(tab)
        tab.draw()
        await session.show(tab)

    return main


def listen(tab: Tab) -> None:
    """Hear what happens to the tab as a whole."""
    page, session = tab.page, tab.session

    def resized(e: ft.PageResizeEvent) -> None:
        tab.look.width = float(e.width)

    async def noticed(e: ft.AppLifecycleStateChangeEvent) -> None:
        if e.state in _HIDDEN:
            await session.hide(tab)
        elif e.state in _SHOWN:
            await session.show(tab)

    async def key(e: ft.KeyboardEvent) -> None:
        if e.ctrl and e.key.upper() == "L":
            await session.lock()

    async def connected() -> None:
        outlive_closing(page)
        tab.connected = True
        tab.gate.stage = session.stage
        if tab.stale:
            tab.stale = False
            tab.draw()
        else:
            tab.gate.redraws += 1
        await session.show(tab)

    async def disconnected() -> None:
        tab.connected = False
        await session.hide(tab)

    # Before the router is there: it leaves to us what the arrow does, and waits for nothing.
    page.on_view_pop = lambda e: session.later(handler(back)(e))
    page.on_resize = handler(resized, touch=False)
    page.on_app_lifecycle_state_change = handler(noticed, touch=False)
    page.on_keyboard_event = handler(key)
    page.on_connect = handler(connected, touch=False)
    page.on_disconnect = handler(disconnected, touch=False)
    page.on_close = handler(lambda: session.detach(tab), touch=False)


def outlive_closing(page: ft.Page) -> None:
    """Let what is drawn in the moment a connection closes go nowhere.

    Flet 1.0.5 raises there, which ends the task that draws, in the middle of a change: the tab
    would come back frozen or in pieces. Nothing is lost by it: whoever returns is sent all anew.
    """
    connection: Any = page.session.connection
    send = connection.send_message

    def careful(message: Any) -> None:
        try:
            send(message)
        except AttributeError as error:
            if (error.name, error.obj) != ("put_nowait", None):
                raise
            log.debug("drawn while the connection closed")

    connection.send_message = careful


@screen
def Root(tab: Tab, screens: Screens) -> Any:
    """One of four worlds."""
    gate, _set = use_state(tab.gate)
    # One slot for hooks whatever the stage: Flet counts them by position.
    places = screens.places(tab.session) if gate.stage == "open" else ()

    def world() -> Any:
        if gate.stage == "open":
            return ft.Router(rooms(screens.routes), not_found=NotFound, manage_views=True)
        locked = {"setup": screens.setup, "handed": screens.handed}
        return [locked.get(gate.stage, screens.unlock)()]

    return within(tab, lambda: PLACES(places, world))


@screen
def NotFound() -> Any:
    """An address that leads nowhere, from an old link or a typing slip."""
    return ft.Container(
        padding=24,
        content=empty(
            _("There is nothing at this address."),
            icon=ft.Icons.EXPLORE_OFF_OUTLINED,
            action=secondary(_("Back to the start"), go("/")),
        ),
    )
