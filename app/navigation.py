"""Going from screen to screen, and the few places that are always one tap away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
