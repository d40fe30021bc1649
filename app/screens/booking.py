"""Booking or changing an appointment: who, when, where, how long, once or every week.

A clash is said before saving and does not forbid it. Moving one of a series asks whether the rest
moves too. Cancelling asks who and why, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import flet as ft

from app.casework.appointment import VenueType
from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.family import Family
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, use_query
from app.parts import buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField, TimeField
from app.screens.booking_doubts import Clashes, care, doubts, use_doubts, when_words
from app.screens.booking_filled import (
    Filled,
    at_home,
    at_venue,
    booking,
    for_kind,
    offered,
    place_of,
    with_family,
)
from app.screens.naming import person_name
from app.screens.reminders import ReminderPreview
from app.state import use_session, use_state
from app.wording import _, local, ngettext, plain
from app.wording.vocabulary import words

LENGTHS = (30, 45, 60, 75, 90, 120)


@screen
def NewAppointment() -> ft.View:
    """`/appointments/new?family=…&at=…`."""
    book = use_session().casebook
    query = use_query()
    form = use_form(
        "booking",
        _begun(book, query),
        about=query.get("family", ""),
        casefile=lambda said: said.family or None,
    )
    problem, set_problem = use_state(None)
    asking, ask = use_state(False)
    filled = form.said

    def fill(new: Filled) -> None:
        set_problem(None)
        form.put(new)

    async def save() -> None:
        made = booking(book, form.said)
        if made is None:
            set_problem(_("Please choose the family, the day and the time."))
            return
        try:
            book.diary.check(made)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        if doubts(book, made, None, times=form.said.times):
            ask(True)
        else:
            await keep()

    async def keep() -> None:
        made = booking(book, form.said)
        if made is None:
            return
        try:
            book.diary.book_series(made, form.said.times)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished("/")

    made = booking(book, filled) if asking else None
    doubted = doubts(book, made, None, times=filled.times) if made else []
    use_doubts(doubted, asking, lambda: ask(False), keep, new=True)
    words_of = (
        ngettext("Book {n} appointment", "Book {n} appointments", filled.times)
        if filled.times > 1
        else _("Book")
    )
    return Shell(
        _("Book an appointment"),
        [
            *form.notices,
            BookingForm(filled, fill, new=True, besides=None),
            ReminderPreview(booking(book, filled), None),
        ],
        attention=problem,
        foot=buttons.primary(words_of.format(n=filled.times), save, icon=ft.Icons.EVENT_AVAILABLE),
        selected="/",
    )


def _begun(book: Casebook, query: Mapping[str, str]) -> Filled:
    begun = Filled(workers=(book.me.person,), on=book.today + timedelta(days=7))
    begun = for_kind(book, begun, book.profile.contact_types[0].code)
    if asked := query.get("at"):
        start = local(datetime.strptime(asked, "%Y%m%dT%H%M").replace(tzinfo=UTC))
        begun = replace(begun, on=start.date(), at=start.time())
    if family := query.get("family"):
        begun = with_family(book, begun, family)
    return begun


@part
def BookingForm(
    filled: Filled, fill: Callable[[Filled], Any], *, new: bool, besides: str | None
) -> ft.Control:
    """Every field of an appointment. `besides` is the appointment that is being changed."""
    book = use_session().casebook
    lines = book.families.lines()
    lines_by_id = {line.id: line for line in lines}
    family = book.families.get(filled.family) if filled.family in lines_by_id else None
    colleagues = {w.person: w.name for w in book.team.workers()}
    controls: list[ft.Control] = []
    if new:
        controls.append(
            fields.dropdown(
                _("Family"),
                filled.family or None,
                {line.id: _line_words(line.name, line.ref) for line in lines},
                lambda chosen: fill(with_family(book, filled, chosen)),
            )
        )
    controls += [
        fields.dropdown(
            _("What kind"),
            filled.kind,
            words("contact_type"),
            lambda kind: fill(for_kind(book, filled, kind)),
        ),
        DateField(
            _("Day"),
            filled.on,
            lambda on: fill(replace(filled, on=on)),
            today=book.today,
            first=book.today,
        ),
        TimeField(_("Time"), filled.at, lambda at: fill(replace(filled, at=at))),
        fields.dropdown(
            _("How long"),
            str(filled.minutes),
            {str(n): _length(n) for n in sorted({*LENGTHS, filled.minutes})},
            lambda n: fill(replace(filled, minutes=int(n))),
        ),
        Clashes(booking(book, filled), besides),
    ]
    if family is not None:
        controls.append(
            fields.chips(
                _("Who is expected"),
                list(filled.people),
                _could_come(family, filled.people),
                lambda picked: fill(at_home(family, replace(filled, people=tuple(picked)))),
            )
        )
        place = " ".join((filled.venue, filled.address, filled.postcode))
        controls += care(family, filled.people, place)
    controls.append(
        fields.dropdown(
            _("Where"),
            filled.venue_type,
            words("venue_type"),
            lambda where: fill(at_venue(book, filled, where)),
        )
    )
    if filled.venue_type not in ("telephone", "video"):
        at_type = offered(book, family, filled) if family is not None else []
        if len(at_type) > 1 or (at_type and not filled.address):
            controls.append(
                fields.chips(
                    _("Where they live")
                    if filled.venue_type == VenueType.HOME
                    else _("Places used before"),
                    [f"{filled.venue}|{filled.address}"],
                    {f"{venue}|{address}": venue or address for _t, venue, address, _p in at_type},
                    lambda picked: fill(place_of(filled, at_type, picked)),
                    many=False,
                )
            )
        controls += [
            fields.text_field(
                _("Name of the place"), filled.venue, lambda v: fill(replace(filled, venue=v))
            ),
            fields.long_text(
                _("Address"), filled.address, lambda v: fill(replace(filled, address=v)), lines=2
            ),
            fields.text_field(
                _("Postcode"),
                filled.postcode,
                lambda v: fill(replace(filled, postcode=v)),
                all_capitals=True,
            ),
        ]
    controls.append(
        fields.chips(
            _("Who goes"),
            list(filled.workers),
            colleagues,
            lambda picked: fill(replace(filled, workers=tuple(picked))),
        )
    )
    controls.append(
        fields.text_field(
            _("What it is about (optional)"),
            filled.about,
            lambda v: fill(replace(filled, about=v)),
        )
    )
    if new:
        controls.append(
            fields.dropdown(
                _("Repeat"),
                str(filled.times),
                {
                    "1": _("Once"),
                    **{str(n): _("Every week, {n} times").format(n=n) for n in (4, 6, 8, 12, 26)},
                },
                lambda n: fill(replace(filled, times=int(n))),
                hint=_("A weekly series keeps its time when the clocks change.")
                if filled.times > 1
                else None,
            )
        )
    return ft.Column(
        controls, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _could_come(family: Family, chosen: Collection[str]) -> dict[str, str]:
    """Everybody who may be expected; a child who lives elsewhere is called so."""
    away = {p.id for p in family.children_elsewhere}
    return {
        p.id: _("{name} (lives elsewhere)").format(name=person_name(p))
        if p.id in away
        else person_name(p)
        for p in family.people
        if p.living and (p.until is None or p.id in chosen)
    }


def _line_words(name: str, ref: str) -> str:
    return f"{name} ({ref})" if ref else name


def _length(minutes: int) -> str:
    return _("{n} minutes").format(n=minutes)


def section_when(starts: datetime, minutes: int) -> ft.Control:
    """The time of an appointment, large."""
    return cards.card(text.heading(when_words(starts, minutes), level=3))
