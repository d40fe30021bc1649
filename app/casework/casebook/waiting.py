"""Works out everything that waits on somebody now: notes, outcomes, conversations, actions.

Read from records each time, so it is right offline. Looking back is bounded: what was left undone
two months ago is no longer a task for today's list but stays visible in the family's own screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.casework.appointment import Appointment, Status
from app.casework.attendance import SEEN
from app.casework.casebook import clock_readings, courses, from_records
from app.casework.casebook import reading as r
from app.casework.casebook.adoption import written_by
from app.casework.casebook.happenings_of_work import APPRAISAL
from app.casework.casebook.ledger import Ledger
from app.casework.caseload import Role
from app.casework.clocks import ClockState, Reading
from app.casework.family import Overdue
from app.casework.moments import as_text
from app.casework.overdue import UNSIGNED_AFTER
from app.casework.plan import DONE
from storage.query import AtLeast, Before, Between, Not, OneOf, Record, Where

LOOKING_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One thing that waits: why, for which family, since when, and on whom (none: on anybody)."""

    code: Overdue
    family: str
    record: str
    since: datetime
    workers: tuple[str, ...]
    appointment: str | None = None
    text: str = ""


def everything(ledger: Ledger) -> list[Waits]:
    """All that waits on somebody in the families this device can read, longest first."""
    found = [
        *unsigned_notes(ledger),
        *appointments_left_open(ledger),
        *dated(ledger, "obstacle", "due", Overdue.OBSTACLE_DUE),
        *dated(ledger, "action", "due", Overdue.ACTION_DUE),
        *dated(ledger, "goal", "review_due", Overdue.REVIEW_DUE),
        *plans(ledger),
        *appraisals(ledger),
        *clocks(ledger, lambda reading: reading.state is ClockState.OVERDUE),
    ]
    return sorted(found, key=lambda w: (w.since, w.record))


def by_family(waiting: Iterable[Waits]) -> dict[str, tuple[Overdue, ...]]:
    """The reasons for each family, each once."""
    found: dict[str, dict[Overdue, None]] = {}
    for one in waiting:
        found.setdefault(one.family, {})[one.code] = None
    return {family: tuple(codes) for family, codes in found.items()}


def unsigned_notes(ledger: Ledger) -> list[Waits]:
    """Notes on record that their writer has not signed for more than a day."""
    limit = as_text(ledger.now - UNSIGNED_AFTER)
    wrong = wrong_copies(ledger)
    return [
        Waits(
            code=Overdue.NOTE_UNSIGNED,
            family=ledger.remaining(ledger.family_of(record.casefile)),
            record=record.record,
            since=r.maybe_moment(record.fields, "occurred_at") or record.at,
            workers=(written_by(ledger, record),),
            appointment=r.maybe_text(record.fields, "appointment"),
        )
        for record in ledger.find("visit_note", {"signed_at": None, "occurred_at": Before(limit)})
        if record.record not in wrong
    ]


def wrong_copies(ledger: Ledger) -> frozenset[str]:
    """Notes that were found to be in the wrong family's casefile."""
    return frozenset(r.text(w.fields, "note") for w in ledger.find("wrong_family"))


def appointments_left_open(ledger: Ledger) -> list[Waits]:
    """Appointments that ended without an outcome, or were attended and have no note after a day.

    Whether somebody else wrote a restricted note cannot be seen from here, so a missing note is
    named only to those who would have written it and to supervisors. What is in order is counted,
    not read: these are many, and what waits is little.
    """
    now, since = ledger.now, as_text(ledger.now - LOOKING_BACK)
    recorded = ledger.vault.tally(
        "attendance", by=("appointment", "code"), where={"starts": AtLeast(since)}
    )
    with_outcome = {str(appointment) for appointment, _ in recorded}
    attended = {str(appointment) for appointment, code in recorded if code in SEEN}
    written = ledger.vault.tally(
        "visit_note", by=("appointment",), where={"appointment": OneOf(sorted(attended))}
    )
    unwritten = attended - {str(key[0]) for key in written}
    until_now = {"starts": Between(since, as_text(now)), "status": Status.BOOKED.value}
    without_outcome = [
        _left(ledger, Overdue.OUTCOME_MISSING, a)
        for a in _appointments(ledger, {**until_now, "record": Not(OneOf(sorted(with_outcome)))})
        if a.ends <= now and not a.session
    ]
    without_note = [
        _left(ledger, Overdue.NOTE_MISSING, a)
        for a in _appointments(ledger, {**until_now, "record": OneOf(sorted(unwritten))})
        if now - a.starts > UNSIGNED_AFTER and not a.session and _would_see_note(ledger, a)
    ]
    return [*without_outcome, *without_note]


def _appointments(ledger: Ledger, where: Where) -> list[Appointment]:
    found = ledger.find("appointment", where, order_by=("starts",))
    return [from_records.appointment(record, record.casefile) for record in found]


