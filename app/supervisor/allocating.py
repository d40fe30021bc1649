"""Giving a family to somebody for one function, with what a supervisor should know first."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.caseload import Load
from app.casework.errors import CaseworkError, NoRoom
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, instead, use_query
from app.parts import banners, buttons, cards, dialogs, fields, lists, text
from app.screens.deciding import full_words
from app.screens.families import family_chooser
from app.state import use_changes, use_session, use_state
from app.wording import _, day, ngettext, plain
from app.wording.vocabulary import own_word, word, words

CHANGED = ("allocation", "worker", "family", "cover", "period")


@screen
def Allocate() -> ft.View:
    """`/team/allocate?family=…`."""
    book = use_session().casebook
    told = use_query()
    family, set_family = use_state(lambda: told.get("family"))
    chosen, set_worker = use_state(None)
    function, set_function = use_state(lambda: _wanted(book, told.get("family")))
    team, set_team = use_state("")
    problem, set_problem = use_state(None)
    full, set_full = use_state(None)
    worker = chosen or _only_one(book, function)
    load = next((x for x in book.supervision.caseloads() if x.worker.person == worker), None)

    def choose_family(other: str) -> None:
        set_family(other)
        set_function(_wanted(book, other))

    async def save(*, despite_full: bool = False) -> None:
        if not family or not worker:
            set_problem(_("Please choose the family and who works with it."))
            return
        try:
            book.supervision.allocate(
                family, worker, function, team=team, despite_full=despite_full
            )
        except NoRoom as error:
            set_full(error)
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        await finished("/team/caseloads")

    async def all_the_same() -> None:
        await save(despite_full=True)

    async def leave_waiting() -> None:
        await instead("/team/waiting")

    dialogs.use_question(
        full is not None,
        title=_("No room"),
        words=full_words(full.held, full.most) if full is not None else "",
        yes=_("Allocate all the same"),
        no=_("Leave on the waiting list"),
        on_yes=all_the_same,
        on_no=leave_waiting,
        on_close=lambda: set_full(None),
    )
    body: list[ft.Control] = [
        family_chooser(book, family, choose_family),
        fields.dropdown(_("Who"), worker, people_to_choose(book), set_worker),
        fields.dropdown(_("As"), function, words("function"), set_function),
    ]
    if words("team"):
        options = {"": _("As the worker's own"), **words("team")}
        body.append(fields.dropdown(_("Team"), team, options, set_team))
    body.append(
        text.small(_("From the next exchange on, all its history opens on that person's device."))
    )
    if family:
        body += _what_follows(book, family)
    body += [banners.banner(said, tone="attention", live=True) for said in _warned(load)]
    if family and worker:
        body += [
            banners.banner(word("allocation_caution", one), tone="attention", live=True)
            for one in book.supervision.cautions(family, worker, function)
        ]
    if family:
        body.append(Holding(family, key=family))
    return Shell(
        _("Allocate"),
        body,
        attention=problem,
        foot=buttons.primary(_("Allocate"), save, icon=ft.Icons.CHECK),
        selected="/team",
    )


def _wanted(book: Casebook, family: str | None) -> str:
    """The function that the family's stage, or the next one, is missing; else the first."""
    functions = book.profile.functions
    if family:
        path = book.pathways.of(family)
        stage = path.stage.code if path.stage else ""
        following = path.next[0].code if path.next else ""
        held = {a.function for a in book.supervision.of_family(family)}
        for wanted in (stage, following):
            for one in functions:
                if wanted in one.needed_in and one.code not in held:
                    return one.code
    return functions[0].code


def _only_one(book: Casebook, function: str) -> str | None:
    """Whose job bears the function's name, where one person here has it."""
    able = [w.person for w in book.team.workers() if w.title == function]
    return able[0] if len(able) == 1 else None


def _what_follows(book: Casebook, family: str) -> list[ft.Control]:
    """That a family leaves the waiting stage with its first allocation."""
    path = book.pathways.of(family)
    stage = book.profile.stage(path.stage.code) if path.stage else None
    following = next((s for s in path.next if s.standing == "open"), None)
    if stage is None or stage.standing != "waiting" or following is None:
        return []
    said = _("With this the family moves to: {stage}").format(stage=word("stage", following.code))
    return [text.small(said)]


def _warned(load: Load | None) -> list[str]:
    """That somebody has as many families as she should have, or more."""
    if load is None or load.room >= 1:
        return []
    return [
        _("{name} already works with {held} of {capacity}. You can allocate all the same.").format(
            name=load.worker.first_name, held=len(load.families), capacity=load.capacity
        )
    ]


def people_to_choose(book: Casebook) -> dict[str, str]:
    """Everybody who works here, with her job."""
    return {
        w.person: f"{w.name}, {own_word('job', w.title)}" if w.title else w.name
        for w in book.team.workers()
    }


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
                            function=", ".join(
                                filter(None, (word("function", a.function), word("team", a.team)))
                            ),
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


@part
def StillReading(count: int) -> ft.Control:
    """Closed families whose workers still may read: one tap ends all of it."""
    book = use_session().casebook

    def end() -> None:
        for one in book.supervision.closed_but_allocated():
            book.supervision.end_allocation(one.id)

    said = ngettext(
        "{n} allocation goes on although the family is closed, so that it can still be read.",
        "{n} allocations go on although the families are closed, so that they can still be read.",
        count,
    )
    return banners.banner(
        said.format(n=count),
        tone="attention",
        actions=[
            buttons.secondary(_("End them"), end),
        ],
    )
