"""What is decided about a family: the referral, a stage, any decision of the service, indicators.

Whatever is most likely stands there already; a decision that closes leads to the closing screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.eligibility import Checked, Fits
from app.casework.episode import ACCEPTED, NOT_ACCEPTED, REFERRAL
from app.casework.errors import CaseworkError, OutOfOrder
from app.casework.pathway import DecisionForm, Pathway
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, instead, use_query
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.keeping import Form, use_form
from app.parts.when import DateField
from app.screens.pathway import check_row
from app.state import use_changes, use_session, use_state
from app.wording import _, ngettext, plain
from app.wording.vocabulary import word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is filled in about one decision, stage or indicator."""

    kind: str = ""
    outcome: str = ""
    stage: str = ""
    on: date | None = None
    by: str = ""
    reason: str = ""
    to: str = ""


@screen
def DecideReferral() -> ft.View:
    """`/families/:fid/referral`: how it fits the service, and what is decided."""
    use_changes("eligibility_answer", "referral", "period", "person", "pregnancy")
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    path = book.pathways.of(family.id)
    outcomes = words(f"outcome:{REFERRAL}") or {
        code: word(f"outcome:{REFERRAL}", code) for code in (ACCEPTED, NOT_ACCEPTED)
    }
    form = use_form(
        "referral decision",
        Said(kind=REFERRAL, outcome=_likeliest(book, list(outcomes)), on=book.today),
        about=family.id,
        casefile=family.id,
    )
    said = form.said
    problem, set_problem = use_state(None)

    async def save() -> None:
        if not form.said.outcome or form.said.on is None:
            set_problem(_("Please choose what was decided, and the day."))
            return
        if _closes(book, REFERRAL, form.said.outcome):
            route = _closing(family.id, form.said)
            form.done()
            await instead(route)
            return
        try:
            book.pathways.decide(family.id, _decision(form.said, form.said.on))
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}/pathway")

    room = book.pathways.room()
    body: list[ft.Control] = [text.small(family.name), *form.notices]
    if path.checks:
        body.append(
            cards.section(
                _("Does it fit? Nothing here refuses anybody."),
                [Conditions(family.id, path.checks)],
            )
        )
    if room.full and room.most is not None:
        body.append(banners.banner(full_words(room.held, room.most), tone="attention"))
    body += [
        fields.choice(_("Decision"), said.outcome, outcomes, lambda v: form.change(outcome=v)),
        *_when_who_why(book, form),
    ]
    closes = bool(said.outcome) and _closes(book, REFERRAL, said.outcome)
    return Shell(
        _("Referral"),
        body,
        attention=problem,
        foot=buttons.primary(
            _("Next: closing") if closes else _("Save"), save, icon=ft.Icons.CHECK
        ),
        selected="/families",
    )


def full_words(held: int, most: int) -> str:
    """That there is no room, and what becomes of one more family."""
    return _(
        "The service works with {held} families and takes {most}. One more waits until there is "
        "room, unless a supervisor allocates it all the same."
    ).format(held=held, most=most)


def _likeliest(book: Casebook, outcomes: list[str]) -> str:
    """Onto the waiting list where the service is full and has one, otherwise taken on."""
    if book.pathways.room().full:
        for code in outcomes:
            following = book.pathways.follows(REFERRAL, code)
            if following is not None and following.standing == "waiting":
                return code
    return outcomes[0]


@part
def Conditions(family: str, checks: tuple[Checked, ...]) -> ft.Control:
    """Each condition; those that are questions can be answered here."""
    book = use_session().casebook
    lines: list[ft.Control] = []
    for one in checks:
        if one.check.fact != "asked":
            lines.append(check_row(one))
            continue

        def answer(said: str, check: str = one.code) -> None:
            book.pathways.answer(family, check, {"met": True, "not_met": False}.get(said))

        options = {"met": _("Yes"), "not_met": _("No"), "not_known": _("Not known")}
        lines.append(fields.choice(word("check", one.code), one.fits.value, options, answer))
    unmet = sum(one.fits is not Fits.MET for one in checks)
    if unmet:
        said = ngettext("{n} condition to look at", "{n} conditions to look at", unmet)
        lines.append(text.small(said.format(n=unmet)))
    return cards.card(*lines)


