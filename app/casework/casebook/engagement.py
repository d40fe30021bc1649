"""The engagement log: what came of appointments, calls between them, and what stood in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from app.casework.appointment import REMOTE, Appointment, VenueType
from app.casework.attendance import MISSED, SEEN, Attendance, Code, Mechanism, Obstacle
from app.casework.card import Expected
from app.casework.casebook import from_records, household, marks, timeline, today, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.team import Team
from app.casework.engagement import (
    Noticed,
    ObstacleConversation,
    Pattern,
    conversation_called_for,
    next_working_day,
)
from app.casework.errors import Missing, NotASensibleDate
from app.casework.family import Overdue
from app.casework.forms import ContactForm
from app.casework.moments import as_text, local_day
from app.casework.people import PersonKind
from app.casework.timeline import Event, Page
from storage.query import Before, Has, Not, Record, Where

LOOKING_BACK = 20
"""Appointments looked through for who came last; longer ago says nothing of today."""

_LOG = frozenset(
    {
        Event.OUTCOME,
        Event.CANCELLED,
        Event.CONTACT,
        Event.OBSTACLE,
        Event.OBSTACLE_CLOSED,
        Event.MESSAGE,
        Event.REPLY,
    }
)


class Engagement:
    """Everything about taking part. Nothing here ends an episode, whatever was missed."""

    def __init__(self, ledger: Ledger, team: Team, reminding: Reminding) -> None:
        self._ledger = ledger
        self._team = team
        self._reminding = reminding

    def record_outcome(
        self,
        appointment: str,
        codes: Mapping[str, Code],
        *,
        not_brought: Collection[str] = (),
        obstacle: Obstacle | None = None,
        obstacle_text: str = "",
    ) -> ObstacleConversation | None:
        """Write down who came, by attendee; said again it corrects, and the first stays in history.

        `not_brought` are dependent children for whom code 3 means that nobody brought them. Gives
        the conversation that a second miss in a row raised, if it did. Raises Missing for nobody,
        and NotASensibleDate for who was seen or missed on a day that is still to come.
        """
        if not codes:
            raise Missing("codes")
        record = self._ledger.one(appointment, "appointment")
        one = from_records.appointment(record, record.casefile)
        if local_day(one.starts, self._ledger.zone) > self._ledger.today and any(
            code in SEEN | MISSED for code in codes.values()
        ):
            raise NotASensibleDate("starts", "still_to_come")
        mechanism = _mechanism(one)
        # Marked as before where the appointment names a person by the family's other record.
        named = {self._ledger.shown(p): p for p in one.people}
        codes = {named.get(who, who): code for who, code in codes.items()}
        not_brought = [named.get(who, who) for who in not_brought]
        self._ledger.write(
            self._ledger.statement(
                one.family,
                "attendance",
                derived_id("attendance", appointment, attendee),
                r.plain_fields(
                    appointment=appointment,
                    attendee=attendee,
                    code=code,
                    not_brought=code is Code.DID_NOT_ATTEND and attendee in not_brought,
                    obstacle=None if code in SEEN else obstacle,
                    obstacle_text="" if code in SEEN else obstacle_text.strip(),
                    starts=one.starts,
                    recorded_at=self._ledger.now,
                    mechanism=mechanism,
                ),
            )
            for attendee, code in codes.items()
        )
        self._reminding.settle(one.family)
        return self.raise_if_called_for(self._ledger.remaining(one.family))

    def expected(self, appointment: str) -> tuple[Expected, ...]:
        """Whom to mark: the people of the appointment, or the family's adults and children."""
        record = self._ledger.one(appointment, "appointment")
        one = from_records.appointment(record, record.casefile)
        people = today.expected(self._ledger, one)
        if one.people:
            named = {self._ledger.shown(p) for p in one.people}
            return tuple(p for p in people if p.id in named)
        away = household.elsewhere(self._ledger)
        return tuple(p for p in people if p.kind is not PersonKind.UNBORN and p.id not in away)

    def outcomes(self, appointment: str) -> tuple[Attendance, ...]:
        """What was recorded for each attendee."""
        found = marks.outcomes_of(self._ledger, [appointment]).get(appointment, [])
        found = [replace(a, attendee=self._ledger.shown(a.attendee)) for a in found]
        return tuple(sorted(found, key=lambda a: a.attendee))

    def pattern(self, family: str) -> Pattern:
        """The family's engagement at a glance."""
        return marks.pattern_of(self._ledger, family)

    def last_company(self, family: str, kind: str) -> tuple[str, ...]:
        """Who of the family came last time to me for this kind of contact; nobody if never."""
        me = self._ledger.me.person
        before = self._ledger.find(
            "appointment",
            {"kind": kind, "workers": Has(me), "starts": Before(as_text(self._ledger.now))},
            casefile=family,
            order_by=("-starts",),
            limit=LOOKING_BACK,
        )
        outcomes = marks.outcomes_of(self._ledger, [a.record for a in before])
        for appointment in before:
            seen = [a.attendee for a in outcomes.get(appointment.record, ()) if a.code in SEEN]
            if seen:
                return tuple(sorted(seen))
        return ()

    def record_contact(self, form: ContactForm) -> str:
        """A call, text or message: a contact of its own, which never counts as attendance."""
        return self._ledger.new(
            form.family,
            "contact",
            r.plain_fields(
                kind=form.kind,
                direction=form.direction,
                person=form.person,
                worker=self._ledger.me.person,
                occurred_at=form.occurred_at or self._ledger.now,
                minutes=form.minutes,
                outcome=form.outcome,
                summary=form.summary.strip(),
                obstacle=form.obstacle,
            ),
        )

    def log(self, family: str, *, limit: int = 40, offset: int = 0) -> Page:
        """Outcomes, cancellations, contacts and conversations, newest first."""
        return timeline.page(self._ledger, family, limit=limit, offset=offset, events=_LOG)

    def conversations(
        self, *, worker: str | None = None, family: str | None = None, open_only: bool = True
    ) -> list[ObstacleConversation]:
        """Obstacle conversations, the longest due first."""
        where = {"status": Not("closed")} if open_only else {}
        found = [
            from_records.conversation(record, record.casefile)
            for record in self._obstacles(where, family)
        ]
        return [c for c in found if worker is None or c.worker in (None, worker)]

    def _obstacles(self, where: Where, family: str | None) -> list[Record]:
        order = ("due", "raised_at")
        if family is None:
            return self._ledger.find("obstacle", where, order_by=order)
        return self._ledger.of_family("obstacle", family, where, order_by=order)

    def raise_conversation(
        self, family: str, why: Noticed | None = None, due: date | None = None
    ) -> ObstacleConversation:
        """Ask for a conversation without waiting for a second miss."""
        record = self._ledger.vault.new_id()
        return self._raise(family, record, why, (), due)

    def hold(
        self,
        conversation: str,
        *,
        code: Obstacle | None = None,
        text: str = "",
        agreed: str = "",
    ) -> None:
        """It took place: what stood in the way, and what was agreed. Raises Missing for neither."""
        if code is None and not text.strip():
            raise Missing("text")
        record = self._ledger.one(conversation, "obstacle")
        self._ledger.change(
            record,
            r.plain_fields(
                status="closed",
                code=code,
                text=text.strip(),
                agreed=agreed.strip(),
                closed_at=self._ledger.now,
            ),
        )

    def postpone(self, conversation: str, due: date) -> None:
        """Nobody could be reached; it stays due, on another day."""
        record = self._ledger.one(conversation, "obstacle")
        self._ledger.change(record, r.plain_fields(due=due))

    def without_outcome(
        self, worker: str | None = None, family: str | None = None
    ) -> list[Appointment]:
        """Appointments that are over and of which nothing is recorded, the longest first."""
        left = waiting.appointments_left_open(self._ledger)
        found = [
            from_records.appointment(self._ledger.one(w.record, "appointment"), w.family)
            for w in left
            if w.code is Overdue.OUTCOME_MISSING
            and (worker is None or worker in w.workers)
            and (family is None or w.family == family)
        ]
        return sorted(found, key=lambda a: (a.starts, a.id))

    def raise_if_called_for(self, family: str) -> ObstacleConversation | None:
        """Ask for a conversation if a second miss in a row calls for one."""
        before = self.conversations(family=family, open_only=False)
        fresh = conversation_called_for(
            marks.marks_of(self._ledger, family),
            {a for c in before for a in c.appointments},
            one_is_open=any(c.open for c in before),
        )
        if not fresh:
            return None
        about = tuple(m.appointment for m in fresh)
        # Two devices that learn of the same two misses raise one conversation, not two.
        record = derived_id("obstacle", *sorted(about[:2]))
        return self._raise(family, record, Noticed.MISSED_TWICE, about, None)

    def _raise(
        self,
        family: str,
        record: str,
        why: Noticed | None,
        about: tuple[str, ...],
        due: date | None,
    ) -> ObstacleConversation:
        me = self._ledger.me.person
        known = self._team.worker(me)
        works = known.works_days if known else frozenset(range(5))
        fields = r.plain_fields(
            why=why,
            raised_at=self._ledger.now,
            due=due or next_working_day(self._ledger.today, works),
            status="open",
            worker=me,
            appointments=about,
        )
        self._ledger.write([self._ledger.statement(family, "obstacle", record, fields)])
        return from_records.conversation(self._ledger.one(record, "obstacle"), family)


def _mechanism(one: Appointment) -> Mechanism:
    if one.venue_type == VenueType.TELEPHONE:
        return Mechanism.TELEPHONE
    return Mechanism.OTHER if one.venue_type in REMOTE else Mechanism.FACE_TO_FACE
