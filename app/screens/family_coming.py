"""What is booked with a family: the next appointments, one tap away from what is told of each."""

from __future__ import annotations

import flet as ft

from app.guards import part
from app.navigation import go
from app.parts import buttons, cards, lists, text
from app.state import use_session, use_state
from app.wording import _, clock, local, near_day
from app.wording.vocabulary import word

SHOWN = 5
MORE = 20


@part
def Coming(family: str) -> ft.Control:
    """The next few appointments, those called off included and called so."""
    book = use_session().casebook
    limit, set_limit = use_state(SHOWN)
    found = book.diary.of_family(family, limit=limit + 1)
    rows = [
        lists.tile(
            _("{day}, {begin}–{end}").format(
                day=near_day(local(a.starts).date(), book.today),
                begin=clock(a.starts),
                end=clock(a.ends),
            ),
            _("cancelled") if a.cancelled else word("contact_type", a.kind),
            go(f"/appointments/{a.id}"),
            icon=ft.Icons.EVENT_BUSY if a.cancelled else ft.Icons.EVENT,
            key=a.id,
        )
        for a in found[:limit]
    ]
    shown = lists.rows(rows) if rows else text.small(_("Nothing booked."))
    more = (
        [
            buttons.quiet(_("Show later ones"), lambda: set_limit(limit + MORE)),
        ]
        if len(found) > limit
        else []
    )
    return cards.section(_("What is booked"), [shown, *more])
