"""Leaving the app on purpose: ringing a number, opening a map, copying, printing.

Ring and map give five minutes before the device locks instead of thirty seconds. A number or an
address is only ever handed to the platform here, on a tap, and never logged.
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote, urlencode

import flet as ft

from app.guards import attempt, tab_of
from app.parts.dialogs import tell
from app.session import Session
from app.wording import _

CLIPBOARD_SECONDS = 60.0
_CHOOSING_S = 300.0
"""Seconds in which somebody chooses where a file goes; as long as the app may be left for."""


async def ring(number: str) -> None:
    """Hand a number to the telephone. Show the safe-contact warning and the number beside it."""
    await _leave(f"tel:{quote(number.replace(' ', ''), safe='+')}")


MAP = "www.openstreetmap.org"
"""Who is asked for a map where the platform has none of its own."""


def map_site() -> str | None:
    """The site that learns an address with `show_on_map`; None for the platform's own map."""
    page = ft.context.page
    own = page.platform == ft.PagePlatform.IOS or (
        page.platform == ft.PagePlatform.ANDROID and not page.web
    )
    return None if own else MAP


async def show_on_map(address: str) -> None:
    """Open an address, one line, in the platform's map."""
    site = map_site()
    if site is not None:
        await _leave(f"https://{site}/search?{urlencode({'query': address})}")
    elif ft.context.page.platform == ft.PagePlatform.IOS:
        await _leave(f"maps://?{urlencode({'q': address})}")
    else:
        await _leave(f"geo:0,0?{urlencode({'q': address})}")


async def copy(session: Session, text: str) -> None:
    """Copy deliberately, and empty the clipboard after a minute."""
    page = ft.context.page
    if not await attempt(lambda: _to_clipboard(text), default=False):
        tell(page, _("This device does not let the app copy. Please type it."))
        return
    tell(page, _("Copied. It is gone from the clipboard in a minute."))

    async def forget() -> None:
        await asyncio.sleep(CLIPBOARD_SECONDS)
        await attempt(lambda: _to_clipboard(""), default=False)

    session.later(forget())


async def print_sheet(session: Session, sheet: str) -> None:
    """Print one sheet of `app.paper` from the browser; only where `session.papers` is there.

    The page takes the address for itself (`app.index_page`): no window opens.
    """
    if session.papers is None:
        return
    path = session.papers.offer(sheet)
    if not await attempt(lambda: _launch(path), default=False):
        tell(ft.context.page, _("This browser does not print."))


async def save(name: str, contents: bytes) -> bool:
    """Give a document away as a file: to the browser's downloads, or where the platform asks.

    It goes from memory; here nothing of it is written anywhere. `name` says nothing of a family:
    it is seen in every list of files. False when it was not taken.
    """
    page = ft.context.page
    tab = tab_of(page)
    if tab is not None:
        tab.session.lifecycle.went_out()
    answer = await attempt(
        lambda: _to_file(name, contents), default="no such service", seconds=_CHOOSING_S
    )
    if answer == "no such service":
        tell(page, _("This device does not let the app save a file."))
    return answer == "taken"


async def _to_file(name: str, contents: bytes) -> str:
    """`taken`, or `not wanted` where somebody thought better of it. A browser says nothing."""
    path = await ft.FilePicker().save_file(file_name=name, src_bytes=contents)
    return "taken" if ft.context.page.web or path else "not wanted"


async def _to_clipboard(text: str) -> bool:
    await ft.Clipboard().set(text)
    return True


async def _leave(url: str) -> None:
    page = ft.context.page
    tab = tab_of(page)
    if tab is not None:
        tab.session.lifecycle.went_out()
    done = await attempt(lambda: _launch(url), default=False)
    if done is False:
        tell(page, _("This device has nothing to open that with."))


async def _launch(url: str) -> bool:
    launcher = ft.UrlLauncher()
    await launcher.launch_url(url)
    return True
