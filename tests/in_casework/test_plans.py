"""Plans with families: what was agreed, who does it, and that it is looked at again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.casework.clocks import ClockState
from app.casework.errors import Missing, OutOfOrder
from app.casework.family import Overdue
from app.casework.intervention import InterventionForm
from app.casework.period import PeriodKind
from app.casework.plan import Owner, PlanForm, ReviewForm
from app.casework.timeline import Event
from casebooks import House, Member, okoro, pugh
from cast import AMINA, GRACE
from fakes import unsynced

MONDAY = date(2026, 11, 23)


@pytest.fixture
def service(tmp_path: Path) -> Iterator:
    """`amina, grace = service("rct")`: the two of them in a team of that service."""
    houses = []

    def opens(name: str):
        house = House(tmp_path, datetime(2026, 11, 23, 9, tzinfo=UTC), unsynced)
        houses.append(house)
        grace, amina = house.joins(GRACE), house.joins(AMINA)
        house.opens(name)
        return house, amina, grace

    yield opens
    for house in houses:
        house.close()


def mother(member: Member, family: str) -> str:
    return member.book.families.get(family).adults[0].id


def test_a_plan_holds_its_goals_and_what_each_of_three_kinds_of_owner_does(service):
    _house, amina, _grace = service("rct")
    family = amina.book.families.register(okoro())
    plans = amina.book.plans
    plan = plans.agree(family, PlanForm(kind="family_plan", agreed_on=MONDAY, text="Calmer days."))
    goal = plans.add_goal(family, "Bedtime without shouting", plan=plan)
    due = MONDAY + timedelta(days=7)
    plans.add_action(family, "Read together", Owner(person=mother(amina, family)), due, goal=goal)
    plans.add_action(family, "Ring the landlord", Owner(agency="housing"), plan=plan)
    plans.add_action(family, "Ask for a place", Owner(worker=AMINA.person), plan=plan, goal=goal)

    found = plans.get(plan)

    assert (found.kind, found.text, found.agreed_on) == ("family_plan", "Calmer days.", MONDAY)
    assert [g.text for g in found.goals] == ["Bedtime without shouting"]
    assert {a.text for a in found.actions_of(goal)} == {"Read together", "Ask for a place"}
    [landlord] = found.actions_of(None)
    assert (landlord.agency, landlord.worker, landlord.person) == ("housing", None, None)


def test_an_action_that_nobody_does_is_asked_about(service):
    _house, amina, _grace = service("rct")
    family = amina.book.families.register(okoro())

    with pytest.raises(Missing) as refused:
        amina.book.plans.add_action(family, "Ring the landlord", Owner())
    assert refused.value.field == "owner"


def test_a_new_plan_takes_over_what_was_agreed_before_there_were_plans(service):
    """Goals and actions that an earlier version wrote go on, and the old plan keeps the rest."""
    _house, amina, _grace = service("rct")
    book = amina.book
    family = book.families.register(okoro())
    goal = book.families.add_goal(family, "A routine", agreed_at=MONDAY - timedelta(days=30))
    action = book.families.add_action(family, "Buy a cot", owner="Chidi", goal=goal)
    left = book.families.add_action(family, "Old matter", owner="Chidi")

    plan = book.plans.agree(
        family, PlanForm(kind="family_plan", agreed_on=MONDAY, carried=(goal, action))
    )

    found = book.plans.get(plan)
    assert [g.id for g in found.goals] == [goal]
    assert [a.id for a in found.actions] == [action]
    assert left in {a.id for a in book.families.get(family).actions}


def test_the_later_plan_of_a_kind_holds_and_the_earlier_stays_to_be_read(service):
    _house, amina, _grace = service("durham")
    family = amina.book.families.register(okoro())
    plans = amina.book.plans
    first = plans.agree(family, PlanForm(kind="birth_plan", agreed_on=MONDAY - timedelta(days=20)))
    after = plans.agree(family, PlanForm(kind="post_birth_plan", agreed_on=MONDAY))
    second = plans.agree(family, PlanForm(kind="birth_plan", agreed_on=MONDAY))

    assert {p.id for p in plans.of_family(family) if p.stands} == {second, after}
    assert plans.get(first).followed_by == second


def test_the_plan_for_birth_says_where_and_what_then_happens_is_another_matter(service):
    """Durham's plan names a planned residence; the placement at birth is recorded apart."""
    _house, amina, _grace = service("durham")
    book = amina.book
    family = book.families.register(okoro())
    plan = book.plans.agree(
        family, PlanForm(kind="birth_plan", agreed_on=MONDAY, residence_at_birth="foster")
    )
    baby = book.families.get(family).unborn[0].id
    book.families.begin_period(family, PeriodKind.PLACEMENT, "with_parents", subject=baby)

    assert book.plans.get(plan).residence_at_birth == "foster"
    [placed] = [p for p in book.families.get(family).periods if p.kind is PeriodKind.PLACEMENT]
    assert placed.code == "with_parents"


