"""The children of a family beside those at home: on the way, living elsewhere, and lost.

A child who lives elsewhere belongs to the picture and is never mistaken for one at home; where it
lives is shown only when somebody asks for it. After a loss no word here is cheerful.
"""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.life_event import LifeEvent, What, to_be_known
from app.casework.people import Person, PersonKind
from app.casework.period import PeriodKind, current
from app.guards import part
from app.navigation import go
from app.parts import banners, buttons, cards, dialogs, text
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, day, long_day, near_day
from app.wording.vocabulary import word


def known_banners(
    book: Casebook, events: tuple[LifeEvent, ...], names: dict[str, str]
) -> list[ft.Control]:
    """What must be known before a word is said: a loss, a child who has left home."""
    return [
        banners.banner(
            " ".join(part for part in (_known_words(book, event, names), event.text) if part),
            tone="bad" if event.loss else "attention",
            title=_("A loss in this family") if event.loss else _("A child has left home"),
            icon=ft.Icons.SPA_OUTLINED if event.loss else ft.Icons.HOUSE_OUTLINED,
        )
        for event in to_be_known(events, book.today)
    ]


def _known_words(book: Casebook, event: LifeEvent, names: dict[str, str]) -> str:
    who, when = names.get(event.person) or _("Baby"), day(event.on, book.today)
    match event.what:
        case What.PREGNANCY_ENDED:
            return _("The pregnancy ended on {day}. Do not ask after the baby.").format(day=when)
        case What.STILLBORN:
            return _("{name} was stillborn on {day}. Do not ask after the baby.").format(
                name=who, day=when
            )
        case What.DIED:
            return _("{name} died on {day}.").format(name=who, day=when)
    return _("{name} does not live here since {day}.").format(name=who, day=when)


@part
def Expected(family: Family, baby: Person) -> ft.Control:
    """What can be written down of a baby on the way: the birth first."""
    book = use_session().casebook
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    base = f"/families/{family.id}"

    def one_more() -> None:
        twin = book.families.another_baby(baby.id)
        count = sum(p.pregnancy == baby.pregnancy for p in book.families.get(family.id).unborn)
        say(
            dialogs.Said(
                words=_("{n} babies are expected now. They share the due date.").format(n=count),
                undo=lambda: book.families.not_expected(twin),
            )
        )

    return buttons.actions(
        buttons.secondary(
            _("Baby is born"), go(f"{base}/birth/{baby.id}"), icon=ft.Icons.CHILD_CARE
        ),
        buttons.quiet(_("One more baby"), one_more, icon=ft.Icons.ADD),
        buttons.quiet(_("The pregnancy has ended"), go(f"{base}/loss/{baby.id}")),
    )


@part
def Elsewhere(family: Family) -> ft.Control:
    """Brothers and sisters who live with others."""
    shown = [SiblingCard(family, child, key=child.id) for child in family.children_elsewhere]
    return cards.section(
        _("Children who live elsewhere"),
        shown or [text.small(_("None written down."))],
        action=buttons.quiet(
            _("Add sibling"), go(f"/families/{family.id}/siblings/new"), icon=ft.Icons.ADD
        ),
    )


@part
def SiblingCard(family: Family, child: Person) -> ft.Control:
    """One child: where it lives and since when, who looks after it, when the parents see it."""
    book = use_session().casebook
    address_shown, show_address = use_state(False)
    placed = current(family.periods, PeriodKind.PLACEMENT, child.id)
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(text.heading(person_name(child), level=3), expand=True),
                text.small(word("relation", child.relation)),
                buttons.icon_button(
                    ft.Icons.EDIT_OUTLINED,
                    _("Change {name}").format(name=person_name(child)),
                    go(f"/families/{family.id}/people/{child.id}"),
                ),
            ]
        )
    ]
    if child.dob is not None:
        lines.append(text.fact(_("Born"), long_day(child.dob)))
    if placed is not None:
        lines.append(
            text.fact(
                _("Lives elsewhere since {day}").format(day=day(placed.since, book.today)),
                word("placement", placed.code),
                icon=ft.Icons.HOUSE_OUTLINED,
            )
        )
    if child.carers:
        lines.append(text.fact(_("Looked after by"), child.carers))
    if child.contact_arrangements:
        lines.append(
            text.fact(
                _("Contact with the parents"),
                child.contact_arrangements,
                icon=ft.Icons.EVENT_REPEAT,
            )
        )
    lines += _address(family, child, shown=address_shown, show=lambda: show_address(True))
    return cards.card(*lines)


