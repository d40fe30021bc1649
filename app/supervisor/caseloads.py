"""Caseloads against capacity, allocating families, and lending a caseload for a while."""

from __future__ import annotations

from datetime import date, timedelta

import flet as ft

from app.casework.casebook import Casebook, Cover
from app.casework.caseload import Load
from app.casework.errors import CaseworkError
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go, use_query
from app.parts import banners, buttons, cards, dialogs, fields, lists, marks, text
from app.parts.when import DateField
from app.screens.families import family_chooser
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state, use_wide
from app.wording import _, day, ngettext, plain
from app.wording.vocabulary import own_word, word, words

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
def WaitingList() -> ft.View:
    """`/team/waiting`: families nobody works with yet."""
    use_changes(*CHANGED)
    book = use_session().casebook
    found = book.supervision.unallocated()
    body: list[ft.Control] = [
        lists.rows(
            [
                lists.tile(
                    f"{f.name} ({f.ref})" if f.ref else f.name,
                    ", ".join(
                        part
                        for part in (own_word("locality", f.locality), ", ".join(f.people))
                        if part
                    ),
                    go(f"/team/allocate?family={f.id}"),
                    icon=ft.Icons.HOURGLASS_EMPTY,
                    key=f.id,
                )
                for f in found
            ]
        )
        if found
        else banners.empty(_("Nobody waits: every family has somebody."))
    ]
    return Shell(_("Waiting list"), body, selected="/team")


@screen
def Allocate() -> ft.View:
    """`/team/allocate?family=…`."""
    book = use_session().casebook
    family, set_family = use_state(use_query().get("family"))
    worker, set_worker = use_state(None)
    function, set_function = use_state(lambda: book.profile.functions[0].code)
    problem, set_problem = use_state(None)
    full = next(
        (x for x in book.supervision.caseloads() if x.worker.person == worker and x.room < 1), None
    )

    async def save() -> None:
        if not family or not worker:
            set_problem(_("Please choose the family and who works with it."))
            return
        try:
            book.supervision.allocate(family, worker, function)
        except CaseworkError as error:
            set_problem(str(plain(error)))
            return
        await finished("/team/caseloads")

    body: list[ft.Control] = [
        family_chooser(book, family, set_family),
        fields.dropdown(_("Who"), worker, _people(book), set_worker),
        fields.dropdown(_("As"), function, words("function"), set_function),
        text.small(_("From the next exchange on, all its history opens on that person's device.")),
    ]
    if full is not None:
        body.append(
            banners.banner(
                _(
                    "{name} already works with {held} of {capacity}. You can allocate all the same."
                ).format(
                    name=full.worker.first_name, held=len(full.families), capacity=full.capacity
                ),
                tone="attention",
                live=True,
            )
        )
    if family:
        body.append(Holding(family, key=family))
    return Shell(
        _("Allocate"),
        body,
        attention=problem,
        foot=buttons.primary(_("Allocate"), save, icon=ft.Icons.CHECK),
        selected="/team",
    )


@part
def Holding(family: str) -> ft.Control:
    """Who works with the family now, each removable with its consequence said first."""
    use_changes(*CHANGED)
    book = use_session().casebook
    leaving, leave = use_state(None)
    dialogs.use_question(
        leaving is not None,
        title=_("End this allocation?"),
        words=_(
            "The casefile gets a new key at the next contact: what is written from then on stays "
            "closed to that person. What was already on the device may have been read."
        ),
        yes=_("End allocation"),
        dangerous=True,
        on_yes=lambda: book.supervision.end_allocation(leaving),
        on_close=lambda: leave(None),
    )
    held = book.supervision.of_family(family)
    if not held:
        return text.small(_("Nobody works with this family yet."))
    return cards.section(
        _("Works with the family now"),
        [
            lists.rows(
                [
                    lists.tile(
                        book.team.name_of(a.worker),
                        _("{function}, since {day}. Tap to end.").format(
                            function=word("function", a.function),
                            day=day(a.since, book.today),
                        ),
                        lambda chosen=a.id: leave(chosen),
                        icon=ft.Icons.PERSON_REMOVE_OUTLINED,
                        key=a.id,
                    )
                    for a in held
                ]
            )
        ],
        level=3,
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
    people = _people(book)

    def save() -> None:
        set_problem(None)
        if not away or not covering or away == covering or until is None:
            set_problem(_("Please choose two different people and a day."))
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


def _people(book: Casebook) -> dict[str, str]:
    return {
        w.person: f"{w.name}, {own_word('job', w.title)}" if w.title else w.name
        for w in book.team.workers()
    }
