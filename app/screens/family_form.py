"""Registering a family and changing what is known of it; the first question is "are they here?"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import flet as ft

from app.casework.errors import CaseworkError, NotASensibleDate
from app.casework.family import FamilyStatus
from app.casework.forms import AddressForm, FamilyForm, PersonForm, ReferralForm, RouteForm
from app.casework.gestation import checked_dob, checked_edd
from app.casework.people import PersonKind, Relation
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, go, instead
from app.parts import buttons, cards, fields, lists, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.closing import referral_fields
from app.state import use_session, use_state
from app.wording import _, plain
from app.wording.vocabulary import own_word, word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What is asked when a family is new: enough to visit them, the rest can follow."""

    name: str = ""
    ref: str = ""
    locality: str = ""
    given: str = ""
    surname: str = ""
    relation: str = Relation.MOTHER.value
    address: str = ""
    postcode: str = ""
    phone: str = ""
    edd: date | None = None
    child: str = ""
    child_dob: date | None = None
    source: str = ""
    referrer: str = ""
    via: str = ""
    previous_removal: bool | None = None
    received: date | None = None
    reason: str = ""


def family_form(begun: Begun, today: date) -> FamilyForm:
    """The answers as the casebook wants them."""
    people = [
        PersonForm(
            kind=PersonKind.ADULT,
            given=begun.given,
            surname=begun.surname,
            relation=Relation(begun.relation),
            addresses=(AddressForm(lines=begun.address, postcode=begun.postcode),)
            if begun.address.strip()
            else (),
            routes=(RouteForm(number=begun.phone),) if begun.phone.strip() else (),
        )
    ]
    if begun.edd is not None:
        people.append(PersonForm(kind=PersonKind.UNBORN, relation=Relation.UNBORN, edd=begun.edd))
    if begun.child.strip() or begun.child_dob is not None:
        people.append(
            PersonForm(
                kind=PersonKind.CHILD,
                given=begun.child,
                surname=begun.surname,
                relation=Relation.CHILD,
                dob=begun.child_dob,
            )
        )
    # Also where nobody has said who referred: a family that came in must not drop out of figures.
    referral = ReferralForm(
        received_at=begun.received or today,
        source=begun.source,
        referrer=begun.referrer.strip(),
        via=begun.via,
        previous_removal=begun.previous_removal,
        reason=begun.reason,
    )
    return FamilyForm(
        name=begun.name.strip() or begun.surname.strip(),
        ref=begun.ref.strip(),
        locality=begun.locality.strip(),
        people=tuple(people),
        referral=referral,
    )


def wrong_dates(said: Begun, today: date) -> dict[str, NotASensibleDate]:
    """Every date that cannot be, by its field, so that one look mends all of them."""
    found: dict[str, NotASensibleDate] = {}
    for field, given, check in (
        ("edd", said.edd, checked_edd),
        ("dob", said.child_dob, checked_dob),
    ):
        try:
            if given is not None:
                check(given, today)
        except NotASensibleDate as error:
            found[field] = error
    return found


