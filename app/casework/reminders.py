"""Plans what an appointment earns: messages that may go, calls somebody should make, and why.

Pure: everything that is known comes in, nothing is asked of a clock, a network or a disk, and the
same input gives the same plan on every device. Must not know how a message is sealed or sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from app.casework.appointment import Appointment
from app.casework.call_task import CallTask, task_id
from app.casework.message_text import Facts
from app.casework.moments import at_wall_time
from app.casework.people import Person, PersonKind
from app.casework.reminder_message import (
    message,
    preferred,
    route_to_ring,
    tells_too_much,
    wording,
)
from app.casework.reminder_plan import Known, Plan, Reminder, Withheld, Wording
from app.casework.reminder_rules import Condition, Means, ReminderRule, ReminderSettings
from app.casework.route_verdict import PURPOSE, Reason, verdict
from app.casework.safe_contact import Channel, Route
from app.casework.send_window import SendWindow, send_window
from app.casework.watch import owner_day

NOT_AFTER = timedelta(hours=2)
"""Nothing goes later than this before the start: it would be read on the doorstep; assumed."""

_ONLY_LATE = frozenset({Reason.TOO_LATE, Reason.NO_WINDOW, Reason.SAME_DAY})
_BY_MEANS = {Means.TEXT: Channel.TEXT, Means.VOICE: Channel.CALL}


def plan(
    appointment: Appointment,
    known: Known,
    settings: ReminderSettings,
    closed: frozenset[date],
    now: datetime,
) -> Plan:
    """What is sent and who rings, for that appointment at that moment. Deterministic.

    `closed` are the days on which the service is closed, around the appointment's.
    """
    nothing = _nothing(appointment, now)
    if nothing is not None:
        return Plan(nothing=nothing)
    planner = _Planner(appointment, known, settings, closed, now)
    for person in recipients(appointment, known.people):
        planner.for_person(person)
    return Plan(
        reminders=tuple(planner.reminders),
        kept=tuple(planner.kept),
        calls=tuple(planner.calls),
        withheld=tuple(planner.withheld),
    )


def recipients(appointment: Appointment, people: Iterable[Person]) -> list[Person]:
    """The adults who are told: those expected, or every adult of the family when none is named."""
    adults = [
        p for p in people if p.kind is PersonKind.ADULT and p.until is None and p.ended_on is None
    ]
    named = [p for p in adults if p.id in appointment.people]
    return sorted(named if appointment.people else adults, key=lambda p: p.id)


def _nothing(appointment: Appointment, now: datetime) -> Reason | None:
    if appointment.cancelled:
        return Reason.CANCELLED
    if appointment.other_starts:
        return Reason.TWO_TIMES
    return Reason.PAST if appointment.starts <= now else None


class _Planner:
    """One appointment's plan while it is being made."""

    def __init__(
        self,
        appointment: Appointment,
        known: Known,
        settings: ReminderSettings,
        closed: frozenset[date],
        now: datetime,
    ) -> None:
        self.appointment, self.known, self.settings = appointment, known, settings
        self.closed, self.now = closed, now
        self.local = appointment.local
        self.today = now.astimezone(appointment.zone).date()
        self.owner = known.workers[0] if known.workers else None
        self.reminders: list[Reminder] = []
        self.kept: list[str] = []
        self.calls: list[CallTask] = []
        self.withheld: list[Withheld] = []

    def for_person(self, person: Person) -> None:
        kind = self.appointment.kind
        circumstances = {*self.known.circumstances, *circumstances_of(person)}
        rules = [r for r in self.settings.rules if r.holds(kind, circumstances)]
        # The nearest first: of two that fall on one day the later rule's is the one that counts.
        rules.sort(key=lambda r: (-r.aim(self.local).timestamp(), r.code))
        days: set[date] = set()
        ringing: dict[Reason, None] = {}
        untold = True
        for rule in rules:
            aim = rule.aim(self.local)
            if rule.means is Means.CALL_TASK:
                if aim.date() >= self.today:
                    ringing.update(dict.fromkeys(_why_ring(rule, circumstances)))
                else:
                    self._withhold(person, rule, aim, (Reason.TOO_LATE,))
                continue
            made, reasons = self._message(person, rule, aim, days)
            if made is not None:
                self.reminders.append(made)
                days.add(made.day)
                untold = False
                continue
            self._withhold(person, rule, aim, reasons)
            # An earlier message that cannot go is made up for by the one nearer to the day.
            if untold and not {Reason.TOO_LATE, Reason.MAY_HAVE_GONE}.intersection(reasons):
                ringing.update(dict.fromkeys(reasons))
            untold = untold and Reason.MAY_HAVE_GONE not in reasons
        if ringing:
            self.calls.append(self._call(person, tuple(ringing)))

    def _withhold(
        self, person: Person, rule: ReminderRule, aim: datetime, reasons: tuple[Reason, ...]
    ) -> None:
        self.withheld.append(
            Withheld(
                rule=rule.code,
                means=rule.means,
                person=person.id,
                day=aim.date(),
                reasons=reasons,
            )
        )

    def _message(
        self, person: Person, rule: ReminderRule, aim: datetime, taken: Collection[date]
    ) -> tuple[Reminder | None, tuple[Reason, ...]]:
        made, reasons = self._anew(person, rule, aim, taken)
        gone = self.known.gone.get((rule.code, person.id))
        if gone is None or (made is not None and made.reference == gone):
            return made, reasons
        if made is None and _ONLY_LATE.issuperset(reasons):
            self.kept.append(gone)
        return None, (Reason.MAY_HAVE_GONE,)

    def _anew(
        self, person: Person, rule: ReminderRule, aim: datetime, taken: Collection[date]
    ) -> tuple[Reminder | None, tuple[Reason, ...]]:
        if aim.date() < self.today:
            return None, (Reason.TOO_LATE,)
        if self.known.by_hand is not None:
            return None, (self.known.by_hand,)
        if not self.known.desk:
            return None, (Reason.NO_DESK,)
        channel = _BY_MEANS[rule.means]
        routes = [r for r in person.routes if r.channel is channel]
        if not routes:
            return None, (Reason.NO_ROUTE,)
        consent = self.known.consents.get((person.id, PURPOSE[channel]))
        verdicts = [
            verdict(route, consent=consent, signs=self.known.signs, on=aim.date())
            for route in sorted(routes, key=preferred)
        ]
        fit = [v.route for v in verdicts if v.allowed]
        if not fit:
            return None, verdicts[0].reasons
        for route in fit:
            window = self._window(aim, route)
            if window is None:
                continue
            if window.day in taken:
                return None, (Reason.SAME_DAY,)
            if self.owner is None or not self.owner.first_name:
                return None, (Reason.NO_NAME,)
            said = wording(
                self.settings,
                rule.template,
                self.appointment,
                person,
                Facts(starts=self.local, worker=self.owner.first_name),
                channel,
            )
            if tells_too_much(said, self.known, route):
                return None, (Reason.SAYS_TOO_MUCH,)
            return self._reminder(person, rule, route, window, said), ()
        return None, (Reason.NO_WINDOW,)

    def _window(self, aim: datetime, route: Route) -> SendWindow | None:
        found = send_window(
            aim,
            self.settings.waking,
            self.closed,
            route,
            self.appointment.zone,
            self.now,
        )
        if found is None:
            return None
        closes = min(found.closes, self.appointment.starts - NOT_AFTER)
        return replace(found, closes=closes) if found.opens < closes > self.now else None

    def _reminder(
        self,
        person: Person,
        rule: ReminderRule,
        route: Route,
        window: SendWindow,
        said: Wording,
    ) -> Reminder:
        a = self.appointment
        deliver_by = a.starts - timedelta(hours=self.settings.deliver_by_hours)
        return message(
            a,
            self.known,
            self.settings,
            self.closed,
            person=person.id,
            rule=rule.code,
            route=route,
            window=window,
            said=said,
            deliver_by=deliver_by if deliver_by > window.opens else None,
        )

    def _call(self, person: Person, reasons: tuple[Reason, ...]) -> CallTask:
        a = self.appointment
        last = self.local.date() - timedelta(days=1)
        due = owner_day(self.owner, last, self.today, self.closed)
        begins = self.owner.hours.begin if self.owner else self.settings.waking.begin
        return CallTask(
            id=task_id("appointment", a.id, str(a.version), person.id),
            family=a.family,
            person=person.id,
            appointment=a.id,
            version=a.version,
            owner=self.owner.person if self.owner else None,
            due=due,
            since=max(self.now, at_wall_time(due, begins, a.zone)),
            reasons=reasons,
            route=route_to_ring(person),
        )


def circumstances_of(person: Person) -> set[Condition]:
    """What about one person changes how she is reminded."""
    return {Condition.INTERPRETER} if person.interpreter else set()


def _why_ring(rule: ReminderRule, circumstances: Collection[Condition]) -> list[Reason]:
    if Condition.ALL in rule.conditions:
        return [Reason.ALWAYS_RING]
    holding = rule.conditions.intersection(circumstances)
    return [Reason(c.value) for c in Condition if c in holding]
