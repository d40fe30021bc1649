"""An older brother or sister who lives with others: who, where, and when the parents may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import flet as ft

from app.casework.errors import CaseworkError, NotASensibleDate
from app.casework.forms import AddressForm, PersonForm
from app.casework.people import PersonKind, Relation
from app.guards import screen
from app.layout import Shell
from app.navigation import finished
from app.parts import buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, plain
from app.wording.vocabulary import word, words

RELATIONS = (Relation.CHILD, Relation.SIBLING, Relation.HALF_SIBLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What is asked of a child who lives elsewhere."""

    given: str = ""
    surname: str = ""
    relation: Relation = Relation.SIBLING
    dob: date | None = None
    placement: str = ""
    since: date | None = None
    carers: str = ""
    contact: str = ""
    address: str = ""
    postcode: str = ""
    secret_from: tuple[str, ...] = ()


@screen
def NewSibling() -> ft.View:
    """`/families/:fid/siblings/new`."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    form = use_form(
        "sibling",
        Begun(secret_from=tuple(p.id for p in family.adults)),
        about=family.id,
        casefile=family.id,
    )
    begun = form.said
    problem, set_problem = use_state(None)
    dates, set_dates = use_state(None)
    lacking, set_lacking = use_state(False)

    def change(**given: Any) -> None:
        set_problem(None)
        set_dates(None)
        set_lacking(False)
        form.change(**given)

    async def save() -> None:
        said = form.said
        if not said.placement:
            set_lacking(True)
            return
        try:
            book.families.add_child_elsewhere(family.id, _person(said), said.placement, said.since)
        except NotASensibleDate as error:
            set_dates(word("bad_date", error.reason))
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}")

    away = {
        code: said for code, said in words("placement").items() if code not in book.profile.at_home
    }
    relations = {str(code): word("relation", code) for code in RELATIONS}
    adults = {p.id: person_name(p) for p in family.adults}
    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        fields.text_field(
            _("First name"),
            begun.given,
            lambda v: change(given=v),
            keyboard=ft.KeyboardType.NAME,
        ),
        fields.text_field(
            _("Surname"),
            begun.surname,
            lambda v: change(surname=v),
            keyboard=ft.KeyboardType.NAME,
        ),
        fields.choice(
            _("Relation"),
            str(begun.relation),
            relations,
            lambda v: change(relation=Relation(v)),
        ),
        DateField(
            _("Date of birth"),
            begun.dob,
            lambda v: change(dob=v),
            today=book.today,
            past=True,
            error=dates,
        ),
        fields.dropdown(
            _("Where the child lives"),
            begun.placement or None,
            away,
            lambda v: change(placement=v),
            error=_("Please choose where.") if lacking else None,
        ),
        DateField(_("Since"), begun.since, lambda v: change(since=v), today=book.today, past=True),
        fields.text_field(_("Looked after by"), begun.carers, lambda v: change(carers=v)),
        fields.long_text(
            _("Contact with the parents"),
            begun.contact,
            lambda v: change(contact=v),
            lines=2,
            hint=_("As it was agreed or ordered: letters, visits, who supervises."),
        ),
        cards.card(
            fields.long_text(
                _("Address of the carers, if needed"),
                begun.address,
                lambda v: change(address=v),
                lines=2,
            ),
            fields.text_field(_("Postcode"), begun.postcode, lambda v: change(postcode=v)),
            *(
                [
                    fields.chips(
                        _("Secret from"),
                        list(begun.secret_from),
                        adults,
                        lambda picked: change(secret_from=tuple(picked)),
                    )
                ]
                if adults
                else []
            ),
        ),
    ]
    return Shell(
        _("A child who lives elsewhere"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def _person(begun: Begun) -> PersonForm:
    address = AddressForm(
        lines=begun.address,
        postcode=begun.postcode,
        secret_from=begun.secret_from,
        since=begun.since,
    )
    return PersonForm(
        kind=PersonKind.CHILD,
        given=begun.given,
        surname=begun.surname,
        relation=begun.relation,
        dob=begun.dob,
        carers=begun.carers,
        contact_arrangements=begun.contact,
        addresses=(address,) if begun.address.strip() or begun.postcode.strip() else (),
    )
