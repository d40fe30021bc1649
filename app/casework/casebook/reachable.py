"""Gathers what is known about reaching the people of a family: routes, consents, signs of danger.

Read from records each time. Nothing is decided here; `app.casework.reminders` does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.casework.appointment import Appointment, WorkingHours
from app.casework.attendance import MISSED, Code, of_appointment
from app.casework.casebook import from_reminders, household
from app.casework.casebook import reading as r
from app.casework.casebook.family_lines import last_seen
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.marks import outcomes_of
from app.casework.casebook.team import Team
from app.casework.discretion import Secrets
from app.casework.moments import as_text
from app.casework.people import Person
from app.casework.period import PeriodKind
from app.casework.phone_number import NumberProblem, comparable, e164, number_problem
from app.casework.reminder_plan import Known
from app.casework.reminder_rules import Condition
from app.casework.reply import Meaning
from app.casework.route_verdict import PURPOSE, Reason, Sign
from app.casework.safe_contact import Channel, Route
from app.casework.watch import Watcher
from storage.query import Before, Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """What holds for a whole family. `missed`: the last appointment was; `seen`: ever, by anybody.

    `by_hand` is a reason for which nothing is sent by itself, such as a death.
    """

    people: tuple[Person, ...]
    consents: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    signs: frozenset[Sign] = frozenset()
    slow_to_read: bool = False
    missed: bool = False
    seen: bool = False
    secrets: Secrets = field(default_factory=Secrets)
    by_hand: Reason | None = None


def reachable(ledger: Ledger, team: Team, family: str) -> Reachable:
    """Everything about one family, from all its casefiles where it was recorded twice."""
    people = household.people(ledger, family)
    held = {"kind": PeriodKind.INDICATOR.value}
    indicators = {
        r.text(p.fields, "code")
        for p in ledger.of_family("period", family, held)
        if r.maybe_flag(p.fields, "answer") is not False  # asked, and it is not so
    }
    addresses = household.addresses(ledger, family)
    signs = set()
    # An indicator that ended still counts: those who hurt somebody come back.
    if indicators & ledger.reminders.abuse_codes:
        signs.add(Sign.DOMESTIC_ABUSE)
    if any(a.secret_from for a in addresses):
        signs.add(Sign.SECRET_ADDRESS)
    known_team = team.team()
    names = (known_team.name, known_team.organisation) if known_team else ()
    return Reachable(
        people=tuple(people),
        consents=consents_of(ledger, family, people),
        signs=frozenset(signs),
        slow_to_read=bool(indicators & ledger.reminders.learning_codes),
        missed=_last_was_missed(ledger, family),
        seen=last_seen(ledger, family) is not None,
        secrets=Secrets(
            service=(ledger.profile.service, *filter(None, names)),
            addresses=tuple(
                dict.fromkeys(a.lines.splitlines()[0] for a in addresses if a.lines.strip())
            ),
        ),
    )


def consents_of(
    ledger: Ledger, family: str, people: Sequence[Person]
) -> dict[tuple[str, str], bool]:
    """By (person, purpose): given or withdrawn, and withdrawn in any record of hers is withdrawn.
    STOP by text is a withdrawal of every channel until somebody asked again; where several speak
    of one number, it stops all of them.
    """
    said: dict[tuple[str, str], bool] = {}
    asked: dict[tuple[str, str], str] = {}
    for record in ledger.of_family("consent", family):
        person = ledger.shown(r.text(record.fields, "person"))
        key = (person, r.text(record.fields, "purpose"))
        said[key] = said.get(key, True) and r.text(record.fields, "state") == "given"
        asked[key] = max(asked.get(key, ""), r.text(record.fields, "at"))
    for record in ledger.of_family("reply", family, {"meaning": Meaning.STOP.value}):
        stop = from_reminders.reply(record)
        for reached in behind(people, stop.route):
            for purpose in PURPOSE.values():
                if asked.get((reached.id, purpose), "") <= as_text(stop.at):
                    said[reached.id, purpose] = False
    return said


def known_for(ledger: Ledger, team: Team, family: Reachable, appointment: Appointment) -> Known:
    """What the planner needs for one appointment of that family."""
    circumstances = set()
    if family.missed:
        circumstances.add(Condition.PRIOR_MISS)
    if not family.seen and not _earlier(ledger, appointment):
        circumstances.add(Condition.FIRST_VISIT)
    if family.slow_to_read:
        circumstances.add(Condition.LEARNING_DIFFICULTY)
    if appointment.kind in ledger.reminders.group_kinds:
        circumstances.add(Condition.GROUP)
    return Known(
        people=family.people,
        consents=family.consents,
        circumstances=frozenset(circumstances),
        signs=family.signs,
        workers=[watcher(ledger, team, person) for person in appointment.workers],
        secrets=family.secrets,
        desk=ledger.has_desk,
        by_hand=family.by_hand,
    )


def watcher(ledger: Ledger, team: Team, person: str) -> Watcher:
    """A worker as the planner knows her: first name, hours, devices, and her own number."""
    known = team.worker(person)
    return Watcher(
        person=person,
        first_name=known.first_name if known else "",
        hours=known.hours if known else WorkingHours(),
        devices=ledger.access.devices_of(person),
        phone=work_number(known.phone) if known else "",
    )


def work_number(typed: str) -> str:
    """A colleague's number as E.164; empty when it is none that the desk could use."""
    problem = number_problem(typed, Channel.CALL)
    return "" if problem is not None and problem is not NumberProblem.LANDLINE else e164(typed)


def _last_was_missed(ledger: Ledger, family: str) -> bool:
    """Whether the latest appointment of which anything is recorded was missed."""
    latest = ledger.of_family(
        "attendance", family, {"code": Not(Code.NOT_YET.value)}, order_by=("-starts",), limit=1
    )
    if not latest:
        return False
    appointment = r.text(latest[0].fields, "appointment")
    outcomes = outcomes_of(ledger, [appointment]).get(appointment, [])
    return of_appointment([a.code for a in outcomes]) in MISSED


def _earlier(ledger: Ledger, appointment: Appointment) -> bool:
    """Whether another appointment of the family stands before that one."""
    before = ledger.of_family(
        "appointment",
        ledger.remaining(appointment.family),
        {"starts": Before(as_text(appointment.starts)), "status": "booked"},
        limit=2,
    )
    return any(one.record != appointment.id for one in before)


def behind(people: Sequence[Person], route: str | None) -> list[Person]:
    """Everybody who is reached by the number of that route, hers whose route it is first."""
    found = [(p, _said(c)) for p in people for c in p.routes if route in (c.id, *c.doubles)]
    if not found:
        return []
    first, number = found[0]
    return [
        first,
        *(p for p in people if p is not first and any(_said(c) == number for c in p.routes)),
    ]


def _said(route: Route) -> str:
    return comparable(route.number, route.channel)
