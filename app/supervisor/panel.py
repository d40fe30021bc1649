"""The panel on one screen for its chair: who is on the agenda, and what is decided on each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import flet as ft

from app.casework.casebook import Casebook
from app.casework.csv_table import Cell
from app.casework.errors import CaseworkError, NoRoom
from app.casework.panel import Agenda, AgendaItem, PanelForm
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go, goto
from app.parts import banners, buttons, cards, dialogs, fields, lists, text
from app.parts.keeping import Form, use_form
from app.parts.when import DateField
from app.screens.appraisals import appraisal_row
from app.screens.as_csv import AsCsv
from app.screens.deciding import full_words
from app.state import use_changes, use_session, use_state
from app.supervisor.allocating import people_to_choose
from app.wording import _, day, long_day, near_day, ngettext, plain
from app.wording.vocabulary import word, words

KINDS = ("plan", "goal", "action", "decision", "allocation", "period", "episode", "family")


@screen
def PanelView() -> ft.View:
    """`/team/panel`."""
    use_changes(*KINDS)
    book = use_session().casebook
    agenda = book.panels.agenda()
    done, say = use_state("")
    if agenda is None:
        body: list[ft.Control] = [
            banners.empty(_("This service has no panel."), icon=ft.Icons.GROUPS_OUTLINED)
        ]
        return Shell(_("Panel"), body, selected="/team")
    count = len(agenda.items)

    body = [
        text.heading(_("Meets {day}").format(day=near_day(agenda.meets_on, book.today))),
        text.small(
            ngettext(
                "{n} family with a finished plan", "{n} families with finished plans", count
            ).format(n=count)
        ),
        *([banners.banner(done, tone="good", live=True)] if done else []),
        *[ItemCard(item, agenda, say, key=item.family) for item in agenda.items],
    ]
    if agenda.items:
        body.append(_agenda_as_csv(agenda))
    else:
        body.append(banners.empty(_("Nothing waits for the panel.")))
    return Shell(_("Panel"), body, selected="/team")


def _agenda_as_csv(agenda: Agenda) -> ft.Control:
    """References and plans, nobody's notes."""

    def rows() -> list[list[Cell]]:
        return [
            [
                item.name,
                item.ref,
                word("plan", item.plan.kind) if item.plan else "",
                item.ready_since,
                word("stage", item.stage),
                len(item.put_off),
            ]
            for item in agenda.items
        ]

    headings = (
        _("Family"), _("Reference"), _("Plan"), _("Ready since"), _("Stage"), _("Put off"),
    )  # fmt: skip
    return AsCsv("panel", headings, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A decision while it is written down. `workers` are `function=worker`."""

    outcome: str = ""
    reason: str = ""
    on: date | None = None
    workers: tuple[str, ...] = ()

    @property
    def chosen(self) -> dict[str, str]:
        pairs = (one.partition("=") for one in self.workers)
        return {function: worker for function, _sign, worker in pairs}


@part
def ItemCard(item: AgendaItem, agenda: Agenda, say: Callable[[str], None]) -> ft.Control:
    """One family: its plan in short, the decision, and who takes it on."""
    book = use_session().casebook
    panel = book.profile.panel
    assert panel is not None
    form = use_form(
        "panel",
        Deciding(on=min(agenda.meets_on, book.today)),
        about=item.family,
        casefile=item.family,
    )
    outcome, reason, on = form.said.outcome, form.said.reason, form.said.on
    chosen = form.said.chosen
    problem, set_problem = use_state(None)
    full, set_full = use_state(None)

    async def decide(*, despite_full: bool = False) -> None:
        if not outcome or on is None:
            set_problem(_("Please choose what was decided, and the day."))
            return
        if book.panels.closes(outcome):
            await goto(f"/families/{item.family}/close?decision={panel.decision}&outcome={outcome}")
            return
        decision = PanelForm(
            outcome=outcome,
            on=on,
            reason=reason,
            allocate=chosen if _moves(book, outcome) else {},
            despite_full=despite_full,
        )
        try:
            book.panels.decide(item.family, decision)
            form.afresh()
            decided = word(f"outcome:{panel.decision}", outcome)
            say(_("{family}: {decision}. Saved.").format(family=item.name, decision=decided))
        except NoRoom as error:
            set_full(error)
        except CaseworkError as error:
            set_problem(str(plain(error)))

    async def all_the_same() -> None:
        await decide(despite_full=True)

    dialogs.use_question(
        full is not None,
        title=_("No room"),
        words=full_words(full.held, full.most) if full is not None else "",
        yes=_("Allocate all the same"),
        on_yes=all_the_same,
        on_close=lambda: set_full(None),
    )
    lines: list[ft.Control] = [
        text.heading(f"{item.name} ({item.ref})" if item.ref else item.name, level=3),
        *form.notices,
        *_about(book, item),
        fields.choice(
            _("Decision"),
            outcome,
            words(f"outcome:{panel.decision}"),
            lambda v: form.change(outcome=v),
        ),
    ]
    if outcome and _moves(book, outcome) and not book.panels.closes(outcome):
        people = {"": _("Nobody"), **people_to_choose(book)}
        for function in panel.allocates:
            lines.append(
                fields.dropdown(
                    word("function", function),
                    chosen.get(function, ""),
                    people,
                    _choosing(function, form),
                    hint=_held(book, item, function),
                )
            )
    if outcome:
        lines += [
            DateField(
                _("Decided on"), on, lambda v: form.change(on=v), today=book.today, past=True
            ),
            fields.text_field(_("Why"), reason, lambda v: form.change(reason=v)),
        ]
    lines.append(
        buttons.actions(
            buttons.secondary(
                _("Next: closing")
                if outcome and book.panels.closes(outcome)
                else _("Save decision"),
                decide,
                icon=ft.Icons.GAVEL,
                disabled=not outcome,
            ),
            buttons.quiet(_("Open family"), go(f"/families/{item.family}")),
            buttons.quiet(_("Another decision"), go(f"/families/{item.family}/decide")),
        )
    )
    if problem:
        lines.append(banners.banner(problem, tone="attention", live=True))
    return cards.card(*lines)


def _choosing(function: str, form: Form[Deciding]) -> fields.Change:
    def choose(worker: str) -> None:
        others = tuple(x for x in form.said.workers if not x.startswith(f"{function}="))
        form.change(workers=(*others, f"{function}={worker}"))

    return choose


def _moves(book: Casebook, outcome: str) -> bool:
    """That outcome begins something; putting off begins nothing, and gives nobody work."""
    panel = book.profile.panel
    return panel is not None and book.pathways.follows(panel.decision, outcome) is not None


def _held(book: Casebook, item: AgendaItem, function: str) -> str | None:
    held = [book.team.name_of(one) for one in item.functions.get(function, ())]
    return _("Now: {who}").format(who=", ".join(held)) if held else None


def _about(book: Casebook, item: AgendaItem) -> list[ft.Control]:
    waits = (book.today - item.ready_since).days
    ready = ngettext(
        "Plan ready since {day}, {n} day", "Plan ready since {day}, {n} days", waits
    ).format(day=day(item.ready_since, book.today), n=waits)
    lines: list[ft.Control] = [
        text.small(", ".join(filter(None, (ready, word("stage", item.stage)))))
    ]
    plan = item.plan
    if plan is not None:
        goals = [f"{goal.text}" for goal in plan.open_goals]
        lines.append(
            text.fact(
                word("plan", plan.kind),
                "\n".join(goals) if goals else _("No goal is written down."),
                icon=ft.Icons.FLAG_OUTLINED,
            )
        )
        open_now = len(plan.open_actions)
        lines.append(
            text.small(ngettext("{n} action open", "{n} actions open", open_now).format(n=open_now))
        )
    for one in item.put_off:
        said = _("Put off on {day}: {why}") if one.reason else _("Put off on {day}")
        lines.append(text.small(said.format(day=long_day(one.on), why=one.reason)))
    out = [a for a in book.appraisals.of_family(item.family) if a.open]
    if out:
        lines.append(lists.rows([appraisal_row(book, a) for a in out]))
    return lines


@screen
def AppraisalsOut() -> ft.View:
    """`/team/appraisals`: every appraisal that is not back, the most urgent first."""
    use_changes("action")
    book = use_session().casebook
    out = book.appraisals.out()

    def listed() -> list[list[Cell]]:
        return [
            [
                book.families.name_of(one.family),
                word("appraisal", one.kind),
                word("agency", one.agency),
                one.asked_on,
                one.due,
                word("appraisal_state", one.state(book.today)),
            ]
            for one in out
        ]

    headings = (
        _("Family"), _("Appraisal"), _("Agency"), _("Asked on"), _("Due"), _("State"),
    )  # fmt: skip
    body: list[ft.Control] = []
    if out:
        rows = [
            appraisal_row(
                book,
                one,
                go(f"/families/{one.family}/support"),
                family=book.families.name_of(one.family),
            )
            for one in out
        ]
        body += [
            lists.rows(rows),
            AsCsv("appraisals", headings, listed),
        ]
    else:
        body.append(banners.empty(_("Nothing is out with an agency.")))
    return Shell(_("Appraisals out"), body, selected="/team")
