"""Groups: a session called off, and everybody on its list told by a way that is safe for her."""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.appointment import CancelledBy
from app.casework.attendance import Code
from app.casework.call_task import CallTask, task_id
from app.casework.casebook import from_records, from_reminders, household
from app.casework.casebook import reading as r
from app.casework.casebook.family_lines import workers_now
from app.casework.casebook.ledger import derived_id
from app.casework.casebook.registers import Registers
from app.casework.corrections import RULE
from app.casework.errors import (
    Missing,
    SessionCalledOff,
)
from app.casework.group import (
    Enrolled,
    GroupSession,
    Told,
)
from app.casework.moments import as_text
from app.casework.reminder_message import route_to_ring
from app.casework.route_verdict import Reason
from storage.query import AtLeast


class Groups(Registers):
    """All of a casebook about groups. See `GroupLists` for lists, `Registers` for registers."""

    def told(self, session: str) -> dict[str, Told]:
        """How each on the list learns that a session was called off."""
        said = self._ledger.one(session, "group_session").fields.get("told")
        found: dict[str, Told] = {}
        for pair in said if isinstance(said, list) else ():
            if isinstance(pair, list) and len(pair) == 2:
                how = r.coded_of(Told, str(pair[1]))
                if how is not None:
                    found[str(pair[0])] = how
        return found

    # --- calling a session off

    def cancel(self, session: str, reason: str) -> Mapping[str, Told]:
        """Call a session off; gives how each on its list is told.

        Raises Missing without a reason, SessionCalledOff.
        """
        if not reason.strip():
            raise Missing("reason")
        register = self.register(session)
        one = register.session
        if one.cancelled:
            raise SessionCalledOff
        how = {
            line.enrolled.id: self._tell(one, line.enrolled, reason.strip())
            for line in register.lines
        }
        self._say(
            "group_session",
            session,
            status="cancelled",
            cancel_reason=reason.strip(),
            told=sorted([entry, told] for entry, told in how.items()),
        )
        return how

    def follow_what_was_left(self) -> int:
        """Call off, for the families I work with, sessions that a leader could only leave word of.

        Done on the device of the one who goes there, as reminders are, so that it is done once.
        Gives how many.
        """
        me, done = self._ledger.me.person, 0
        left = self._ledger.find(
            "attendance",
            {"code": Code.CANCELLED_BY_SERVICE.value, "starts": AtLeast(as_text(self._ledger.now))},
        )
        for record in left:
            found = self._ledger.vault.get(r.text(record.fields, "appointment"))
            if found is None or found.kind != "appointment":
                continue
            one = from_records.appointment(found, found.casefile)
            if one.cancelled or not one.session or one.workers[:1] != (me,):
                continue
            if found.casefile != record.casefile:
                continue  # nobody calls off another family's appointment through this one's inbox
            reason = r.text(record.fields, "obstacle_text")
            self._call_off(one.id, one.family, r.text(record.fields, "attendee"), reason)
            done += 1
        return done

    # --- one by one

    def _tell(self, session: GroupSession, who: Enrolled, reason: str) -> Told:
        if not who.family:
            return Told.NOBODY
        appointment = derived_id("group_appointment", session.id, who.person)
        if self._mine(who.family):
            if self._ledger.vault.get(appointment) is None:
                return self._ring(who.family, who.person, appointment)
            return self._call_off(appointment, who.family, who.person, reason)
        record = self._ledger.one(who.id, "enrolment")
        self._ledger.write(
            [],
            leavings=self._left(
                session, record.fields, who, Code.CANCELLED_BY_SERVICE, reason=reason
            ),
        )
        return Told.HER_WORKER

    def _call_off(self, appointment: str, family: str, person: str, reason: str) -> Told:
        if not self._diary.get(appointment).cancelled:  # begun before, and broken off
            self._diary.cancel(appointment, CancelledBy.SERVICE, reason)
        lines = self._reminding.records.of_appointments([appointment]).lines.get(appointment, ())
        if any(line.rule == RULE and line.withdrawn_at is None for line in lines):
            return Told.TEXT
        return self._ring(family, person, appointment)

    def _ring(self, family: str, person: str, appointment: str) -> Told:
        """Nothing goes out to say so: somebody who knows the family rings."""
        people = {p.id: p for p in household.people(self._ledger, self._ledger.remaining(family))}
        known = people.get(self._ledger.shown(person))
        workers = workers_now(self._ledger).get(self._ledger.remaining(family), ())
        task = CallTask(
            id=task_id("group", appointment),
            family=family,
            person=person,
            appointment=None,
            version=0,
            owner=workers[0] if workers else self._ledger.me.person,
            due=self._ledger.today,
            since=self._ledger.now,
            reasons=(Reason.SESSION_OFF,),
            route=route_to_ring(known) if known else None,
        )
        fields = from_reminders.call_fields(task)
        self._ledger.write([self._ledger.statement(family, "call_task", task.id, fields)])
        return Told.RING
