"""Writing down people: who they are, where they live, and how they may be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.casework.casebook import from_family, household, life_events, pregnancies
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.errors import Missing
from app.casework.forms import AddressForm, PersonForm, RouteForm
from app.casework.gestation import checked_dob, checked_edd
from app.casework.people import PersonKind
from app.casework.period import PeriodKind
from app.casework.safe_contact import Allowed, Caution, Route, cautions
from storage.kinds import Value
from storage.query import OneOf, Record
from storage.vault import Statement

_OF_MEMBERSHIP = ("relation", "parental_responsibility", "carers", "contact_arrangements")
_OF_PREGNANCY = ("edd", "edd_source")
_LISTS = ("addresses", "routes")


class People:
    """The part of a casebook that writes persons, addresses, routes and consents."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add_person(self, family: str, form: PersonForm) -> str:
        """Add somebody to the family, with addresses and routes; gives the person's id.

        Raises NotASensibleDate for a birth in the future or a due date that cannot be, and
        Missing for a child or adult without a name.
        """
        person = self._ledger.vault.new_id()
        self._ledger.write(person_statements(self._ledger, family, person, form))
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

        Raises NotASensibleDate and Missing as `add_person` does.
        """
        record = self._ledger.one(person, "person")
        membership = self._membership(person)
        fields, belongs, due = _checked(self._ledger, form)
        said = [self._differing(record, fields), self._differing(membership, belongs)]
        if form.kind is not PersonKind.ADULT:
            said += pregnancies.statements(self._ledger, record.casefile, record, due)
        was_unborn = r.text(record.fields, "kind") == PersonKind.UNBORN
        if was_unborn and form.kind is PersonKind.CHILD and form.dob is not None:
            said.append(life_events.born(self._ledger, record, on=form.dob, changed=fields))
        self._ledger.write(said)

    def leave_family(
        self, person: str, until: date | None = None, *, mistaken: bool = False
    ) -> None:
        """Say that somebody no longer belongs to the family; everything about them stays.

        `mistaken`: never did, and was written down in error. `belong_again` takes either back.
        """
        said = r.plain_fields(until=until or self._ledger.today, by_mistake=mistaken)
        self._ledger.change(self._membership(person), said)

    def belong_again(self, person: str) -> None:
        """Somebody who had left, or was taken for a mistake, belongs to the family."""
        self._ledger.change(self._membership(person), r.plain_fields(until=None, by_mistake=False))

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
        self._ledger.write(
            [
                *(self._differing(b, r.plain_fields(until=begins)) for b in before),
                address_statement(self._ledger, record.casefile, person, address, form),
            ]
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
        self._ledger.change(record, r.plain_fields(secret_from=tuple(dict.fromkeys(everybody))))

    def add_route(self, person: str, form: RouteForm) -> str:
        """A new way to reach somebody; unknown until agreed. Gives the route's id."""
        record = self._ledger.one(person, "person")
        route = self._ledger.vault.new_id()
        self._ledger.write([route_statement(self._ledger, record.casefile, person, route, form)])
        return route

    def change_route(self, route: str, form: RouteForm) -> None:
        """Write down what was agreed about a route. Its channel and number never change.

        Saying yes or no is dated with this moment, because an agreement without a date is none.
        """
        known = self._route(route)
        fields = _route_fields(self._ledger, form)
        for fixed in ("channel", "number"):
            fields.pop(fixed)
        said = []
        for one in (known.id, *known.doubles):
            record = self._ledger.one(one, "safe_contact")
            differing = r.differing(record.fields, fields)
            if set(differing) != {"agreed_at"} or form.review_by is not None:
                said.append(self._ledger.statement(record.casefile, record.kind, one, differing))
        self._ledger.write(said)

    def mark_unsafe(self, route: str) -> None:
        """Never use this route again. Takes effect on this device at once.

        The same number in the family's other casefile, where it was recorded twice, goes too.
        """
        known = self._route(route)
        fields = r.plain_fields(allowed=Allowed.NO, agreed_at=self._ledger.now)
        records = (self._ledger.one(x, "safe_contact") for x in (known.id, *known.doubles))
        self._ledger.write(
            self._ledger.statement(x.casefile, x.kind, x.record, fields) for x in records
        )

    def cautions(self, route: str) -> tuple[Caution, ...]:
        """What to know before using that route at this moment."""
        return cautions(self._route(route), self._ledger.now, self._ledger.zone)

    def set_consent(self, person: str, purpose: str, *, given: bool, evidence: str = "") -> None:
        """Write down that somebody agreed to a purpose, or took it back."""
        record = self._ledger.one(person, "person")
        fields = r.plain_fields(
            person=person,
            purpose=purpose,
            state="given" if given else "withdrawn",
            at=self._ledger.now,
            evidence=evidence,
        )
        consent = derived_id("consent", person, purpose)
        self._ledger.write([self._ledger.statement(record.casefile, "consent", consent, fields)])

    def consents(self, person: str) -> dict[str, bool]:
        """Each purpose somebody was asked about: given or withdrawn, in any record of hers."""
        records = OneOf(list(self._ledger.written_as(person)))
        found: dict[str, bool] = {}
        for consent in self._ledger.find("consent", {"person": records}):
            purpose, given = r.text(consent.fields, "purpose"), r.text(consent.fields, "state")
            found[purpose] = found.get(purpose, True) and given == "given"
        return found

    def _route(self, route: str) -> Route:
        """A route with what its other record says, where the family was recorded twice."""
        record = self._ledger.one(route, "safe_contact")
        family = self._ledger.remaining(record.casefile)
        alike = household.routes(self._ledger, family)
        return next(c for c in alike if route in (c.id, *c.doubles))

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


def route_statement(
    ledger: Ledger, family: str, person: str, route: str, form: RouteForm
) -> Statement:
    """One route of a person. Raises Missing without a number or address to reach."""
    if not form.number.strip():
        raise Missing("number")
    fields = {**_route_fields(ledger, form), "person": person}
    return ledger.statement(family, "safe_contact", route, fields)


def _route_fields(ledger: Ledger, form: RouteForm) -> dict[str, Value]:
    agreed = form.allowed is not Allowed.UNKNOWN
    return r.plain_fields(
        channel=form.channel,
        number=form.number.strip(),
        allowed=form.allowed,
        days=form.days,
        from_time=form.from_time,
        to_time=form.to_time,
        shared_phone=form.shared_phone,
        voicemail=form.voicemail,
        withheld_id=form.withheld_id,
        neutral_wording=form.neutral_wording,
        code_word=form.code_word.strip(),
        agreed_at=ledger.now if agreed else None,
        review_by=form.review_by,
        remark=form.remark.strip(),
    )


def _checked(
    ledger: Ledger, form: PersonForm
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
    said = {name: getattr(form, name) for name in PersonForm.__dataclass_fields__}
    said = {n: v.strip() if isinstance(v, str) else v for n, v in said.items() if n not in _LISTS}
    belongs = {name: said.pop(name) for name in _OF_MEMBERSHIP}
    due = {name: said.pop(name) for name in _OF_PREGNANCY}
    return r.plain_fields(**said), r.plain_fields(**belongs), r.plain_fields(**due)
