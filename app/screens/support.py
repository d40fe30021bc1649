"""The work itself: what the service offers a family now, and what was asked of agencies."""

from __future__ import annotations

import flet as ft

from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import buttons, cards, lists, text
from app.screens.appraisals import AppraisalCard, appraisal_row
from app.screens.interventions import InterventionCard, intervention_row
from app.state import use_changes, use_session, use_wide
from app.wording import _
from app.wording.vocabulary import words

KINDS = ("intervention", "action", "worker")


@part
def SupportCard(family: str) -> ft.Control:
    """What goes on now, with one tap to all of it."""
    use_changes(*KINDS)
    book = use_session().casebook
    base = f"/families/{family}/support"
    going = [one for one in book.interventions.of_family(family) if one.open]
    out = [one for one in book.appraisals.of_family(family) if one.open]
    rows = [intervention_row(book, one, go(base)) for one in going]
    rows += [appraisal_row(book, one, go(base)) for one in out]
    return cards.section(
        _("Interventions and appraisals"),
        [lists.rows(rows)] if rows else [text.small(_("Nothing goes on at present."))],
        action=buttons.quiet(_("All of it"), go(base), icon=ft.Icons.HANDYMAN_OUTLINED),
    )


@screen
def SupportView() -> ft.View:
    """`/families/:fid/support`."""
    use_changes(*KINDS)
    book, wide = use_session().casebook, use_wide()
    family = ft.use_route_params()["fid"]
    here = f"/families/{family}/support"
    interventions = book.interventions.of_family(family)
    appraisals = book.appraisals.of_family(family)
    offered, asked_for = words("intervention"), words("appraisal")
    left: list[ft.Control] = [
        cards.section(
            _("Interventions"),
            [InterventionCard(one, key=one.id) for one in interventions]
            or [text.small(_("None yet."))],
            action=buttons.quiet(_("Begin one"), go(f"{here}/begin"), icon=ft.Icons.ADD)
            if offered
            else None,
        )
    ]
    right: list[ft.Control] = []
    if asked_for or appraisals:
        right.append(
            cards.section(
                _("Appraisals"),
                [AppraisalCard(one, key=one.id) for one in appraisals]
                or [text.small(_("None asked for."))],
                action=buttons.quiet(_("Ask for one"), go(f"{here}/ask"), icon=ft.Icons.ADD)
                if asked_for
                else None,
            )
        )
    return Shell(
        _("Interventions and appraisals"),
        [
            text.small(book.families.name_of(family)),
            cards.columns(*map(_stack, filter(None, (left, right))), wide=wide),
        ],
        full_width=wide,
        selected="/families",
    )


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
