"""What the team and its organisation are called, to be corrected like any other slip."""

from __future__ import annotations

import flet as ft

from app.guards import part
from app.parts import buttons, cards, dialogs, fields
from app.state import use_changes, use_session, use_state
from app.wording import _


@part
def TeamNames() -> ft.Control:
    """As they stand on papers, on the team's page and in the figures."""
    use_changes("team")
    book = use_session().casebook
    team = book.team.team()
    name, set_name = use_state(team.name if team else "")
    organisation, set_organisation = use_state(team.organisation if team else "")
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    if team is None:
        return ft.Container(height=0)

    def save() -> None:
        book.team.change_team(name=name.strip(), organisation=organisation.strip())
        say(dialogs.Said(words=_("Saved.")))

    changed = (name.strip(), organisation.strip()) != (team.name, team.organisation)
    return cards.section(
        _("Names"),
        [
            cards.card(
                fields.text_field(_("Team"), name, set_name),
                fields.text_field(_("Organisation"), organisation, set_organisation),
                buttons.actions(
                    buttons.secondary(
                        _("Save names"), save, disabled=not changed or not name.strip()
                    )
                ),
            )
        ],
    )
