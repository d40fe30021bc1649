"""What stands in the form of an appointment, and what each choice fills in by itself.

Plain Python: the rules about who is assumed and where are in `expecting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from app.casework import expecting
from app.casework.appointment import VenueType
from app.casework.casebook import Casebook
from app.casework.casebook.diary import Venue
from app.casework.company import names_place
from app.casework.family import Family
from app.casework.forms import Booking
from app.wording import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form while it is being filled in."""

    family: str = ""
    kind: str = ""
    on: date | None = None
    at: time | None = None
    minutes: int = 60
    venue_type: str = VenueType.HOME
    venue: str = ""
    address: str = ""
    postcode: str = ""
    workers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    about: str = ""
    times: int = 1


def booking(book: Casebook, filled: Filled) -> Booking | None:
    """The form as the casebook wants it, or None while something is missing."""
    if not filled.family or filled.on is None or filled.at is None:
        return None
    return Booking(
        family=filled.family,
        starts=book.at(filled.on, filled.at),
        kind=filled.kind,
        minutes=filled.minutes,
        venue_type=filled.venue_type,
        venue=filled.venue,
        address=filled.address,
        postcode=filled.postcode,
        workers=filled.workers,
        people=filled.people,
        about=filled.about,
    )


def filled_from(made: Booking) -> Filled:
    """The form as it stands for an appointment that is already booked."""
    at = local(made.starts)
    return Filled(
        family=made.family,
        kind=str(made.kind),
        on=at.date(),
        at=at.time().replace(second=0, microsecond=0),
        minutes=made.minutes,
        venue_type=str(made.venue_type),
        venue=made.venue,
        address=made.address,
        postcode=made.postcode,
        workers=made.workers,
        people=made.people,
        about=made.about,
    )


def with_family(book: Casebook, filled: Filled, family: str) -> Filled:
    """The form for that family: who came last, or its household, where they live.

    Nobody and nowhere where people live apart or anything speaks of danger; see `expecting`.
    """
    found = book.families.get(family)
    last = book.engagement.last_company(family, filled.kind)
    chosen = replace(filled, family=family, people=expecting.first_expected(found, last))
    return at_home(found, replace(chosen, venue="", address="", postcode=""))


def at_home(family: Family, filled: Filled) -> Filled:
    """The same with the home of those chosen, for a home visit where no other place was written."""
    homes = [a for p in family.people for a in p.addresses]
    written = bool(filled.address or filled.postcode) and not any(
        names_place(f"{filled.address} {filled.postcode}", home) for home in homes
    )
    if filled.venue_type != VenueType.HOME or written:
        return filled
    home = expecting.home_for(family, filled.people)
    return replace(
        filled,
        venue="",
        address=", ".join(home.lines.splitlines()) if home else "",
        postcode=home.postcode if home else "",
    )


def offered(book: Casebook, family: Family, filled: Filled) -> list[Venue]:
    """Places to tap: the homes of those chosen, or venues used before; none that is a secret."""
    if filled.venue_type == VenueType.HOME:
        return [
            (VenueType.HOME, "", ", ".join(home.lines.splitlines()), home.postcode)
            for home in expecting.homes_of(family, filled.people)
        ]
    return [
        venue
        for venue in book.diary.venues(family.id, filled.people)
        if venue[0] == filled.venue_type and (venue[1] or venue[2])
    ]


def for_kind(book: Casebook, filled: Filled, kind: str) -> Filled:
    """The same for another kind of contact: who came last to that, long and placed as usual."""
    usual = book.profile.contact_type(kind)
    changed = replace(filled, kind=kind, minutes=usual.minutes if usual else filled.minutes)
    if filled.family and filled.people == with_family(book, filled, filled.family).people:
        # Nobody has been chosen or left out by hand yet.
        changed = with_family(book, changed, filled.family)
    return at_venue(book, changed, usual.venue) if usual and usual.venue else changed


def at_venue(book: Casebook, filled: Filled, where: str) -> Filled:
    """The same at another kind of venue: the home of those chosen, or the place used last."""
    changed = replace(filled, venue_type=where, venue="", address="", postcode="")
    if not filled.family:
        return changed
    family = book.families.get(filled.family)
    if where == VenueType.HOME:
        return at_home(family, changed)
    known = offered(book, family, changed)
    if not known:
        return changed
    _type, venue, address, postcode = known[0]
    return replace(changed, venue=venue, address=address, postcode=postcode)


def place_of(filled: Filled, known: Sequence[Venue], picked: Sequence[str]) -> Filled:
    """The same at one of the places that were offered, by the words on its chip's key."""
    for _type, venue, address, postcode in known:
        if picked and picked[0] == f"{venue}|{address}":
            return replace(filled, venue=venue, address=address, postcode=postcode)
    return filled
