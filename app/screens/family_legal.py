"""A family's legal status and where its child lives, with their history."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.period import Period, PeriodKind
from app.navigation import go
from app.parts import buttons, cards, text
from app.screens.naming import person_name
from app.wording import (
    _,
    day,
)
from app.wording.vocabulary import word


def legal(book: Casebook, family: Family) -> ft.Control:
    """Every status and placement there was, with who decided it."""
    names = {p.id: person_name(p) for p in family.people}
    rows = [
        _period(book, p, names)
        for p in family.periods
        if p.kind in (PeriodKind.LEGAL, PeriodKind.PLACEMENT)
    ]
    return cards.section(
        _("Legal status and where the child lives"),
        [cards.card(*rows)] if rows else [text.small(_("Nothing written down yet."))],
        action=buttons.quiet(
            _("Change"), go(f"/families/{family.id}/periods/new"), icon=ft.Icons.EDIT_OUTLINED
        ),
    )


def _period(book: Casebook, period: Period, names: dict[str, str]) -> ft.Control:
    span = (
        _("since {day}").format(day=day(period.since, book.today))
        if period.until is None
        else _("{first} to {last}").format(
            first=day(period.since, book.today), last=day(period.until, book.today)
        )
    )
    who = names.get(period.subject, "")
    why = ", ".join(part for part in (period.by, period.reason) if part)
    return text.fact(
        ", ".join(part for part in (who, span) if part),
        word(str(period.kind), period.code) + (f": {why}" if why else ""),
        icon=ft.Icons.GAVEL if period.kind is PeriodKind.LEGAL else ft.Icons.HOUSE_OUTLINED,
    )
