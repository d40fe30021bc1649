"""Who is expected at an appointment before anybody has said so, and where: the safest guess.

Where people live apart, an address is secret, or anything on record speaks of danger, nobody is
assumed: an invitation that reaches the wrong parent, or names the wrong house, cannot be taken
back. Pure rules over what the family's screen shows; what names a place is in `company`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.casework.company import homes_for, kept_from, same_home, usually_expected
from app.casework.family import Family
from app.casework.people import Address, Person, PersonKind
from app.casework.period import PeriodKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An address that somebody must not learn: whose it is, and from whom it is kept."""

    address: Address
    whose: Person
    from_whom: Person


def needs_care(family: Family) -> bool:
    """Whether nobody may be assumed to be met together with anybody else."""
    return (
        _apart(_grown(family))
        or any(a.secret_from for p in family.people for a in p.addresses)
        or any(risk.until is None for risk in family.risks)
        # One that ended still counts: those who hurt somebody come back.
        or any(p.kind is PeriodKind.INDICATOR and p.holds for p in family.periods)
    )


def first_expected(family: Family, last: Collection[str]) -> tuple[str, ...]:
    """Whom to tick at first. `last` came last time to this worker for this kind of contact."""
    if needs_care(family):
        return tuple(p.id for p in _here(family) if p.id in last)
    return usually_expected(family.people, {p.id for p in family.children_elsewhere})


def homes_of(family: Family, chosen: Collection[str]) -> list[Address]:
    """Where those chosen live, without what one of them must not learn; none while nobody is."""
    lived = [p.address for p in _here(family) if p.id in chosen and p.address is not None]
    found: list[Address] = []
    for home in homes_for(lived, chosen):
        if not any(same_home(home, one) for one in found):
            found.append(home)
    return found


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


def told(family: Family, chosen: Collection[str], place: str) -> list[Person]:
    """Who of those chosen must not learn the place that is named, whoever lives there."""
    lived = [a for p in family.people for a in p.addresses if a.current]
    people = {p.id: p for p in family.people}
    return [people[one] for one in kept_from(place, lived, chosen) if one in people]


def living_apart(family: Family, chosen: Collection[str]) -> Sequence[Person]:
    """The adults chosen, when they have different homes; they may not want to meet."""
    grown = [p for p in _grown(family) if p.id in chosen and p.address]
    return grown if _apart(grown) else []


def _apart(people: Sequence[Person]) -> bool:
    homes = [p.address for p in people if p.address]
    return any(not same_home(homes[0], home) for home in homes[1:])


def _here(family: Family) -> list[Person]:
    return [p for p in family.people if p.until is None and p.living]


def _grown(family: Family) -> list[Person]:
    return [p for p in _here(family) if p.kind is PersonKind.ADULT]
