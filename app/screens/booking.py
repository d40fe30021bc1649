"""Booking or changing an appointment: who, when, where, how long, once or every week.

A clash is said before saving and does not forbid it. Moving one of a series asks whether the rest
moves too. Cancelling asks who and why, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.casework.appointment import Clash, VenueType
from app.casework.casebook import Casebook
from app.casework.company import met_first, usually_expected
from app.casework.errors import CaseworkError
from app.casework.family import Family
from app.casework.forms import Booking
from app.guards import part, screen
from app.layout import Shell
from app.navigation import goto
from app.parts import banners, buttons, cards, fields, text
from app.parts.when import DateField, TimeField
from app.screens.naming import person_name
from app.screens.reminders import ReminderPreview
from app.state import use_session, use_state
from app.wording import _, clock, local, long_day, ngettext, plain
from app.wording.vocabulary import words

LENGTHS = (30, 45, 60, 75, 90, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form while it is being filled in."""

    family: str = ""
    kind: str = ""
    on: date | None = None
    at: time | None = None
    minutes: int = 60
    venue_type: str = VenueType.HOME
    venue: str = ""
    address: str = ""
    postcode: str = ""
    workers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    about: str = ""
    times: int = 1


def booking(book: Casebook, filled: Filled) -> Booking | None:
    """The form as the casebook wants it, or None while something is missing."""
    if not filled.family or filled.on is None or filled.at is None:
        return None
    return Booking(
        family=filled.family,
        starts=book.at(filled.on, filled.at),
        kind=filled.kind,
        minutes=filled.minutes,
        venue_type=filled.venue_type,
        venue=filled.venue,
        address=filled.address,
        postcode=filled.postcode,
        workers=filled.workers,
        people=filled.people,
        about=filled.about,
    )


def filled_from(made: Booking) -> Filled:
    """The form as it stands for an appointment that is already booked."""
    at = local(made.starts)
    return Filled(
        family=made.family,
        kind=str(made.kind),
        on=at.date(),
        at=at.time().replace(second=0, microsecond=0),
        minutes=made.minutes,
        venue_type=str(made.venue_type),
        venue=made.venue,
        address=made.address,
        postcode=made.postcode,
        workers=made.workers,
        people=made.people,
        about=made.about,
    )


@screen
def NewAppointment() -> ft.View:
    """`/appointments/new?family=…&at=…`."""
    book = use_session().casebook
    query = parse_qs(urlsplit(ft.use_route_location()).query)
    filled, fill = use_state(lambda: _begun(book, query))
    problem, set_problem = use_state(None)

    async def save() -> None:
        made = booking(book, filled)
        if made is None:
            set_problem(_("Please choose the family, the day and the time."))
            return
        try:
            book.diary.book_series(made, filled.times)
        except CaseworkError as error:
            set_problem(str(plain(error)))
            return
        await goto(f"/families/{made.family}" if query.get("family") else "/")

    body: list[ft.Control] = [
        BookingForm(filled, fill, new=True),
        Clashes(booking(book, filled), None),
        ReminderPreview(booking(book, filled), None),
    ]
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
    words_of = (
        ngettext("Book {n} appointment", "Book {n} appointments", filled.times)
        if filled.times > 1
        else _("Book")
    )
    return Shell(
        _("Book an appointment"),
        body,
        foot=buttons.primary(words_of.format(n=filled.times), save, icon=ft.Icons.EVENT_AVAILABLE),
        selected="/",
    )


def _begun(book: Casebook, query: Mapping[str, list[str]]) -> Filled:
    begun = Filled(workers=(book.me.person,), on=book.today + timedelta(days=7))
    begun = _for_kind(book, begun, book.profile.contact_types[0].code)
    if asked := query.get("at"):
        start = local(datetime.strptime(asked[0], "%Y%m%dT%H%M").replace(tzinfo=UTC))
        begun = replace(begun, on=start.date(), at=start.time())
    if family := query.get("family"):
        begun = with_family(book, begun, family[0])
    return begun


def with_family(book: Casebook, filled: Filled, family: str) -> Filled:
    """The form for that family: whoever lives in the home that is visited is expected there."""
    found = book.families.get(family)
    first = met_first(found.people)
    home = first.address if first else None
    return replace(
        filled,
        family=family,
        people=usually_expected(found.people, {p.id for p in found.children_elsewhere}),
        address=home.lines if home and filled.venue_type == VenueType.HOME else "",
        postcode=home.postcode if home and filled.venue_type == VenueType.HOME else "",
    )


