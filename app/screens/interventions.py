"""One thing the service offers a family: begun, ended, taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.intervention import Ending, Intervention, InterventionForm
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished
from app.parts import banners, buttons, cards, fields, lists, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.state import use_session, use_state
from app.wording import _, day, plain
from app.wording.vocabulary import word, words


def intervention_row(book: Casebook, one: Intervention, on_click: Any = None) -> ft.Control:
    """One intervention in a list."""
    who = book.team.name_of(one.worker) if one.worker else ""
    since = _("since {day}").format(day=day(one.started_on, book.today))
    if one.ended_on is not None:
        since = _("{since} to {until}").format(
            since=day(one.started_on, book.today), until=day(one.ended_on, book.today)
        )
    ended = word("ending", one.outcome) if one.outcome else ""
    return lists.tile(
        word("intervention", one.code),
        "\n".join(filter(None, (", ".join(filter(None, (since, who))), ended, one.text))),
        on_click,
        icon=ft.Icons.HANDSHAKE_OUTLINED,
        key=one.id,
    )


def _day_of(book: Casebook) -> date | None:
    """Today, until somebody empties the field."""
    return book.today


@part
def InterventionCard(one: Intervention) -> ft.Control:
    """One intervention, which can be ended here and taken up again."""
    book = use_session().casebook
    ending, set_ending = use_state(False)
    outcome, set_outcome = use_state(Ending.COMPLETED.value)
    on, set_on = use_state(_day_of(book))
    problem, set_problem = use_state(None)

    def end() -> None:
        if on is None:
            set_problem(_("Please choose the day."))
            return
        try:
            book.interventions.end(one.id, on, Ending(outcome))
        except CaseworkError as error:
            set_problem(str(plain(error)))
            return
        set_problem(None)
        set_ending(False)

    lines: list[ft.Control] = [intervention_row(book, one)]
    name = word("intervention", one.code)
    if not one.open:
        lines.append(
            buttons.actions(
                buttons.quiet(
                    _("It goes on: {what}").format(what=name),
                    lambda: book.interventions.reopen(one.id),
                )
            )
        )
    elif not ending:
        lines.append(
            buttons.actions(
                buttons.quiet(_("End: {what}").format(what=name), lambda: set_ending(True))
            )
        )
    else:
        lines += [
            fields.choice(_("How did it end?"), outcome, words("ending"), set_outcome),
            DateField(_("Ended on"), on, set_on, today=book.today, past=True),
            buttons.actions(
                buttons.secondary(_("Save the ending"), end, icon=ft.Icons.CHECK),
                buttons.quiet(_("Cancel"), lambda: set_ending(False)),
            ),
        ]
    if problem:
        lines.append(banners.banner(problem, tone="attention", live=True))
    return cards.card(*lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """An intervention while it is written down."""

    code: str = ""
    on: date | None = None
    worker: str = ""
    words: str = ""


@screen
def BeginIntervention() -> ft.View:
    """`/families/:fid/support/begin`."""
    book = use_session().casebook
    family = ft.use_route_params()["fid"]
    form = use_form(
        "intervention",
        Beginning(on=book.today, worker=book.me.person),
        about=family,
        casefile=family,
    )
    said = form.said
    problem, set_problem = use_state(None)

    async def save() -> None:
        now = form.said
        if not now.code or now.on is None:
            set_problem(_("Please choose what begins, and the day."))
            return
        try:
            book.interventions.start(
                family,
                InterventionForm(code=now.code, on=now.on, worker=now.worker, text=now.words),
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family}/support")

    workers = {w.person: w.name for w in book.team.workers()}
    return Shell(
        _("Begin an intervention"),
        [
            text.small(book.families.name_of(family)),
            *form.notices,
            fields.choice(
                _("What begins?"), said.code, words("intervention"), lambda v: form.change(code=v)
            ),
            DateField(
                _("Begins on"),
                said.on,
                lambda v: form.change(on=v),
                today=book.today,
                past=True,
            ),
            fields.dropdown(
                _("Who leads it"), said.worker, workers, lambda v: form.change(worker=v)
            ),
            fields.text_field(
                _("Anything else to know"), said.words, lambda v: form.change(words=v)
            ),
        ],
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )
