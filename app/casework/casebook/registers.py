"""A session's register: who came, kept for the leader and for each family.

It is written twice in one transaction: with the team, where whoever leads can read it again, and in
each family's own casefile, where it belongs. Where the leader may not read a family it is left in
that family's inbox; see docs/decisions/0019.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.appointment import Status
from app.casework.attendance import MISSED, SEEN, Code, Mechanism
from app.casework.casebook import group_records
from app.casework.casebook import reading as r
from app.casework.casebook.group_lists import GroupLists
from app.casework.casebook.ledger import derived_id
from app.casework.errors import (
    NotASensibleDate,
    SessionCalledOff,
    Unknown,
)
from app.casework.group import (
    MARKS,
    Enrolled,
    GroupSession,
)
from app.casework.moments import local_day
from storage.kinds import Value
from storage.vault import Leaving, Statement


class Registers(GroupLists):
    """The part of a casebook in which registers are taken and corrected."""

    def mark(self, session: str, entry: str, code: Code) -> None:
        """Say what came of it for one person; said again it corrects, and both stay in history.

        Raises SessionCalledOff, NotASensibleDate for a session that is still to come, Unknown.
        """
        one = self.session(session)
        if one.cancelled:
            raise SessionCalledOff
        if code not in (*MARKS, Code.NOT_YET):
            raise ValueError("a register does not say that")
        still_to_come = local_day(one.starts, self._ledger.zone) > self._ledger.today
        if still_to_come and code in SEEN | MISSED:
            raise NotASensibleDate("starts", "still_to_come")
        record = self._ledger.one(entry, "enrolment")
        who = group_records.enrolled(record)
        key = derived_id("register_mark", session, entry)
        before = self._ledger.vault.get(key)
        if before is not None and r.text(before.fields, "code") == code.value:
            return
        said = [
            self._ledger.statement(
                self._casefile(),
                "register_mark",
                key,
                r.plain_fields(group=one.group, session=session, enrolment=entry, code=code),
            )
        ]
        leavings: list[Leaving] = []
        if who.family and self._mine(who.family):
            said += self._attended(one, who, code)
        elif who.family:
            leavings = self._left(one, record.fields, who, code)
        else:
            said += self._attended_here(one, who, code)
        self._ledger.write(said, leavings=leavings)
        if who.family and self._mine(who.family):
            self._reminding.settle(who.family)
            self._engagement.raise_if_called_for(self._ledger.remaining(who.family))

    def walk_in(self, session: str, family: str, person: str) -> str:
        """Somebody of a family that I may read came unannounced; she is marked as here."""
        one = self.session(session)
        entry = self.enrol(one.group, family, person, walked_in=session)
        self.mark(session, entry, Code.ON_TIME)
        return entry

    def walk_in_by_name(
        self, session: str, name: str, *, agency: str = "", another: bool = False
    ) -> str:
        """Somebody new came unannounced; she is marked as here."""
        one = self.session(session)
        entry = self.enrol_by_name(
            one.group, name, agency=agency, walked_in=session, another=another
        )
        self.mark(session, entry, Code.ON_TIME)
        return entry

    # --- what a mark says in the records

    def _attended(self, session: GroupSession, who: Enrolled, code: Code) -> list[Statement]:
        """For a family that I may read: booked if it was not, and what came of it."""
        appointment = derived_id("group_appointment", session.id, who.person)
        if self._ledger.vault.get(appointment) is None:
            self._book(self.get(session.group), [session], who.family, who.person)
        record, fields = self._attendance(session, who, code)
        casefile = self._ledger.one(appointment, "appointment").casefile
        return [self._ledger.statement(casefile, "attendance", record, fields)]

    def _attended_here(self, session: GroupSession, who: Enrolled, code: Code) -> list[Statement]:
        """A professional, or somebody new, belongs to no family: it stands with the team."""
        group = self.get(session.group)
        casefile = self._casefile()
        record, fields = self._attendance(session, who, code)
        return [
            self._ledger.statement(
                casefile,
                "appointment",
                derived_id("group_appointment", session.id, who.id),
                r.plain_fields(
                    kind=self._kind(group),
                    starts=session.starts,
                    zone=self._ledger.zone.key,
                    minutes=session.minutes,
                    venue_type=self._venue_type(group),
                    venue=group.venue,
                    people=(who.id,),
                    programme=group.programme,
                    session=session.id,
                    status=Status.BOOKED,
                ),
            ),
            self._ledger.statement(casefile, "attendance", record, fields),
        ]

    def _left(
        self,
        session: GroupSession,
        entry: Mapping[str, Value],
        who: Enrolled,
        code: Code,
        *,
        reason: str = "",
    ) -> list[Leaving]:
        """For the inbox of a family that I may not read."""
        kid, inbox = r.text(entry, "kid"), r.text(entry, "inbox")
        if not kid or not inbox:
            raise Unknown
        record, fields = self._attendance(session, who, code)
        if reason:
            fields["obstacle_text"] = reason
        return [
            Leaving(
                casefile=who.family,
                kid=bytes.fromhex(kid),
                inbox=bytes.fromhex(inbox),
                kind="attendance",
                record=record,
                fields=fields,
            )
        ]

    def _attendance(
        self, session: GroupSession, who: Enrolled, code: Code
    ) -> tuple[str, dict[str, Value]]:
        attendee = who.person or who.id
        appointment = derived_id("group_appointment", session.id, attendee)
        return derived_id("attendance", appointment, attendee), r.plain_fields(
            appointment=appointment,
            attendee=attendee,
            code=code,
            not_brought=False,
            starts=session.starts,
            recorded_at=self._ledger.now,
            mechanism=Mechanism.FACE_TO_FACE,
        )
