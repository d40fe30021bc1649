"""Stopping one time limit for one of the reasons the service knows, and letting it run again."""

from __future__ import annotations

import flet as ft

from app.casework.clocks import ClockState, Reading
from app.casework.course import Subject
from app.casework.errors import CaseworkError
from app.guards import screen
from app.layout import Shell
from app.navigation import asked, goto
from app.parts import banners, buttons, fields, text
from app.parts.when import DateField
from app.screens.clock_rows import clock_rows
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, plain
from app.wording.vocabulary import word


@screen
def PauseClock() -> ft.View:
    """`/families/:fid/clock?clock=…&subject=…`."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    told = asked()
    path = book.pathways.of(family.id)
    reading = _reading(path.clocks, told.get("clock", ""), told.get("subject", ""))
    stopped = reading is not None and reading.state is ClockState.PAUSED
    reason, set_reason = use_state("")
    words_of, set_words = use_state("")
    on, set_on = use_state(lambda: book.today)
    problem, set_problem = use_state(None)

    async def save() -> None:
        if reading is None or on is None:
            set_problem(_("Please write the day."))
            return
        if not stopped and not reason:
            set_problem(_("Please choose why it stands still."))
            return
        try:
            # Babies of one pregnancy share the row, so they stand still together.
            for one in _alike(path.clocks, reading):
                if one.pause is not None:
                    book.pathways.resume(one.pause.id, on)
                else:
                    book.pathways.pause(
                        family.id, one.code, reason, on, subject=one.subject, text=words_of
                    )
        except CaseworkError as error:
            set_problem(str(plain(error)))
            return
        await goto(f"/families/{family.id}/pathway")

    body: list[ft.Control] = [text.small(family.name)]
    if reading is None:
        body.append(banners.empty(_("This time limit does not run any more.")))
        return Shell(_("Time limit"), body, selected="/families")
    names = {p.id: person_name(p) for p in family.people}
    body += clock_rows(family.id, [reading], names, book.today)
    if not stopped:
        options = {p.code: word("pause", p.code) for p in reading.clock.pauses}
        body += [
            fields.choice(_("Why does it stand still?"), reason, options, set_reason),
            fields.text_field(_("A few words"), words_of, set_words),
        ]
    body.append(
        DateField(
            _("Runs again from") if stopped else _("Stands still from"),
            on,
            set_on,
            today=book.today,
            past=True,
        )
    )
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
    return Shell(
        _("Time limit"),
        body,
        foot=buttons.primary(
            _("Let it run again") if stopped else _("Stop this clock"), save, icon=ft.Icons.CHECK
        ),
        selected="/families",
    )


def _reading(clocks: tuple[Reading, ...], code: str, subject: str) -> Reading | None:
    part, _colon, one = subject.partition(":")
    for reading in clocks:
        named = (reading.subject.part, reading.subject.id) if reading.subject else ("", "")
        if reading.code == code and named == (part, one) and reading.open:
            return reading
    return None


def _alike(clocks: tuple[Reading, ...], reading: Reading) -> list[Reading]:
    if reading.subject is None or reading.subject.part != "baby":
        return [reading]
    return [
        one
        for one in clocks
        if one.code == reading.code
        and isinstance(one.subject, Subject)
        and one.subject.part == "baby"
        and (one.state, one.due) == (reading.state, reading.due)
    ]
