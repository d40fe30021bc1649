"""Keeps what the desk holds in step with what is on record: plans, withdraws, stops, corrects.

Every change that a reminder depends on asks here what follows from it and writes both in one
durable transaction, so that no crash leaves a moved visit with its old text on its way. Asking
twice gives nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from app.casework.appointment import Appointment
from app.casework.casebook import from_reminders, ordering, reachable
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reachable import Reachable
from app.casework.casebook.reminder_records import OnRecord, ReminderRecords
from app.casework.casebook.team import Team
from app.casework.consent_version import refused_up_to
from app.casework.corrections import RULE, Told, corrections
from app.casework.forms import Booking
from app.casework.people import Person
from app.casework.reminder_line import ReminderLine
from app.casework.reminder_plan import Known, Plan, Reminder
from app.casework.reminders import plan
from app.casework.route_verdict import PURPOSE, Reason, Sign, verdict
from app.casework.safe_contact import Route
from storage.orders import Plan as Order
from storage.stop import StopPlan
from storage.vault import Statement

TOLD_OF = ("starts", "venue_type", "kind", "workers", "people")
"""What a message depends on: a change of one of these makes an appointment another version."""

Change = Callable[[Reachable], Reachable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What is to be written beside a change: records, and orders for the desk."""

    statements: tuple[Statement, ...] = ()
    orders: tuple[Order, ...] = ()

    def __add__(self, other: Following) -> Following:
        return Following(
            statements=(*self.statements, *other.statements), orders=(*self.orders, *other.orders)
        )


def unchanged(family: Reachable) -> Reachable:
    """As it is on record."""
    return family


