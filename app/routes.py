"""Which screen stands at which address, and which are one tap away.

Each screen's author adds one line to `ROUTES`. A nested route opens above its parent, so that
"back" works from a link too.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.navigation import Destination
from app.session import Session
from app.wording import _

ROUTES: list[ft.Route] = []


def places(session: Session) -> Sequence[Destination]:
    """The bar and rail for whoever this device belongs to."""
    shared = [
        Destination(
            route="/",
            words=_("Today"),
            icon=ft.Icons.TODAY_OUTLINED,
            selected_icon=ft.Icons.TODAY,
        ),
        Destination(
            route="/families",
            words=_("Families"),
            icon=ft.Icons.FAMILY_RESTROOM_OUTLINED,
            selected_icon=ft.Icons.FAMILY_RESTROOM,
        ),
    ]
    own = [
        Destination(
            route="/sync",
            words=_("Sync"),
            icon=ft.Icons.CLOUD_OUTLINED,
            selected_icon=ft.Icons.CLOUD,
        ),
        Destination(
            route="/settings",
            words=_("Settings"),
            icon=ft.Icons.SETTINGS_OUTLINED,
            selected_icon=ft.Icons.SETTINGS,
        ),
    ]
    me = session.vault.me if session.vault else None
    if me is None or me.role == "worker":
        return [*shared, *own]
    team = Destination(
        route="/team",
        words=_("Team"),
        icon=ft.Icons.SUPERVISOR_ACCOUNT_OUTLINED,
        selected_icon=ft.Icons.SUPERVISOR_ACCOUNT,
    )
    return [*shared, team, *own]
