"""The frame around every screen: bar or rail, title, sync line, lock, cover and countdown.

A screen returns `Shell(title, [controls...])` and thinks only of what is inside. Before the device
is open, `Porch` is the same frame without anywhere to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.guards import attempt, handler, part, screen
from app.navigation import Destination, go, goto
from app.parts.banners import banner, problem
from app.parts.buttons import icon_button, primary, secondary
from app.parts.cards import read_in_one
from app.state import (
    use_countdown,
    use_due,
    use_gate,
    use_look,
    use_session,
    use_tab,
)
from app.sync_line import SyncSign, SyncStrip
from app.theme import BROAD, NARROW, READABLE, ROOM, SCALES, WIDE_ROOM
from app.wording import Kind, _, clock, ngettext
from app.wrong_clock import WrongClock

PLACES: ft.ContextProvider[Sequence[Destination]] = ft.create_context(())
"""Provider of the destinations, set once at the root."""
RAIL = 104


@screen
def Shell(
    title: str,
    body: Sequence[ft.Control] | ft.Control,
    *,
    actions: Sequence[ft.Control] = (),
    foot: ft.Control | None = None,
    attention: str | Kind | None = None,
    remedies: Sequence[ft.Control] = (),
    scroll: bool = True,
    selected: str | None = None,
    broad: bool = False,
    full_width: bool = False,
    scrolled: str = "",
) -> ft.View:
    """A whole view.

    `body`: controls one below the other, scrolling together; with `scroll=False` one control that
    fills the page and scrolls itself (a `long_list`). `foot`: stays in sight below, for the one
    primary action. `attention`: what keeps that action from being done; it stands above it, in
    sight wherever the page was scrolled to, and is said aloud; `remedies` are buttons beside it.
    `actions`: icon buttons beside the title. `selected`: the destination to light
    up, found from the route when left out. `broad`: room for two columns on a tablet;
    `full_width`: no limit (tables). `scrolled`: what the page is scrolled in; it begins at its top
    again when that is another.
    """
    look, gate, session = use_look(), use_gate(), use_session()
    places = ft.use_context(PLACES)
    here = ft.use_view_path() or "/"
    at = _selected(places, selected or here)
    scale = SCALES[look.text_size]
    room = look.width - (RAIL * min(scale, 1.3) if look.wide else 0)
    limit = None if full_width else (BROAD if broad else READABLE) * scale
    inside = _column(body, room, limit, scroll=scroll, key=scrolled)
    due = len(use_due().alerts)
    page: list[ft.Control] = [
        Announced(),
        DueBanner(here),
        WrongClock(here),
        SyncStrip(),
        ft.Container(inside, expand=True),
    ]
    if foot is not None:
        page.append(_foot(foot, room, limit, Attention(attention, remedies)))
    content: ft.Control = _stretched(page)

    async def lock() -> None:
        await session.lock()

    async def to_place(e: ft.Event[Any]) -> None:
        await goto(places[int(e.control.selected_index)].route)

    if look.wide and places:
        content = ft.Row(
            [
                _rail(places, at, scale, to_place, due),
                ft.VerticalDivider(width=1, color=ft.Colors.OUTLINE_VARIANT),
                ft.Container(read_in_one(content), expand=True),
            ],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.View(
        route=here,
        padding=0,
        spacing=0,
        appbar=_bar(
            title,
            scale,
            gate.covered,
            [
                *actions,
                *([SyncSign()] if look.wide else []),
                icon_button(ft.Icons.LOCK_OUTLINE, _("Lock"), lock),
            ],
            # Between the places in the bar one goes by the bar.
            back=here not in {place.route for place in places},
        ),
        navigation_bar=None
        if look.wide or not places
        else ft.NavigationBar(
            selected_index=at,
            on_change=handler(to_place),
            destinations=[
                ft.NavigationBarDestination(
                    icon=_badged(place.icon, place, due),
                    selected_icon=_badged(place.selected_icon, place, due),
                    label=place.words,
                )
                for place in places
            ],
        ),
        controls=[_under_cover(content, gate.covered)],
    )


@screen
def Porch(
    title: str,
    body: Sequence[ft.Control],
    *,
    route: str = "/",
    foot: ft.Control | None = None,
) -> ft.View:
    """A view before the device is open: set up, join, unlock. Nowhere to go, nothing to see."""
    look, gate = use_look(), use_gate()
    scale = SCALES[look.text_size]
    page: list[ft.Control] = [
        ft.Container(
            _column(body, look.width, NARROW * scale, scroll=True),
            expand=True,
        )
    ]
    if foot is not None:
        page.append(_foot(foot, look.width, NARROW * scale))
    return ft.View(
        route=route,
        padding=0,
        spacing=0,
        appbar=_bar(title, scale, gate.covered, []),
        controls=[_under_cover(_stretched(page), gate.covered)],
    )


# -- what announces itself ----------------------------------------------------------------
@part
def Attention(said: str | Kind | None, remedies: Sequence[ft.Control]) -> ft.Control:
    """What must be noticed before the primary action is done, said aloud as it appears."""
    words = str(said) if said else ""

    async def say() -> None:
        if words:
            await attempt(lambda: ft.SemanticsService().announce_message(words))

    ft.use_effect(say, dependencies=[words])
    if not said:
        return ft.Container(height=0)
    if isinstance(said, str):
        return banner(said, tone="attention", actions=remedies, live=True)
    return problem(said, actions=remedies)


@part
def Announced() -> ft.Control:
    """The lock, announced a minute ahead, with one tap to stay."""
    countdown, session = use_countdown(), use_session()
    if countdown.seconds is None:
        return ft.Container(height=0)
    words = _("This device locks in {n} s. What you wrote is kept.").format(n=countdown.seconds)
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=8),
        content=banner(
            words,
            tone="attention",
            icon=ft.Icons.LOCK_CLOCK,
            actions=[primary(_("Stay"), session.stay)],
        ),
    )


@part
def DueBanner(here: str) -> ft.Control:
    """The next visit that is about to begin, on every screen but its own."""
    alerts, session = use_due().alerts, use_session()
    route = f"/appointments/{alerts[0].appointment}" if alerts else ""
    if not alerts or here == route:
        return ft.Container(height=0)
    book = session.casebook
    a = book.diary.get(alerts[0].appointment)
    words = _("{time} {family}").format(
        time=clock(a.starts), family=book.families.name_of(a.family)
    )
    begun = a.starts <= book.now
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=8),
        content=banner(
            words,
            tone="plain",
            title=_("Began just now") if begun else _("Begins soon"),
            icon=ft.Icons.NOTIFICATIONS_ACTIVE_OUTLINED,
            actions=[secondary(_("Open"), go(route))],
            live=True,
        ),
    )


@part
def Cover() -> ft.Control:
    """What a covered tab shows: nothing of anybody. A tap lifts it, for a missed return."""
    tab = use_tab()

    async def lift() -> None:
        await tab.session.show(tab)

    return ft.Container(
        expand=True,
        bgcolor=ft.Colors.SURFACE,
        alignment=ft.Alignment.CENTER,
        content=ft.Column(
            [
                ft.Icon(ft.Icons.DOOR_FRONT_DOOR, size=72, color=ft.Colors.PRIMARY),
                ft.TextButton(_("Covered. Tap to look again."), on_click=handler(lift)),
            ],
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


# -- pieces -------------------------------------------------------------------------------
def _under_cover(content: ft.Control, covered: bool) -> ft.Control:
    """The page and the cover above it. Always the same shape, so that covering loses no state.

    The page stays in the semantics tree: taking a field out of it while it has the focus makes
    Flutter's web client empty the field. Nobody reads a page that is out of sight.
    """
    return ft.SafeArea(
        expand=True,
        content=ft.Stack(
            expand=True,
            fit=ft.StackFit.EXPAND,
            controls=[
                content,
                ft.Container(Cover() if covered else None, visible=covered, expand=True),
            ],
        ),
    )


def _stretched(page: list[ft.Control]) -> ft.Control:
    return ft.Column(
        page, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _bar(
    title: str, scale: float, covered: bool, actions: list[ft.Control], *, back: bool = True
) -> ft.AppBar:
    return ft.AppBar(
        automatically_imply_leading=back,
        title=ft.Text(
            _("Doorstep") if covered else title,
            max_lines=2,
            overflow=ft.TextOverflow.ELLIPSIS,
        ),
        toolbar_height=round(64 * scale),
        actions=[] if covered else actions,
        actions_padding=ft.Padding.only(right=4),
    )


def _badged(icon: ft.IconData, place: Destination, due: int) -> ft.IconData | ft.Icon:
    """The place's icon; on Today with how many visits are about to begin."""
    if not due or place.route != "/":
        return icon
    said = ngettext("{n} visit begins soon", "{n} visits begin soon", due).format(n=due)
    return ft.Icon(icon, badge=ft.Badge(label=str(due)), semantics_label=said)


