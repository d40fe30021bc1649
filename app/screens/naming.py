"""What a person is called on a screen, with or without a name; never cheerful after a loss."""

from __future__ import annotations

from app.casework.people import Person, PersonKind
from app.wording import _
from app.wording.vocabulary import word


def person_name(person: Person) -> str:
    """A person's name. An unborn baby without one is called what it is, a twin with its number; a
    newborn not yet named goes by the surname, as on the ward.
    """
    if person.kind is PersonKind.CHILD and not person.given.strip():
        return _("Baby {surname}").format(surname=person.surname).strip()
    if person.name:
        return person.name
    if not person.living:
        return _("Baby")
    kind = word("person_kind", person.kind)
    if person.of > 1:
        return _("{kind}, {n} of {all}").format(kind=kind, n=person.place, all=person.of)
    return kind
