"""RCT's Resilient Families Service on 31 August 2018: one population that fits all its figures.

1,032 referrals from January to August, each in one of eleven groups by how far it had come. The
groups and the days between events are those of the service's own figures (fixture_check of the
specification); names, workers and who went with whom are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from published.writing import Family, Writing, spread

FIRST, LAST = date(2018, 1, 1), date(2018, 8, 31)
TEAMS = {"west": 151, "east": 203, "families_plus": 254, "cans": 193}
CONTACTS = {"east": 1868, "families_plus": 1651, "west": 1300, "cans": 1400}
"""East and Families Plus as published; of the other two the service says nothing."""
FUNCTIONS = ("intervention_worker", "family_aide")
AGENCIES = ("rfs", "school", "health_visiting", "housing", "citizens_advice", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How many came so far, and the least days since their referral."""

    count: int
    age: int
    stage: str
    closure: str = ""
    closes_after: int = 0
    allocated: bool = True
    assessed: bool = True
    brokered: bool = True
    planned: bool = True
    started: bool = True
    reviewed: bool = False


GROUPS = (
    Group(
        count=195, age=80, stage="closed", closure="completed", closes_after=80, reviewed=True
    ),
    Group(count=31, age=67, stage="review", reviewed=True),
    Group(count=219, age=67, stage="intervention", reviewed=True),
    Group(count=60, age=60, stage="closed", closure="not_completed", closes_after=60),
    Group(
        count=180, age=35, stage="closed", closure="no_intervention", closes_after=35, started=False
    ),
    Group(count=3, age=33, stage="intervention"),
    Group(
        count=98, age=15, stage="closed", closure="no_plan", closes_after=15,
        brokered=False, planned=False, started=False,
    ),
    Group(count=36, age=12, stage="brokerage", planned=False, started=False),
    Group(
        count=84, age=7, stage="closed", closure="in_assessment", closes_after=7,
        assessed=False, brokered=False, planned=False, started=False,
    ),
    Group(
        count=19, age=6, stage="closed", closure="before_allocation", closes_after=6,
        allocated=False, assessed=False, brokered=False, planned=False, started=False,
    ),
    Group(
        count=71, age=4, stage="assessment",
        assessed=False, brokered=False, planned=False, started=False,
    ),
    Group(
        count=36, age=0, stage="awaiting_allocation",
        allocated=False, assessed=False, brokered=False, planned=False, started=False,
    ),
)  # fmt: skip
assert sum(group.count for group in GROUPS) == 1032


@dataclass(slots=True)
class _Numbers:
    """How often each thing has happened, so that the means come out as published."""

    allocated: int = 0
    planned: int = 0
    started: int = 0
    reviewed: int = 0


def write(writing: Writing) -> list[Family]:
    """Everything, onto a device."""
    received = [
        day for month in range(1, 9) for day in spread(129, date(2018, month, 1), _end_of(month))
    ]
    crews = _crews(writing)
    numbers, families = _Numbers(), []
    started: list[tuple[Family, date, date]] = []
    groups = [group for group in GROUPS for _ in range(group.count)]
    for n, (day, group) in enumerate(zip(received, groups, strict=True)):
        assert (LAST - day).days >= group.age, (day, group)
        family = writing.family(
            day, source="school" if n % 3 else "health_visitor", via="mash", decision="accepted"
        )
        families.append(family)
        closed = day + timedelta(days=group.closes_after) if group.closure else None
        begun = _journey(writing, family, group, numbers, crews, closed)
        if begun is not None:
            started.append((family, begun, closed or LAST))
    _teams(writing, started)
    writing.write()
    return families


def _journey(
    writing: Writing,
    family: Family,
    group: Group,
    numbers: _Numbers,
    crews: dict[str, list[str]],
    closed: date | None,
) -> date | None:
    """One family's way as far as its group has come; the day its intervention began."""
    begun: date | None = None
    if group.allocated:
        # 664 after three days, 313 after four.
        wait = 4 if numbers.allocated < 313 else 3
        numbers.allocated += 1
        on = family.received + timedelta(days=wait)
        writing.allocate(family, _turn(crews["e"], on, 42), "engagement_assessment", on)
        writing.stage(family, "assessment", on)
    if group.assessed:
        on = family.received + timedelta(days=8)
        writing.decide(family, "assessment", "completed", on)
    if group.brokered and not group.planned:
        on = family.received + timedelta(days=9)
        writing.allocate(family, crews["b"][0], "brokerage_review", on)
        writing.stage(family, "brokerage", on)
    if group.planned:
        begun = _planned(writing, family, group, numbers, crews)
    if closed is not None:
        writing.close(family, group.closure, closed, "universal")
        writing.stage(family, "closed", closed)
    return begun


