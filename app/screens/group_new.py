"""Starting a cohort: what it is, when it first meets, and who leads it. Its dates follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

import flet as ft

from app.casework.casebook.group_lists import GroupForm
from app.casework.errors import CaseworkError
from app.guards import screen
from app.layout import Shell
from app.navigation import instead
from app.parts import banners, buttons, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField, TimeField
from app.state import use_session, use_state
from app.wording import _, ngettext, plain
from app.wording.vocabulary import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """A cohort while it is written down."""

    programme: str = ""
    cohort: str = ""
    on: date | None = None
    at: time | None = None
    venue: str = ""
    leaders: tuple[str, ...] = ()


@screen
def NewGroup() -> ft.View:
    """`/groups/new`."""
    book = use_session().casebook
    form = use_form("group", Starting(leaders=(book.me.person,)))
    said = form.said
    problem, set_problem = use_state(None)

    def change(**given: Any) -> None:
        set_problem(None)
        form.change(**given)

    async def save() -> None:
        now = form.said
        if not now.programme or now.on is None or now.at is None:
            set_problem(_("Please choose what it is, and when it first meets."))
            return
        try:
            group = book.groups.start(
                GroupForm(
                    programme=now.programme,
                    cohort=now.cohort,
                    starts=book.at(now.on, now.at),
                    venue=now.venue,
                    leaders=now.leaders,
                )
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await instead(f"/groups/{group}")

    offered = words("programme")
    if not offered:
        return Shell(
            _("Start a group"),
            [banners.empty(_("Your service has no groups or courses in its profile."))],
            selected="/families",
        )
    known = next((p for p in book.profile.programmes if p.code == said.programme), None)
    body: list[ft.Control] = [
        *form.notices,
        fields.dropdown(
            _("What is it?"), said.programme or None, offered, lambda v: change(programme=v)
        ),
        fields.text_field(
            _("What is this one called?"),
            said.cohort,
            lambda v: change(cohort=v),
            hint=_("For example the place and the season."),
        ),
        DateField(_("First session"), said.on, lambda v: change(on=v), today=book.today),
        TimeField(_("Time"), said.at, lambda v: change(at=v)),
        fields.text_field(_("Where it meets"), said.venue, lambda v: change(venue=v)),
        fields.chips(
            _("Who leads it"),
            list(said.leaders),
            {w.person: w.name for w in book.team.workers()},
            lambda picked: change(leaders=tuple(picked)),
        ),
    ]
    if known is not None:
        many = ngettext(
            "{n} session, none on a bank holiday.",
            "{n} sessions, none on a bank holiday.",
            known.sessions,
        )
        body.append(text.small(many.format(n=known.sessions)))
    return Shell(
        _("Start a group"),
        body,
        attention=problem,
        foot=buttons.primary(_("Start the group"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )
