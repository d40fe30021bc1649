"""Where a family stands with the service, on its own screen: stage, limits, and the next step."""

from __future__ import annotations

from datetime import date

import flet as ft

from app.casework.clocks import ClockState
from app.casework.eligibility import flagged
from app.casework.family import Family
from app.casework.pathway import Pathway
from app.casework.profile.milestones import FROM_DUE_DATE
from app.guards import part
from app.navigation import go
from app.parts import banners, buttons, cards, marks, text
from app.screens.clock_rows import clock_rows
from app.screens.naming import person_name
from app.state import use_changes, use_session
from app.wording import _, day, ngettext
from app.wording.vocabulary import word

KINDS = (
    "referral", "episode", "period", "allocation", "decision", "clock_pause", "person", "pregnancy",
    "eligibility_answer", "family", "attendance", "life_event",
)  # fmt: skip


@part
def PathwayCard(family: Family) -> ft.Control:
    """Stage, what is due, who is missing, and one tap to what comes next."""
    use_changes(*KINDS)
    book = use_session().casebook
    path = book.pathways.of(family.id)
    names = {p.id: person_name(p) for p in family.people}
    lines: list[ft.Control] = [*stage_lines(path, book.today), *choices(path, family.id)]
    shown = [
        c
        for c in path.clocks
        if c.open or (c.state is ClockState.AWAITED and c.lacks and c.lacks.event == FROM_DUE_DATE)
    ]
    lines += _to_look_at(path)
    lines += clock_rows(family.id, shown, names, book.today)
    base = f"/families/{family.id}"
    lines.append(buttons.actions(*next_steps(path, base, allocates=book.me.role == "supervisor")))
    return cards.section(
        _("Way through the service"),
        [cards.card(*lines)],
        action=buttons.quiet(_("All of it"), go(f"{base}/pathway"), icon=ft.Icons.ROUTE),
    )


def stage_lines(path: Pathway, today: date) -> list[ft.Control]:
    """The stage with its day, and what it wants and has not."""
    lines: list[ft.Control] = []
    if path.stage is not None:
        days = path.stage.days(today)
        since = ngettext("since {day}, {n} day", "since {day}, {n} days", days)
        said = since.format(day=day(path.stage.since, today), n=days)
        lines.append(text.fact(word("stage", path.stage.code), said, icon=ft.Icons.ROUTE))
    if path.missing and path.open:
        wanted = ", ".join(word("function", code) for code in path.missing)
        lines.append(
            marks.statuses(
                marks.status(_("Nobody yet as {function}").format(function=wanted), "attention")
            )
        )
    return lines


def _to_look_at(path: Pathway) -> list[ft.Control]:
    """How many conditions of the service somebody should look at before the referral is decided."""
    if path.referral is None or path.referral.decision or not path.open:
        return []
    n = len(flagged(path.checks))
    if not n:
        return []
    said = ngettext("{n} condition to look at", "{n} conditions to look at", n).format(n=n)
    return [marks.statuses(marks.status(said, "attention"))]


def choices(path: Pathway, family: str) -> list[ft.Control]:
    """What two people decided without having seen each other."""
    if not path.two_stages:
        return []
    return [
        banners.banner(
            _("Two people moved this family to different stages. Choose which one holds."),
            tone="attention",
            actions=[buttons.secondary(_("Choose"), go(f"/families/{family}/pathway"))],
        )
    ]


def next_steps(path: Pathway, base: str, *, allocates: bool) -> list[ft.Control]:
    """Buttons for what is likely to come next; `allocates`: for somebody who gives out families."""
    if not path.open:
        return [buttons.secondary(_("New referral"), go(f"{base}/refer"), icon=ft.Icons.REPLAY)]
    found: list[ft.Control] = []
    if path.referral is not None and not path.referral.decision:
        found.append(
            buttons.secondary(
                _("Decide on the referral"), go(f"{base}/referral"), icon=ft.Icons.FACT_CHECK
            )
        )
    if allocates and (path.missing or path.waits):
        found.append(
            buttons.secondary(
                _("Allocate"),
                go(f"/team/allocate?family={path.family}"),
                icon=ft.Icons.PERSON_ADD_ALT,
            )
        )
    # Whoever allocates need not move it too: the first allocation leaves the waiting stage.
    for stage in () if allocates and path.waits else path.next:
        if not stage.closes and path.stage is not None:
            found.append(
                buttons.secondary(
                    _("Move to {stage}").format(stage=word("stage", stage.code)),
                    go(f"{base}/move?to={stage.code}"),
                    icon=ft.Icons.ARROW_FORWARD,
                )
            )
            break
    found.append(buttons.quiet(_("Decision"), go(f"{base}/decide"), icon=ft.Icons.GAVEL))
    return found