def _rail(
    places: Sequence[Destination], at: int, scale: float, on_change: Any, due: int
) -> ft.NavigationRail:
    return ft.NavigationRail(
        selected_index=at,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=RAIL * min(scale, 1.3),
        group_alignment=-1.0,
        on_change=handler(on_change),
        destinations=[
            ft.NavigationRailDestination(
                icon=_badged(place.icon, place, due),
                selected_icon=_badged(place.selected_icon, place, due),
                label=place.words,
                padding=ft.Padding.symmetric(vertical=6),
            )
            for place in places
        ],
    )


def _column(
    body: Sequence[ft.Control] | ft.Control,
    room: float,
    limit: float | None,
    *,
    scroll: bool,
    key: str = "",
) -> ft.Control:
    """The body in a column that is never wider than reads well, centred."""
    edge = _edge(room)
    if not scroll:
        one = body if isinstance(body, ft.Control) else _stretched(list(body))
        sides = edge if room > READABLE else 0
        return ft.Column(
            [
                ft.Container(
                    one,
                    width=_width(room, limit),
                    expand=True,
                    padding=ft.Padding.symmetric(horizontal=sides),
                )
            ],
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
    controls = [body] if isinstance(body, ft.Control) else list(body)
    return ft.Column(
        [
            ft.Container(
                width=_width(room, limit),
                padding=ft.Padding.only(left=edge, right=edge, top=ROOM, bottom=2 * WIDE_ROOM),
                content=ft.Column(
                    controls,
                    spacing=ROOM,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
            )
        ],
        expand=True,
        key=f"page {key}",
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _foot(
    control: ft.Control, room: float, limit: float | None, above: ft.Control | None = None
) -> ft.Control:
    return ft.Container(
        bgcolor=ft.Colors.SURFACE,
        border=ft.Border.only(top=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        padding=ft.Padding.symmetric(vertical=10),
        content=ft.Column(
            [
                ft.Container(
                    ft.Column(
                        [above, control] if above is not None else [control],
                        tight=True,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    ),
                    width=_width(room, limit),
                    padding=ft.Padding.symmetric(horizontal=_edge(room)),
                )
            ],
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


def _width(room: float, limit: float | None) -> float | None:
    """None, whatever comes, until the client has said how wide it is."""
    if not room:
        return None
    return room if limit is None else min(room, limit + 2 * WIDE_ROOM)


def _edge(room: float) -> int:
    return WIDE_ROOM if room > READABLE else ROOM


def _selected(places: Sequence[Destination], route: str) -> int:
    """The place whose route is the longest beginning of `route`; the first when none is."""
    fitting = [
        (len(place.route), at)
        for at, place in enumerate(places)
        if route == place.route or route.startswith(place.route.rstrip("/") + "/")
    ]
    return max(fitting)[1] if fitting else 0
