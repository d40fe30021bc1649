"""Planning reminders: ten thousand appointments, as a whole service's year would be planned."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from app.casework.appointment import Appointment
from app.casework.people import Person
from app.casework.reminder_plan import Known
from app.casework.reminder_rules import Condition
from app.casework.reminders import plan
from app.casework.route_verdict import Sign
from app.casework.safe_contact import Allowed
from appointments import SAM, at, call_route, mother, settings, text_route, visit
from bench.table import Table, medians

MUST_SECONDS = 2.0
NOW = at("2027-01-04 08:00")


def measure(table: Table, many: int) -> None:
    """The planner alone: pure functions, nothing read and nothing written."""
    cases = [_case(n) for n in range(many)]
    using = settings(languages=("en", "cy"), until_known=("cy", "en"))
    closed = using.closed((2026, 2027, 2028))

    def plan_all() -> None:
        for appointment, known in cases:
            plan(appointment, known, using, closed, NOW)

    [taken] = medians(plan_all)
    table.add(
        f"plan the reminders of {many:,} appointments",
        taken,
        "s",
        must=MUST_SECONDS * many / 10_000,
    )


def _case(n: int) -> tuple[Appointment, Known]:
    """One family in three with danger on record, one in five without a safe number."""
    chance = random.Random(n)
    starts: datetime = NOW + timedelta(days=chance.randrange(5, 360), minutes=chance.randrange(600))
    allowed = Allowed.UNKNOWN if chance.random() < 0.2 else Allowed.YES
    person: Person = mother(
        text_route(allowed=allowed, number=f"07700 900{n % 1000:03}"), call_route()
    )
    return (
        replace(visit(), id=f"{n:032x}", starts=starts),
        Known(
            people=(person,),
            consents={("mum", "text"): True},
            circumstances={Condition.PRIOR_MISS} if chance.random() < 0.3 else (),
            signs=frozenset({Sign.DOMESTIC_ABUSE}) if chance.random() < 0.3 else frozenset(),
            workers=(SAM,),
        ),
    )
