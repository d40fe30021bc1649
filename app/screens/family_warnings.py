"""What is read on the doorstep, before knocking."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Family, RiskLevel
from app.casework.period import PeriodKind
from app.navigation import go
from app.parts import banners, buttons, marks, text
from app.screens import family_children
from app.screens.naming import person_name
from app.wording import (
    _,
    day,
    ngettext,
)
from app.wording.vocabulary import word


def alike(family: Family) -> list[ft.Control]:
    """What tells this family from another of nearly the same name."""
    if not family.alike and not family.told_apart:
        return []
    facts = "; ".join(f"{word('told_apart', c)}: {said}" for c, said in family.told_apart)
    return [
        banners.banner(
            facts,
            tone="attention",
            title=_("There is a family with nearly the same name. This one:"),
            icon=ft.Icons.CONTENT_COPY,
            actions=[
                buttons.quiet(_("Is it the same family?"), go(f"/families/{family.id}/twice"))
            ],
        )
    ]


_QUIET = ("none", "child_in_need", "ended")
"""Legal statuses that need not be read before going in; a service may have others of its own."""
_LEVEL_TONE: dict[RiskLevel, marks.Tone] = {
    RiskLevel.NOT_ALONE: "bad",
    RiskLevel.CARE: "bad",
    RiskLevel.INFORM: "attention",
}


def before_you_go(book: Casebook, family: Family) -> list[ft.Control]:
    """Legal status, what is known of the children, risks, how to get in, and open choices."""
    names = {p.id: person_name(p) for p in family.people}
    said: list[ft.Control] = [
        banners.banner(
            ", ".join(
                part
                for part in (
                    names.get(p.subject, ""),
                    _("since {day}").format(day=day(p.since, book.today)),
                )
                if part
            ),
            tone="attention",
            title=word("legal", p.code),
            icon=ft.Icons.GAVEL,
        )
        for p in family.periods
        if p.kind is PeriodKind.LEGAL and p.until is None and p.code not in _QUIET
    ]
    said += family_children.known_banners(book, family.events, names)
    said += [
        banners.banner(
            risk.text,
            tone=_LEVEL_TONE.get(risk.level or RiskLevel.CARE, "bad"),
            title=word("risk_level", risk.level) or _("Take care"),
        )
        for risk in family.risks
        if risk.until is None
    ]
    said += [
        text.fact(_("Getting in"), access.text, icon=ft.Icons.KEY)
        for access in family.access
        if access.until is None
    ]
    if family.conflicts:
        said.append(
            banners.banner(
                ngettext(
                    "{n} entry was changed by two people offline. Please choose.",
                    "{n} entries were changed by two people offline. Please choose.",
                    family.conflicts,
                ).format(n=family.conflicts),
                tone="attention",
                actions=[buttons.secondary(_("Choose"), go("/conflicts"))],
            )
        )
    return said
