"""A baby is born, or one more is expected: the same person's record goes on.

Notes, appointments, legal status and placements that named the unborn baby name the child, because
it is one record with one id. The due date stays with the pregnancy, to be read afterwards.
"""

from __future__ import annotations

from datetime import date

from app.casework.casebook import life_events, pregnancies
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.placements import lives_from_birth
from app.casework.errors import AlreadyEnded, Missing, NotExpected, Unknown
from app.casework.life_event import BirthForm, What, checked_birth
from app.casework.people import PersonKind, Relation
from storage.query import Record


class Births:
    """The part of a casebook that writes births down."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def born(self, baby: str, form: BirthForm) -> str:
        """The unborn baby is a child from that day on. Gives the life event's id.

        A twin that is not born yet goes on being expected. Said again it corrects the first.
        Raises NotASensibleDate for a day that the due date does not allow, Missing without any
        name, AlreadyEnded after a loss, Unknown.
        """
        record = self._ledger.one(baby, "person")
        if r.text(record.fields, "ended_on"):
            raise AlreadyEnded
        checked_birth(form.on, self._due_date(record), self._ledger.today)
        if not (form.given.strip() or form.surname.strip()):
            raise Missing("given")
        fields = r.plain_fields(
            kind=PersonKind.CHILD,
            given=form.given.strip(),
            surname=form.surname.strip(),
            dob=form.on,
            born_time=form.at_time,
            gender=form.gender.strip(),
            pregnancy=pregnancies.of_person(record),
        )
        membership = self._ledger.one(derived_id("membership", baby), "membership")
        belongs = r.plain_fields(relation=Relation.CHILD)
        event = life_events.event_id(What.BORN, baby, form.on)
        self._ledger.write(
            life_events.written(
                self._ledger,
                record.casefile,
                what=What.BORN,
                person=baby,
                on=form.on,
                at_time=form.at_time,
                steps=[
                    life_events.of_record(record, fields),
                    life_events.of_record(membership, belongs),
                    *lives_from_birth(self._ledger, record, form.placement, form.on),
                ],
            )
        )
        return event

    def not_born(self, event: str) -> None:
        """The birth was written down by mistake: the baby is expected again. Raises Unknown."""
        record = self._ledger.one(event, "life_event")
        if r.text(record.fields, "what") != What.BORN:
            raise Unknown
        self._ledger.write(life_events.taken_back(self._ledger, record))

    def another_baby(self, baby: str) -> str:
        """One more is expected in the same pregnancy; they share the due date. Gives its id.

        Raises NotExpected unless that baby is still on the way, Unknown.
        """
        record = self._ledger.one(baby, "person")
        if r.text(record.fields, "kind") != PersonKind.UNBORN or r.text(record.fields, "ended_on"):
            raise NotExpected
        ledger, family = self._ledger, record.casefile
        twin = ledger.vault.new_id()
        fields = r.plain_fields(
            kind=PersonKind.UNBORN,
            surname=r.text(record.fields, "surname"),
            pregnancy=pregnancies.of_person(record),
        )
        belongs = r.plain_fields(person=twin, relation=Relation.UNBORN, since=ledger.today)
        ledger.write(
            [
                ledger.statement(family, "person", twin, fields),
                ledger.statement(family, "membership", derived_id("membership", twin), belongs),
                *pregnancies.sharing(ledger, family, record),
            ]
        )
        return twin

    def not_expected(self, baby: str) -> None:
        """There was no such baby: it was counted by mistake. Never for a loss."""
        membership = self._ledger.one(derived_id("membership", baby), "membership")
        said = r.plain_fields(until=self._ledger.today, by_mistake=True)
        self._ledger.change(membership, said)

    def _due_date(self, record: Record) -> date | None:
        found = pregnancies.of_people(self._ledger, record.casefile, [record]).get(record.record)
        return found.edd if found else None
