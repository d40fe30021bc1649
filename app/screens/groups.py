"""The team's groups and courses, and those of one's own that meet today."""

from __future__ import annotations

from datetime import date, datetime

import flet as ft

from app.casework.casebook import Casebook
from app.casework.group import Group, GroupSession
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, lists, marks, text
from app.state import NEW_DAY, use_changes, use_session
from app.wording import _, clock, day_and_time, local, near_day, ngettext
from app.wording.vocabulary import word, words

KINDS = ("group", "group_session", "enrolment", "register_mark")


@screen
def GroupsView() -> ft.View:
    """`/groups`."""
    use_changes(*KINDS, NEW_DAY)
    book = use_session().casebook
    groups = book.groups.all()
    begin = buttons.primary(_("Start a group"), go("/groups/new"), icon=ft.Icons.GROUPS)
    body: list[ft.Control]
    if not groups and not words("programme"):
        body = [
            banners.empty(
                _("Your service has no groups or courses in its profile."), icon=ft.Icons.GROUPS
            )
        ]
    elif not groups:
        body = [
            banners.empty(
                _("No groups yet."),
                hint=_("A group has a list, a register for each session, and its own dates."),
                icon=ft.Icons.GROUPS,
                action=begin,
            )
        ]
    else:
        body = [lists.rows([_row(book, group) for group in groups]), buttons.actions(begin)]
    return Shell(_("Groups and courses"), body, selected="/families")


def named(group: Group) -> str:
    """`PEEP, after birth: Larch Row, autumn`."""
    return f"{word('programme', group.programme)}: {group.cohort}"


def numbered(session: GroupSession) -> str:
    """`Session 4 of 8`."""
    return _("Session {n} of {of}").format(n=session.n, of=session.of)


def _row(book: Casebook, group: Group) -> ft.Control:
    sessions = book.groups.sessions(group.id)
    coming = next((s for s in sessions if s.ends >= book.now and not s.cancelled), None)
    when = (
        _("{session}, {when}").format(session=numbered(coming), when=day_and_time(coming.starts))
        if coming is not None
        else _("All its sessions are over.")
    )
    many = len([e for e in book.groups.enrolled(group.id) if not e.left])
    on_it = ngettext("{n} on its list", "{n} on its list", many).format(n=many)
    return lists.tile(
        named(group),
        "\n".join(filter(None, (when, ", ".join(filter(None, (on_it, group.venue)))))),
        go(f"/groups/{group.id}"),
        icon=ft.Icons.GROUPS,
        key=group.id,
    )


def led_on(book: Casebook, on: date) -> list[tuple[datetime, ft.Control]]:
    """When each session begins that I lead that day, and its card, the register one tap away."""
    return [(s.starts, _card(book, s)) for s in book.groups.led_on(on)]


def _card(book: Casebook, session: GroupSession) -> ft.Control:
    register = book.groups.register(session.id)
    lines: list[ft.Control] = [
        text.heading(
            f"{clock(session.starts)}–{clock(session.ends)}  {named(register.group)}", level=3
        ),
        text.line(", ".join(filter(None, (numbered(session), register.group.venue)))),
    ]
    if session.cancelled:
        lines.append(marks.statuses(marks.status(_("Called off"), "quiet")))
    elif not register.unmarked and register.lines:
        lines.append(marks.statuses(marks.status(here_words(register.here), "good")))
    lines.append(
        buttons.actions(
            buttons.secondary(
                _("Register"),
                go(f"/groups/{session.group}/sessions/{session.id}"),
                icon=ft.Icons.CHECKLIST,
            )
        )
    )
    return cards.card(*lines, key=session.id)


def here_words(here: int) -> str:
    """`9 here`."""
    return ngettext("{n} here", "{n} here", here).format(n=here)


def unmarked_words(unmarked: int) -> str:
    """`2 not marked yet`."""
    return ngettext("{n} not marked yet", "{n} not marked yet", unmarked).format(n=unmarked)


def session_words(book: Casebook, session: GroupSession) -> str:
    """`Session 4 of 8, today`."""
    on = local(session.starts).date()
    return _("{session}, {when}").format(session=numbered(session), when=near_day(on, book.today))
