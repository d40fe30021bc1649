"""What is on record about reminders and calls: reading it, and the statements that change it.

Decides nothing; `reminding` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.casework.appointment import Appointment, Status
from app.casework.call_task import CallTask
from app.casework.casebook import from_records, from_reminders
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.moments import as_text
from app.casework.receipt import Receipt
from app.casework.reminder_line import ReminderLine
from app.casework.reminder_plan import Reminder
from storage.query import AtLeast, OneOf, Record
from storage.vault import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """What is on record about some appointments' reminders and calls."""

    lines: Mapping[str, tuple[ReminderLine, ...]]
    tasks: Mapping[str, tuple[CallTask, ...]]


class ReminderRecords:
    """Reads reminders, their receipts and calls, of families that were entered twice too."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def lines(self, where: Mapping[str, object]) -> list[ReminderLine]:
        """Reminders with the furthest receipt of each."""
        records = self._ledger.find("reminder", where, order_by=("opens",))
        receipts = self._receipts([record.record for record in records])
        waiting = self._ledger.orders_waiting
        found = (
            from_reminders.reminder_line(
                record, receipts.get(record.record), at_office=record.record not in waiting
            )
            for record in records
        )
        return [replace(line, person=self._ledger.shown(line.person)) for line in found]

    def _receipts(self, references: Sequence[str]) -> dict[str, Receipt]:
        if not references:
            return {}
        found = self._ledger.find("receipt", {"reference": OneOf(list(references))})
        return {one.reference: one for one in map(from_reminders.receipt, found)}

    def of_appointments(self, appointments: Sequence[str]) -> OnRecord:
        if not appointments:
            return OnRecord(lines={}, tasks={})
        about = {"appointment": OneOf(list(appointments))}
        lines: dict[str, tuple[ReminderLine, ...]] = {}
        for line in self.lines(about):
            lines[line.appointment] = (*lines.get(line.appointment, ()), line)
        tasks: dict[str, tuple[CallTask, ...]] = {}
        for record in self._ledger.find("call_task", about):
            # What a receipt or a reply called for is not this planner's to close.
            if r.maybe_text(record.fields, "reference") is None:
                task = from_reminders.call_task(record)
                key = task.appointment or ""
                tasks[key] = (*tasks.get(key, ()), task)
        return OnRecord(lines=lines, tasks=tasks)

    def coming(self, family: str, *, cancelled: bool = False) -> list[Appointment]:
        where: dict[str, object] = {"starts": AtLeast(as_text(self._ledger.now))}
        if not cancelled:
            where["status"] = Status.BOOKED.value
        family = self._ledger.remaining(family)
        found = self._ledger.of_family("appointment", family, where, order_by=("starts",))
        return [from_records.appointment(record, record.casefile) for record in found]

    def families(self) -> list[str]:
        upcoming = {"starts": AtLeast(as_text(self._ledger.now))}
        found = self._ledger.find("appointment", upcoming)
        return sorted({self._ledger.remaining(one.casefile) for one in found})

    def shown(self, one: Appointment) -> Appointment:
        """With everybody expected under the record of them that is shown."""
        people = tuple(dict.fromkeys(self._ledger.shown(p) for p in one.people))
        return replace(one, people=people) if people != one.people else one

    def appointment(self, appointment: str) -> Appointment:
        record: Record = self._ledger.one(appointment, "appointment")
        return from_records.appointment(record, record.casefile)

    def written(self, one: Reminder) -> Statement:
        fields = {
            **from_reminders.reminder_fields(one),
            "planned_at": as_text(self._ledger.now),
        }
        return self._ledger.statement(one.family, "reminder", one.reference, fields)

    def taken_back(self, line: ReminderLine, why: str) -> Statement:
        fields = r.plain_fields(withdrawn_at=self._ledger.now, withdrawn_why=why)
        return self._ledger.statement(line.family, "reminder", line.reference, fields)

    def not_needed(self, task: CallTask) -> Statement:
        fields = r.plain_fields(closed_at=self._ledger.now)
        return self._ledger.statement(task.family, "call_task", task.id, fields)
