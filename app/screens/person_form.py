"""One person of a family: names, dates, addresses with whom they are secret from, telephones.

A number never changes: a new one is a new route, unknown until somebody has asked whether it is
safe. Marking one unsafe never asks twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError, NotASensibleDate
from app.casework.family import Family
from app.casework.forms import AddressForm, PersonForm
from app.casework.nhs_number import BadNhsNumber
from app.casework.people import Answer, Person, PersonKind, Relation
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go, instead
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.naming import person_name
from app.screens.safe_contact import Along, Consents, Routes
from app.state import use_changes, use_session, use_state
from app.wording import _, day, plain
from app.wording.vocabulary import word, words


@screen
def PersonView() -> ft.View:
    """`/families/:fid/people/:pid`; `new` for somebody not yet written down."""
    use_changes("person", "address", "safe_contact", "membership", "consent", "reply")
    params = ft.use_route_params()
    book = use_session().casebook
    family = book.families.get(params["fid"])
    pid = params["pid"]
    person = family.person(pid) if pid != "new" else None
    kept = use_form(
        "person",
        book.families.form_of(pid) if person else PersonForm(),
        about=pid if person else family.id,
        casefile=family.id,
    )
    form = kept.said
    problem, set_problem = use_state(None)
    dates, set_dates = use_state(lambda: dict[str, str]())
    along, _same = use_state(lambda: Along())

    def change(**given: Any) -> None:
        set_dates({})
        set_problem(None)
        kept.change(**given)

    async def save() -> None:
        try:
            for held in list(along.values()):
                held()
            if person is None:
                added = book.families.add_person(family.id, kept.said)
            else:
                book.families.change_person(person.id, kept.on(book.families.form_of(pid)))
        except NotASensibleDate as error:
            asked = "edd" if kept.said.kind is PersonKind.UNBORN else "dob"
            if error.field == asked:
                set_dates({error.field: word("bad_date", error.reason)})
            else:
                set_problem(plain(error))
            return
        except BadNhsNumber as error:
            set_dates({"nhs_no": plain(error).says})
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        kept.done()
        if person is None and kept.said.kind is not PersonKind.UNBORN:
            # How she can be reached is asked next.
            await instead(f"/families/{family.id}/people/{added}")
        else:
            await finished(f"/families/{family.id}")

    names = [
        fields.text_field(_("First name"), form.given, lambda v: change(given=v)),
        fields.text_field(_("Surname"), form.surname, lambda v: change(surname=v)),
        fields.text_field(_("Also known as"), form.known_as, lambda v: change(known_as=v)),
    ]
    body: list[ft.Control] = [text.small(family.name), *kept.notices]
    if person is not None and not person.living:
        # Nothing of a due date, a language or a telephone is asked of somebody who was lost.
        return Shell(
            person_name(person),
            [*body, *names],
            attention=problem,
            foot=buttons.primary(_("Save person"), save, icon=ft.Icons.CHECK),
            selected="/families",
        )
    body += [
        fields.choice(
            _("Adult or child"),
            str(form.kind),
            words("person_kind"),
            lambda v: change(kind=PersonKind(v), relation=_usual(PersonKind(v), form.relation)),
        ),
        *names,
        fields.dropdown(
            _("Relation"),
            str(form.relation),
            words("relation"),
            lambda v: change(relation=Relation(v)),
        ),
    ]
    if form.kind is PersonKind.UNBORN:
        body += [
            DateField(
                _("Due date"),
                form.edd,
                lambda v: change(edd=v),
                today=book.today,
                error=dates.get("edd"),
                hint=_("From the scan if there was one. A changed date keeps the old in history.")
                if person is None or person.of < 2
                else _("All babies of this pregnancy share it. The old date stays in history."),
            ),
            fields.text_field(
                _("Where the due date is from"), form.edd_source, lambda v: change(edd_source=v)
            ),
        ]
    else:
        body.append(
            DateField(
                _("Date of birth"),
                form.dob,
                lambda v: change(dob=v),
                today=book.today,
                past=True,
                error=dates.get("dob"),
            )
        )
    if form.kind is PersonKind.ADULT:
        body.append(
            fields.choice(
                _("Parental responsibility"),
                str(form.parental_responsibility),
                words("answer"),
                lambda v: change(parental_responsibility=Answer(v)),
            )
        )
    if person is not None and person in family.children_elsewhere:
        body += [
            fields.text_field(_("Looked after by"), form.carers, lambda v: change(carers=v)),
            fields.long_text(
                _("Contact with the parents"),
                form.contact_arrangements,
                lambda v: change(contact_arrangements=v),
                lines=2,
                hint=_("As it was agreed or ordered: letters, visits, who supervises."),
            ),
        ]
    if form.kind is not PersonKind.UNBORN:
        body += _official(form, change, dates.get("nhs_no"))
    body += [
        fields.text_field(_("Language"), form.language, lambda v: change(language=v)),
        fields.switch(_("Needs an interpreter"), form.interpreter, lambda v: change(interpreter=v)),
        fields.dropdown(
            _("Letters and plans as"),
            form.format,
            {"plain": _("Plain words"), "easy_read": _("Easy read"), "audio": _("Audio")},
            lambda v: change(format=v),
        ),
    ]
    if person is not None:
        body += [
            Addresses(family, person, along),
            Routes(family.id, person, along),
            Consents(person),
        ]
        if person.kind is PersonKind.ADULT:
            died = go(f"/families/{family.id}/loss/{person.id}")
            body.append(buttons.actions(buttons.quiet(_("Has died"), died)))
        body.append(Belonging(family, person))
    else:
        body.append(text.small(_("Addresses and telephones can be added once this is saved.")))
    return Shell(
        person_name(person) if person else _("New person"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save person"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def _official(
    form: PersonForm, change: Callable[..., None], wrong_number: str | None
) -> list[ft.Control]:
    """What other services know a person by, and what returns to commissioners ask for."""
    genders = words("gender")
    usual = ("girl", "boy") if form.kind is PersonKind.CHILD else ("woman", "man")
    asked = {k: w for k, w in genders.items() if k in (*usual, "other", form.gender)}
    return [
        fields.text_field(
            _("NHS number"),
            form.nhs_no,
            lambda v: change(nhs_no=v),
            error=wrong_number,
            keyboard=ft.KeyboardType.NUMBER,
        ),
        fields.dropdown(
            _("Gender"),
            form.gender,
            {"": _("Not said"), **asked},
            lambda v: change(gender=v),
        ),
        fields.dropdown(
            _("Ethnic group, as they say it"),
            form.ethnicity,
            {"": _("Not asked yet"), **words("ethnicity")},
            lambda v: change(ethnicity=v),
        ),
    ]


@part
def Belonging(family: Family, person: Person) -> ft.Control:
    """Somebody who has left the family, or was never of it: taken off its lists, and back again."""
    book = use_session().casebook
    asking, ask = use_state(False)
    why, set_why = use_state(None)

    def begin() -> None:
        set_why(None)
        ask(True)

    async def leave() -> None:
        book.families.leave_family(person.id, mistaken=why == "mistake")
        await finished(f"/families/{family.id}")

    dialogs.use_question(
        asking,
        title=_("Take {name} off this family?").format(name=person_name(person)),
        words=fields.choice(
            _("Why"),
            why,
            {"left": _("Left the family"), "mistake": _("Was written down by mistake")},
            set_why,
        ),
        more=[text.small(_("What was written stays in the record. You can take it back here."))],
        yes=_("Take off"),
        ready=why is not None,
        filled_in=True,
        on_yes=leave,
        on_close=lambda: ask(False),
    )
    if person.until is None:
        return buttons.actions(buttons.quiet(_("Does not belong here"), begin))
    return banners.banner(
        off_words(book, person),
        tone="attention",
        actions=[
            buttons.secondary(
                _("Belongs here again"), lambda: book.families.belong_again(person.id)
            )
        ],
    )


def off_words(book: Casebook, person: Person) -> str:
    """Why somebody stands on none of the family's lists, and since when."""
    since = day(person.until, book.today) if person.until else ""
    said = _("Written down by mistake") if person.by_mistake else _("Not of this family any more")
    return _("{what}, since {day}.").format(what=said, day=since)


