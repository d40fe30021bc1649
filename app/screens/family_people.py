"""Who belongs to a family, each with her own addresses and telephones: parents live apart."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.people import Address, Person, PersonKind
from app.casework.safe_contact import Allowed, Caution, Route
from app.guards import part
from app.navigation import go
from app.parts import banners, buttons, cards, marks, text
from app.screens import family_children
from app.screens.naming import person_name
from app.screens.reaching import MapButton, Ring, before_contact, use_ringing
from app.screens.safe_contact import stop_on_its_way
from app.state import use_session
from app.wording import (
    _,
    clock,
    day,
    gestation,
    gestation_aloud,
    long_day,
    ngettext,
)
from app.wording.vocabulary import word


@part
def People(family: Family) -> ft.Control:
    """Each person with her own addresses and telephones: parents live apart."""
    book = use_session().casebook
    ring = use_ringing()
    base = f"/families/{family.id}"
    away = {p.id for p in (*family.children_elsewhere, *family.lost)}
    shown = [
        _person(book, family, p, ring)
        for p in family.people
        if p.until is None and p.id not in away
    ]
    off = [p for p in family.people if p.until is not None]
    if off:
        shown.append(
            buttons.actions(
                *[
                    buttons.quiet(
                        _("{name}: not here any more").format(name=person_name(p)),
                        go(f"{base}/people/{p.id}"),
                    )
                    for p in off
                ]
            )
        )
    return cards.section(
        _("People"),
        shown or [text.small(_("Nobody written down yet."))],
        action=buttons.quiet(_("Add person"), go(f"{base}/people/new"), icon=ft.Icons.ADD),
    )


def _person(book: Casebook, family: Family, person: Person, ring: Ring) -> ft.Control:
    base = f"/families/{family.id}"
    kind = word("relation", person.relation)
    kind = "" if kind == person_name(person) else kind
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(text.heading(person_name(person), level=3), expand=True),
                *([text.small(kind)] if kind else []),
                buttons.icon_button(
                    ft.Icons.EDIT_OUTLINED,
                    _("Change {name}").format(name=person_name(person)),
                    go(f"{base}/people/{person.id}"),
                ),
            ]
        )
    ]
    if person.known_as:
        lines.append(text.small(_("Also known as {name}").format(name=person.known_as)))
    stage = person.gestation(book.today)
    if stage is not None and person.edd is not None:
        lines.append(
            ft.Semantics(
                container=True,
                exclude_semantics=True,
                label=_("{weeks}, due {day}").format(
                    weeks=gestation_aloud(stage.days), day=long_day(person.edd)
                ),
                content=text.fact(
                    _("Due {day}").format(day=day(person.edd, book.today)),
                    gestation(stage.days),
                    icon=ft.Icons.PREGNANT_WOMAN,
                ),
            )
        )
        if person.edd_before:
            earlier = ", ".join(day(d, book.today) for d in person.edd_before)
            lines.append(text.small(_("Due date before: {days}").format(days=earlier)))
    if person.expected:
        lines.append(family_children.Expected(family, person))
    if person.dob is not None:
        lines.append(text.fact(_("Born"), _born(book, person)))
    if person.nhs_no:
        lines.append(text.fact(_("NHS number"), person.nhs_no))
    if person.kind is PersonKind.CHILD:
        lines.append(
            buttons.actions(
                buttons.quiet(_("Lives elsewhere, or a loss"), go(f"{base}/loss/{person.id}"))
            )
        )
    lines += [
        text.small(_("Also recorded as {name}").format(name=_recorded(also)))
        for also in person.also
        if _recorded(also) != _recorded(person)
    ]
    if person.interpreter:
        lines.append(
            text.fact(_("Interpreter"), person.language or _("needed"), icon=ft.Icons.TRANSLATE)
        )
    names = {p.id: person_name(p) for p in family.people}
    for address in person.addresses:
        if address.current:
            lines += _address(family.id, address, names)
    lines += stop_on_its_way(book, [person])
    for route in person.routes:
        lines.append(_route(book, person, route, ring))
    return cards.card(*lines, key=person.id)


def _born(book: Casebook, person: Person) -> str:
    """`Tuesday 9 February 2027, 04:20 (at 39+1, 2 days)`; the week only where it is known."""
    assert person.dob is not None
    when = long_day(person.dob)
    if person.born_time is not None:
        when = _("{day}, {time}").format(day=when, time=clock(person.born_time))
    more = [_age(book, person)]
    if person.born_at is not None and (book.today - person.dob).days < 2 * 365:
        more.insert(0, _("at {weeks}").format(weeks=gestation(person.born_at.days)))
    known = ", ".join(part for part in more if part)
    return f"{when} ({known})" if known else when


def _recorded(person: Person) -> str:
    born = f", {long_day(person.dob)}" if person.dob else ""
    return f"{person_name(person)}{born}"


def _age(book: Casebook, person: Person) -> str:
    age = person.age(book.today)
    if age is None:
        return ""
    years, months, days = age
    if years >= 2:
        return ngettext("{n} year", "{n} years", years).format(n=years)
    if years or months:
        n = years * 12 + months
        return ngettext("{n} month", "{n} months", n).format(n=n)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def _address(family: str, address: Address, names: dict[str, str]) -> list[ft.Control]:
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Row(
                    [
                        ft.Icon(ft.Icons.HOME_OUTLINED, size=22),
                        ft.Text(address.one_line, expand=True, expand_loose=True),
                    ],
                    spacing=12,
                    tight=True,
                ),
                MapButton(family, address.one_line),
            ],
            spacing=12,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    hidden = ", ".join(names.get(p, "") for p in address.secret_from)
    if address.secret_from:
        lines.append(
            banners.banner(
                _("Secret from {names}. Never say or send it where they could learn it.").format(
                    names=hidden
                ),
                tone="bad",
                icon=ft.Icons.VISIBILITY_OFF,
            )
        )
    return lines


def _allowed(route: Route, cautions: tuple[Caution, ...]) -> ft.Control:
    """In one glance, and never green above a warning."""
    if route.allowed == Allowed.YES and cautions:
        return marks.status(_("Safe with care"), "attention")
    tones: dict[str, marks.Tone] = {"yes": "good", "unknown": "attention", "no": "bad"}
    return marks.status(word("allowed", route.allowed), tones.get(route.allowed, "attention"))


def _route(book: Casebook, person: Person, route: Route, ring: Ring) -> ft.Control:
    cautions = book.families.cautions(route.id)
    icon = ft.Icons.CALL_OUTLINED if route.channel == "call" else ft.Icons.SMS_OUTLINED
    row: list[ft.Control] = [
        # A number broken over lines is dialled wrong.
        ft.Row([ft.Icon(icon), ft.Text(route.number, no_wrap=True)], spacing=12, tight=True),
        _allowed(route, cautions),
    ]
    lines: list[ft.Control] = [
        ft.Row(row, spacing=12, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    ]
    lines += before_contact(route, cautions)
    tools: list[ft.Control] = []
    if route.channel == "call" and route.allowed != "no":
        tools.append(
            buttons.secondary(
                _("Ring {name}").format(name=person.given or person_name(person)),
                ring(route, person_name(person), cautions),
                icon=ft.Icons.CALL_OUTLINED,
            )
        )
    if route.allowed != "no":

        def unsafe(r: Route = route) -> None:
            book.families.mark_unsafe(r.id)

        tools.append(buttons.quiet(_("Mark unsafe"), unsafe, icon=ft.Icons.PHONE_LOCKED))
    if tools:
        lines.append(buttons.actions(*tools))
    return ft.Column(lines, spacing=6, tight=True)
