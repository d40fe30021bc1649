"""Writing down people: who they are, how they belong to the family, and where they live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.casework.casebook import from_family, life_events, placements, pregnancies
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.reminding import Following, Reminding
from app.casework.casebook.routes import route_statement
from app.casework.errors import Missing
from app.casework.forms import AddressForm, PersonForm
from app.casework.gestation import checked_dob, checked_edd
from app.casework.nhs_number import nhs_number
from app.casework.people import PersonKind
from app.casework.period import PeriodKind
from app.casework.route_verdict import Sign
from storage.kinds import Value
from storage.query import OneOf, Record
from storage.vault import Statement

_OF_MEMBERSHIP = ("relation", "parental_responsibility", "carers", "contact_arrangements")
_OF_PREGNANCY = ("edd", "edd_source")
_LISTS = ("addresses", "routes")


class People:
    """The part of a casebook that writes persons and addresses."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    def add_person(self, family: str, form: PersonForm) -> str:
        """Add somebody to the family, with addresses and routes; gives the person's id.

        Raises NotASensibleDate for a birth in the future or a due date that cannot be, Missing for
        a child or adult without a name, BadNhsNumber for one that cannot be.
        """
        person = self._ledger.vault.new_id()
        self._ledger.write(person_statements(self._ledger, family, person, form))
        self._reminding.settle(family)
        return person

    def add_child_elsewhere(
        self, family: str, form: PersonForm, placement: str, since: date | None = None
    ) -> str:
        """Add a brother or sister who lives with others, never for a moment as one at home.

        Gives the person's id. Raises as `add_person`, and Missing without a placement.
        """
        if not placement:
            raise Missing("placement")
        person = self._ledger.vault.new_id()
        fields = r.plain_fields(
            subject=person,
            kind=PeriodKind.PLACEMENT,
            code=placement,
            since=since or self._ledger.today,
        )
        self._ledger.write(
            [
                self._ledger.statement(family, "period", self._ledger.vault.new_id(), fields),
                *person_statements(self._ledger, family, person, form),
            ]
        )
        return person

    def form_of(self, person: str) -> PersonForm:
        """What is known of a person, ready to be changed; without addresses and routes."""
        record = self._ledger.one(person, "person")
        pregnant = pregnancies.of_people(self._ledger, record.casefile, [record])
        known = from_family.person(
            record, self._membership(person).fields, pregnancy=pregnant.get(person)
        )
        return PersonForm(
            **{
                name: getattr(known, name)
                for name in PersonForm.__dataclass_fields__
                if name not in _LISTS
            }
        )

    def change_person(self, person: str, form: PersonForm) -> None:
        """Correct what is known. Only what differs is written; an older due date stays in history,
        and a new one moves every baby of the pregnancy.

        Raises NotASensibleDate, Missing and BadNhsNumber as `add_person` does.
        """
        record = self._ledger.one(person, "person")
        membership = self._membership(person)
        known = r.text(record.fields, "nhs_no")
        fields, belongs, due = _checked(self._ledger, form, known)
        said = [self._differing(record, fields), self._differing(membership, belongs)]
        if form.kind is not PersonKind.ADULT:
            said += pregnancies.statements(self._ledger, record.casefile, record, due)
        was_unborn = r.text(record.fields, "kind") == PersonKind.UNBORN
        if was_unborn and form.kind is PersonKind.CHILD and form.dob is not None:
            said.append(life_events.born(self._ledger, record, on=form.dob, changed=fields))
        elif form.kind is PersonKind.CHILD and form.dob is not None:
            said += placements.born_on(self._ledger, person, form.dob)
        self._ledger.write(said)
        self._reminding.settle(record.casefile)

    def leave_family(
        self, person: str, until: date | None = None, *, mistaken: bool = False
    ) -> None:
        """Say that somebody no longer belongs to the family; everything about them stays.

        `mistaken`: never did, and was written down in error. `belong_again` takes either back.
        """
        self._belongs(person, until or self._ledger.today, mistaken=mistaken)

    def belong_again(self, person: str) -> None:
        """Somebody who had left, or was taken for a mistake, belongs to the family."""
        self._belongs(person, None, mistaken=False)

    def _belongs(self, person: str, until: date | None, *, mistaken: bool) -> None:
        membership = self._membership(person)
        self._ledger.change(membership, r.plain_fields(until=until, by_mistake=mistaken))
        self._reminding.settle(membership.casefile)

    def add_address(
        self,
        person: str,
        lines: str,
        postcode: str = "",
        *,
        secret_from: Iterable[str] = (),
        since: date | None = None,
    ) -> str:
        """Where somebody lives from now on; the address before it ends. Gives the address's id."""
        record = self._ledger.one(person, "person")
        form = AddressForm(
            lines=lines, postcode=postcode, secret_from=tuple(secret_from), since=since
        )
        address = self._ledger.vault.new_id()
        begins = since or self._ledger.today
        records = OneOf(list(self._ledger.written_as(person)))
        before = self._ledger.find("address", {"person": records, "until": None})
        following = self._now_secret(record.casefile) if form.secret_from else Following()
        self._ledger.write(
            [
                *(self._differing(b, r.plain_fields(until=begins)) for b in before),
                address_statement(self._ledger, record.casefile, person, address, form),
                *following.statements,
            ],
            orders=following.orders,
        )
        return address

    def end_address(self, address: str, until: date | None = None) -> None:
        """Nobody lives there any longer."""
        record = self._ledger.one(address, "address")
        self._ledger.change(record, r.plain_fields(until=until or self._ledger.today))

    def keep_secret(self, address: str, from_persons: Iterable[str]) -> None:
        """Name people who must not learn that address. Nobody is ever taken off the list."""
        record = self._ledger.one(address, "address")
        everybody = (*r.texts(record.fields, "secret_from"), *from_persons)
        fields = r.plain_fields(secret_from=tuple(dict.fromkeys(everybody)))
        following = self._now_secret(record.casefile) if everybody else Following()
        self._ledger.write(
            [
                self._ledger.statement(record.casefile, record.kind, address, fields),
                *following.statements,
            ],
            orders=following.orders,
        )

    def _now_secret(self, family: str) -> Following:
        """An address is secret from somebody: from now on nothing that matters may be unknown."""
        return self._reminding.follow_family(
            family,
            why="secret_address",
            change=lambda around: replace(around, signs=around.signs | {Sign.SECRET_ADDRESS}),
        )

    def _membership(self, person: str) -> Record:
        return self._ledger.one(derived_id("membership", person), "membership")

    def _differing(self, record: Record, fields: dict[str, Value]) -> Statement:
        return self._ledger.statement(
            record.casefile, record.kind, record.record, r.differing(record.fields, fields)
        )


