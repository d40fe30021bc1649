"""What left on paper or as a file: who made what for whom, the latest first."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.paper import LISTS, PaperMade, Sheet
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, lists, text
from app.state import use_changes, use_session, use_state
from app.wording import _, moment, ngettext
from app.wording.vocabulary import word

ROWS_AT_ONCE = 50


@screen
def PapersView() -> ft.View:
    """`/team/papers`."""
    use_changes("paper")
    book = use_session().casebook
    limit, set_limit = use_state(ROWS_AT_ONCE)
    made = book.papers.all()
    body: list[ft.Control] = [
        text.small(
            _("Documents and lists that somebody took out of the app. None of them is kept here.")
        )
    ]
    if not made:
        body.append(banners.empty(_("Nothing was taken out."), icon=ft.Icons.PRINT_OUTLINED))
    else:
        body.append(lists.rows([_row(book, one) for one in made[:limit]]))
    if len(made) > limit:
        body.append(buttons.quiet(_("Show earlier"), lambda: set_limit(limit + ROWS_AT_ONCE)))
    return Shell(_("Taken out"), body, selected="/team")


def _row(book: Casebook, one: PaperMade) -> ft.Control:
    form = one.form
    who = ", ".join((moment(one.at, book.now), book.team.name_of(one.author)))
    if form.what is Sheet.LIST:
        count = ngettext("{n} row", "{n} rows", form.rows).format(n=form.rows)
        return lists.tile(
            f"{word('sheet', form.what)}: {word('list' if form.of in LISTS else 'tile', form.of)}",
            "\n".join((who, count)),
            icon=ft.Icons.TABLE_CHART_OUTLINED,
            key=one.id,
        )
    put_in = len(form.put_in)
    extra = ngettext(
        "{n} thing was put in that is left out otherwise",
        "{n} things were put in that are left out otherwise",
        put_in,
    ).format(n=put_in)
    said = ", ".join(filter(None, (word("meant_for", form.meant_for), form.to)))
    return lists.tile(
        f"{word('sheet', form.what)}: {book.families.name_of(one.family)}",
        "\n".join(filter(None, (who, said, extra if put_in else ""))),
        go(f"/families/{one.family}/paper"),
        icon=ft.Icons.DESCRIPTION_OUTLINED,
        key=one.id,
    )
