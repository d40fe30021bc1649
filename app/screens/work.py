"""The work itself: what the service offers a family now, and what was asked of agencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import flet as ft

from app.casework.appraisal import AppraisalAsked, AppraisalForm, AppraisalState
from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.intervention import Ending, Intervention, InterventionForm
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, fields, lists, marks, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.state import use_changes, use_session, use_state, use_wide
from app.wording import _, day, near_day, ngettext, plain
from app.wording.vocabulary import word, words

KINDS = ("intervention", "action", "worker")
_TONES: dict[AppraisalState, marks.Tone] = {
    AppraisalState.ASKED: "plain",
    AppraisalState.DUE_TODAY: "attention",
    AppraisalState.OVERDUE: "bad",
    AppraisalState.BACK: "good",
    AppraisalState.BACK_LATE: "quiet",
    AppraisalState.WITHDRAWN: "quiet",
}


@part
def WorkCard(family: str) -> ft.Control:
    """What goes on now, with one tap to all of it."""
    use_changes(*KINDS)
    book = use_session().casebook
    base = f"/families/{family}/work"
    going = [one for one in book.interventions.of_family(family) if one.open]
    out = [one for one in book.appraisals.of_family(family) if one.open]
    rows = [intervention_row(book, one, go(base)) for one in going]
    rows += [appraisal_row(book, one, go(base)) for one in out]
    return cards.section(
        _("Interventions and appraisals"),
        [lists.rows(rows)] if rows else [text.small(_("Nothing goes on at present."))],
        action=buttons.quiet(_("All of it"), go(base), icon=ft.Icons.HANDYMAN_OUTLINED),
    )


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


@screen
def WorkView() -> ft.View:
    """`/families/:fid/work`."""
    use_changes(*KINDS)
    book, wide = use_session().casebook, use_wide()
    family = ft.use_route_params()["fid"]
    here = f"/families/{family}/work"
    interventions = book.interventions.of_family(family)
    appraisals = book.appraisals.of_family(family)
    offered, asked_for = words("intervention"), words("appraisal")
    left: list[ft.Control] = [
        cards.section(
            _("Interventions"),
            [InterventionCard(one, key=one.id) for one in interventions]
            or [text.small(_("None yet."))],
            action=buttons.quiet(_("Begin one"), go(f"{here}/begin"), icon=ft.Icons.ADD)
            if offered
            else None,
        )
    ]
    right: list[ft.Control] = []
    if asked_for or appraisals:
        right.append(
            cards.section(
                _("Appraisals"),
                [AppraisalCard(one, key=one.id) for one in appraisals]
                or [text.small(_("None asked for."))],
                action=buttons.quiet(_("Ask for one"), go(f"{here}/ask"), icon=ft.Icons.ADD)
                if asked_for
                else None,
            )
        )
    return Shell(
        _("Interventions and appraisals"),
        [
            text.small(book.families.name_of(family)),
            cards.columns(*map(_stack, filter(None, (left, right))), wide=wide),
        ],
        full_width=wide,
        selected="/families",
    )


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
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
class Beginning:
    """An intervention while it is written down."""

    code: str = ""
    on: date | None = None
    worker: str = ""
    words: str = ""


@screen
def BeginIntervention() -> ft.View:
    """`/families/:fid/work/begin`."""
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
        await finished(f"/families/{family}/work")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An appraisal while it is asked for. `agency` empty: the one the service names."""

    kind: str = ""
    agency: str = ""
    on: date | None = None
    words: str = ""


@screen
def AskAppraisal() -> ft.View:
    """`/families/:fid/work/ask`."""
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
        await finished(f"/families/{family}/work")

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
