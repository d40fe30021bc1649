"""One group: its sessions with their registers, and who is on its list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import AlreadyOnRegister, CaseworkError, Unknown
from app.casework.group import Enrolled, Group, GroupSession
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, fields, lists, marks, text
from app.screens.families import family_chooser
from app.screens.groups import KINDS, here_words, named, numbered, unmarked_words
from app.screens.naming import person_name
from app.state import NEW_DAY, use_changes, use_session, use_state, use_wide
from app.wording import _, day_and_time, plain
from app.wording.vocabulary import word


@screen
def GroupView() -> ft.View:
    """`/groups/:gid`."""
    use_changes(*KINDS, NEW_DAY)
    book, wide = use_session().casebook, use_wide()
    try:
        group = book.groups.get(ft.use_route_params()["gid"])
    except Unknown:
        return Shell(
            _("Group"),
            [banners.empty(_("This group is not on this device."), icon=ft.Icons.SEARCH_OFF)],
            selected="/families",
        )
    leaders = ", ".join(filter(None, (book.team.name_of(w) for w in group.leaders)))
    about = ", ".join(filter(None, (group.venue, leaders)))
    sessions = cards.section(
        _("Sessions"), [lists.rows([_session(book, s) for s in book.groups.sessions(group.id)])]
    )
    people = [e for e in book.groups.enrolled(group.id) if not e.left]
    listed = cards.section(
        _("On its list"),
        [
            lists.rows([_listed(e) for e in people])
            if people
            else text.small(_("Nobody yet. Whoever is on the list stands on each register.")),
            Enrolling(group),
        ],
    )
    return Shell(
        named(group),
        [*([text.small(about)] if about else []), cards.columns(sessions, listed, wide=wide)],
        full_width=wide,
        selected="/families",
    )


def _session(book: Casebook, session: GroupSession) -> ft.Control:
    register = book.groups.register(session.id)
    if session.cancelled:
        state = marks.status(_("Called off"), "quiet")
    elif session.starts > book.now:
        state = marks.status(_("To come"), "quiet")
    elif register.lines and not register.unmarked:
        state = marks.status(here_words(register.here), "good")
    elif register.unmarked < len(register.lines):
        state = marks.status(unmarked_words(register.unmarked), "attention")
    else:
        state = marks.status(_("Register not taken"), "attention")
    return lists.tile(
        numbered(session),
        "\n".join(filter(None, (day_and_time(session.starts), session.cancel_reason))),
        go(f"/groups/{session.group}/sessions/{session.id}"),
        icon=ft.Icons.CHECKLIST,
        below=state,
        key=session.id,
    )


def _listed(one: Enrolled) -> ft.Control:
    return lists.tile(
        one.name,
        "\n".join(filter(None, (one.agency, word("group_warning", one.warning)))),
        icon=ft.Icons.PERSON_OUTLINE,
        key=one.id,
    )


@part
def Enrolling(group: Group) -> ft.Control:
    """Put somebody on the list: of a family that I may read, or by name alone."""
    groups = use_session().casebook.groups
    return Choosing(
        _("Put on the list"),
        lambda family, person: groups.enrol(group.id, family, person),
        lambda name, agency, another: groups.enrol_by_name(
            group.id, name, agency=agency, another=another
        ),
        agency=group.audience == "professional",
    )


@part
def Choosing(
    words: str,
    of_family: Callable[[str, str], Any],
    by_name: Callable[[str, str, bool], Any],
    *,
    agency: bool = False,
) -> ft.Control:
    """Choose somebody of a family, or type a name. `of_family` takes a family's and a person's id;
    `by_name` a name, an agency, and whether this is somebody else of that name."""
    book = use_session().casebook
    opened, open_ = use_state(False)
    family, set_family = use_state(None)
    person, set_person = use_state(None)
    name, set_name = use_state("")
    of, set_of = use_state("")
    problem, set_problem = use_state(None)
    twice, set_twice = use_state(False)

    def start_again() -> None:
        for clear in (set_family, set_person, set_problem):
            clear(None)
        set_name("")
        set_of("")
        set_twice(False)

    def save(*, another: bool = False) -> None:
        try:
            if person:
                of_family(family, person)
            else:
                by_name(name, of, another)
        except AlreadyOnRegister as error:
            set_problem(plain(error))
            set_twice(not person)
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        start_again()
        open_(False)

    if not opened:
        return buttons.actions(
            buttons.secondary(words, lambda: open_(True), icon=ft.Icons.PERSON_ADD_OUTLINED)
        )
    lines: list[ft.Control] = []
    if not agency and book.families.lines():

        def chosen(id_: str) -> None:
            start_again()
            set_family(id_)
            people = book.groups.people_of(id_)
            set_person(people[0].id if len(people) == 1 else None)

        lines.append(family_chooser(book, family, chosen))
        if family:
            people = {p.id: person_name(p) for p in book.groups.people_of(family)}
            lines.append(
                fields.chips(
                    _("Who of them"),
                    [person] if person else [],
                    people,
                    lambda picked: set_person(picked[0] if picked else None),
                    many=False,
                )
                if people
                else text.small(_("No adult of this family is written down."))
            )
    if not family:
        lines.append(fields.text_field(_("Or a name, if no family is on record"), name, set_name))
        if agency:
            lines.append(fields.text_field(_("Where they work"), of, set_of))
    if problem is not None:
        remedy = buttons.secondary(_("This is somebody else"), lambda: save(another=True))
        lines.append(banners.problem(problem, actions=[remedy] if twice else []))
    lines.append(
        buttons.actions(
            buttons.primary(words, save, icon=ft.Icons.CHECK),
            buttons.quiet(_("Cancel"), lambda: open_(False)),
        )
    )
    return cards.card(*lines)