@screen
def Move() -> ft.View:
    """`/families/:fid/move?to=…`: another stage from a day on."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    path = book.pathways.of(family.id)
    options = _stages(book, path)
    wanted = use_query().get("to", "")
    likely = wanted if wanted in options else next(iter(options), "")
    form = use_form("stage", Said(stage=likely, on=book.today), about=family.id, casefile=family.id)
    problem, set_problem = use_state(None)
    early, set_early = use_state(None)

    async def save(*, all_the_same: bool = False) -> None:
        said = form.said
        if not said.stage or said.on is None:
            set_problem(_("Please choose a stage and a day."))
            return
        try:
            book.pathways.move(
                family.id,
                said.stage,
                said.on,
                by=said.by,
                reason=said.reason,
                all_the_same=all_the_same,
            )
        except OutOfOrder as error:
            if error.reason == "before_allocation":
                set_early(plain(error).says)
            else:
                set_problem(plain(error))
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}")

    async def all_the_same() -> None:
        await save(all_the_same=True)

    dialogs.use_question(
        early is not None,
        title=_("Before anybody worked with them?"),
        words=_("{problem} Perhaps the day is mistyped, or the allocation is not written down yet.")
        .format(problem=early or ""),
        yes=_("Save all the same"),
        on_yes=all_the_same,
        on_close=lambda: set_early(None),
    )  # fmt: skip
    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        fields.choice(_("Stage"), form.said.stage, options, lambda v: form.change(stage=v)),
        *_when_who_why(book, form, _("From")),
        text.small(_("What held before is closed on that day and stays in the history.")),
    ]
    return Shell(
        _("Move on"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def _stages(book: Casebook, path: Pathway) -> dict[str, str]:
    """Stages to move to, the likeliest first; those that close have a screen of their own."""
    held = path.stage.code if path.stage else ""
    likely = [s.code for s in (*path.next, *path.back) if not s.closes]
    others = [s.code for s in book.profile.stages if not s.closes and s.code != held]
    return {code: word("stage", code) for code in dict.fromkeys((*likely, *others))}


@screen
def Decide() -> ft.View:
    """`/families/:fid/decide`: any decision of the service, dated."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    kinds = {d.code: word("decision", d.code) for d in book.profile.decisions if d.code != REFERRAL}
    form = use_form("decision", Said(on=book.today), about=family.id, casefile=family.id)
    kind, outcome = form.said.kind, form.said.outcome
    problem, set_problem = use_state(None)
    outcomes = words(f"outcome:{kind}") if kind else {}

    def choose(chosen: str) -> None:
        own = list(words(f"outcome:{chosen}"))
        form.change(kind=chosen, outcome=own[0] if len(own) == 1 else "")

    async def save() -> None:
        said = form.said
        if not said.kind or not said.outcome or said.on is None:
            set_problem(_("Please choose what was decided, and the day."))
            return
        if _closes(book, said.kind, said.outcome):
            form.done()
            await instead(_closing(family.id, said))
            return
        try:
            book.pathways.decide(family.id, _decision(said, said.on))
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}/pathway")

    body: list[ft.Control] = [text.small(family.name), *form.notices]
    if not kinds:
        body.append(banners.empty(_("This service has no other decisions."), icon=ft.Icons.GAVEL))
        return Shell(_("Decision"), body, selected="/families")
    body.append(fields.dropdown(_("What was decided on?"), kind or None, kinds, choose))
    if outcomes:
        body.append(
            fields.choice(_("Outcome"), outcome, outcomes, lambda v: form.change(outcome=v))
        )
    following = book.pathways.follows(kind, outcome) if outcome else None
    if following is not None:
        said = _("With this the family moves to: {stage}").format(
            stage=word("stage", following.code)
        )
        body.append(text.small(said))
    closes = following is not None and following.closes
    if not closes:
        body += [
            *_when_who_why(book, form),
            fields.text_field(
                _("To whom the family goes, if to anybody"),
                form.said.to,
                lambda v: form.change(to=v),
            ),
        ]
    return Shell(
        _("Decision"),
        body,
        attention=problem,
        foot=buttons.primary(
            _("Next: closing") if closes else _("Save"), save, icon=ft.Icons.CHECK
        ),
        selected="/families",
    )


def _closes(book: Casebook, kind: str, outcome: str) -> bool:
    following = book.pathways.follows(kind, outcome)
    return following is not None and following.closes


def _closing(family: str, said: Said) -> str:
    return f"/families/{family}/close?decision={said.kind}&outcome={said.outcome}"


def _decision(said: Said, on: date) -> DecisionForm:
    return DecisionForm(
        kind=said.kind, outcome=said.outcome, on=on, by=said.by, reason=said.reason, to=said.to
    )


def _when_who_why(book: Casebook, form: Form[Said], when: str = "") -> list[ft.Control]:
    """The day, who decided, and why."""
    return [
        DateField(
            when or _("Decided on"),
            form.said.on,
            lambda v: form.change(on=v),
            today=book.today,
            past=True,
        ),
        fields.text_field(
            _("Who decided: a meeting, a court, a person"),
            form.said.by,
            lambda v: form.change(by=v),
        ),
        fields.text_field(_("Why"), form.said.reason, lambda v: form.change(reason=v)),
    ]


@screen
def Indicators() -> ft.View:
    """`/families/:fid/indicators`: each one yes, no or not asked, from a day on."""
    use_changes("period")
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    path = book.pathways.of(family.id)
    since, set_since = use_state(lambda: book.today)
    by, set_by = use_state("")
    problem, set_problem = use_state(None)
    standing = {p.code: p for p in path.indicators if p.until is None}

    def say(code: str, answer: str) -> None:
        if answer == "unknown" or since is None:
            return
        try:
            book.pathways.set_indicator(family.id, code, answer == "yes", since, by=by)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        set_problem(None)

    def row(code: str) -> ft.Control:
        held = standing.get(code)
        value = "unknown" if held is None else "yes" if held.holds else "no"
        options = {"yes": _("Yes"), "no": _("No")}
        if held is None:
            options["unknown"] = _("Not asked yet")

        def changed(answer: Any) -> None:
            say(code, str(answer))

        return fields.choice(word("indicator", code), value, options, changed)

    body: list[ft.Control] = [
        text.small(family.name),
        DateField(_("From"), since, set_since, today=book.today, past=True),
        fields.text_field(_("Who said so"), by, set_by),
        *[cards.card(row(code)) for code in words("indicator")],
        text.small(_("What was said before stays in the history.")),
    ]
    return Shell(_("Indicators"), body, attention=problem, selected="/families")
