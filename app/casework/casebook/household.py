"""The people of a family with all that is known of each, from every casefile of that family.

Where a family was recorded twice, one person may have a record in each: she is shown once, with
the addresses and routes of both, and of two answers about one number a "no" counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from app.casework.casebook import from_family, from_records, pregnancies
from app.casework.casebook.ledger import Ledger
from app.casework.people import Address, Person, PersonKind
from app.casework.period import Period, PeriodKind, lives_elsewhere
from app.casework.phone_number import comparable
from app.casework.safe_contact import Route, one_of_both

_ORDER = (PersonKind.ADULT, PersonKind.UNBORN, PersonKind.CHILD)


def people(ledger: Ledger, family: str) -> list[Person]:
    """Its people, adults first, with addresses and routes; each once."""
    casefiles = ledger.together(family)
    several = len(casefiles) > 1
    found = [p for casefile in casefiles for p in _of_casefile(ledger, family, casefile)]
    shown = {p.id: p for p in found if not several or ledger.shown(p.id) == p.id}
    for person in found:
        if person.id not in shown:
            first = ledger.shown(person.id)
            if first in shown:
                shown[first] = _one(shown[first], person)
    return sorted(
        shown.values(),
        key=lambda p: (
            p.until is not None,
            _ORDER.index(p.kind),
            p.relation,
            p.name,
            p.place,
            p.id,
        ),
    )


def routes(
    ledger: Ledger, family: str, changed: Mapping[str, Route] = MappingProxyType({})
) -> list[Route]:
    """Every route of a family, one for each person, channel and number.

    `changed` are routes as they are about to be, by id, in place of what is on record.
    """
    found: dict[tuple[str, str, str], Route] = {}
    for record in ledger.of_family("safe_contact", family):
        route = changed.get(record.record) or from_family.route(record, record.casefile)
        route = replace(route, person=ledger.shown(route.person))
        key = (route.person, route.channel, comparable(route.number, route.channel))
        found[key] = one_of_both(found[key], route) if key in found else route
    return list(found.values())


def addresses(ledger: Ledger, family: str, *, current: bool = False) -> list[Address]:
    """Every address of a family, past ones too unless `current`, the latest first.

    A secret names whom it is kept from in any of the family's casefiles.
    """
    where = {"until": None} if current else {}
    found = ledger.of_family("address", family, where, order_by=("-since",))
    return [_shown(ledger, from_family.address(record)) for record in found]


def elsewhere(ledger: Ledger) -> frozenset[str]:
    """The children who live away from their household, of all families on this device."""
    kinds = ("period", "person", "recorded_twice", "team", "service_profile")
    return ledger.remembered("elsewhere", kinds, lambda: _elsewhere(ledger))


def _elsewhere(ledger: Ledger) -> frozenset[str]:
    placed: dict[str, list[Period]] = {}
    open_now = {"kind": PeriodKind.PLACEMENT.value, "until": None}
    for period in map(from_family.period, ledger.find("period", open_now)):
        if period is not None:
            subject = ledger.shown(period.subject)
            placed.setdefault(subject, []).append(replace(period, subject=subject))
    at_home = ledger.profile.at_home
    return frozenset(s for s, periods in placed.items() if lives_elsewhere(periods, s, at_home))


def _of_casefile(ledger: Ledger, family: str, casefile: str) -> list[Person]:
    persons = ledger.find("person", casefile=casefile)
    memberships = from_records.by_field(ledger.find("membership", casefile=casefile), "person")
    left = {m for m, several in memberships.items() if several[0].fields.get("until")}
    staying = [p for p in persons if p.record not in left]
    pregnant = pregnancies.of_people(ledger, casefile, staying)
    lived: dict[str, list[Address]] = {}
    for address in addresses(ledger, family):
        lived.setdefault(address.person, []).append(address)
    reached: dict[str, list[Route]] = {}
    for route in routes(ledger, family):
        reached.setdefault(route.person, []).append(route)
    return [
        from_family.person(
            p,
            memberships[p.record][0].fields if p.record in memberships else {},
            lived.get(p.record, ()),
            reached.get(p.record, ()),
            pregnancy=pregnant.get(p.record),
        )
        for p in persons
    ]


def _shown(ledger: Ledger, address: Address) -> Address:
    return replace(
        address,
        person=ledger.shown(address.person),
        secret_from=tuple(dict.fromkeys(ledger.shown(p) for p in address.secret_from)),
    )


def _one(shown: Person, other: Person) -> Person:
    """One person with what the other record says of her; a loss in either is a loss."""
    ended = shown if shown.ended_on else other
    born = shown if shown.kind is not PersonKind.UNBORN else other
    return replace(
        shown,
        kind=born.kind,
        dob=shown.dob or other.dob,
        edd=shown.edd or other.edd,
        ended_on=ended.ended_on,
        ended_as=ended.ended_as,
        also=(*shown.also, other),
    )
