"""What was asked of another agency: asked for, back, late, or no longer wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import flet as ft

from app.casework.appraisal import AppraisalAsked, AppraisalForm, AppraisalState
from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished
from app.parts import banners, buttons, cards, fields, lists, marks, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.state import use_session, use_state
from app.wording import _, day, near_day, ngettext, plain
from app.wording.vocabulary import word, words

_TONES: dict[AppraisalState, marks.Tone] = {
    AppraisalState.ASKED: "plain",
    AppraisalState.DUE_TODAY: "attention",
    AppraisalState.OVERDUE: "bad",
    AppraisalState.BACK: "good",
    AppraisalState.BACK_LATE: "quiet",
    AppraisalState.WITHDRAWN: "quiet",
}


def appraisal_row(
    book: Casebook, one: AppraisalAsked, on_click: Any = None, *, family: str = ""
) -> ft.Control:
    """One appraisal in a list; with `family`, its name first."""
    asked = _("asked {day}").format(day=day(one.asked_on, book.today))
    due = _("due {day}").format(day=near_day(one.due, book.today)) if one.due else ""
    back = _("back {day}").format(day=day(one.back_on, book.today)) if one.back_on else ""
    state = one.state(book.today)
    said = ", ".join(filter(None, (word("agency", one.agency), asked, back or due)))
    return lists.tile(
        ": ".join(filter(None, (family, word("appraisal", one.kind)))),
        "\n".join(filter(None, (said, one.text, one.said))),
        on_click,
        icon=ft.Icons.FACT_CHECK_OUTLINED,
        below=marks.status(word("appraisal_state", state), _TONES[state]),
        key=one.id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """What came back, while it is written down."""

    on: date | None = None
    words: str = ""


@part
def AppraisalCard(one: AppraisalAsked) -> ft.Control:
    """One appraisal, which can be marked as back, withdrawn, or asked for again."""
    book = use_session().casebook
    form = use_form("appraisal back", Receiving(on=book.today), about=one.id, casefile=one.family)
    receiving, set_receiving = use_state(lambda: form.touched)
    problem, set_problem = use_state(None)

    def back() -> None:
        now = form.said
        if now.on is None:
            set_problem(_("Please choose the day."))
            return
        try:
            book.appraisals.back(one.id, now.on, now.words)
        except CaseworkError as error:
            set_problem(str(plain(error)))
            return
        form.afresh()
        set_problem(None)
        set_receiving(False)

    lines: list[ft.Control] = [appraisal_row(book, one)]
    name = word("appraisal", one.kind)
    if not one.open:
        lines.append(
            buttons.actions(
                buttons.quiet(
                    _("Still out: {what}").format(what=name),
                    lambda: book.appraisals.reopen(one.id),
                )
            )
        )
    elif not receiving:
        lines.append(
            buttons.actions(
                buttons.secondary(
                    _("It is back: {what}").format(what=name), lambda: set_receiving(True)
                ),
                buttons.quiet(
                    _("No longer wanted: {what}").format(what=name),
                    lambda: book.appraisals.withdraw(one.id),
                ),
            )
        )
    else:
        lines += [
            *form.notices,
            fields.long_text(
                _("What it says, in a few words"),
                form.said.words,
                lambda v: form.change(words=v),
                lines=2,
            ),
            DateField(
                _("Came on"),
                form.said.on,
                lambda v: form.change(on=v),
                today=book.today,
                past=True,
            ),
            buttons.actions(
                buttons.secondary(_("Save what came back"), back, icon=ft.Icons.CHECK),
                buttons.quiet(_("Cancel"), lambda: set_receiving(False)),
            ),
        ]
    if problem:
        lines.append(banners.banner(problem, tone="attention", live=True))
    return cards.card(*lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An appraisal while it is asked for. `agency` empty: the one the service names."""

    kind: str = ""
    agency: str = ""
    on: date | None = None
    words: str = ""


@screen
def AskAppraisal() -> ft.View:
    """`/families/:fid/support/ask`."""
    book = use_session().casebook
    family = ft.use_route_params()["fid"]
    form = use_form("appraisal", Asking(on=book.today), about=family, casefile=family)
    said = form.said
    problem, set_problem = use_state(None)
    kind = book.appraisals.kind(said.kind)

    async def save() -> None:
        now = form.said
        if not now.kind or now.on is None:
            set_problem(_("Please choose what is asked for, and the day."))
            return
        try:
            book.appraisals.ask(
                family,
                AppraisalForm(kind=now.kind, asked_on=now.on, agency=now.agency, text=now.words),
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family}/support")

    body: list[ft.Control] = [
        text.small(book.families.name_of(family)),
        *form.notices,
        fields.choice(
            _("Which appraisal?"), said.kind, words("appraisal"), lambda v: form.change(kind=v)
        ),
    ]
    if words("agency"):
        body.append(
            fields.dropdown(
                _("Of whom"),
                said.agency or (kind.agency if kind else ""),
                {"": _("Nobody in particular"), **words("agency")},
                lambda v: form.change(agency=v),
            )
        )
    body += [
        DateField(_("Asked on"), said.on, lambda v: form.change(on=v), today=book.today, past=True),
        fields.text_field(_("What to look at"), said.words, lambda v: form.change(words=v)),
    ]
    if kind is not None:
        days = ngettext(
            "It should be back in {n} working day.",
            "It should be back in {n} working days.",
            kind.working_days,
        )
        body.append(text.small(days.format(n=kind.working_days)))
    return Shell(
        _("Ask for an appraisal"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )
