"""A form of the service's measures, built from its profile, filled in a little at a time.

What is typed is kept as it is typed. A form saved half filled says what is missing of it; nothing
that was left open is ever counted as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.measure_course import (
    Doubt,
    MeasureCourse,
    Taken,
    doubt,
    read_answers,
    unanswered,
)
from app.casework.profile.measures import Domain, Measure
from app.casework.unfinished import said_since
from app.guards import screen
from app.handing_over import HandedOver
from app.layout import Shell
from app.navigation import finished, use_query
from app.parts import banners, buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.handing import HandToParent
from app.state import use_session, use_state
from app.wording import _, plain
from app.wording.catalogue import current_language
from app.wording.measure_words import named, number, occasion_words, question
from app.wording.vocabulary import word


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form while it is filled in. `answers` are `domain=what was typed`, however odd."""

    occasion: str = ""
    on: date | None = None
    answers: tuple[str, ...] = ()

    @property
    def typed(self) -> dict[str, str]:
        """What was typed or chosen, by domain."""
        pairs = (one.partition("=") for one in self.answers)
        return {code: said for code, _equals, said in pairs}

    def with_answer(self, code: str, said: str) -> tuple[str, ...]:
        """The answers with that one among them."""
        return tuple(f"{c}={s}" for c, s in (self.typed | {code: said}).items() if s)


def kept_answers(taken: Taken) -> tuple[str, ...]:
    """What is on record, as the form holds it."""
    return tuple(
        f"{code}={given if isinstance(given, str) else number(given)}"
        for code, given in taken.answers.items()
    )


