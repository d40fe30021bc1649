"""Going from screen to screen, and the few places that are always one tap away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.guards import handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place in the bar or rail. At most five."""

    route: str
    words: str
    icon: ft.IconData
    selected_icon: ft.IconData


def go(route: str) -> Any:
    """A handler that goes to `route`: `tile(..., on_click=go(f"/families/{family.record}"))`."""

    async def leave() -> None:
        await goto(route)

    return handler(leave)


async def goto(route: str) -> None:
    """Go to `route` from inside a handler, after the work is done."""
    await ft.context.page.push_route(route)


def asked() -> dict[str, str]:
    """What the address that is open says after its question mark: `/close?decision=panel`.

    Flet's own hook gives the path alone. Of a name said twice the first counts.
    """
    query = parse_qs(urlsplit(str(ft.context.page.route or "")).query)
    return {name: values[0] for name, values in query.items()}
