"""The people of a family and around it, as screens show them.

Parents may live apart and an address may be secret from one of them, so an address belongs to a
person and says whom it must not reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from app.casework.gestation import Gestation, age_words, gestation_on
from app.casework.safe_contact import Route


class PersonKind(StrEnum):
    """What a person is in the record."""

    ADULT = "adult"
    CHILD = "child"
    UNBORN = "unborn"


class Relation(StrEnum):
    """How a person belongs to the family."""

    MOTHER = "mother"
    FATHER = "father"
    PARTNER = "partner"
    CHILD = "child"
    UNBORN = "unborn"
    SIBLING = "sibling"
    HALF_SIBLING = "half_sibling"
    GRANDPARENT = "grandparent"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    CARER = "carer"
    OTHER = "other"


class Ended(StrEnum):
    """What a person's life in the record ended with; worded with care wherever it is read."""

    PREGNANCY_ENDED = "pregnancy_ended"
    STILLBORN = "stillborn"
    DIED = "died"


class Answer(StrEnum):
    """A question that may not have been asked yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one person lives or lived. `secret_from` are persons who must not learn it."""

    id: str
    person: str
    lines: str
    postcode: str = ""
    secret_from: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def current(self) -> bool:
        return self.until is None

    @property
    def one_line(self) -> str:
        """For a map or a card: lines joined by commas."""
        parts = [*self.lines.splitlines(), self.postcode]
        return ", ".join(p.strip() for p in parts if p.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of a family, with the addresses and routes that are known.

    `edd` is the pregnancy's, which twins share, and stays readable after the birth; `place` and
    `of` say which of how many babies of that pregnancy this is, counted from 1. `ended_on` is the
    day of a loss: from then on nobody is due, expected or counted. `also` are the same person as
    the family's other casefile has her, where a family was recorded twice.
    """

    id: str
    kind: PersonKind
    given: str
    surname: str = ""
    known_as: str = ""
    dob: date | None = None
    edd: date | None = None
    edd_source: str = ""
    edd_before: tuple[date, ...] = ()
    pregnancy: str | None = None
    place: int = 1
    of: int = 1
    born_time: time | None = None
    nhs_no: str = ""
    gender: str = ""
    ethnicity: str = ""
    language: str = ""
    interpreter: bool = False
    format: str = "plain"
    ended_on: date | None = None
    ended_as: Ended | None = None
    relation: Relation = Relation.OTHER
    parental_responsibility: Answer = Answer.UNKNOWN
    since: date | None = None
    until: date | None = None
    by_mistake: bool = False
    """With `until`: never belonged here, and was written down in error."""
    carers: str = ""
    contact_arrangements: str = ""
    addresses: tuple[Address, ...] = ()
    routes: tuple[Route, ...] = ()
    also: tuple[Person, ...] = ()

    @property
    def living(self) -> bool:
        """False after a loss."""
        return self.ended_on is None

    @property
    def expected(self) -> bool:
        """A baby on the way."""
        return self.kind is PersonKind.UNBORN and self.living and self.until is None

    @property
    def name(self) -> str:
        """Given name and surname; empty for an unborn baby not yet named: the app words that."""
        return f"{self.given} {self.surname}".strip()

    @property
    def called(self) -> str:
        """The name, with what the person is also known as: `Chidinma Okoro (Chi)`."""
        return f"{self.name} ({self.known_as})" if self.name and self.known_as else self.name

    @property
    def address(self) -> Address | None:
        """Where the person lives now; the latest start if two are open."""
        now = [a for a in self.addresses if a.current]
        return max(now, key=lambda a: (a.since or date.min, a.id), default=None)

    def gestation(self, on: date) -> Gestation | None:
        """How far along, for an unborn baby with a due date; otherwise None."""
        if not self.expected or self.edd is None:
            return None
        return gestation_on(self.edd, on)

    @property
    def born_at(self) -> Gestation | None:
        """How far along the pregnancy was at the birth, where both days are known."""
        if self.kind is PersonKind.UNBORN or self.edd is None or self.dob is None:
            return None
        return gestation_on(self.edd, self.dob)

    def age(self, on: date) -> tuple[int, int, int] | None:
        """Years, months and days old, each in whole units; None without a birth or after a loss."""
        if self.dob is None or self.dob > on or not self.living:
            return None
        return age_words(self.dob, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """Somebody of the network around the family: midwife, social worker, health visitor, judge."""

    id: str
    name: str
    role: str = ""
    agency: str = ""
    phone: str = ""
    email: str = ""
    person: str | None = None
    remark: str = ""
    since: date | None = None
    until: date | None = None


def secret_from_whom(address: Address, present: set[str]) -> tuple[str, ...]:
    """Which of the people present must not learn that address."""
    return tuple(p for p in address.secret_from if p in present)
