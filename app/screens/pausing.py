"""Stopping one time limit for one of the reasons the service knows, and letting it run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import flet as ft

from app.casework.clocks import ClockState, Reading
from app.casework.course import Subject
from app.casework.errors import CaseworkError
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, use_query
from app.parts import banners, buttons, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.clock_rows import clock_rows
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, plain
from app.wording.vocabulary import word


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """Why a clock stands still, and from when; or from when it runs again."""

    on: date | None = None
    reason: str = ""
    text: str = ""


@screen
def PauseClock() -> ft.View:
    """`/families/:fid/clock?clock=…&subject=…`."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    told = use_query()
    path = book.pathways.of(family.id)
    reading = _reading(path.clocks, told.get("clock", ""), told.get("subject", ""))
    stopped = reading is not None and reading.state is ClockState.PAUSED
    form = use_form(
        "clock",
        Stopping(on=book.today),
        about=f"{family.id} {told.get('clock', '')} {told.get('subject', '')}",
        casefile=family.id,
    )
    problem, set_problem = use_state(None)

    async def save() -> None:
        said = form.said
        if reading is None or said.on is None:
            set_problem(_("Please write the day."))
            return
        if not stopped and not said.reason:
            set_problem(_("Please choose why it stands still."))
            return
        try:
            # Babies of one pregnancy share the row, so they stand still together.
            for one in _alike(path.clocks, reading):
                if one.pause is not None:
                    book.pathways.resume(one.pause.id, said.on)
                else:
                    book.pathways.pause(
                        family.id,
                        one.code,
                        said.reason,
                        said.on,
                        subject=one.subject,
                        text=said.text,
                    )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}/pathway")

    body: list[ft.Control] = [text.small(family.name), *form.notices]
    if reading is None:
        body.append(banners.empty(_("This time limit does not run any more.")))
        return Shell(_("Time limit"), body, selected="/families")
    names = {p.id: person_name(p) for p in family.people}
    body += clock_rows(family.id, [reading], names, book.today)
    if not stopped:
        options = {p.code: word("pause", p.code) for p in reading.clock.pauses}
        body += [
            fields.choice(
                _("Why does it stand still?"),
                form.said.reason,
                options,
                lambda v: form.change(reason=v),
            ),
            fields.text_field(_("A few words"), form.said.text, lambda v: form.change(text=v)),
        ]
    body.append(
        DateField(
            _("Runs again from") if stopped else _("Stands still from"),
            form.said.on,
            lambda v: form.change(on=v),
            today=book.today,
            past=True,
        )
    )
    return Shell(
        _("Time limit"),
        body,
        attention=problem,
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
