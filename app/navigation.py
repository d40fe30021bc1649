"""Going from screen to screen, and the few places that are always one tap away.

A tap that opens something goes there (`go`, `goto`). What has done its work gives way, so that
nobody comes back to a form that is saved: `finished` returns to where it was opened from,
`instead` shows what was made. The arrow leads where the browser's own "back" does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.guards import handler, screen, tab_of
from app.state import use_tab
from app.trail import BACK, INSTEAD, Trail, bare
from app.unread import within


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
    """Open `route` from inside a handler; the arrow there leads back here."""
    trail().went(route)
    await ft.context.page.push_route(route)


async def instead(route: str) -> None:
    """Show `route` in the place of this one, which nobody comes back to."""
    trail().replaced(route)
    await ft.context.page.push_route(route + INSTEAD)


async def finished(fallback: str) -> None:
    """A form has done its work: back to where it was opened from, or to `fallback`."""
    before = trail().back()
    if before is None:
        await instead(fallback)
    else:
        await ft.context.page.push_route(before + BACK)


async def back() -> None:
    """What the arrow does: where this was opened from, else the view below it."""
    await finished(_below(ft.context.page))


def trail() -> Trail:
    """Where this tab has been."""
    tab = tab_of(ft.context.page)
    return tab.trail if tab is not None else Trail()


def use_query() -> dict[str, str]:
    """What stands after the question mark of the address, each name once."""
    asked = urlsplit(use_tab().trail.routes[-1] if use_tab().trail.routes else "").query
    return {name: values[0] for name, values in parse_qs(asked).items()}


def rooms(routes: Sequence[ft.Route]) -> list[ft.Route]:
    """The routes as the router needs them: every change of address is noted, and a screen begins
    anew at another address, so that no family's screen keeps what was typed about another.
    """
    return [replace(_room(route), loader=_arrived) for route in routes]


def _room(route: ft.Route) -> ft.Route:
    component = route.component
    return replace(
        route,
        component=_at_its_address(component) if component is not None else None,
        children=[_room(child) for child in route.children] if route.children else None,
    )


@cache
def _at_its_address(component: Callable[..., Any]) -> Callable[..., Any]:
    @screen
    def Place() -> Any:
        return component(key=ft.use_view_path())

    return Place


def _arrived(_params: dict[str, str]) -> None:
    trail().arrived(ft.context.page.route or "/")


def _below(page: ft.Page) -> str:
    """The address of the view under the one on top."""
    routes = [view.route for view in within(page.views, ft.View)]
    return bare(routes[-2]) if len(routes) > 1 else "/"