def falls_due(ledger: Ledger, on: date) -> list[Waits]:
    """Conversations, actions, reviews and, for today, clocks that fall due on that very day."""
    day = Between(on.isoformat(), (on + timedelta(days=1)).isoformat())
    return [
        *dated(ledger, "obstacle", "due", Overdue.OBSTACLE_DUE, day),
        *dated(ledger, "action", "due", Overdue.ACTION_DUE, day),
        *dated(ledger, "goal", "review_due", Overdue.REVIEW_DUE, day),
        *plans(ledger, day),
        *appraisals(ledger, day),
        *(clocks(ledger, lambda reading: reading.due == on) if on >= ledger.today else ()),
    ]


def dated(
    ledger: Ledger, kind: str, field: str, code: Overdue, when: Between | None = None
) -> list[Waits]:
    """Open records of a kind whose date has passed, or lies in `when`; appraisals stand apart."""
    where: dict[str, object] = {
        field: when or Before(ledger.today.isoformat()),
        "status": Not(OneOf(sorted(DONE))),
    }
    if kind == "action":
        where["kind"] = Not(APPRAISAL)
    return [
        Waits(
            code=code,
            family=ledger.remaining(record.casefile),
            record=record.record,
            since=_start_of(ledger, r.maybe_day(record.fields, field) or ledger.today),
            workers=tuple(filter(None, [r.text(record.fields, "worker")])),
            text=r.text(record.fields, "text"),
        )
        for record in ledger.find(kind, where)
    ]


def appraisals(ledger: Ledger, when: Between | None = None) -> list[Waits]:
    """Appraisals that should be back, or should be on a day in `when`. `text` is the code.

    Where the service has a clock for that, the clock says it.
    """
    if _has_clock(ledger, "appraisal_returned"):
        return []
    due = when or Before(ledger.today.isoformat())
    return [
        Waits(
            code=Overdue.APPRAISAL_DUE,
            family=ledger.remaining(record.casefile),
            record=record.record,
            since=_start_of(ledger, r.maybe_day(record.fields, "due") or ledger.today),
            workers=tuple(filter(None, [r.text(record.fields, "worker")])),
            text=r.text(record.fields, "appraisal"),
        )
        for record in ledger.find("action", {"kind": APPRAISAL, "status": "open", "due": due})
    ]


def _has_clock(ledger: Ledger, met_by: str) -> bool:
    return any(clock.met_by.event == met_by for clock in ledger.profile.clocks)


def plans(ledger: Ledger, when: Between | None = None) -> list[Waits]:
    """Plans that stand and should have been looked at, or should be on a day in `when`.

    Where the service has a clock for that, the clock says it.
    """
    if _has_clock(ledger, "plan_reviewed"):
        return []
    due = when or Before(ledger.today.isoformat())
    found = []
    for record in ledger.find("plan", {"review_due": due}):
        family = ledger.remaining(record.casefile)
        latest = courses.told(ledger, family).latest
        if latest is None or not latest.open or _followed(ledger, family, record):
            continue
        found.append(
            Waits(
                code=Overdue.PLAN_REVIEW_DUE,
                family=family,
                record=record.record,
                since=_start_of(ledger, r.maybe_day(record.fields, "review_due") or ledger.today),
                workers=tuple(filter(None, [r.text(record.fields, "worker")])),
                text=r.text(record.fields, "plan"),
            )
        )
    return found


def _followed(ledger: Ledger, family: str, plan: Record) -> bool:
    """A later plan of that kind took its place."""

    def place(record: Record) -> tuple[str, str]:
        return r.text(record.fields, "agreed_at"), record.record

    others = ledger.of_family("plan", family, {"plan": r.text(plan.fields, "plan")})
    return any(place(other) > place(plan) for other in others)


def clocks(ledger: Ledger, wanted: Callable[[Reading], bool]) -> list[Waits]:
    """Time limits still to be met and not standing still, on those who answer for them.

    `text` is the clock's code, `record` the family's id.
    """
    found: list[Waits] = []
    told = courses.all_told(ledger)
    for family, readings in clock_readings.open_by_family(ledger).items():
        running = [x for x in readings if x.state is not ClockState.PAUSED and wanted(x)]
        if not running:
            continue
        stage = clock_readings.stage_now(told[family])
        workers = clock_readings.responsible(ledger, family, stage)
        # Twins share a due date: one limit, said once.
        dues = dict.fromkeys((x.code, x.due) for x in running if x.due is not None)
        found += [
            Waits(
                code=Overdue.CLOCK_DUE,
                family=family,
                record=f"{family}/{code}",
                since=_start_of(ledger, due),
                workers=workers,
                text=code,
            )
            for code, due in dues
        ]
    return found


def _would_see_note(ledger: Ledger, appointment: Appointment) -> bool:
    me = ledger.me
    return me.role is Role.SUPERVISOR or me.person in appointment.workers


def _left(ledger: Ledger, code: Overdue, appointment: Appointment) -> Waits:
    return Waits(
        code=code,
        family=ledger.remaining(appointment.family),
        record=appointment.id,
        since=appointment.starts,
        workers=appointment.workers,
        appointment=appointment.id,
    )


def _start_of(ledger: Ledger, on: date) -> datetime:
    return ledger.at(on, datetime.min.time())
