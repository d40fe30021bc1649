"""What whoever has just begun would otherwise have to find: said on Today until it is done."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.caseload import Role
from app.navigation import go
from app.parts import banners, buttons, cards, lists
from app.wording import _


def first_steps(book: Casebook) -> list[ft.Control]:
    """How a supervisor on her own goes on; for others, that no telephone is known, if none is."""
    me = book.team.me()
    if me is None:
        return []
    if book.me.role == Role.SUPERVISOR and len(book.team.workers()) == 1:
        return [_alone()]
    if me.phone:
        return []
    return [
        banners.banner(
            _("When a parent asks for help by text, nobody could tell you: no number is known."),
            title=_("Your work telephone"),
            icon=ft.Icons.PHONE_OUTLINED,
            actions=[buttons.quiet(_("Give it now"), go("/settings/hours"))],
        )
    ]


def _alone() -> ft.Control:
    steps = [
        (_("Invite your colleagues"), "/team/people", ft.Icons.GROUP_ADD_OUTLINED),
        (_("Say who is on duty"), "/team/duty", ft.Icons.SUPPORT_AGENT),
        (_("Your working days and telephone"), "/settings/hours", ft.Icons.PHONE_OUTLINED),
        (_("Write down the first family"), "/families/new", ft.Icons.FAMILY_RESTROOM_OUTLINED),
    ]
    return cards.section(
        _("First steps"),
        [lists.rows([lists.tile(said, "", go(to), icon=icon, key=to) for said, to, icon in steps])],
    )