@part
def BookingForm(filled: Filled, fill: Callable[[Filled], Any], *, new: bool) -> ft.Control:
    """Every field of an appointment."""
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
            lambda kind: fill(_for_kind(book, filled, kind)),
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
        fields.dropdown(
            _("Where"),
            filled.venue_type,
            words("venue_type"),
            lambda where: fill(_at_venue(book, filled, where)),
        ),
    ]
    if filled.venue_type not in ("telephone", "video"):
        known = book.diary.venues(filled.family, filled.people) if filled.family else []
        at_type = [v for v in known if v[0] == filled.venue_type and (v[1] or v[2])]
        if len(at_type) > 1:
            controls.append(
                fields.chips(
                    _("Places used before"),
                    [f"{filled.venue}|{filled.address}"],
                    {f"{venue}|{address}": venue or address for _t, venue, address, _p in at_type},
                    lambda picked: fill(_place(filled, at_type, picked)),
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
                capitals=ft.TextCapitalization.CHARACTERS,
            ),
        ]
    if family is not None:
        controls.append(
            fields.chips(
                _("Who is expected"),
                list(filled.people),
                _could_come(family),
                lambda picked: fill(replace(filled, people=tuple(picked))),
            )
        )
        controls += _kept_from(book, filled, family)
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


def _could_come(family: Family) -> dict[str, str]:
    """Everybody who may be expected; a child who lives elsewhere is called so."""
    away = {p.id for p in family.children_elsewhere}
    return {
        p.id: _("{name} (lives elsewhere)").format(name=person_name(p))
        if p.id in away
        else person_name(p)
        for p in family.people
        if p.living and p.until is None
    }


def _kept_from(book: Casebook, filled: Filled, family: Family) -> list[ft.Control]:
    """Said as soon as it is so: somebody chosen must not learn the place that stands above."""
    made = booking(book, filled)
    names = {p.id: person_name(p) for p in family.people}
    hidden = [names.get(p, "") for p in (book.diary.kept_from(made) if made else ())]
    if not hidden:
        return []
    return [
        banners.banner(
            _("{names} must not learn this address. Choose another place, or meet apart.").format(
                names=", ".join(hidden)
            ),
            tone="bad",
            icon=ft.Icons.VISIBILITY_OFF,
            live=True,
        )
    ]


@part
def Clashes(made: Booking | None, besides: str | None) -> ft.Control:
    """Said before saving, never in the way of it."""
    book = use_session().casebook
    found: list[Clash] = book.diary.clashes(made, besides=besides) if made is not None else []
    if not found:
        return ft.Container(height=0)
    said = [
        _("{begin}–{end} {name}").format(
            begin=clock(c.appointment.starts),
            end=clock(c.appointment.ends),
            name=book.families.name_of(c.appointment.family),
        )
        for c in found
    ]
    return banners.banner(
        _("{list}. You can book it all the same.").format(list="; ".join(said)),
        tone="attention",
        title=_("Clashes with"),
        live=True,
    )


def _line_words(name: str, ref: str) -> str:
    return f"{name} ({ref})" if ref else name


def _length(minutes: int) -> str:
    return _("{n} minutes").format(n=minutes)


def _for_kind(book: Casebook, filled: Filled, kind: str) -> Filled:
    """The form for another kind: as long and where such a contact usually is."""
    usual = book.profile.contact_type(kind)
    changed = replace(filled, kind=kind, minutes=usual.minutes if usual else filled.minutes)
    return _at_venue(book, changed, usual.venue) if usual and usual.venue else changed


def _at_venue(book: Casebook, filled: Filled, where: str) -> Filled:
    changed = replace(filled, venue_type=where, venue="", address="", postcode="")
    if not filled.family:
        return changed
    known = [v for v in book.diary.venues(filled.family, filled.people) if v[0] == where]
    if not known:
        return changed
    _type, venue, address, postcode = known[0]
    return replace(changed, venue=venue, address=address, postcode=postcode)


def _place(filled: Filled, known: list[Any], picked: list[str]) -> Filled:
    for _type, venue, address, postcode in known:
        if picked and picked[0] == f"{venue}|{address}":
            return replace(filled, venue=venue, address=address, postcode=postcode)
    return filled


def when_words(starts: datetime, minutes: int) -> str:
    """`Tuesday 4 June 2026, 10:00–11:00`."""
    ends = starts + timedelta(minutes=minutes)
    return f"{long_day(local(starts).date())}, {clock(starts)}–{clock(ends)}"


def section_when(starts: datetime, minutes: int) -> ft.Control:
    """The time of an appointment, large."""
    return cards.card(text.heading(when_words(starts, minutes), level=3))
