"""A baby is born: the day, perhaps the hour and a name, and the record goes on as a child's."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import flet as ft

from app.casework.errors import CaseworkError, NotASensibleDate
from app.casework.family import Family
from app.casework.life_event import BirthForm
from app.casework.people import Person, Relation
from app.guards import screen
from app.layout import Shell
from app.navigation import finished
from app.parts import banners, buttons, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField, TimeField
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, day, plain
from app.wording.vocabulary import word, words


@screen
def BirthView() -> ft.View:
    """`/families/:fid/birth/:pid`."""
    params = ft.use_route_params()
    book = use_session().casebook
    family = book.families.get(params["fid"])
    expected = {p.id: p for p in family.unborn}
    chosen, choose = use_state(params["pid"])
    baby = expected.get(chosen)
    kept = use_form(
        "birth", _begun(family, baby, book.today), about=params["pid"], casefile=family.id
    )
    form = kept.said
    on = cast("date | None", form.on)  # while nothing readable is typed there is none
    problem, set_problem = use_state(None)
    wrong, set_wrong = use_state(None)

    def change(**given: Any) -> None:
        set_problem(None)
        set_wrong(None)
        kept.change(**given)

    async def save() -> None:
        if on is None or baby is None:
            set_wrong(_("Please give the day."))
            return
        try:
            book.families.born(baby.id, kept.said)
        except NotASensibleDate as error:
            set_wrong(word("bad_date", error.reason))
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        kept.done()
        await finished(f"/families/{family.id}")

    if baby is None:
        gone = banners.empty(_("This baby is not expected any more."), icon=ft.Icons.SEARCH_OFF)
        return Shell(_("Baby is born"), [gone], selected="/families")
    body: list[ft.Control] = [text.small(family.name), *kept.notices]
    if len(expected) > 1:
        names = {key: person_name(p) for key, p in expected.items()}
        body.append(fields.choice(_("Which baby?"), chosen, names, choose))
    body += [
        DateField(
            _("Born on"), on, lambda v: change(on=v), today=book.today, past=True, error=wrong
        ),
        TimeField(_("Time of day, if you know it"), form.at_time, lambda at: change(at_time=at)),
        fields.text_field(
            _("First name, if there is one yet"),
            form.given,
            lambda v: change(given=v),
            keyboard=ft.KeyboardType.NAME,
        ),
        fields.text_field(
            _("Surname"),
            form.surname,
            lambda v: change(surname=v),
            keyboard=ft.KeyboardType.NAME,
        ),
        fields.choice(
            _("Girl or boy"),
            form.gender,
            {"girl": _("Girl"), "boy": _("Boy"), "": _("Not said")},
            lambda v: change(gender=v),
        ),
    ]
    places = words("placement")
    if places:
        body.append(
            fields.dropdown(
                _("Where the child lives from birth, if you know"),
                form.placement,
                {"": _("Not said yet"), **places},
                lambda v: change(placement=v),
            )
        )
    if baby.edd is not None:
        body.append(text.small(_("The due date was {day}.").format(day=day(baby.edd, book.today))))
    body.append(
        text.small(_("Notes, appointments and legal status stay with the child as they are."))
    )
    return Shell(
        _("Baby is born"),
        body,
        attention=problem,
        foot=buttons.primary(_("Write down the birth"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def _begun(family: Family, baby: Person | None, today: date) -> BirthForm:
    """The surname as the baby has it, or as the mother's."""
    mothers = [p.surname for p in family.adults if p.relation is Relation.MOTHER]
    surname = (baby.surname if baby else "") or next(iter(mothers), family.name)
    return BirthForm(on=today, given=baby.given if baby else "", surname=surname)