def test_a_plan_is_due_for_review_after_as_long_as_the_service_says(service):
    house, amina, _grace = service("durham")
    book = amina.book
    family = book.families.register(okoro())
    due = book.plans.review_day("post_birth_plan", MONDAY)
    plan = book.plans.agree(
        family, PlanForm(kind="post_birth_plan", agreed_on=MONDAY, review_due=due)
    )
    assert due == MONDAY + timedelta(days=28)

    house.passes(days=28)
    assert [d.record for d in book.diary.due_today() if d.code == "plan_review"] == [plan]
    house.passes(days=1)
    assert Overdue.PLAN_REVIEW_DUE in book.families.get(family).overdue

    book.plans.review(plan, ReviewForm(on=book.today, next_due=book.today + timedelta(days=28)))
    assert Overdue.PLAN_REVIEW_DUE not in book.families.get(family).overdue


def test_a_plan_that_another_has_followed_is_not_asked_after(service):
    house, amina, _grace = service("durham")
    book = amina.book
    family = book.families.register(okoro())
    for days in (0, 5):
        on = MONDAY - timedelta(days=30 - days)
        due = on + timedelta(days=20)
        form = PlanForm(kind="post_birth_plan", agreed_on=on, review_due=due if not days else None)
        book.plans.agree(family, form)

    assert Overdue.PLAN_REVIEW_DUE not in book.families.get(family).overdue


def test_a_clock_of_the_service_is_met_by_the_review_and_asks_only_once(service):
    """RCT's plan is looked at six weeks after the intervention began; the clock says so alone."""
    house, amina, _grace = service("rct")
    book = amina.book
    family = book.families.register(okoro())
    plan = book.plans.agree(
        family,
        PlanForm(kind="family_plan", agreed_on=MONDAY, review_due=MONDAY + timedelta(days=42)),
    )
    first = book.profile.interventions[0].code
    book.interventions.start(family, InterventionForm(code=first, on=MONDAY))
    house.passes(days=50)

    def clock():
        return next(c for c in book.pathways.of(family).clocks if c.code == "plan_review")

    assert clock().state is ClockState.OVERDUE
    assert not [d for d in book.diary.due_today() if d.code == "plan_review"]

    book.plans.review(plan, ReviewForm(on=book.today))
    assert clock().state is ClockState.MET_LATE


def test_every_review_is_kept_and_goals_reached_in_it_are_closed(service):
    house, amina, _grace = service("reconnect")
    book = amina.book
    family = book.families.register(okoro())
    plan = book.plans.agree(family, PlanForm(kind="treatment_plan", agreed_on=MONDAY))
    reached = book.plans.add_goal(family, "Sleeps through", plan=plan)
    dropped = book.plans.add_goal(family, "Swimming", plan=plan)
    house.passes(days=30)
    book.plans.review(
        plan,
        ReviewForm(on=book.today, text="Nights are better.", goals=((reached, "achieved"),)),
    )
    house.passes(days=30)
    book.plans.review(plan, ReviewForm(on=book.today, goals=((dropped, "closed"),)))

    found = book.plans.get(plan)
    assert [(one.on, one.text) for one in found.reviews] == [
        (MONDAY + timedelta(days=30), "Nights are better."),
        (MONDAY + timedelta(days=60), ""),
    ]
    assert {g.id: g.status for g in found.goals} == {reached: "achieved", dropped: "closed"}
    page = book.families.timeline(family, events={Event.PLAN, Event.PLAN_REVIEWED})
    assert [e.event for e in page.entries] == [
        Event.PLAN_REVIEWED, Event.PLAN_REVIEWED, Event.PLAN,
    ]  # fmt: skip


def test_dates_that_cannot_follow_one_another_are_named(service):
    _house, amina, _grace = service("reconnect")
    plans = amina.book.plans
    family = amina.book.families.register(okoro())
    before = MONDAY - timedelta(days=1)

    def refused(form: PlanForm) -> str:
        with pytest.raises(OutOfOrder) as error:
            plans.agree(family, form)
        return error.value.reason

    ahead = MONDAY + timedelta(days=1)
    assert refused(PlanForm(kind="treatment_plan", agreed_on=ahead)) == "in_the_future"
    early = PlanForm(kind="treatment_plan", agreed_on=MONDAY, review_due=before)
    assert refused(early) == "before_plan"
    plan = plans.agree(family, PlanForm(kind="treatment_plan", agreed_on=MONDAY))
    with pytest.raises(OutOfOrder) as error:
        plans.review(plan, ReviewForm(on=before))
    assert (error.value.reason, error.value.than) == ("before_plan", MONDAY)


def test_two_workers_reviewing_without_signal_lose_no_review(service):
    house, amina, grace = service("reconnect")
    family = amina.book.families.register(okoro())
    plan = amina.book.plans.agree(family, PlanForm(kind="treatment_plan", agreed_on=MONDAY))
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.plans.review(plan, ReviewForm(on=MONDAY, text="With Chidi at home."))
        grace.book.plans.review(plan, ReviewForm(on=MONDAY, text="With the midwife."))
    house.carry()

    for member in (amina, grace):
        said = {one.text for one in member.book.plans.get(plan).reviews}
        assert said == {"With Chidi at home.", "With the midwife."}


def test_a_plan_of_one_family_takes_nothing_over_from_another(service):
    _house, amina, _grace = service("reconnect")
    book = amina.book
    family, other = book.families.register(okoro()), book.families.register(pugh())
    theirs = book.families.add_goal(other, "Somebody else's goal")

    plan = book.plans.agree(
        family, PlanForm(kind="treatment_plan", agreed_on=MONDAY, carried=(theirs,))
    )

    assert book.plans.get(plan).goals == ()
    assert [g.plan for g in book.families.goals(other)] == [None]
