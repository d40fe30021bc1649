"""Who is on duty: a weekly rota, the duty telephone, and single days that differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.guards import screen
from app.layout import Shell
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.when import DateField
from app.state import use_changes, use_session, use_state
from app.wording import _, day, plain
from app.wording.dates import weekday_names

NOBODY = "-"


@screen
def DutyRotaView() -> ft.View:
    """`/team/duty`."""
    use_changes("duty", "worker", "team")
    book = use_session().casebook
    rota = book.rota.rota()
    people = {NOBODY: _("Nobody"), **{w.person: w.name for w in book.team.workers()}}
    team = book.team.team()
    phone, set_phone = use_state(team.duty_phone if team else "")
    problem, set_problem = use_state(None)
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))

    def save_number() -> None:
        try:
            book.team.change_team(duty_phone=phone)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        set_problem(None)
        say(dialogs.Said(words=_("Saved.")))

    on: date | None
    on, set_on = use_state(lambda: book.today)
    today = book.rota.on()
    body: list[ft.Control] = [
        banners.banner(
            _("On duty today: {name}").format(name=people.get(today or NOBODY, "")),
            tone="plain" if today else "attention",
        ),
        cards.section(
            _("Every week"),
            [
                cards.card(
                    *(
                        fields.dropdown(
                            name, rota.weekly.get(n) or NOBODY, people, _weekday(book, n)
                        )
                        for n, name in enumerate(weekday_names())
                    )
                )
            ],
        ),
        cards.section(
            _("A single day"),
            [
                cards.card(
                    DateField(_("Day"), on, set_on, today=book.today, first=book.today),
                    fields.dropdown(
                        _("On duty"),
                        (rota.on(on) or NOBODY) if on else NOBODY,
                        people,
                        _single(book, on),
                    ),
                    *(
                        text.small(
                            _("{day}: {name}").format(
                                day=day(d, book.today), name=people.get(who or NOBODY, "")
                            )
                        )
                        for d, who in sorted(rota.days.items())
                        if d >= book.today
                    ),
                )
            ],
        ),
        cards.section(
            _("Duty telephone"),
            [
                cards.card(
                    fields.text_field(
                        _("Number"),
                        phone,
                        set_phone,
                        keyboard=ft.KeyboardType.PHONE,
                        hint=_("Told to workers whenever a stop has not reached the office."),
                        error=str(problem) if problem else None,
                    ),
                    buttons.actions(buttons.secondary(_("Save number"), save_number)),
                )
            ],
        ),
    ]
    return Shell(_("Duty"), body, selected="/team")


def _weekday(book: Casebook, weekday: int) -> Callable[[str], Any]:
    return lambda who: book.rota.set_weekday(weekday, None if who == NOBODY else who)


def _single(book: Casebook, on: date | None) -> Callable[[str], Any]:
    def choose(who: str) -> None:
        if on is not None:
            book.rota.set_day(on, None if who == NOBODY else who)

    return choose
