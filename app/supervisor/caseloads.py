"""Caseloads against capacity, allocating families, and lending a caseload for a while."""

from __future__ import annotations

from datetime import date, timedelta

import flet as ft

from app.casework.casebook import Casebook, Cover
from app.casework.caseload import Load
from app.casework.errors import CaseworkError
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, dialogs, fields, lists, marks, text
from app.parts.when import DateField
from app.screens.as_csv import caseloads_as_csv
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state, use_wide
from app.supervisor.allocating import StillReading, people_to_choose
from app.wording import _, day, ngettext, plain
from app.wording.vocabulary import own_word

CHANGED = ("allocation", "worker", "family", "cover", "visit_note")


@screen
def CaseloadsView() -> ft.View:
    """`/team/caseloads`."""
    use_changes(*CHANGED)
    book, wide = use_session().casebook, use_wide()
    loads = book.supervision.caseloads()
    covers = book.supervision.covers()
    controls: list[ft.Control] = [
        buttons.actions(
            buttons.primary(
                _("Allocate a family"), go("/team/allocate"), icon=ft.Icons.PERSON_ADD_ALT
            ),
            buttons.secondary(_("Lend a caseload"), go("/team/cover"), icon=ft.Icons.SWAP_HORIZ),
        )
    ]
    still = book.supervision.closed_but_allocated()
    if still:
        controls.append(StillReading(len(still)))
    if covers:
        controls.append(cards.section(_("On loan"), [CoverCard(c, key=c.id) for c in covers]))
    shown = [LoadCard(load, key=load.worker.person) for load in loads]
    if wide:
        controls.append(
            ft.ResponsiveRow(
                [ft.Container(c, col={"xs": 12, "md": 6, "xl": 4}) for c in shown],
                spacing=16,
                run_spacing=16,
            )
        )
    else:
        controls += shown
    controls.append(caseloads_as_csv(book))
    return Shell(_("Caseloads"), controls, full_width=wide, selected="/team")


@part
def LoadCard(load: Load) -> ft.Control:
    """One worker: how full, what waits, which families."""
    book = use_session().casebook
    open_, set_open = use_state(False)
    held = len(load.families)
    labels: list[ft.Control] = [
        marks.status(
            _("{held} of {capacity}").format(held=held, capacity=load.capacity),
            "attention" if load.over else "good" if load.room else "plain",
        )
    ]
    if load.over:
        labels.append(marks.status(_("over capacity"), "attention"))
    if load.under:
        labels.append(marks.status(_("fewer than {least}").format(least=load.least), "quiet"))
    if load.covering:
        labels.append(marks.status(_("{n} on loan").format(n=len(load.covering)), "plain"))
    if load.unsigned:
        labels.append(
            marks.status(
                ngettext("{n} unsigned", "{n} unsigned", load.unsigned).format(n=load.unsigned),
                "attention",
            )
        )
    if load.overdue:
        labels.append(
            marks.status(
                ngettext("{n} overdue", "{n} overdue", load.overdue).format(n=load.overdue),
                "attention",
            )
        )
    share = min(1.0, held / load.capacity) if load.capacity else 0.0
    lines: list[ft.Control] = [
        text.heading(load.worker.name, level=3),
        text.small(own_word("job", load.worker.title)),
        ft.ProgressBar(
            value=share,
            semantics_label=_("{held} of {capacity} families").format(
                held=held, capacity=load.capacity
            ),
        ),
        marks.statuses(*labels),
    ]
    if held:
        lines.append(
            buttons.quiet(
                _("Hide families") if open_ else _("Show families"), lambda: set_open(not open_)
            )
        )
    if open_:
        lines.append(
            lists.rows(
                [
                    lists.tile(line_words(book, f), "", go(f"/families/{f}"), key=f)
                    for f in load.families
                ]
            )
        )
    return cards.card(*lines)


@part
def CoverCard(cover: Cover) -> ft.Control:
    """A loan, and giving it back in one tap."""
    book = use_session().casebook

    def back() -> None:
        book.supervision.give_back(cover.id)

    return cards.card(
        text.line(
            _("{covering} covers for {away} until {day}").format(
                covering=cover.covering_name,
                away=cover.away_name,
                day=day(cover.until, book.today),
            ),
            strong=True,
        ),
        text.small(
            ngettext("{n} family", "{n} families", len(cover.families)).format(
                n=len(cover.families)
            )
        ),
        *(
            [banners.banner(_("The day has passed: give it back."), tone="attention")]
            if cover.overdue
            else []
        ),
        buttons.actions(buttons.secondary(_("Give back"), back, icon=ft.Icons.KEYBOARD_RETURN)),
    )


@screen
def Lend() -> ft.View:
    """`/team/cover`: a whole caseload to somebody else until a day, in one action."""
    book = use_session().casebook
    away, set_away = use_state(None)
    covering, set_covering = use_state(None)
    until, set_until = use_state(lambda: book.today + timedelta(days=14))
    problem, set_problem = use_state(None)
    asking, ask = use_state(False)
    people = people_to_choose(book)

    def save() -> None:
        set_problem(None)
        if not away or not covering or away == covering or until is None:
            set_problem(_("Please choose two different people and a day."))
            return
        try:
            book.supervision.may_lend(until)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        ask(True)

    async def lend() -> None:
        try:
            book.supervision.cover(away, covering, until)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        await finished("/team/caseloads")

    dialogs.use_question(
        asking,
        title=_("Lend this caseload?"),
        words=_lent_words(book, away, covering, until),
        more=[text.small(_("What is read there before it is given back stays read."))],
        yes=_("Lend it"),
        on_yes=lend,
        on_close=lambda: ask(False),
    )
    body: list[ft.Control] = [
        fields.dropdown(_("Who is away"), away, people, set_away),
        fields.dropdown(_("Who covers"), covering, people, set_covering),
        DateField(_("Until"), until, set_until, today=book.today),
        text.small(
            _("All families of the one open on the other's device. Giving back is one tap.")
        ),
    ]
    return Shell(
        _("Lend a caseload"),
        body,
        attention=problem,
        foot=buttons.primary(_("Lend"), save, icon=ft.Icons.SWAP_HORIZ),
        selected="/team",
    )


def _lent_words(book: Casebook, away: str | None, covering: str | None, until: date | None) -> str:
    """`9 families of Amina Yusuf open on Rhian Pryce's device until Mon 14 December.`"""
    if not away or not covering or until is None:
        return ""
    own = [load for load in book.supervision.caseloads() if load.worker.person == away]
    n = len(own[0].families) if own else 0
    return ngettext(
        "{n} family of {away} opens on the device of {covering} until {day}.",
        "{n} families of {away} open on the device of {covering} until {day}.",
        n,
    ).format(
        n=n,
        away=book.team.name_of(away),
        covering=book.team.name_of(covering),
        day=day(until, book.today),
    )
