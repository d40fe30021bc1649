"""Time limits that have passed, by the worker who answers for them."""

from __future__ import annotations

import flet as ft

from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, cards, lists
from app.screens.as_csv import limits_as_csv
from app.screens.pathway_card import KINDS
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session
from app.wording import _, day, ngettext
from app.wording.vocabulary import word


@screen
def OverdueClocks() -> ft.View:
    """`/team/clocks`."""
    use_changes(*KINDS)
    book = use_session().casebook
    found = book.supervision.overdue_clocks()
    body: list[ft.Control] = []
    for worker, clocks in found:
        name = book.team.name_of(worker) if worker else _("Nobody works with these yet")
        rows = []
        for one in clocks:
            late = (book.today - one.due).days
            by = ngettext("Overdue by {n} day", "Overdue by {n} days", late).format(n=late)
            rows.append(
                lists.tile(
                    line_words(book, one.family),
                    _("{clock}. {late}, due {day}").format(
                        clock=word("clock", one.code), late=by, day=day(one.due, book.today)
                    ),
                    go(f"/families/{one.family}/pathway"),
                    icon=ft.Icons.TIMER_OFF_OUTLINED,
                    key=f"{one.family}{one.code}",
                )
            )
        count = ngettext("{name}: {n} passed", "{name}: {n} passed", len(clocks))
        body.append(cards.section(count.format(name=name, n=len(clocks)), [lists.rows(rows)]))
    if body:
        body.append(limits_as_csv(book))
    else:
        body.append(banners.empty(_("No time limit has passed.")))
    return Shell(_("Time limits passed"), body, selected="/team")
