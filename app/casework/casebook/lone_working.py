"""Checking in before going in alone, checking out, and calling a supervisor at once.

A check-in leaves an alarm with the office in the same transaction; until the office has taken it
the screen says NOT PROTECTED. Nothing here waits for the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.casework.casebook import from_records
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reachable import work_number
from app.casework.casebook.rota import Rota
from app.casework.casebook.team import Team
from app.casework.casebook.today import place_of
from app.casework.caseload import Role, Worker
from app.casework.errors import Missing
from app.casework.lone_worker import (
    Callee,
    CheckIn,
    LoneWorkerSettings,
    Protection,
    Step,
    Who,
    alarm_after,
    protection,
    steps,
)
from storage.alarm import AlarmContents, AlarmPlan, AlarmStep, CheckOutPlan
from storage.query import Record

NOBODY = "nobody_to_tell"
DURESS = "duress_phrase"
"""The device's own secret: the phrase that turns a check-out into a call for help."""


class LoneWorking:
    """The part of a casebook about a worker's own safety."""

    def __init__(self, ledger: Ledger, team: Team, rota: Rota) -> None:
        self._ledger = ledger
        self._team = team
        self._rota = rota

    @property
    def settings(self) -> LoneWorkerSettings:
        """What the service in force has set."""
        return self._ledger.lone_worker

    def usual_end(self, appointment: str, *, by_diary: bool = True) -> datetime:
        """When she would be out of that visit: its end, or the usual time from now if later, or if
        this device's clock is too wrong to go by the diary.
        """
        record = self._ledger.one(appointment, "appointment")
        one = from_records.appointment(record, record.casefile)
        usual = self._ledger.now + timedelta(minutes=self.settings.minutes)
        return one.ends if by_diary and self._ledger.now < one.ends else usual

    def address(self, appointment: str) -> str:
        """Where that visit takes place, as those who are told will read it."""
        record = self._ledger.one(appointment, "appointment")
        return place_of(self._ledger, from_records.appointment(record, record.casefile))

    def buddies(self) -> list[Worker]:
        """Colleagues whom she could name: those with a number, where the service tells a buddy."""
        if "buddy" not in self.settings.steps:
            return []
        me = self._ledger.me.person
        return [w for w in self._team.workers() if w.person != me and work_number(w.phone)]

    def would_tell(self, buddy: str | None = None) -> tuple[Step, ...]:
        """Whom the office would tell, in order; empty when nobody else has a number."""
        return steps(self._candidates(buddy), self.settings.steps)

    def check_in(
        self, appointment: str, expected: datetime, *, words: str, buddy: str | None = None
    ) -> str:
        """Leave an alarm for the end of that visit; gives the check-in's id.

        `words` are what the people to be told read, `buddy` a colleague to be told before others.
        Raises Missing while nobody can be told, NoDesk without a desk, ValueError for an end that
        cannot be.
        """
        record = self._ledger.one(appointment, "appointment")
        one = from_records.appointment(record, record.casefile)
        now = self._ledger.now
        after = alarm_after(expected, now, self.settings)
        alarm, check_in = self._ledger.vault.new_id(), self._ledger.vault.new_id()
        order = self._alarm(
            self.would_tell(buddy),
            alarm,
            after,
            words,
            casefile=one.family,
            address=place_of(self._ledger, one),
        )
        fields = r.plain_fields(
            appointment=appointment,
            worker=self._ledger.me.person,
            alarm=alarm,
            at=now,
            expected=expected,
            buddy=buddy,
        )
        said = self._ledger.statement(one.family, "check_in", check_in, fields)
        self._ledger.write([said], orders=[order])
        return check_in

    def extend(self, check_in: str, expected: datetime, *, words: str) -> None:
        """It takes longer: a new alarm in the old one's place. The old one holds until then."""
        record = self._ledger.one(check_in, "check_in")
        after = alarm_after(expected, self._ledger.now, self.settings)
        appointment = self._ledger.one(r.text(record.fields, "appointment"), "appointment")
        one = from_records.appointment(appointment, appointment.casefile)
        alarm = self._ledger.vault.new_id()
        order = self._alarm(
            self.would_tell(r.maybe_text(record.fields, "buddy")),
            alarm,
            after,
            words,
            casefile=one.family,
            address=place_of(self._ledger, one),
            replaces=r.text(record.fields, "alarm"),
        )
        fields = r.plain_fields(alarm=alarm, expected=expected)
        said = self._ledger.statement(record.casefile, "check_in", check_in, fields)
        self._ledger.write([said], orders=[order])

    def check_out(self, check_in: str, phrase: str = "") -> None:
        """She is out. What she types goes sealed to the desk: her duress phrase looks the same here
        and calls for help there.
        """
        record = self._ledger.one(check_in, "check_in")
        fields = r.plain_fields(checked_out_at=self._ledger.now)
        said = self._ledger.statement(record.casefile, "check_in", check_in, fields)
        order = CheckOutPlan(alarm=r.text(record.fields, "alarm"), phrase=phrase.strip())
        self._ledger.write([said], orders=[order])

    def of_appointment(self, appointment: str) -> CheckIn | None:
        """My latest check-in for it; None when there is none."""
        mine = {"appointment": appointment, "worker": self._ledger.me.person}
        found = self._ledger.find("check_in", mine, order_by=("-at",), limit=1)
        return self._shown(found[0]) if found else None

    def going_on(self) -> list[CheckIn]:
        """My check-ins without a check-out, the latest first."""
        mine = {"worker": self._ledger.me.person, "checked_out_at": None}
        return [self._shown(c) for c in self._ledger.find("check_in", mine, order_by=("-at",))]

    def protection(self, check_in: CheckIn) -> Protection:
        """How it stands now; NOT_PROTECTED until the office has confirmed it."""
        return protection(check_in, self._ledger.now, self.settings)

    def supervisor_please(self, family: str | None, *, words: str) -> str:
        """Tell supervisors and duty at once to ring me; gives the alarm's reference.

        `words` say who calls and nothing about whom. Raises Missing while nobody can be told.
        """
        alarm = self._ledger.vault.new_id()
        told = steps(self._candidates(), ("duty", "supervisor"))
        order = self._alarm(told, alarm, timedelta(0), words, casefile=family, urgent=True)
        self._ledger.write([], orders=[order])
        return alarm

    def set_duress(self, phrase: str) -> None:
        """The phrase that means "I am not free to speak"; kept on this device only."""
        said = " ".join(phrase.split())
        self._ledger.vault.keep_secret(DURESS, said.encode() if said else None)

    @property
    def has_duress(self) -> bool:
        """Whether a phrase is kept here. It is never shown."""
        return bool(self._ledger.vault.secret(DURESS))

    def _alarm(
        self,
        told: Sequence[Step],
        alarm: str,
        after: timedelta,
        words: str,
        *,
        casefile: str | None,
        address: str = "",
        replaces: str | None = None,
        urgent: bool = False,
    ) -> AlarmPlan:
        if not told:
            raise Missing(NOBODY)
        me = self._team.me()
        phrase = self._ledger.vault.secret(DURESS) or b""
        return AlarmPlan(
            reference=alarm,
            casefile=casefile,
            kind="urgent" if urgent else "lone_worker",
            after_s=int(after.total_seconds()),
            again_s=self.settings.again * 60,
            replaces=replaces,
            contents=AlarmContents(
                steps=tuple(
                    AlarmStep(
                        number=step.number,
                        channel="voice" if step.channel == "voice" else "sms",
                        # The desk asks herself in its own words, and under duress not at all.
                        words=words if step.name else "",
                    )
                    for step in told
                ),
                address=address,
                worker=me.name if me else "",
                duress=phrase.decode(),
            ),
        )

    def _candidates(self, buddy: str | None = None) -> dict[Who, list[Callee]]:
        """Everybody who could be told. Duty is whoever is on the rota, then the duty telephone."""
        me, workers = self._ledger.me.person, {w.person: w for w in self._team.workers()}
        team, on_duty = self._team.team(), workers.get(self._rota.on() or "")
        others = [w for w in workers.values() if w.person != me]
        duty = [_callee(w) for w in others if w is on_duty]
        if team is not None:
            duty.append(Callee(name=team.name, number=work_number(team.duty_phone)))
        return {
            "worker": [_callee(workers[me])] if me in workers else [],
            "buddy": [_callee(w) for w in others if w.person == buddy],
            "duty": duty,
            "supervisor": [_callee(w) for w in others if w.role is Role.SUPERVISOR],
        }

    def _shown(self, record: Record) -> CheckIn:
        f = record.fields
        alarm = r.text(f, "alarm")
        events = {
            r.text(log.fields, "event") for log in self._ledger.find("alarm_log", {"alarm": alarm})
        }
        at = r.maybe_moment(f, "at") or record.at
        return CheckIn(
            id=record.record,
            appointment=r.maybe_text(f, "appointment"),
            worker=r.text(f, "worker"),
            at=at,
            expected=r.maybe_moment(f, "expected") or at,
            held=alarm not in self._ledger.orders_waiting,
            raised="raised" in events,
            buddy=r.maybe_text(f, "buddy"),
            checked_out_at=r.maybe_moment(f, "checked_out_at"),
        )


def _callee(worker: Worker) -> Callee:
    return Callee(name=worker.name, number=work_number(worker.phone))