def _address(family: Family, child: Person, *, shown: bool, show: object) -> list[ft.Control]:
    """The carers' address. One that is secret is not on the screen until it is asked for, because
    the screen is also looked at in the parents' kitchen.
    """
    address = child.address
    if address is None:
        return []
    names = {p.id: person_name(p) for p in family.people}
    hidden = ", ".join(names[p] for p in address.secret_from if p in names)
    if not address.secret_from:
        return [text.fact(_("Address"), address.one_line, icon=ft.Icons.HOME_OUTLINED)]
    warning = banners.banner(
        _("Where they live is secret from {names}.").format(names=hidden or _("somebody")),
        tone="bad",
        icon=ft.Icons.VISIBILITY_OFF,
    )
    if shown:
        return [
            warning,
            text.fact(_("Address"), address.one_line, icon=ft.Icons.HOME_OUTLINED),
        ]
    return [
        warning,
        buttons.actions(
            buttons.quiet(
                _("Show the address"),
                show,  # type: ignore[arg-type]
                icon=ft.Icons.VISIBILITY_OUTLINED,
            )
        ),
    ]


@part
def Lost(family: Family) -> ft.Control:
    """Those who died, born or not: named, dated, and no more."""
    if not family.lost:
        return ft.Container(height=0)
    return cards.section(_("Loss"), [LostCard(family, p, key=p.id) for p in family.lost])


@part
def LostCard(family: Family, person: Person) -> ft.Control:
    """One of them, and whether somebody has rung."""
    book = use_session().casebook
    asking, ask = use_state(False)
    event = next((e for e in family.events if e.loss and e.person == person.id), None)

    def take_back() -> None:
        assert event is not None
        book.losses.take_back(event.id)

    dialogs.use_question(
        asking,
        title=_("Was this written down by mistake?"),
        words=_(
            "Everything is put back as it was, appointments that were called off with it too. "
            "That it was written and taken back stays in the history."
        ),
        yes=_("Yes, take it back"),
        on_yes=take_back,
        on_close=lambda: ask(False),
    )
    lines: list[ft.Control] = [text.heading(person_name(person), level=3)]
    if person.ended_on is not None:
        lines.append(text.fact(word("ended", person.ended_as), long_day(person.ended_on)))
    if person.kind is PersonKind.CHILD and person.dob is not None:
        lines.append(text.fact(_("Born"), long_day(person.dob)))
    if event is not None:
        lines += _call(book, family, event)
        lines.append(
            buttons.actions(buttons.quiet(_("Written down by mistake"), lambda: ask(True)))
        )
    return cards.card(*lines)


def _call(book: Casebook, family: Family, event: LifeEvent) -> list[ft.Control]:
    call = next((a for a in family.actions if a.id == event.call), None)
    if call is None:
        return []
    who = book.team.name_of(call.worker) or _("a colleague")
    if call.status == "done" and call.completed_at is not None:
        words = _("{name} rang on {day}").format(name=who, day=day(call.completed_at, book.today))
    elif call.status == "open" and call.due is not None:
        words = _("{name} rings {day}").format(name=who, day=near_day(call.due, book.today))
    else:
        return []
    return [text.fact(_("Who is in touch"), words, icon=ft.Icons.CALL_OUTLINED)]
