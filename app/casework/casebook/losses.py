"""A pregnancy that ends, a baby or child who dies, a child who lives elsewhere from now on.

One action writes all of it or nothing: what is to be sent is withdrawn first, then the event, the
person, the legal status and placements, the appointments that are called off, and who will ring.
No list, card or template may speak of a baby who is due from then on.
"""

from __future__ import annotations

from datetime import timedelta

from app.casework.appointment import CancelledBy, Status
from app.casework.casebook import life_events
from app.casework.casebook import reading as r
from app.casework.casebook.births import Births
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.life_events import Step
from app.casework.casebook.placements import lives_from
from app.casework.casebook.reminding import Reminding
from app.casework.errors import AlreadyEnded, Missing, NotExpected, Unknown
from app.casework.life_event import (
    BEFORE_BIRTH,
    LOSSES,
    LifeEvent,
    LossForm,
    What,
    checked_day,
    ended_as,
)
from app.casework.moments import as_text
from app.casework.people import PersonKind
from storage.kinds import Fields
from storage.query import AtLeast, Not, Record
from storage.vault import Statement

QUIET_AFTER = timedelta(days=28)
"""How long nothing is sent by itself where nobody was asked to ring; an assumption."""


class Losses:
    """Writing losses and removals down, and taking a mistake back."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    def record(self, family: str, form: LossForm) -> str:
        """Write it down, whole. Gives the life event's id, the first person's if there are two.

        Raises Missing without a person, without somebody to ring after a loss or without a place
        after a removal; NotASensibleDate, NotExpected, AlreadyEnded, Unknown.
        """
        persons = [self._checked(family, person, form) for person in form.persons]
        if not persons:
            raise Missing("persons")
        if form.what in LOSSES and form.caller is None:
            raise Missing("caller")
        if form.what is What.REMOVED and not form.placement:
            raise Missing("placement")
        coming = self._coming(family)
        off = coming if form.call_off else []
        events = [life_events.event_id(form.what, p.record, form.on) for p in persons]
        call = derived_id("call", min(events)) if form.caller else None
        said: list[Statement] = []
        for place, person in enumerate(persons):
            steps = self._person(person, form)
            if place == 0:
                # What is the family's hangs on one of the events, to be taken back once.
                steps += [life_events.of_record(a, self._called_off()) for a in off]
                steps += self._plan(family) if form.close_plan else []
                steps += self._call(family, call, form)
            said += life_events.written(
                self._ledger,
                person.casefile,
                what=form.what,
                person=person.record,
                on=form.on,
                steps=steps,
                text=form.text,
                call=call,
                called_off=[a.record for a in off],
            )
        # First of all what would be sent is withdrawn, in the same write.
        withdrawn = self._reminding.withdraw_all(family, why="loss")
        self._ledger.write([*withdrawn.statements, *said], orders=withdrawn.orders)
        self._reminding.settle(family, why="loss")  # whoever is still to be told is rung
        return events[0]

    def take_back(self, event: str) -> None:
        """It was written down by mistake, or on the wrong person. Everything goes back in place.

        Of twins it takes back both. What somebody has changed since stays. Raises Unknown.
        """
        record = self._ledger.one(event, "life_event")
        if r.text(record.fields, "what") == What.BORN:
            Births(self._ledger).not_born(event)
            return
        about = [record]
        call = r.maybe_text(record.fields, "call")
        if call is not None:
            others = self._ledger.find("life_event", {"call": call}, casefile=record.casefile)
            about += [o for o in others if o.record != event]
        self._ledger.write(s for one in about for s in life_events.taken_back(self._ledger, one))
        self._reminding.reconcile(record.casefile)

    def events(self, family: str) -> list[LifeEvent]:
        """Births, losses and removals of a family, the latest first, those taken back included."""
        return life_events.of_family(self._ledger, family)

    def grieving(self, family: str) -> bool:
        """Whether nothing may be sent to the family by itself: nobody has rung since a loss."""
        today = self._ledger.today
        for event in life_events.of_family(self._ledger, family):
            if not event.loss:
                continue
            call = self._ledger.vault.get(event.call) if event.call else None
            if call is None and today - event.on <= QUIET_AFTER:
                return True
            if call is not None and r.text(call.fields, "status") == "open":
                return True
        return False

    def open_plan(self, family: str) -> int:
        """How many goals and actions stand open that a loss could close."""
        return len(self._standing_plan(family))

    # --- within

    def _checked(self, family: str, person: str, form: LossForm) -> Record:
        record = self._ledger.one(person, "person")
        if record.casefile not in self._ledger.together(family):
            raise Unknown
        if r.text(record.fields, "ended_on"):
            raise AlreadyEnded
        unborn = r.text(record.fields, "kind") == PersonKind.UNBORN
        if unborn is not (form.what in BEFORE_BIRTH):
            raise NotExpected
        born = None if unborn else r.maybe_day(record.fields, "dob")
        checked_day(form.on, born, self._ledger.today)
        return record

    def _person(self, person: Record, form: LossForm) -> list[Step]:
        """What changes about one person: the end, or where the child lives from now on."""
        if form.what is What.REMOVED:
            return self._removed(person, form)
        fields = r.plain_fields(ended_on=form.on, ended_as=ended_as(form.what))
        if form.given.strip():
            fields["given"] = form.given.strip()
        ends = r.plain_fields(until=form.on)
        standing = self._ledger.find(
            "period", {"subject": person.record, "until": None}, casefile=person.casefile
        )
        return [
            life_events.of_record(person, fields),
            *(life_events.of_record(period, ends) for period in standing),
        ]

    def _removed(self, person: Record, form: LossForm) -> list[Step]:
        steps = lives_from(self._ledger, person, form.placement, form.on)
        if form.carers.strip():
            membership = self._ledger.one(derived_id("membership", person.record), "membership")
            steps.append(
                life_events.of_record(membership, r.plain_fields(carers=form.carers.strip()))
            )
        return steps

    def _plan(self, family: str) -> list[Step]:
        closed = r.plain_fields(status="closed", closed_at=self._ledger.today)
        return [
            life_events.of_record(
                record, closed if record.kind == "goal" else r.plain_fields(status="closed")
            )
            for record in self._standing_plan(family)
        ]

    def _standing_plan(self, family: str) -> list[Record]:
        goals = self._ledger.of_family("goal", family, {"status": "open"})
        actions = self._ledger.of_family("action", family, {"status": "open", "kind": Not("call")})
        return [*goals, *actions]

    def _call(self, family: str, call: str | None, form: LossForm) -> list[Step]:
        if call is None:
            return []
        fields = r.plain_fields(
            kind="call",
            text=form.call_words.strip(),
            worker=form.caller,
            due=form.call_on or self._ledger.today,
            status="open",
            agreed_at=self._ledger.today,
        )
        return [
            Step(
                casefile=family,
                kind="action",
                record=call,
                after=fields,
                before=r.plain_fields(status="closed"),
            )
        ]

    def _called_off(self) -> Fields:
        return r.plain_fields(
            status=Status.CANCELLED,
            cancelled_by=CancelledBy.SERVICE,
            cancelled_at=self._ledger.now,
        )

    def _coming(self, family: str) -> list[Record]:
        return self._ledger.of_family(
            "appointment",
            family,
            {"starts": AtLeast(as_text(self._ledger.now)), "status": Status.BOOKED.value},
            order_by=("starts",),
        )
