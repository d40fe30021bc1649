"""A family at a glance: who they are, what to know before knocking, how it goes, and everything.

Risks and access come first because they are read on a doorstep; then the people with their own
addresses and telephones, the pattern of engagement, legal history, goals, the network, and below
it the timeline of all that happened.
"""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.period import PeriodKind
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import buttons, cards, lists, marks, text
from app.screens import family_children, twice
from app.screens.family_coming import Coming
from app.screens.family_engagement import Engagement
from app.screens.family_legal import legal
from app.screens.family_people import People
from app.screens.family_timeline import Timeline
from app.screens.family_warnings import alike, before_you_go
from app.screens.measures import MeasuresCard
from app.screens.pathway_card import PathwayCard
from app.screens.plans import PlansCard
from app.screens.support import SupportCard
from app.screens.writing import begin_note
from app.state import use_changes, use_session, use_wide
from app.wording import (
    _,
    day,
)
from app.wording.vocabulary import own_word, word
from storage.doorway import SENDING

KINDS = (
    "family", "person", "membership", "address", "safe_contact", "period", "professional",
    "risk_note", "access_note", "allocation", "goal", "action", "appointment", "attendance",
    "visit_note", "addendum", "note_review", "contact", "obstacle", "pregnancy", "life_event",
    "recorded_twice", "referral", "episode", "decision", "clock_pause", "consent", "receipt",
    "reply", "alarm_log",
)  # fmt: skip


@screen
def FamilyView() -> ft.View:
    """`/families/:fid`."""
    use_changes(*KINDS, SENDING)
    session, wide = use_session(), use_wide()
    book = session.casebook
    family = book.families.get(ft.use_route_params()["fid"])
    base = f"/families/{family.id}"
    if family.joined_into is not None:
        return Shell(
            _titled(family),
            [*twice.pointer(book, family), _standing(book, family), Timeline(family.id)],
            selected="/families",
        )
    top: list[ft.Control] = [
        *twice.other_entries(book, family),
        *alike(family),
        *before_you_go(book, family),
        buttons.actions(
            buttons.primary(
                _("Write a note"), begin_note(session, family.id), icon=ft.Icons.EDIT_NOTE
            ),
            buttons.secondary(
                _("Book"),
                go(f"/appointments/new?family={family.id}"),
                icon=ft.Icons.EVENT_AVAILABLE,
            ),
            buttons.secondary(
                _("Telephone support"), go(f"{base}/contact"), icon=ft.Icons.CALL_OUTLINED
            ),
            buttons.quiet(
                _("Restricted note"), go(f"{base}/restricted"), icon=ft.Icons.LOCK_OUTLINE
            ),
        ),
    ]
    about = [
        _standing(book, family),
        PathwayCard(family),
        Coming(family.id),
        Engagement(family.engagement, family.id),
        People(family),
        family_children.Lost(family),
        family_children.Elsewhere(family),
        legal(book, family),
    ]
    more = [
        PlansCard(family),
        SupportCard(family.id),
        MeasuresCard(family.id),
        _network(family),
        _notes_to_know(family),
        Timeline(family.id),
    ]
    if wide:
        body = [
            *top,
            cards.columns(_stack(about), _stack(more), wide=True),
        ]
    else:
        body = [*top, *about, *more]
    return Shell(
        _titled(family),
        body,
        full_width=wide,
        actions=[
            buttons.icon_button(ft.Icons.EDIT_OUTLINED, _("Change family"), go(f"{base}/change"))
        ],
        selected="/families",
    )


def _titled(family: Family) -> str:
    return f"{family.name} ({family.ref})" if family.ref else family.name


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=20, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _standing(book: Casebook, family: Family) -> ft.Control:
    stage = next((p for p in family.periods if p.kind is PeriodKind.STAGE and not p.until), None)
    labels: list[ft.Control] = [marks.status(word("family_status", family.status), "plain")]
    if stage is not None and word("stage", stage.code) != word("family_status", family.status):
        labels.append(marks.status(word("stage", stage.code), "plain"))
    labels += [marks.status(word("overdue", o), "attention") for o in family.overdue]
    who = [
        f"{book.team.name_of(a.worker) or _('a colleague')} ({word('function', a.function)})"
        for a in family.allocations
        if a.until is None
    ]
    lines: list[ft.Control] = [marks.statuses(*labels)]
    lines.append(text.fact(_("Works with"), ", ".join(dict.fromkeys(who)) or _("Nobody yet")))
    for referral in family.referrals[:1]:
        lines.append(
            text.fact(
                _("Referred"),
                _("{day}, {source}").format(
                    day=day(referral.received_at, book.today),
                    source=", ".join(
                        filter(
                            None,
                            (
                                word("source", referral.source)
                                if referral.source
                                else _("by whom is not said yet"),
                                word("via", referral.via),
                            ),
                        )
                    ),
                )
                + (f"\n{referral.reason}" if referral.reason else ""),
            )
        )
    if family.known_as:
        lines.append(text.fact(_("Also known as"), family.known_as))
    if family.locality:
        lines.append(text.fact(_("Area"), own_word("locality", family.locality)))
    return cards.card(*lines)


def _network(family: Family) -> ft.Control:
    rows = [
        lists.tile(
            p.name,
            "\n".join(
                part
                for part in (", ".join(x for x in (p.role, p.agency) if x), p.phone, p.email)
                if part
            ),
            go(f"/families/{family.id}/network/{p.id}"),
            icon=ft.Icons.BADGE_OUTLINED,
            key=p.id,
        )
        for p in family.network
        if p.until is None
    ]
    return cards.section(
        _("Network of professionals"),
        [lists.rows(rows)] if rows else [text.small(_("Nobody written down yet."))],
        action=buttons.quiet(_("Add"), go(f"/families/{family.id}/network/new"), icon=ft.Icons.ADD),
    )


def _notes_to_know(family: Family) -> ft.Control:
    return buttons.actions(
        buttons.quiet(
            _("Risk and access notes"),
            go(f"/families/{family.id}/warnings"),
            icon=ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
        ),
        buttons.quiet(
            _("On paper"), go(f"/families/{family.id}/paper"), icon=ft.Icons.PRINT_OUTLINED
        ),
        buttons.quiet(_("Entered twice?"), go(f"/families/{family.id}/twice"), icon=ft.Icons.MERGE),
    )