@screen
def NewFamily() -> ft.View:
    """`/families/new`."""
    book = use_session().casebook
    form = use_form("family", Begun())
    begun = form.said
    problem, set_problem = use_state(None)
    missing, set_missing = use_state(lambda: frozenset[str]())
    wrong, set_wrong = use_state(lambda: dict[str, str]())

    def change(**given: object) -> None:
        set_missing(frozenset())
        set_problem(None)
        set_wrong({})
        form.change(**given)

    async def save() -> None:
        lacking = frozenset(
            name for name in ("given", "surname") if not getattr(form.said, name).strip()
        )
        set_missing(lacking)
        if lacking:
            return
        mistaken = wrong_dates(form.said, book.today)
        set_wrong({field: word("bad_date", error.reason) for field, error in mistaken.items()})
        if mistaken:
            set_problem(plain(next(iter(mistaken.values()))))
            return
        try:
            family = book.families.register(family_form(form.said, book.today))
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await instead(f"/families/{family}")

    named = begun.name.strip() or begun.surname.strip()
    alike = book.families.similar(named, (begun.given,)) if len(named) > 2 else []
    asked = _("Please fill this in.")
    body: list[ft.Control] = [
        *form.notices,
        text.line(_("Only what you know now. Everything can be added and corrected later.")),
        text.heading(_("Parent or carer"), level=3),
        fields.text_field(
            _("First name"),
            begun.given,
            lambda v: change(given=v),
            error=asked if "given" in missing else None,
            keyboard=ft.KeyboardType.NAME,
        ),
        fields.text_field(
            _("Surname"),
            begun.surname,
            lambda v: change(surname=v),
            error=asked if "surname" in missing else None,
            keyboard=ft.KeyboardType.NAME,
        ),
    ]
    if alike:
        body.append(
            cards.section(
                _("Is it one of these? Then open it instead."),
                [
                    lists.rows(
                        [
                            lists.tile(
                                f.name,
                                "\n".join(
                                    [", ".join(f.people)]
                                    + [f"{word('told_apart', c)}: {s}" for c, s in f.told_apart]
                                ),
                                go(f"/families/{f.id}"),
                                icon=ft.Icons.FAMILY_RESTROOM_OUTLINED,
                                key=f.id,
                            )
                            for f in alike[:5]
                        ]
                    )
                ],
                level=3,
            )
        )
    grown = {k: v for k, v in words("relation").items() if k not in ("child", "unborn")}
    body += [
        fields.dropdown(_("She or he is"), begun.relation, grown, lambda v: change(relation=v)),
        fields.long_text(_("Address"), begun.address, lambda v: change(address=v), lines=2),
        fields.text_field(
            _("Postcode"),
            begun.postcode,
            lambda v: change(postcode=v),
            all_capitals=True,
        ),
        fields.text_field(
            _("Telephone"),
            begun.phone,
            lambda v: change(phone=v),
            keyboard=ft.KeyboardType.PHONE,
            hint=_("Counts as not agreed until you have asked whether it is safe."),
        ),
        text.heading(_("Child"), level=3),
        DateField(
            _("Baby due on (if on the way)"),
            begun.edd,
            lambda v: change(edd=v),
            today=book.today,
            error=wrong.get("edd"),
        ),
        fields.text_field(
            _("Child's first name (if born)"),
            begun.child,
            lambda v: change(child=v),
            keyboard=ft.KeyboardType.NAME,
        ),
        DateField(
            _("Child's date of birth"),
            begun.child_dob,
            lambda v: change(child_dob=v),
            today=book.today,
            error=wrong.get("dob"),
            past=True,
        ),
        text.heading(_("Referral"), level=3),
        *referral_fields(
            ReferralForm(
                received_at=begun.received or book.today,
                source=begun.source,
                referrer=begun.referrer,
                via=begun.via,
                reason=begun.reason,
                previous_removal=begun.previous_removal,
            ),
            lambda **given: change(
                **{"received" if n == "received_at" else n: v for n, v in given.items()}
            ),
            book,
        ),
        text.heading(_("To find them again"), level=3),
        fields.text_field(
            _("Name of the family (if not the surname)"), begun.name, lambda v: change(name=v)
        ),
        fields.text_field(_("Reference"), begun.ref, lambda v: change(ref=v)),
        area(begun.locality, lambda v: change(locality=v)),
    ]
    return Shell(
        _("New family"),
        body,
        attention=_("The parent's names are still missing.") if missing else problem,
        foot=buttons.primary(_("Save family"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def area(locality: str, change: Callable[[str], Any]) -> ft.Control:
    """Where the family lives: one of the service's own areas, or plain words where it has none."""
    known = words("locality")
    if not known:
        return fields.text_field(_("Area"), locality, change)
    said = {locality: own_word("locality", locality)} if locality and locality not in known else {}
    return fields.dropdown(_("Area"), locality or None, {**known, **said}, change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is known of a family as a whole."""

    name: str
    known_as: str
    ref: str
    locality: str
    status: FamilyStatus


@screen
def ChangeFamily() -> ft.View:
    """`/families/:fid/change`."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    known = Changed(
        name=family.name,
        known_as=family.known_as,
        ref=family.ref,
        locality=family.locality,
        status=family.status,
    )
    form = use_form("family_change", known, about=family.id, casefile=family.id)
    changed = form.said

    async def save() -> None:
        said = form.on(known)
        book.families.change(
            family.id,
            name=said.name,
            known_as=said.known_as,
            ref=said.ref,
            locality=said.locality,
            status=said.status,
        )
        form.done()
        await finished(f"/families/{family.id}")

    statuses: Mapping[str, str] = words("family_status")
    return Shell(
        _("Change family"),
        [
            *form.notices,
            fields.text_field(_("Name of the family"), changed.name, lambda v: form.change(name=v)),
            fields.text_field(
                _("Also known as"), changed.known_as, lambda v: form.change(known_as=v)
            ),
            fields.text_field(_("Reference"), changed.ref, lambda v: form.change(ref=v)),
            area(changed.locality, lambda v: form.change(locality=v)),
            fields.choice(
                _("Where they stand"),
                changed.status,
                statuses,
                lambda v: form.change(status=FamilyStatus(v)),
            ),
        ],
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )
