"""Due dates: a pregnancy bears one, and every baby of it refers to it.

An unborn baby that was written down with a due date of its own is read as the only one of a
pregnancy that nobody has written down yet: the same everywhere, because its id follows from the
baby's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.people import PersonKind
from storage.kinds import Fields, Value
from storage.query import Not, OneOf, Record
from storage.vault import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy:
    """What is known of one pregnancy as one of its babies shows it.

    `before` are due dates that held earlier, oldest first; `place` of `of` babies still expected.
    """

    id: str
    edd: date | None
    edd_source: str = ""
    before: tuple[date, ...] = ()
    place: int = 1
    of: int = 1


def of_person(record: Record) -> str:
    """The pregnancy a person is or was born of; the id holds whether it is written down or not."""
    return r.maybe_text(record.fields, "pregnancy") or derived_id("pregnancy", record.record)


def due_dates(ledger: Ledger) -> Mapping[str, date]:
    """The due date of every baby on this device that is still expected, by person.

    Of a baby that was written down twice, by the one that is shown; a birth or a loss in either
    counts.
    """
    kinds = ("person", "pregnancy", "recorded_twice", "membership")
    return ledger.remembered("due dates", kinds, lambda: _due_dates(ledger))


def _due_dates(ledger: Ledger) -> dict[str, date]:
    found: dict[str, date] = {}
    known = {record.record: record.fields for record in ledger.find("pregnancy")}
    for record in ledger.find("person", {"kind": PersonKind.UNBORN.value}):
        edd = _edd(record, known)[0]
        if edd is not None and (record.record not in ledger.joined().persons):
            found[record.record] = edd
    for record in over(ledger):
        found.pop(ledger.shown(record.record), None)
    return found


def over(ledger: Ledger) -> list[Record]:
    """Persons of whom nobody is expected: the lost, those who do not belong to the family any
    more or never did, and of those written twice also the born.
    """
    gone = ledger.find("membership", {"until": Not(None)})
    left = {"record": OneOf([r.text(m.fields, "person") for m in gone])}
    lost = ledger.find("person", {"ended_on": Not(None)})
    doubles = ledger.joined().persons
    twice = [*doubles.keys(), *doubles.values()]
    born = {"record": OneOf(twice), "kind": Not(PersonKind.UNBORN.value)}
    away = ledger.find("person", left) if gone else ()
    return [*lost, *away, *(ledger.find("person", born) if twice else ())]


def of_people(ledger: Ledger, family: str, people: Iterable[Record]) -> Mapping[str, Pregnancy]:
    """The pregnancy of each person of one casefile that has or had one, by person.

    Babies are counted among those of `people` who are still expected.
    """
    records = {record.record: record for record in ledger.find("pregnancy", casefile=family)}
    known: dict[str, Fields] = {key: record.fields for key, record in records.items()}
    babies: dict[str, list[Record]] = {}
    for person in people:
        if person.fields.get("pregnancy") or person.fields.get("edd") or _unborn(person):
            babies.setdefault(of_person(person), []).append(person)
    found = {}
    for key, several in babies.items():
        expected = [p.record for p in several if _unborn(p) and not p.fields.get("ended_on")]
        for person in several:
            found[person.record] = replace(
                _pregnancy(ledger, key, person, records, known),
                place=expected.index(person.record) + 1 if person.record in expected else 1,
                of=len(expected) if person.record in expected else 1,
            )
    return found


def statements(ledger: Ledger, family: str, person: Record, said: Fields) -> list[Statement]:
    """Write what a form says of the due date to the pregnancy; nothing when nothing differs."""
    before = ledger.vault.get(of_person(person))
    standing = before.fields if before is not None and "edd" in before.fields else person.fields
    differing = r.differing(standing, said)
    if not differing:
        return []
    written = ledger.statement(family, "pregnancy", of_person(person), differing)
    return [*sharing(ledger, family, person), written]


def sharing(ledger: Ledger, family: str, person: Record) -> list[Statement]:
    """Make a baby that bore its own due date refer to the pregnancy, so that others can too.

    The pregnancy takes the date over; the baby's own history stays to be read.
    """
    key = of_person(person)
    found = []
    if ledger.vault.get(key) is None:
        own = {name: person.fields.get(name) for name in ("edd", "edd_source")}
        found.append(
            ledger.statement(family, "pregnancy", key, {n: v for n, v in own.items() if v})
        )
    if person.fields.get("pregnancy") != key:
        found.append(ledger.statement(family, "person", person.record, {"pregnancy": key}))
    return found


def founding(ledger: Ledger, family: str, person: str, said: Fields) -> list[Statement]:
    """The pregnancy of a baby that is written down for the first time."""
    fields: dict[str, Value] = {name: value for name, value in said.items() if value}
    return [ledger.statement(family, "pregnancy", derived_id("pregnancy", person), fields)]


def _pregnancy(
    ledger: Ledger,
    key: str,
    person: Record,
    records: Mapping[str, Record],
    known: Mapping[str, Fields],
) -> Pregnancy:
    edd, source = _edd(person, known)
    dates: list[date | None] = []
    for record in filter(None, (person, records.get(key))):
        if record.versions > 1 and "edd" in record.fields:
            versions = ledger.vault.history(record.record)
            dates += [r.maybe_day(v.fields, "edd") for v in versions]
        dates.append(r.maybe_day(record.fields, "edd"))
    return Pregnancy(
        id=key,
        edd=edd,
        edd_source=source,
        before=tuple(dict.fromkeys(d for d in dates if d is not None and d != edd)),
    )


def _edd(person: Record, known: Mapping[str, Fields]) -> tuple[date | None, str]:
    """The pregnancy's due date and its source; the baby's own until the pregnancy says one."""
    written = known.get(of_person(person))
    if written is not None and "edd" in written:
        return r.maybe_day(written, "edd"), r.text(written, "edd_source")
    return r.maybe_day(person.fields, "edd"), r.text(person.fields, "edd_source")


def _unborn(person: Record) -> bool:
    return r.text(person.fields, "kind") == PersonKind.UNBORN
