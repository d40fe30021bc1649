"""What was agreed about each number: safe or not, when, shared, a code word, when to ask again.

Every card says what the desk would do with the number today and why. Marking one unsafe never asks
twice, works at once and without a signal, and says to ring duty until the office has heard of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.forms import RouteForm
from app.casework.people import Person
from app.casework.route_verdict import PURPOSE, Verdict
from app.casework.safe_contact import Allowed, Channel, Route
from app.guards import part
from app.parts import banners, buttons, cards, fields, marks, text
from app.parts.keeping import use_form
from app.parts.when import DateField, TimeField
from app.screens.reaching import hours_words
from app.state import use_session, use_state, use_sync
from app.wording import _, day, plain
from app.wording.dates import weekday_names
from app.wording.vocabulary import word, words

Along = dict[str, Callable[[], None]]
"""What the panels of a person hold that is not saved yet, each with what saves it."""
AGREEMENT = "agreement"
"""Under this name what was chosen about a number is kept while it is not saved."""


@part
def Routes(family: str, person: Person, along: Along) -> ft.Control:
    """The ways to reach the person and what was agreed about each.

    What was typed or chosen and not saved is put into `along`, for the button below the page.
    """
    book = use_session().casebook
    use_sync()  # a round may have carried a stop to the office
    form = use_form("route", RouteForm(), about=person.id, casefile=family)
    new = form.said
    problem, set_problem = use_state(None)

    def put() -> None:
        if form.said.number.strip():
            book.families.add_route(person.id, form.said)
            form.afresh()

    def add() -> None:
        try:
            put()
        except CaseworkError as error:
            set_problem(plain(error))

    def change(**given: Any) -> None:
        set_problem(None)
        form.change(**given)

    along["route"] = put

    verdicts = book.reminders.verdicts(person.id)
    unstopped = book.reminders.not_yet_stopped()
    shown = [
        RouteCard(
            route.id, person, along, verdicts.get(route.id), route.id in unstopped, key=route.id
        )
        for route in person.routes
    ]
    return cards.section(
        _("Telephones and other ways to reach them"),
        [
            *stop_on_its_way(book, [person]),
            *shown,
            cards.card(
                *form.notices,
                fields.dropdown(
                    _("By"),
                    new.channel,
                    words("channel"),
                    lambda v: change(channel=Channel(v)),
                ),
                fields.text_field(
                    _("New number or address"),
                    new.number,
                    lambda v: change(number=v),
                    error=str(problem) if problem else None,
                    hint=_("Counts as not agreed until you have asked whether it is safe."),
                ),
                buttons.actions(buttons.secondary(_("Add"), add, icon=ft.Icons.ADD)),
            ),
        ],
    )


def stop_on_its_way(book: Casebook, people: Iterable[Person]) -> list[ft.Control]:
    """Until the office has acknowledged a stop, only a call to duty stops what is on its way."""
    unstopped = book.reminders.not_yet_stopped()
    routes = [r for p in people for r in p.routes if unstopped.intersection((r.id, *r.doubles))]
    if not routes:
        return []
    team = book.team.team()
    duty = team.duty_phone if team else ""
    numbers = ", ".join(dict.fromkeys(r.number for r in routes))
    return [
        banners.banner(
            _("Not yet stopped at the office: ring duty.")
            + (" " + _("Duty: {number}").format(number=duty) if duty else ""),
            tone="bad",
            title=_("{numbers} is marked unsafe on this device").format(numbers=numbers),
            icon=ft.Icons.PHONE_LOCKED,
            live=True,
        )
    ]


@part
def RouteCard(
    route_id: str, person: Person, along: Along, verdict: Verdict | None, unstopped: bool
) -> ft.Control:
    """One number with everything that was agreed about it."""
    book = use_session().casebook
    route = next(r for r in person.routes if r.id == route_id)
    open_, set_open = use_state(book.unfinished.find(AGREEMENT, route.id) is not None)
    if not open_:
        along.pop(route.id, None)
    judged = verdict if route.channel in book.reminders.automated else None
    title = text.line(f"{word('channel', route.channel)}: {route.number}")
    if not open_:
        return cards.card(
            title,
            marks.statuses(*_marks(route, judged, unstopped)),
            *_agreed_words(book, route),
            *_why_not(judged),
            buttons.actions(
                buttons.secondary(_("What was agreed"), lambda: set_open(True)),
                *(
                    [
                        buttons.quiet(
                            _("Mark unsafe"),
                            lambda: book.families.mark_unsafe(route.id),
                            icon=ft.Icons.PHONE_LOCKED,
                        )
                    ]
                    if route.allowed != "no"
                    else []
                ),
            ),
        )
    return Agreement(route, along, lambda: set_open(False), key=f"agreed {route.id}")


@part
def Agreement(route: Route, along: Along, close: Callable[[], Any]) -> ft.Control:
    """What was agreed about a number, while it is asked."""
    book = use_session().casebook
    known = _form_of(route)
    form = use_form(AGREEMENT, known, about=route.id, casefile=route.family)

    def save() -> None:
        if form.touched:
            said = form.on(known)
            if known.allowed is Allowed.NO and form.start.allowed is not Allowed.NO:
                # A no that was said meanwhile holds, whatever was chosen before it came.
                said = replace(said, allowed=Allowed.NO)
            book.families.change_route(route.id, said)
        leave()

    def leave() -> None:
        form.afresh()
        close()

    along[route.id] = save
    return cards.card(
        text.line(f"{word('channel', route.channel)}: {route.number}"),
        *form.notices,
        *_agreement(book, form.on(known), form.change),
        buttons.actions(
            buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
            buttons.quiet(_("Cancel"), leave),
        ),
    )


def _agreement(book: Casebook, form: RouteForm, change: Callable[..., Any]) -> list[ft.Control]:
    """The questions to ask, in the order in which one asks them."""
    answers = words("answer")
    asked: list[ft.Control] = [
        fields.choice(
            _("May we use it?"),
            str(form.allowed),
            words("allowed"),
            lambda v: change(allowed=Allowed(v), review_by=_ask_again(book, form, v)),
        ),
        fields.choice(
            _("Does somebody else use or look at it?"),
            str(form.shared_phone),
            answers,
            lambda v: change(shared_phone=Allowed(v)),
        ),
        fields.chips(
            _("On which days is it safe? None chosen means any."),
            [str(d) for d in sorted(form.days)],
            {str(n): name for n, name in enumerate(weekday_names())},
            lambda picked: change(days=frozenset(int(d) for d in picked)),
        ),
        TimeField(_("Safe from (optional)"), form.from_time, lambda v: change(from_time=v)),
        TimeField(_("Safe until (optional)"), form.to_time, lambda v: change(to_time=v)),
    ]
    if form.channel is Channel.CALL:
        asked.append(
            fields.choice(
                _("May we leave a message?"),
                str(form.voicemail),
                answers,
                lambda v: change(voicemail=Allowed(v)),
            )
        )
        asked.append(
            fields.switch(
                _("Withhold our number"), form.withheld_id, lambda v: change(withheld_id=v)
            )
        )
    return [
        *asked,
        fields.switch(
            _("Say nothing of the service"),
            form.neutral_wording,
            lambda v: change(neutral_wording=v),
        ),
        fields.text_field(
            _("Code word (shown before ringing, never sent)"),
            form.code_word,
            lambda v: change(code_word=v),
        ),
        DateField(
            _("Ask again by"), form.review_by, lambda v: change(review_by=v), today=book.today
        ),
        fields.text_field(_("Anything else to know"), form.remark, lambda v: change(remark=v)),
    ]


def _ask_again(book: Casebook, form: RouteForm, allowed: str) -> date | None:
    """A yes is asked about again, by default after as long as the service says."""
    if form.review_by is None and allowed == Allowed.YES:
        return book.reminders.ask_again_by()
    return form.review_by


@part
def Consents(person: Person) -> ft.Control:
    """Whether the person agreed to automated messages; STOP by text counts as taken back."""
    book = use_session().casebook
    known = book.reminders.consents(person.id)
    options = {"given": _("Agreed"), "withdrawn": _("Taken back")}
    asked = {
        Channel.TEXT: _("Automated texts about appointments"),
        Channel.CALL: _("Calls about appointments"),
    }
    said: list[ft.Control] = []
    for channel, question in asked.items():
        purpose = PURPOSE[channel]
        now = known.get(purpose)
        value = None if now is None else ("given" if now else "withdrawn")
        said.append(fields.choice(question, value, options, _consent(book, person, purpose)))
    return cards.section(
        _("Messages from the office"),
        [
            cards.card(
                *said,
                text.small(
                    _("Without an answer nothing is sent where there is any sign of danger.")
                ),
            )
        ],
    )


def _consent(book: Casebook, person: Person, purpose: str) -> Callable[[str], Any]:
    return lambda v: book.families.set_consent(person.id, purpose, given=v == "given")


def _form_of(route: Route) -> RouteForm:
    return RouteForm(**{n: getattr(route, n) for n in RouteForm.__dataclass_fields__})


def _marks(route: Route, verdict: Verdict | None, unstopped: bool) -> list[ft.Control]:
    tones: dict[Allowed, marks.Tone] = {Allowed.YES: "good", Allowed.NO: "bad"}
    said = [marks.status(word("allowed", route.allowed), tones.get(route.allowed, "attention"))]
    if unstopped:
        said.append(marks.status(_("Not yet stopped at the office"), "bad"))
    elif verdict is not None:
        if verdict.allowed:
            said.append(marks.status(_("Automated messages may go"), "good"))
        else:
            said.append(marks.status(_("No automated messages"), "quiet"))
    if not route.sent:
        said.append(marks.status(_("Only on this device"), "quiet", icon=ft.Icons.CLOUD_QUEUE))
    return said


def _why_not(verdict: Verdict | None) -> list[ft.Control]:
    """Every reason, so that whoever can act knows what to ask."""
    if verdict is None or verdict.allowed:
        return []
    reasons = "; ".join(word("reason", reason) for reason in verdict.reasons)
    return [text.small(_("No automated messages: {reasons}.").format(reasons=reasons))]


def _agreed_words(book: Casebook, route: Route) -> list[ft.Control]:
    said = []
    if route.agreed_at is not None:
        on = day(route.agreed_at.astimezone(book.zone).date(), book.today)
        said.append(_("Asked on {day}").format(day=on))
    if route.review_by is not None:
        said.append(_("ask again by {day}").format(day=day(route.review_by, book.today)))
    if hours := hours_words(route):
        said.append(hours)
    return [text.small("; ".join(said))] if said else []