def _usual(kind: PersonKind, relation: Relation) -> Relation:
    usual = {PersonKind.CHILD: Relation.CHILD, PersonKind.UNBORN: Relation.UNBORN}
    if kind in usual:
        return usual[kind]
    return Relation.OTHER if relation in usual.values() else relation


@part
def Addresses(family: Family, person: Person, along: Along) -> ft.Control:
    """Where the person lives, since when, and from whom that must be kept.

    What was typed and not added is put into `along`, for the button that saves the person.
    """
    book = use_session().casebook
    form = use_form("address", AddressForm(lines=""), about=person.id, casefile=family.id)
    begun = form.said
    others = {p.id: person_name(p) for p in family.adults if p.id != person.id}

    def add() -> None:
        said = form.said
        if said.lines.strip() or said.postcode.strip():
            book.families.add_address(
                person.id, said.lines, said.postcode, secret_from=said.secret_from
            )
            form.afresh()

    along["address"] = add

    shown: list[ft.Control] = []
    for address in person.addresses:
        if not address.current:
            until = day(address.until, book.today) if address.until else ""
            shown.append(
                text.small(_("{address}, until {day}").format(address=address.one_line, day=until))
            )
            continue
        shown.append(
            cards.card(
                text.line(address.one_line),
                *(
                    [
                        fields.chips(
                            _("Secret from"),
                            list(address.secret_from),
                            others,
                            _keeping(book, address.id),
                        )
                    ]
                    if others
                    else []
                ),
                buttons.actions(
                    buttons.quiet(_("No longer lives here"), _ending(book, address.id))
                ),
            )
        )
    new: list[ft.Control] = [
        *form.notices,
        fields.long_text(_("New address"), begun.lines, lambda v: form.change(lines=v), lines=2),
        fields.text_field(_("Postcode"), begun.postcode, lambda v: form.change(postcode=v)),
    ]
    if others:
        new.append(
            fields.chips(
                _("Secret from"),
                list(begun.secret_from),
                others,
                lambda picked: form.change(secret_from=tuple(picked)),
            )
        )
    new.append(buttons.actions(buttons.secondary(_("Add address"), add, icon=ft.Icons.ADD)))
    return cards.section(_("Addresses"), [*shown, cards.card(*new)])


def _keeping(book: Casebook, address: str) -> Any:
    return lambda picked: book.families.keep_secret(address, tuple(picked))


def _ending(book: Casebook, address: str) -> Any:
    return lambda: book.families.end_address(address)