def _planned(
    writing: Writing,
    family: Family,
    group: Group,
    numbers: _Numbers,
    crews: dict[str, list[str]],
) -> date | None:
    n = numbers.planned
    numbers.planned += 1
    # 541 of 688 within 21 days; 661 went to panel after three days and 27 after four; for 667
    # brokerage had begun ten days before the panel and for 21 nine.
    agreed = family.received + timedelta(days=17 if n < 541 else 25)
    panel = agreed + timedelta(days=3 if n < 661 else 4)
    brokered = panel - timedelta(days=10 if n >= 21 else 9)
    worker = _turn(crews["b"], agreed, 27)
    writing.allocate(family, worker, "brokerage_review", brokered)
    writing.stage(family, "brokerage", brokered)
    outcome = "allocated" if group.started else "no_intervention"
    writing.decide(family, "panel", outcome, panel)
    reviewed = None
    if group.reviewed:
        # 178 after 66 days, 267 after 67.
        days = 66 if numbers.reviewed < 178 else 67
        reviewed = family.received + timedelta(days=days)
    plan = writing.plan(family, "family_plan", agreed, worker=worker, reviewed=reviewed)
    if reviewed is not None:
        # 231 reviewed plans with six actions, 214 with five.
        many = 6 if numbers.reviewed < 231 else 5
        numbers.reviewed += 1
    else:
        many = 4  # of plans that nobody has reviewed the service says nothing
    for a in range(many):
        status = "done" if reviewed and a < 4 else "open"
        writing.action(family, plan, agreed, AGENCIES[(n + a) % len(AGENCIES)], status)
    if not group.started:
        return None
    # 25 began the day after the panel, 483 two days after.
    begun = panel + timedelta(days=1 if numbers.started < 25 else 2)
    numbers.started += 1
    ended = None
    if group.closure:
        ended = family.received + timedelta(days=group.closes_after)
    writing.intervention(family, ("parenting", "practical")[n % 2], begun, ended)
    writing.stage(family, "intervention", begun)
    if reviewed is not None and group.stage != "intervention":
        writing.stage(family, "review", reviewed)
    return begun


def _crews(writing: Writing) -> dict[str, list[str]]:
    return {
        "e": [writing.worker(f"Assessor {n}", "engagement_assessment") for n in range(6)],
        "b": [writing.worker(f"Broker {n}", "brokerage_review") for n in range(5)],
    }


def _turn(crew: list[str], on: date, worker_months: int) -> str:
    """Whose turn it is, so that so many different pairs of worker and month come about.

    Assessors work in eight months (42 = 6 + 6 + 6 × 5); brokers agree plans in seven (27 =
    6 × 4 + 3).
    """
    if worker_months == 42:
        here = 6 if on.month in (3, 6) else 5
    else:
        here = 3 if on.month == 7 else 4
    return crew[on.day % here]


def _teams(writing: Writing, started: list[tuple[Family, date, date]]) -> None:
    """215 families with one team and 293 with two, and the contacts each team held."""
    crews = {
        team: [writing.worker(f"{team} {n}", "intervention_worker", team=team) for n in range(3)]
        for team in TEAMS
    }
    places = [team for team, many in TEAMS.items() for _ in range(many)]
    with_two = len(places) - len(started)
    far = len(places) // 2  # no team has so many: two places so far apart are two teams
    pairs = [(places[n], places[n + far]) for n in range(with_two)]
    used = set(range(with_two)) | {n + far for n in range(with_two)}
    ones = [(place,) for n, place in enumerate(places) if n not in used]
    served: dict[str, int] = dict.fromkeys(TEAMS, 0)
    for (family, begun, end), teams in zip(started, [*pairs, *ones], strict=True):
        for function, team in zip(FUNCTIONS, teams, strict=False):
            worker = crews[team][served[team] % 3]
            writing.allocate(family, worker, function, begun, team)
            many, more = divmod(CONTACTS[team], TEAMS[team])
            many += served[team] < more
            served[team] += 1
            for on in spread(many, begun, end):
                writing.appointment(family, on, worker, {family.adults[0]: "5"})
            if served[team] % 3 == 0:
                writing.appointment(
                    family, begun, worker, {family.adults[0]: "3"}, obstacle="transport"
                )


def _end_of(month: int) -> date:
    return date(2018, month + 1, 1) - timedelta(days=1)