def person_statements(
    ledger: Ledger, family: str, person: str, form: PersonForm
) -> list[Statement]:
    """A person, how she belongs to the family, and her addresses and routes."""
    fields, belongs, due = _checked(ledger, form)
    pregnant: list[Statement] = []
    if form.kind is PersonKind.UNBORN:
        pregnant = pregnancies.founding(ledger, family, person, due)
        fields["pregnancy"] = derived_id("pregnancy", person)
    membership = {**belongs, "person": person, "since": ledger.today.isoformat()}
    said = [
        ledger.statement(family, "person", person, fields),
        ledger.statement(family, "membership", derived_id("membership", person), membership),
        *pregnant,
    ]
    said += [
        address_statement(ledger, family, person, ledger.vault.new_id(), a) for a in form.addresses
    ]
    said += [route_statement(ledger, family, person, ledger.vault.new_id(), c) for c in form.routes]
    return said


def address_statement(
    ledger: Ledger, family: str, person: str, address: str, form: AddressForm
) -> Statement:
    """One address of a person. Raises Missing when it is empty."""
    if not form.lines.strip() and not form.postcode.strip():
        raise Missing("lines")
    fields = r.plain_fields(
        person=person,
        lines=form.lines.strip(),
        postcode=" ".join(form.postcode.upper().split()),
        secret_from=form.secret_from,
        since=form.since or ledger.today,
    )
    return ledger.statement(family, "address", address, fields)


def _checked(
    ledger: Ledger, form: PersonForm, known_number: str = ""
) -> tuple[dict[str, Value], dict[str, Value], dict[str, Value]]:
    """The fields of the person, those of the membership and those of the pregnancy."""
    if form.kind is not PersonKind.UNBORN and not (form.given.strip() or form.surname.strip()):
        raise Missing("given")
    if form.kind is PersonKind.UNBORN:
        # Not asked of somebody unborn: what was typed before that was chosen says nothing.
        form = replace(form, dob=None)
    if form.dob is not None:
        checked_dob(form.dob, ledger.today)
    if form.edd is not None and form.kind is PersonKind.UNBORN:
        checked_edd(form.edd, ledger.today)
    if form.nhs_no.strip() != known_number:
        form = replace(form, nhs_no=nhs_number(form.nhs_no))
    said = {name: getattr(form, name) for name in PersonForm.__dataclass_fields__}
    said = {n: v.strip() if isinstance(v, str) else v for n, v in said.items() if n not in _LISTS}
    belongs = {name: said.pop(name) for name in _OF_MEMBERSHIP}
    due = {name: said.pop(name) for name in _OF_PREGNANCY}
    return r.plain_fields(**said), r.plain_fields(**belongs), r.plain_fields(**due)