class Reminding:
    """What follows from a change. Writes nothing itself, but for `reconcile`."""

    def __init__(self, ledger: Ledger, team: Team) -> None:
        self._ledger = ledger
        self._team = team
        self.records = ReminderRecords(ledger)
        self.grieving: Callable[[str], bool] = lambda _family: False
        """Whether a family has lost somebody and nobody has rung since."""

    # -- looking ahead -------------------------------------------------------------------------

    def preview(self, booking: Booking, appointment: str | None = None) -> Plan:
        """What saving that would send, to whom and when, or why not. Writes nothing."""
        before = self.records.appointment(appointment) if appointment else None
        values = {n: getattr(booking, n) for n in Booking.__dataclass_fields__}
        asked = Appointment(id=appointment or "", version=1, **values)
        if not asked.workers:
            asked = replace(asked, workers=(self._ledger.me.person,))
        if before is not None:
            changed = any(getattr(asked, name) != getattr(before, name) for name in TOLD_OF)
            asked = replace(asked, version=before.version + changed)
        asked = self.records.shown(asked)
        lines = self.records.of_appointments([asked.id]).lines.get(asked.id, ()) if before else ()
        known = self._known(self.around(asked.family), asked, lines)
        planned, put_right = self._plan(asked, known), self._corrections(asked, known, lines)
        return replace(
            planned,
            reminders=tuple(_without_doubles(planned, put_right)),
            calls=(*put_right.calls, *planned.calls),
        )

    # -- what follows ----------------------------------------------------------------------------

    def follow(
        self,
        family: str,
        appointments: Sequence[Appointment],
        *,
        why: str,
        change: Change = unchanged,
    ) -> Following:
        """What must be written beside a change that leaves those appointments as they are given.

        `change` puts what is about to be written about people and routes into what is on record.
        `why` is a short code for the withdrawals.
        """
        about = [self.records.shown(a) for a in appointments if self._may_follow(a)]
        if not about:
            return Following()
        appointments = about
        around = change(self.around(family))
        on_record = self.records.of_appointments([a.id for a in appointments])
        following = Following()
        for one in appointments:
            following += self._one(one, around, on_record, why)
        return following

    def follow_family(self, family: str, *, why: str, change: Change = unchanged) -> Following:
        """The same for every appointment of the family that is still to come."""
        if not self._ledger.reminders.rules:
            return Following()
        return self.follow(family, self.records.coming(family), why=why, change=change)

    def noticed(self, family: str, indicator: str) -> Following:
        """What follows from an indicator about to be written: abuse, a learning difficulty."""
        settings = self._ledger.reminders

        def change(around: Reachable) -> Reachable:
            if indicator in settings.abuse_codes:
                around = replace(around, signs=around.signs | {Sign.DOMESTIC_ABUSE})
            slow = around.slow_to_read or indicator in settings.learning_codes
            return replace(around, slow_to_read=slow)

        return self.follow_family(family, why="indicator", change=change)

    def settle(self, family: str, *, why: str = "changed") -> None:
        """Write what follows from what was just written about a family."""
        following = self.follow_family(family, why=why)
        self._ledger.write(following.statements, orders=following.orders)

    def stop(self, routes: Iterable[Route]) -> Following:
        """Nothing may go out over those routes as they were agreed on until now.

        Each route comes with the version that the refusal is about to get.
        """
        return Following(
            orders=tuple(
                StopPlan(route=one.id, consent=refused_up_to(one.version)) for one in routes
            )
        )

    def withdraw_all(self, family: str, *, why: str) -> Following:
        """Every reminder of a family, known here or not, and the calls that were to be made; in
        both its casefiles where it was recorded twice.
        """
        now = self._ledger.now
        coming = [a.id for a in self.records.coming(family)]
        on_record = self.records.of_appointments(coming)
        said: list[Statement] = []
        known: dict[str, list[str]] = {}
        for appointment in coming:
            for line in on_record.lines.get(appointment, ()):
                if line.live(now):
                    said.append(self.records.taken_back(line, why))
                    known.setdefault(line.family, []).append(line.reference)
            for task in on_record.tasks.get(appointment, ()):
                if task.open:
                    said.append(self.records.not_needed(task))
        return Following(
            statements=tuple(said),
            orders=tuple(
                ordering.withdrawal(
                    casefile, references=known.get(casefile, ()), everything_upto=now, why=why
                )
                for casefile in self._ledger.together(self._ledger.remaining(family))
            ),
        )

    def reconcile(self, family: str | None = None) -> int:
        """Bring the desk in step with what came from others, and after a crash. Gives how many
        things it wrote.

        Withdraws whatever is no longer safe, whosever it is. What is to be sent instead is planned
        on the devices of the one who goes there, so that it is planned once.
        """
        remaining = self._ledger.remaining
        families = [remaining(family)] if family else self.records.families()
        written = 0
        for one in families:
            following = Following()
            mine: list[Appointment] = []
            others: list[Appointment] = []
            me = self._ledger.me.person
            for appointment in self.records.coming(one, cancelled=True):
                (mine if appointment.workers[:1] == (me,) else others).append(appointment)
            following += self.follow(one, mine, why="changed")
            following += self._only_safety(one, others)
            if following.statements or following.orders:
                self._ledger.write(following.statements, orders=following.orders)
                written += len(following.statements)
        return written

    # -- one appointment -------------------------------------------------------------------------

    def _may_follow(self, one: Appointment) -> bool:
        """Nothing follows from what was new and over when it was written, nor without any rule."""
        return bool(self._ledger.reminders.rules) and (
            one.starts > self._ledger.now or one.version > 1
        )

    def _one(self, one: Appointment, around: Reachable, on_record: OnRecord, why: str) -> Following:
        now = self._ledger.now
        lines = on_record.lines.get(one.id, ())
        known = self._known(around, one, lines)
        planned = self._plan(one, known)
        put_right = self._corrections(one, known, lines)
        wanted = {m.reference: m for m in _without_doubles(planned, put_right)}
        keep = {*wanted, *planned.kept}
        here = {line.reference for line in lines}
        stale = [x for x in lines if x.live(now) and x.reference not in keep]
        new = [m for reference, m in wanted.items() if reference not in here]
        said = [self.records.taken_back(line, why) for line in stale]
        said += [self.records.written(m) for m in new]
        said += self._calls(one, planned, put_right, on_record)
        orders: list[Order] = []
        if stale or (
            one.version > 1 and self._ledger.has_desk and not self._floor_known(lines, one)
        ):
            orders.append(
                ordering.withdrawal(
                    one.family,
                    references=[x.reference for x in stale],
                    before=one,
                    why=why,
                )
            )
        make = partial(
            ordering.capsule,
            settings=self._ledger.reminders,
            owner=known.workers[0] if known.workers else None,
            duty=self._duty_number(),
        )
        orders += [make(m) for m in new]
        return Following(statements=tuple(said), orders=tuple(orders))

    def _floor_known(self, lines: Iterable[ReminderLine], one: Appointment) -> bool:
        """Whether some reminder of this very version was planned before: then older versions were
        withdrawn with it, and doing it again says nothing.
        """
        return any(line.version >= one.version for line in lines)

    def _plan(self, one: Appointment, known: Known) -> Plan:
        return plan(one, known, self._ledger.reminders, self._closed(one), self._ledger.now)

    def _corrections(self, one: Appointment, known: Known, lines: Iterable[ReminderLine]) -> Plan:
        told = [
            Told(
                reference=line.reference,
                person=line.person,
                route=line.route,
                version=line.version,
                tells=line.tells,
            )
            for line in lines
            # The desk itself drops a correction of what turns out never to have left.
            if line.may_have_gone(self._ledger.now)
            and (line.version < one.version or one.cancelled)
        ]
        if not told:
            return Plan()
        settings, now = self._ledger.reminders, self._ledger.now
        return corrections(one, told, known, settings, self._closed(one), now)

    def _calls(
        self, one: Appointment, planned: Plan, put_right: Plan, on_record: OnRecord
    ) -> list[Statement]:
        """New tasks, and those that nobody needs any longer closed.

        Once a rule's day has passed it raises no task, but what it raised before stays until
        somebody rings or the visit begins.
        """
        there = {task.id: task for task in on_record.tasks.get(one.id, ())}
        asked = {task.id: task for task in (*planned.calls, *put_right.calls)}
        late = {w.person for w in planned.withheld if Reason.TOO_LATE in w.reasons}
        said = [
            self.records.not_needed(t)
            for t in there.values()
            if t.open
            and t.id not in asked
            and not (t.person in late and t.version == one.version and not one.cancelled)
        ]
        for key, task in asked.items():
            fields = from_reminders.call_fields(task)
            known = there.get(key)
            if known is not None and known.open:
                more = set(task.reasons) - set(known.reasons)
                fields = r.plain_fields(reasons=task.reasons) if more else {}
            elif known is not None:
                # Nobody needed it for a while; what somebody has settled stays settled.
                fields = {**fields, "closed_at": None} if known.outcome is None else {}
            if fields:
                said.append(self._ledger.statement(one.family, "call_task", key, fields))
        return said

    def _only_safety(self, family: str, appointments: Sequence[Appointment]) -> Following:
        """Withdraw what must not go, and plan nothing."""
        if not appointments:
            return Following()
        around = self.around(family)
        routes = {
            key: (p, c) for p in around.people for c in p.routes for key in (c.id, *c.doubles)
        }
        lines_of = self.records.of_appointments([a.id for a in appointments]).lines
        following = Following()
        for one in appointments:
            stale = [
                line
                for line in lines_of.get(one.id, ())
                if line.live(self._ledger.now)
                and not (line.rule == RULE and line.version == one.version)
                and _unsafe(line, one, around, routes.get(line.route))
            ]
            if stale:
                following += Following(
                    statements=tuple(self.records.taken_back(line, "not_safe") for line in stale),
                    orders=(
                        ordering.withdrawal(
                            one.family,
                            references=[x.reference for x in stale],
                            before=one,
                            why="not_safe",
                        ),
                    ),
                )
        return following

    # -- reading ---------------------------------------------------------------------------------

    def around(self, family: str) -> Reachable:
        """What is known about reaching a family."""
        family = self._ledger.remaining(family)
        found = reachable.reachable(self._ledger, self._team, family)
        return replace(found, by_hand=Reason.LOSS) if self.grieving(family) else found

    def _known(
        self, around: Reachable, one: Appointment, lines: Iterable[ReminderLine] = ()
    ) -> Known:
        now = self._ledger.now
        gone = {
            (line.rule, line.person): line.reference
            for line in lines
            if (line.version == one.version and line.may_have_gone(now))
            or (line.version < one.version and line.went_out and line.tells == one.starts)
        }
        return replace(
            reachable.known_for(self._ledger, self._team, around, one),
            gone=gone,
            taken_back=frozenset(x.reference for x in lines if x.withdrawn_at is not None),
        )

    def _closed(self, one: Appointment) -> frozenset[date]:
        first = self._ledger.today.year
        return self._ledger.reminders.closed(range(first - 1, one.local.year + 2))

    def _duty_number(self) -> str | None:
        team = self._team.team()
        return (reachable.work_number(team.duty_phone) or None) if team else None


def _without_doubles(planned: Plan, put_right: Plan) -> list[Reminder]:
    """All messages, but none beside a correction that tells the same person the same that day."""
    told = {(m.person, m.day) for m in put_right.reminders}
    fresh = [m for m in planned.reminders if (m.person, m.day) not in told]
    return [*put_right.reminders, *fresh]


def _unsafe(
    line: ReminderLine,
    one: Appointment,
    around: Reachable,
    behind: tuple[Person, Route] | None,
) -> bool:
    """Whether a message may no longer go: the time, the number or the agreement has changed."""
    if one.cancelled or one.other_starts or line.version != one.version or behind is None:
        return True
    person, route = behind
    consent = around.consents.get((person.id, PURPOSE[route.channel]))
    judged = verdict(route, consent=consent, signs=around.signs, on=line.day)
    return around.by_hand is not None or route.version != line.consent or not judged.allowed
