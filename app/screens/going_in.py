"""Going in alone, and calling a supervisor: said plainly what protects and what does not yet.

A check-in that the office has not confirmed says NOT PROTECTED in so many words. The field for
checking out takes any words; what it does with the duress phrase cannot be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flet as ft

from app.casework.appointment import Appointment
from app.casework.casebook import Casebook
from app.casework.casebook.lone_working import NOBODY
from app.casework.errors import Missing
from app.casework.lone_worker import CheckIn, Protection
from app.guards import part
from app.parts import banners, buttons, cards, dialogs, fields, marks, text
from app.state import use_changes, use_session, use_state, use_sync
from app.wording import _, clock, plain
from app.wording.vocabulary import word
from app.wrong_clock import clock_off
from storage.errors import NoDesk

_TONES: dict[Protection, marks.Tone] = {
    Protection.NOT_PROTECTED: "bad",
    Protection.PROTECTED: "good",
    Protection.LEAVE_SOON: "attention",
    Protection.OVERDUE: "bad",
    Protection.RAISED: "bad",
    Protection.CHECKED_OUT: "quiet",
}
LONGER = 30
"""Minutes that "It takes longer" adds."""


@part
def CheckInCard(a: Appointment) -> ft.Control:
    """On the appointment: check in before going in, out afterwards."""
    use_changes("check_in", "alarm_log")
    use_sync()  # the office's answer comes with a round
    session = use_session()
    book = session.casebook
    problem, set_problem = use_state(None)
    phrase, set_phrase = use_state("")
    buddy, set_buddy = use_state("")
    known = book.lone.of_appointment(a.id)
    open_ = known is not None and known.checked_out_at is None

    def attempt_(act: Callable[[], Any]) -> Callable[[], None]:
        def safely() -> None:
            try:
                act()
            except (Missing, NoDesk) as error:
                set_problem(_problem(error))
            else:
                set_problem(None)

        return safely

    def check_in() -> None:
        expected = book.lone.usual_end(a.id, by_diary=clock_off(session) is None)
        book.lone.check_in(a.id, expected, words=_words(book, a), buddy=buddy or None)

    def check_out() -> None:
        if known is not None:
            book.lone.check_out(known.id, phrase)
            set_phrase("")

    def longer() -> None:
        if known is not None:
            later = max(known.expected, book.now) + timedelta(minutes=LONGER)
            book.lone.extend(known.id, later, words=_words(book, a))

    body: list[ft.Control] = []
    if known is not None:
        body += _standing(book, known)
    if open_:
        body += [
            fields.text_field(_("A word for the office (optional)"), phrase, set_phrase),
            buttons.actions(
                buttons.primary(_("I am out"), check_out, icon=ft.Icons.LOGOUT),
                buttons.secondary(
                    _("It takes {n} minutes longer").format(n=LONGER), attempt_(longer)
                ),
            ),
        ]
    else:
        body += _buddy(book, buddy, set_buddy)
        body += [
            text.small(_told_words(book, buddy or None)),
            buttons.actions(
                buttons.secondary(_("I am going in alone"), attempt_(check_in), icon=ft.Icons.LOGIN)
            ),
        ]
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
    return cards.section(_("Going in alone"), [cards.card(*body)], level=3)


def _standing(book: Casebook, known: CheckIn) -> list[ft.Control]:
    stands = book.lone.protection(known)
    said: list[ft.Control] = []
    if stands is Protection.NOT_PROTECTED:
        said.append(
            banners.banner(
                _("The office does not know yet that you are here. Find a signal, or ring duty."),
                tone="bad",
                title=word("protection", stands),
                icon=ft.Icons.GPP_BAD_OUTLINED,
                live=True,
            )
        )
    else:
        said.append(marks.statuses(marks.status(word("protection", stands), _TONES[stands])))
    if known.checked_out_at is None:
        said.append(
            text.small(
                _("Expected out at {time}; the office waits {n} minutes longer.").format(
                    time=clock(known.expected), n=book.lone.settings.grace
                )
            )
        )
    return said


def _buddy(book: Casebook, buddy: str, choose: Callable[[str], Any]) -> list[ft.Control]:
    """Whom to tell before everybody else, where the service has it so."""
    colleagues = {w.person: w.name for w in book.lone.buddies()}
    if not colleagues:
        return []
    return [
        fields.dropdown(
            _("Whom to tell first"), buddy, {"": _("Nobody in particular"), **colleagues}, choose
        )
    ]


def _told_words(book: Casebook, buddy: str | None) -> str:
    names = list(dict.fromkeys(s.name for s in book.lone.would_tell(buddy) if s.name))
    if not names:
        return _("Nobody has a telephone number yet whom the office could tell.")
    return _("If you are not out in time the office rings you, then {names}.").format(
        names=", ".join(names)
    )


def _words(book: Casebook, a: Appointment) -> str:
    """What whoever is told reads. It goes to colleagues only, sealed until the desk sends it."""
    me = book.team.me()
    return _(
        "Doorstep: {worker} has not checked out of a visit at {address}. Ring {worker}; if there "
        "is no answer, go by your lone-working plan. Reply OK when you are on it."
    ).format(
        worker=me.name if me else "", address=book.lone.address(a.id) or _("an address unknown")
    )


def _problem(error: Exception) -> str:
    if isinstance(error, Missing) and error.field == NOBODY:
        return _("Nobody can be told: no supervisor and no duty telephone has a number.")
    return str(plain(error))


def use_supervisor_please(family: str | None) -> Callable[[], Any]:
    """A hook: gives what a button does that asks a supervisor to ring at once."""
    book = use_session().casebook
    asked, ask = use_state(False)
    said, say = use_state(None)

    def send() -> None:
        me = book.team.me()
        words = _("Doorstep: {worker} asks a supervisor to ring now. Reply OK when you do.").format(
            worker=me.name if me else ""
        )
        try:
            book.lone.supervisor_please(family, words=words)
        except (Missing, NoDesk) as error:
            say(dialogs.Said(words=_problem(error)))
        else:
            say(
                dialogs.Said(
                    words=_("It goes to the office with the next signal, before all else.")
                )
            )

    dialogs.use_question(
        asked,
        title=_("Ask a supervisor to ring you now?"),
        words=_("The text says only that you ask for a call. In danger, ring 999."),
        yes=_("Supervisor please"),
        on_yes=send,
        on_close=lambda: ask(False),
    )
    dialogs.use_said(said, lambda: say(None))
    return lambda: ask(True)
