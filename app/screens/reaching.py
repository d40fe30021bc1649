"""Ringing a number and opening a map, with what must be known first said before either.

Leaving the app for a call keeps the device open a little longer (see `app.lifecycle`), because a
worker comes back to write down what was said. Numbers and addresses are handed to the platform
and never logged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import flet as ft

from app.casework.safe_contact import Caution, Route
from app.guards import attempt
from app.parts import banners, buttons, dialogs, text
from app.state import use_session, use_state
from app.wording import _
from app.wording.vocabulary import word


def caution_words(cautions: tuple[Caution, ...]) -> str:
    """The cautions as sentences, gravest first."""
    return " ".join(word("caution", c) for c in cautions)


def tel(number: str) -> str:
    """A `tel:` link; only what a telephone dials is kept of the number."""
    return "tel:" + quote("".join(c for c in number if c.isdigit() or c in "+*#"), safe="+*")


def map_link(address: str) -> str:
    """A search on the platform's own map. `geo:` on phones, a web map elsewhere."""
    return "geo:0,0?q=" + quote_plus(address)


def web_map_link(address: str) -> str:
    """The same for a laptop, which has no map of its own."""
    return "https://www.openstreetmap.org/search?query=" + quote_plus(address)


def use_ringing() -> Callable[[Route, str, tuple[Caution, ...]], Callable[[], Any]]:
    """A hook: gives `ring(route, name, cautions)`, a handler that warns first and then dials.

    The number itself is always shown too, for a device that cannot dial.
    """
    session = use_session()
    asked, ask = use_state(None)

    async def dial() -> None:
        route: Route = asked[0]
        session.lifecycle.went_out()
        await attempt(lambda: ft.UrlLauncher().launch_url(tel(route.number)))

    route, name, cautions = asked or (None, "", ())
    warnings: list[ft.Control] = []
    if route is not None:
        if cautions:
            warnings.append(
                banners.safe_contact_warning(
                    caution_words(cautions), code_word=route.code_word or None
                )
            )
        if route.remark:
            warnings.append(text.line(route.remark))
    dialogs.use_question(
        route is not None,
        title=_("Ring {name}?").format(name=name),
        words=text.line(route.number if route else "", strong=True, selectable=True),
        more=warnings,
        yes=_("Ring"),
        on_yes=dial,
        on_close=lambda: ask(None),
    )
    return lambda route, name, cautions: lambda: ask((route, name, cautions))


def map_button(address: str) -> ft.Control:
    """One tap to the address on a map."""
    session = use_session()
    page = ft.context.page
    phone = page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)

    async def look() -> None:
        session.lifecycle.went_out()
        link = map_link(address) if phone and not page.web else web_map_link(address)
        await attempt(lambda: ft.UrlLauncher().launch_url(link))

    return buttons.secondary(_("Map"), look, icon=ft.Icons.MAP_OUTLINED)
