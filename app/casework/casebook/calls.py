"""Calls that somebody should make: planned ones, those a receipt or a reply asks for, outcomes.

What a receipt asks for is worked out each time it is read, under an id that is the same on every
device, and written down only once somebody has looked at it or rung. So two colleagues see one
task, and whoever rings settles it for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.casework.appointment import Appointment
from app.casework.call_task import SETTLES, CallOutcome, CallTask, passes_to_duty, task_id, waits_on
from app.casework.casebook import from_family, from_records, from_reminders, household
from app.casework.casebook import reading as r
from app.casework.casebook.family_lines import tag, workers_now
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reachable import behind
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.rota import Rota
from app.casework.casebook.routes import Routes
from app.casework.casebook.team import Team
from app.casework.family import FamilyTag
from app.casework.moments import as_text, local_day
from app.casework.people import Person
from app.casework.receipt import Receipt, State, calls_for_ringing
from app.casework.reminder_line import ReminderLine
from app.casework.reminder_message import route_to_ring
from app.casework.reply import ASKS_FOR_A_CALL, Meaning, Reply
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Caution, Route, cautions
from storage.alarm import SeenPlan
from storage.kinds import Value
from storage.query import AtLeast, OneOf

LOOKING_BACK = timedelta(days=28)
"""Replies older than this are history; an assumption."""

_WHY = {
    "silence": Reason.SILENT_DEVICE,
    "stopped": Reason.STOPPED,
    "opted_out": Reason.ASKED_STOP,
    "not_reached": Reason.NOT_REACHED,
}

_ABOUT_A_NUMBER = frozenset({Reason.ASKED_STOP, Reason.STOPPED})
"""Reasons that hold back every message to a number, and not one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """One call with all that must be known before dialling."""

    task: CallTask
    family: FamilyTag
    person: str
    appointment: Appointment | None
    route: Route | None
    cautions: tuple[Caution, ...]
    owner_name: str
    for_duty: bool


