"""Two people given the same work by supervisors without a signal: both stand until one chooses."""

from __future__ import annotations

import flet as ft

from app.casework.pathway import Double
from app.guards import part
from app.navigation import go
from app.parts import buttons, cards, text
from app.screens.telling_apart import line_words
from app.state import use_session
from app.wording import _, day
from app.wording.vocabulary import word


@part
def DoubleCard(double: Double) -> ft.Control:
    """Who was given what by whom, and the choice, which is a supervisor's."""
    book = use_session().casebook
    supervisor = book.me.role == "supervisor"
    lines: list[ft.Control] = [
        text.heading(
            _("{family}: {function}").format(
                family=line_words(book, double.family),
                function=word("function", double.function),
            ),
            level=3,
        ),
        text.line(_("Two supervisors allocated this without having seen each other.")),
    ]
    for one in double.allocations:
        who = book.team.name_of(one.worker) or _("a colleague")
        by = book.team.name_of(one.author) or _("a colleague")
        lines.append(
            cards.card(
                text.line(who, strong=True),
                text.small(
                    _("Allocated by {by}, from {day}").format(by=by, day=day(one.since, book.today))
                ),
                *(
                    [
                        buttons.actions(
                            buttons.secondary(
                                _("Only {who}").format(who=who),
                                lambda kept=one.id: book.supervision.keep_one(double, kept),
                                icon=ft.Icons.CHECK,
                            )
                        )
                    ]
                    if supervisor
                    else []
                ),
            )
        )
    if supervisor:
        lines.append(
            buttons.actions(
                buttons.secondary(_("Keep both"), lambda: book.supervision.keep_both(double)),
                buttons.quiet(_("Open the family"), go(f"/families/{double.family}")),
            )
        )
    else:
        lines.append(text.small(_("A supervisor chooses. Until then both work with the family.")))
    return cards.card(*lines)
