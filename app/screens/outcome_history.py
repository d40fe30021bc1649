"""What was recorded of an attendance before it was corrected: by whom, and when."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from app.casework.appointment import Appointment
from app.casework.attendance import Attendance, Code, outcome_word
from app.casework.casebook import Casebook
from app.parts import cards, text
from app.wording import _, moment
from app.wording.vocabulary import word


def corrected(book: Casebook, a: Appointment, names: Mapping[str, str]) -> list[ft.Control]:
    """Every answer for each attendee who has more than one, oldest first. `names` by person id."""
    said: list[ft.Control] = []
    for one in book.engagement.outcomes(a.id):
        if one.corrected:
            said += _answers(book, one, names.get(one.attendee) or _("Somebody"))
    if not said:
        return []
    return [cards.section(_("Recorded more than once"), [cards.card(*said)], level=3)]


def _answers(book: Casebook, one: Attendance, name: str) -> list[ft.Control]:
    """`Adaeze Okoro, as it stands: Not there`, and below it every answer there was."""
    said: list[ft.Control] = [
        text.line(
            _("{name}, as it stands: {outcome}").format(
                name=name, outcome=word("outcome", one.word)
            ),
            strong=True,
        )
    ]
    for change in book.history(one.id):
        code = change.fields.get("code")
        if code not in set(Code):
            continue
        answer = outcome_word(Code(code), not_brought=bool(change.fields.get("not_brought")))
        said.append(
            text.small(
                _("{outcome}, recorded by {name}, {when}").format(
                    outcome=word("outcome", answer),
                    name=change.author_name or _("somebody"),
                    when=moment(change.at, book.now),
                )
            )
        )
    return said
