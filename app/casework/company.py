"""Who is expected where, when parents live apart and one must not learn where the other lives.

Matching is by house and street or by postcode, in any spelling of blanks, case and accents. It
errs towards keeping an address back, except where the place is plainly somebody's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from app.casework.folding import folded
from app.casework.people import Address, Person, PersonKind, Relation

_NUMBERS = re.compile(r"^(?:\d+\w?\s+)+")


def names_place(text: str, address: Address) -> bool:
    """Whether a text names that very place: its house and street, or its postcode."""
    return _names_house(text, address) or _has_postcode(text, address)


def hints_at(text: str, address: Address) -> bool:
    """Whether a text would let somebody find that place: the street alone is enough."""
    said = f" {folded(text)} "
    streets = (_NUMBERS.sub("", part) for part in _parts(address))
    return names_place(text, address) or any(
        f" {street} " in said for street in streets if len(street.split()) > 1
    )


def kept_from(text: str, addresses: Iterable[Address], present: Collection[str]) -> tuple[str, ...]:
    """Which of those present must not learn the place that a text names; empty when none.

    A place that is known as a home without any secret is no secret, whoever lives next door.
    """
    known = list(addresses)
    secret = [a for a in known if set(a.secret_from) & set(present)]
    open_homes = [a for a in known if not a.secret_from and _names_house(text, a)]
    if open_homes:
        secret = [a for a in secret if _names_house(text, a)]
    found = (p for a in secret if names_place(text, a) for p in a.secret_from if p in present)
    return tuple(dict.fromkeys(found))


def homes_for(
    addresses: Sequence[Address], present: Collection[str], elsewhere: Collection[str] = ()
) -> list[Address]:
    """Homes where those people may be met: their own first, none that one of them must not learn.

    `elsewhere` are children who live with carers: their address is a place to go to only for a
    meeting with that child. With nobody named, homes that are secret from somebody come last.
    """
    fit = [
        a
        for a in addresses
        if a.current
        and not set(a.secret_from) & set(present)
        and (a.person not in elsewhere or a.person in present)
    ]
    return sorted(
        fit,
        key=lambda a: (
            bool(present) and a.person not in present,
            not present and bool(a.secret_from),
        ),
    )


def usually_expected(people: Sequence[Person], elsewhere: Collection[str] = ()) -> tuple[str, ...]:
    """Whom to expect at a home visit by default: the household that is met there.

    The mother where there is one, whoever lives with her as far as is known, and the children at
    home. A parent who lives elsewhere, or must not learn her address, has appointments of his own.
    """
    here = [p for p in people if p.until is None and p.living and p.kind is not PersonKind.UNBORN]
    first = met_first(here)
    home = first.address if first else None

    def together(person: Person) -> bool:
        if person.kind is PersonKind.CHILD:
            return person.id not in elsewhere
        if first is None or person.id == first.id:
            return True
        if person.relation is Relation.PARTNER or (home and person.id in home.secret_from):
            return False
        return person.address is None or home is None or same_home(person.address, home)

    return tuple(p.id for p in here if together(p))


def met_first(people: Iterable[Person]) -> Person | None:
    """Whose home a visit goes to by default: the mother's, or that of the first adult with one."""
    adults = [p for p in people if p.kind is PersonKind.ADULT and p.until is None and p.living]
    order = (Relation.MOTHER, Relation.FATHER)
    adults.sort(key=lambda p: order.index(p.relation) if p.relation in order else len(order))
    return next((p for p in adults if p.address), adults[0] if adults else None)


def same_home(one: Address, other: Address) -> bool:
    """Whether two people's addresses are one place."""
    return _parts(one) == _parts(other) or one.one_line == other.one_line


def _names_house(text: str, address: Address) -> bool:
    parts = _parts(address)
    houses = [p for p in parts if any(c.isdigit() for c in p)] or [" ".join(parts)]
    return any(f" {house} " in f" {folded(text)} " for house in houses if house)


def _parts(address: Address) -> list[str]:
    """The first line's pieces, folded: `flat 2` and `9 quarry view`; flats alone say nothing."""
    lines = address.lines.splitlines()
    pieces = [folded(piece) for piece in (lines[0] if lines else "").split(",")]
    return [p for p in pieces if p and not re.fullmatch(r"(flat|room|unit|apartment) \w+", p)]


def _has_postcode(text: str, address: Address) -> bool:
    packed = "".join(address.postcode.split()).lower()
    if len(packed) < 5:
        return False
    return re.search(rf"\b{packed[:-3]}\s*{packed[-3:]}\b", text.lower()) is not None