class Calls:
    """The part of a casebook about ringing."""

    def __init__(
        self, ledger: Ledger, team: Team, rota: Rota, reminding: Reminding, routes: Routes
    ) -> None:
        self._ledger = ledger
        self._team = team
        self._rota = rota
        self._reminding = reminding
        self._routes = routes

    def waiting(self, worker: str | None = None) -> list[CallCard]:
        """What is on somebody's list now, mine by default, with what passes to duty when she is on
        duty today; the longest due first. Where nobody is on duty, duty is everybody who works with
        the family: nothing may lie where no one looks.
        """
        who = worker or self._ledger.me.person
        today, now = self._ledger.today, self._ledger.now
        working = frozenset(
            w.person for w in self._team.workers() if today.weekday() in w.works_days
        )
        on_duty = self._rota.on(today) in (who, None)
        mine = waits_on(
            self.open_tasks(), who, now, duty=on_duty, working=working, unseen=self._unseen
        )
        return [self._card(task, who, working) for task in mine]

    @property
    def _unseen(self) -> timedelta:
        return timedelta(hours=self._ledger.reminders.unseen_task_hours)

    def open_tasks(self) -> list[CallTask]:
        """Every open task of the families here, planned or called for."""
        stored = {
            record.record: from_reminders.call_task(record)
            for record in self._ledger.find("call_task")
        }
        tasks = dict(stored)
        replies = self._from_replies()
        said_so = {t.person for t in replies if Reason.ASKED_STOP in t.reasons}
        receipts = [
            t
            for t in self._from_receipts()
            if not (Reason.ASKED_STOP in t.reasons and t.person in said_so)
        ]
        for derived in (*receipts, *replies):
            written = stored.get(derived.id)
            tasks[derived.id] = _with_what_was_written(derived, written) if written else derived
        return [t for t in tasks.values() if t.open and not self._over(t)]

    def get(self, task: str) -> CallCard:
        """One task by its id. Raises Unknown."""
        found = next((t for t in self.open_tasks() if t.id == task), None)
        if found is None:
            found = from_reminders.call_task(self._ledger.one(task, "call_task"))
        return self._card(found, self._ledger.me.person, frozenset())

    def see(self, tasks: Iterable[CallTask]) -> None:
        """I have looked at these: duty need not. Written once for each."""
        unseen = [t for t in tasks if t.seen_at is None]
        if not unseen:
            return
        now, me = self._ledger.now, self._ledger.me.person
        references = [reference for t in unseen for reference in self._references(t)]
        orders = (
            [SeenPlan(references=tuple(references))] if references and self._ledger.has_desk else []
        )
        seen = r.plain_fields(seen_at=now, seen_by=me)
        self._ledger.write(
            [
                self._ledger.statement(t.family, "call_task", t.id, {**self._fields(t), **seen})
                for t in unseen
            ],
            orders=orders,
        )

    def settle(self, task: str, outcome: CallOutcome, summary: str = "") -> str:
        """What came of ringing, in one tap; gives the id of the contact in the engagement log.

        No answer leaves the task open, to be tried again. A number that was unsafe or wrong is
        never used again: it is stopped at once.
        """
        card = self.get(task)
        one, me, now = card.task, self._ledger.me.person, self._ledger.now
        contact = self._ledger.vault.new_id()
        done = outcome in SETTLES
        fields = r.plain_fields(
            outcome=outcome,
            attempts=one.attempts + 1,
            seen_at=one.seen_at or now,
            seen_by=me,
            **({"closed_at": now} if done else {}),
        )
        said = [
            self._ledger.statement(
                one.family, "call_task", one.id, {**self._fields(one), **fields}
            ),
            self._ledger.statement(
                one.family,
                "contact",
                contact,
                r.plain_fields(
                    kind=self._ledger.profile.by_telephone,
                    direction="out",
                    person=one.person,
                    worker=me,
                    occurred_at=now,
                    minutes=0,
                    outcome=outcome,
                    summary=summary.strip(),
                ),
            ),
        ]
        self._ledger.write(said)
        if outcome in {CallOutcome.UNSAFE, CallOutcome.WRONG_NUMBER} and one.route:
            self._routes.mark_unsafe(one.route)
        return contact

    # -- what receipts and replies call for ------------------------------------------------------

    def _from_receipts(self) -> list[CallTask]:
        """Messages that did not go out or did not arrive, of appointments still to come.

        A number that is stopped holds back every message to it: that is one call, about the visit
        that comes first, and not one for each message.
        """
        coming = {
            record.record: from_records.appointment(record, record.casefile)
            for record in self._ledger.find(
                "appointment",
                {"starts": AtLeast(as_text(self._ledger.now)), "status": "booked"},
            )
        }
        found: dict[str, CallTask] = {}
        for line in self._reminding.records.lines({"appointment": OneOf(sorted(coming))}):
            one = coming[line.appointment]
            told = line.receipt
            if line.version != one.version or line.withdrawn_at is not None:
                continue
            if told is not None and calls_for_ringing(told):
                task = self._of_line(line, one, told.at, _why(told))
            elif line.late(self._ledger.now) and line.deliver_by is not None:
                task = self._of_line(line, one, line.deliver_by, Reason.NOT_REACHED)
            else:
                continue
            before = found.get(task.id)
            if before is None or one.starts < coming[str(before.appointment)].starts:
                found[task.id] = task
        return list(found.values())

    def _of_line(
        self, line: ReminderLine, one: Appointment, since: datetime, why: Reason
    ) -> CallTask:
        people = {p.id: p for p in self._people(one.family)}
        return CallTask(
            id=_receipt_task_id(line, why),
            family=one.family,
            person=line.person,
            appointment=one.id,
            version=one.version,
            owner=one.workers[0] if one.workers else None,
            due=local_day(since, self._ledger.zone),
            since=since,
            reasons=(why,),
            route=route_to_ring(people[line.person]) if line.person in people else None,
        )

    def _from_replies(self) -> list[CallTask]:
        since = int((self._ledger.now - LOOKING_BACK).timestamp() * 1000)
        workers = workers_now(self._ledger)
        asking = OneOf([m.value for m in ASKS_FOR_A_CALL])
        return [
            self._of_reply(from_reminders.reply(record), workers)
            for record in self._ledger.find("reply", {"meaning": asking, "at": AtLeast(since)})
        ]

    def _of_reply(self, reply: Reply, workers: Mapping[str, tuple[str, ...]]) -> CallTask:
        hers = next(iter(behind(self._people(reply.family), reply.route)), None)
        theirs = workers.get(self._ledger.remaining(reply.family), ())
        return CallTask(
            id=task_id("reply", reply.id),
            family=reply.family,
            person=hers.id if hers else None,
            appointment=None,
            version=0,
            owner=theirs[0] if theirs else None,
            due=local_day(reply.at, self._ledger.zone),
            since=reply.at,
            reasons=(ASKS_FOR_A_CALL[reply.meaning],),
            route=route_to_ring(hers) if hers else None,
            text=reply.text if reply.meaning is not Meaning.STOP else "",
        )

    def _over(self, task: CallTask) -> bool:
        """Whether the appointment it was about has begun, moved or been called off."""
        if task.appointment is None:
            return False
        record = self._ledger.vault.get(task.appointment)
        if record is None or record.kind != "appointment":
            return True
        one = from_records.appointment(record, record.casefile)
        if one.starts <= self._ledger.now:
            return True
        corrects = Reason.CORRECTION in task.reasons
        return task.version != one.version or (one.cancelled and not corrects)

    # -- as screens and records want it ------------------------------------------------------------

    def _card(self, task: CallTask, who: str, working: frozenset[str]) -> CallCard:
        people = {p.id: p for p in self._people(task.family)}
        person = people.get(self._ledger.shown(task.person or ""))
        route = None
        if task.route is not None:
            record = self._ledger.vault.get(task.route)
            if record is not None and record.kind == "safe_contact":
                route = from_family.route(record, task.family)
        at, zone = self._ledger.now, self._ledger.zone
        appointment = None
        if task.appointment is not None:
            found = self._ledger.vault.get(task.appointment)
            if found is not None and found.kind == "appointment":
                appointment = from_records.appointment(found, found.casefile)
        return CallCard(
            task=task,
            family=tag(self._ledger, self._ledger.remaining(task.family)),
            person=(person.known_as or person.name) if person else "",
            appointment=appointment,
            route=route,
            cautions=cautions(route, at, zone) if route else (),
            owner_name=self._team.name_of(task.owner),
            for_duty=task.owner != who
            and passes_to_duty(
                task, at, owner_works_today=task.owner in working, unseen=self._unseen
            ),
        )

    def _people(self, family: str) -> list[Person]:
        return household.people(self._ledger, self._ledger.remaining(family))

    def _fields(self, task: CallTask) -> dict[str, Value]:
        fields = from_reminders.call_fields(task)
        references = self._references(task)
        return {**fields, "reference": references[0]} if references else fields

    def _references(self, task: CallTask) -> list[str]:
        """The messages or the answer that a task is about, for telling the desk that somebody has
        seen it: then it stops texting staff.
        """
        if task.appointment is None:
            replies = self._ledger.find("reply", casefile=task.family)
            return [x.record for x in replies if task_id("reply", x.record) == task.id]
        about: Mapping[str, object] = {"appointment": task.appointment}
        if _ABOUT_A_NUMBER & {*task.reasons}:
            about = {"tells": AtLeast(as_text(self._ledger.now))}
        return [
            line.reference
            for line in self._reminding.records.lines(about)
            if task.id in {_receipt_task_id(line, why) for why in task.reasons}
        ]


def _receipt_task_id(line: ReminderLine, why: Reason) -> str:
    """Of what is about a number, the same for all messages under one agreement: stopped again after
    she agreed anew, it is another call, however the first one ended.
    """
    if why in _ABOUT_A_NUMBER:
        return task_id("number", line.person, line.route, why, str(line.consent))
    return task_id("receipt", line.reference)


def _why(receipt: Receipt) -> Reason:
    if receipt.reason in _WHY:
        return _WHY[receipt.reason]
    late = receipt.state in {State.NOT_REACHED, State.UNKNOWN, State.NO_ANSWER, State.MACHINE}
    return Reason.NOT_REACHED if late else Reason.FAILED


def _with_what_was_written(derived: CallTask, written: CallTask) -> CallTask:
    return replace(
        derived,
        seen_at=written.seen_at,
        attempts=written.attempts,
        outcome=written.outcome,
        closed_at=written.closed_at,
    )
