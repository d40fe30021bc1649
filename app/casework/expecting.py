"""Who is expected at an appointment before anybody has said so, and where: the safest guess.

Where people live apart, an address is secret, or anything on record speaks of danger, nobody is
assumed: an invitation that reaches the wrong parent, or names the wrong house, cannot be taken
back. Pure rules over what the family's screen shows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.casework.family import Family
from app.casework.folding import folded
from app.casework.people import Address, Person, PersonKind, Relation
from app.casework.period import PeriodKind

SHORTEST_POSTCODE = 5
"""Letters and digits of the shortest postcode there is, such as `M1 1AA`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An address that somebody must not learn: whose it is, and from whom it is kept."""

    address: Address
    whose: Person
    from_whom: Person


def needs_care(family: Family) -> bool:
    """Whether nobody may be assumed to be met together with anybody else."""
    homes = {_house(p.address) for p in _here(family) if p.address and _grown(p)}
    return (
        len(homes) > 1
        or any(a.secret_from for p in family.people for a in p.addresses)
        or any(risk.until is None for risk in family.risks)
        # One that ended still counts: those who hurt somebody come back.
        or any(period.kind is PeriodKind.INDICATOR for period in family.periods)
    )


def first_expected(family: Family, last: Collection[str]) -> tuple[str, ...]:
    """Whom to tick at first. `last` came last time to this worker for this kind of contact."""
    if needs_care(family):
        return tuple(p.id for p in _here(family) if p.id in last)
    return tuple(
        p.id
        for p in _here(family)
        if p.kind is not PersonKind.UNBORN and p.relation is not Relation.PARTNER
    )


def homes_of(family: Family, chosen: Collection[str]) -> list[Address]:
    """Where those chosen live, without what one of them must not learn; none while nobody is."""
    found: dict[str, Address] = {}
    for person in _here(family):
        home = person.address
        if person.id in chosen and home is not None and not set(home.secret_from) & set(chosen):
            found.setdefault(_house(home), home)
    return list(found.values())


def home_for(family: Family, chosen: Collection[str]) -> Address | None:
    """The one home where those chosen can be met; None when there is none, or more than one."""
    homes = homes_of(family, chosen)
    return homes[0] if len(homes) == 1 else None


def kept_apart(family: Family, chosen: Collection[str]) -> list[Kept]:
    """Those chosen of whom one must not learn where the other lives."""
    people = {p.id: p for p in family.people}
    return [
        Kept(address=address, whose=person, from_whom=people[other])
        for person in family.people
        if person.id in chosen
        for address in person.addresses
        if address.current
        for other in address.secret_from
        if other in chosen and other in people
    ]


def told_by(family: Family, chosen: Collection[str], place: str) -> list[Kept]:
    """Secrets that a place gives away to somebody chosen, whoever lives there."""
    people = {p.id: p for p in family.people}
    return [
        Kept(address=address, whose=person, from_whom=people[other])
        for person in family.people
        for address in person.addresses
        if address.current and names(place, address)
        for other in address.secret_from
        if other in chosen and other in people
    ]


def living_apart(family: Family, chosen: Collection[str]) -> Sequence[Person]:
    """The adults chosen, when they have different homes and something on record asks for care."""
    grown = [p for p in _here(family) if p.id in chosen and p.address and _grown(p)]
    homes = {_house(p.address) for p in grown if p.address}
    return grown if len(homes) > 1 else []


def names(place: str, address: Address) -> bool:
    """Whether a text names that very address: its first line, or its postcode, however spaced."""
    first = next((line for line in address.lines.splitlines() if line.strip()), "")
    said = f" {folded(place)} "
    if first and f" {folded(first)} " in said:
        return True
    packed = _packed(address.postcode)
    return len(packed) >= SHORTEST_POSTCODE and packed in _packed(place)


def _packed(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


def _house(address: Address | None) -> str:
    return _packed(address.one_line) if address else ""


def _here(family: Family) -> list[Person]:
    return [p for p in family.people if p.until is None]


def _grown(person: Person) -> bool:
    return person.kind is PersonKind.ADULT