@screen
def FillIn() -> ft.View:
    """`/families/:fid/measures/:code`, and `?form=` to correct one that was filled in."""
    book = use_session().casebook
    params, query = ft.use_route_params(), use_query()
    family, code = params["fid"], params["code"]
    course = next((c for c in book.measures.courses(family) if c.measure.code == code), None)
    if course is None:
        return Shell(_("Measures"), [text.small(_("This service does not measure that."))])
    measure, correcting = course.measure, query.get("form", "")
    form = use_form(
        f"measure {code}",
        _start(book, course, correcting),
        about=correcting or family,
        casefile=family,
    )
    said = form.said
    problem, set_problem = use_state(None)

    async def save() -> None:
        now = form.said
        if now.on is None:
            set_problem(_("Please choose the day."))
            return
        wrong = doubtful(measure, now.typed)
        if wrong:
            set_problem(
                _("Please check: {what}.").format(
                    what=", ".join(named(measure, one) for one in wrong)
                )
            )
            return
        answers = read_answers(measure, now.typed)
        if not answers:
            set_problem(_("Nothing is filled in yet."))
            return
        try:
            if correcting:
                book.measures.correct(correcting, now.occasion, answers, now.on)
            else:
                book.measures.fill_in(family, code, now.occasion, answers, now.on)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family}/measures")

    def answer(domain: str, typed: str) -> None:
        set_problem(None)
        form.change(answers=form.said.with_answer(domain, typed))

    body: list[ft.Control] = [text.small(book.families.name_of(family)), *form.notices]
    if intro := measure.intro.said(current_language()):
        body.append(text.line(intro))
    body += [
        fields.choice(
            _("When is this?"),
            said.occasion,
            {o.code: occasion_words(measure, o.code) for o in measure.occasions},
            lambda chosen: form.change(occasion=chosen),
        ),
        *_there_already(course, said.occasion, correcting),
        DateField(
            _("Filled in on"), said.on, lambda on: form.change(on=on), today=book.today, past=True
        ),
        *questions(measure, said.typed, answer, current_language()),
        cards.card(*sum_of(measure, said.typed)),
    ]
    if measure.respondent == "parent" and not correcting:
        body.append(HandToParent(measure, _into_this_form(book, course, family, said), said.typed))
    return Shell(
        word("measure", code),
        body,
        attention=problem,
        foot=buttons.primary(_("Save form"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def _start(book: Casebook, course: MeasureCourse, correcting: str) -> Filling:
    if not correcting:
        return Filling(occasion=course.next, on=book.today)
    taken = book.measures.get(correcting)
    return Filling(occasion=taken.occasion, on=taken.on, answers=kept_answers(taken))


def _into_this_form(
    book: Casebook, course: MeasureCourse, family: str, now: Filling
) -> Callable[[Casebook, HandedOver], None]:
    """What the parent typed, as if the worker had begun the form: to look through, and save."""
    start, code = _start(book, course, ""), course.measure.code

    def put_away(opened: Casebook, handed: HandedOver) -> None:
        answers = tuple(f"{domain}={typed}" for domain, typed in handed.said.items())
        opened.unfinished.keep(
            f"measure {code}",
            family,
            said_since(start, replace(now, answers=answers)),
            route=f"/families/{family}/measures/{code}",
            casefile=family,
        )

    return put_away


def _there_already(course: MeasureCourse, chosen: str, correcting: str) -> list[ft.Control]:
    found = next((o.taken for o in course.done if o.code == chosen), None)
    if found is None or found.id == correcting:
        return []
    return [
        banners.banner(
            _("“{occasion}” was filled in already. The one of the later day counts.").format(
                occasion=occasion_words(course.measure, chosen)
            ),
            tone="attention",
        )
    ]


def doubtful(measure: Measure, typed: Mapping[str, str]) -> list[str]:
    """The domains whose answer cannot be right."""
    return [d.code for d in measure.domains if doubt(d, typed.get(d.code, ""))]


def questions(
    measure: Measure,
    typed: Mapping[str, str],
    answer: Callable[[str, str], None],
    language: str,
    *,
    easy: bool = False,
    yes_no: tuple[str, str] | None = None,
) -> list[ft.Control]:
    """Every domain with what was answered; `easy` for a parent, in her language."""
    return [
        _question(d, typed.get(d.code, ""), answer, language, easy=easy, yes_no=yes_no)
        for d in measure.domains
    ]


def _question(
    domain: Domain,
    said: str,
    answer: Callable[[str, str], None],
    language: str,
    *,
    easy: bool,
    yes_no: tuple[str, str] | None,
) -> ft.Control:
    label = question(domain, language, easy=easy)

    def change(typed: str, code: str = domain.code) -> None:
        answer(code, typed)

    if domain.answer == "text":
        return fields.long_text(label, said, change, lines=3)
    if domain.answer == "yes_no":
        yes, no = yes_no or (_("Yes"), _("No"))
        return fields.choice(label, said or None, {"1": yes, "0": no}, change)
    if domain.answer == "choice":
        options = {str(c.value): c.words.said(language) for c in domain.choices}
        return fields.choice(label, said or None, options, change)
    span = f"{domain.least} \N{EN DASH} {domain.most}"
    return fields.text_field(
        label,
        said,
        change,
        error=_doubted(doubt(domain, said), span),
        hint=span if easy else _("A whole number, {span}").format(span=span),
        keyboard=ft.KeyboardType.NUMBER,
    )


def _doubted(found: Doubt | None, span: str) -> str | None:
    if found is None:
        return None
    return _("Please give a whole number, {span}.").format(span=span)


def sum_of(measure: Measure, typed: Mapping[str, str]) -> list[ft.Control]:
    """The running total, or what it still waits for."""
    answers = read_answers(measure, typed)
    scores = {c: g for c, g in answers.items() if not isinstance(g, str)}
    missing = ", ".join(named(measure, code) for code in unanswered(measure, answers))
    total = measure.total_of(scores)
    lines: list[ft.Control] = []
    if total is not None:
        lines.append(text.fact(_("Total"), number(total), icon=ft.Icons.FUNCTIONS))
    elif measure.total is not None:
        lines.append(text.fact(_("Total"), _("not yet"), icon=ft.Icons.FUNCTIONS))
    lines.append(
        text.small(
            _("Not filled in: {what}.").format(what=missing) if missing else _("All filled in.")
        )
    )
    return lines
