"""Appraisals in working days, the weekly panel, and interventions side by side."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.casework.appraisal import AppraisalForm, AppraisalState
from app.casework.attendance import SEEN
from app.casework.errors import Missing, OnlySupervisors, OutOfOrder
from app.casework.family import Overdue
from app.casework.forms import ContactForm, PersonForm, ReferralForm
from app.casework.intervention import Ending, InterventionForm
from app.casework.panel import PanelForm, meeting_on
from app.casework.pathway import DecisionForm
from app.casework.people import Relation
from app.casework.plan import PlanForm
from app.casework.profile.flow import Panel
from app.casework.profile.milestones import Milestone
from casebooks import House, okoro, pugh
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def service(tmp_path: Path) -> Iterator:
    """`house, grace, amina = service("rct")`, on a day of one's choice."""
    houses = []

    def opens(name: str, on: date = MONDAY):
        house = House(tmp_path, datetime(on.year, on.month, on.day, 9, tzinfo=UTC), unsynced)
        houses.append(house)
        grace, amina, _rhian = [house.joins(who) for who in (GRACE, AMINA, RHIAN)]
        house.opens(name)
        return house, grace, amina

    yield opens
    for house in houses:
        house.close()


# -- appraisals ---------------------------------------------------------------------------
def test_an_appraisal_is_due_in_working_days_over_christmas_and_goes_to_its_agency(service):
    """Ten working days from 17 December 2018, over two bank holidays and New Year's Day."""
    house, _grace, amina = service("rct", date(2018, 12, 17))
    book = amina.book
    family = book.families.register(
        okoro(
            people=(PersonForm(given="Ada", relation=Relation.MOTHER),),
            referral=ReferralForm(received_at=date(2018, 12, 10), source="school"),
        )
    )
    book.appraisals.ask(family, AppraisalForm(kind="housing", asked_on=book.today))

    [one] = book.appraisals.of_family(family)
    assert (one.agency, one.due) == ("housing", date(2019, 1, 3))
    assert one.state(date(2019, 1, 2)) is AppraisalState.ASKED
    assert one.state(date(2019, 1, 3)) is AppraisalState.DUE_TODAY
    assert one.state(date(2019, 1, 4)) is AppraisalState.OVERDUE


def test_what_came_back_is_kept_and_late_is_late(service):
    house, _grace, amina = service("rct")
    book = amina.book
    family = book.families.register(okoro())
    first, second = (
        book.appraisals.ask(family, AppraisalForm(kind=kind, asked_on=MONDAY))
        for kind in ("housing", "health")
    )
    house.passes(days=5)
    book.appraisals.back(first, book.today, "Damp in both bedrooms.")
    house.passes(days=25)
    book.appraisals.back(second, book.today)

    found = {a.id: a for a in book.appraisals.of_family(family)}
    assert found[first].state(book.today) is AppraisalState.BACK
    assert found[first].said == "Damp in both bedrooms."
    assert found[second].state(book.today) is AppraisalState.BACK_LATE
    book.appraisals.reopen(second)
    [out] = book.appraisals.out()
    assert out.id == second


def test_the_clock_of_the_service_asks_for_it_once_and_is_met_when_it_is_back(service):
    house, _grace, amina = service("rct")
    book = amina.book
    family = book.families.register(okoro())
    asked = book.appraisals.ask(family, AppraisalForm(kind="housing", asked_on=MONDAY))
    house.passes(days=20)

    reasons = book.families.get(family).overdue
    assert Overdue.CLOCK_DUE in reasons
    assert Overdue.APPRAISAL_DUE not in reasons
    assert Overdue.ACTION_DUE not in reasons
    book.appraisals.back(asked, book.today)
    clocks = [c for c in book.pathways.of(family).clocks if c.code == "appraisal"]
    assert [c.open for c in clocks] == [False]


def test_an_appraisal_cannot_come_back_before_it_was_asked_for(service):
    _house, _grace, amina = service("rct")
    family = amina.book.families.register(okoro())
    asked = amina.book.appraisals.ask(family, AppraisalForm(kind="housing", asked_on=MONDAY))

    for on, reason in ((MONDAY - DAY, "before_asked"), (MONDAY + DAY, "in_the_future")):
        with pytest.raises(OutOfOrder) as refused:
            amina.book.appraisals.back(asked, on)
        assert refused.value.reason == reason
    with pytest.raises(Missing):
        amina.book.appraisals.ask(family, AppraisalForm(kind="", asked_on=MONDAY))


def test_an_appraisal_is_no_action_of_the_plan(service):
    _house, _grace, amina = service("rct")
    book = amina.book
    family = book.families.register(okoro())
    book.appraisals.ask(family, AppraisalForm(kind="housing", asked_on=MONDAY))
    plan = book.plans.agree(family, PlanForm(kind="family_plan", agreed_on=MONDAY))

    assert book.plans.get(plan).actions == ()


# -- the panel ----------------------------------------------------------------------------
WEDNESDAY = MONDAY + 2 * DAY


def referred(grace, form=okoro, **more) -> str:
    """A family whose referral was accepted and which is being assessed."""
    family = grace.book.families.register(
        form(referral=ReferralForm(received_at=MONDAY, source="school", via="mash"), **more)
    )
    grace.book.pathways.decide(family, DecisionForm(kind="referral", outcome="accepted", on=MONDAY))
    grace.book.supervision.allocate(family, AMINA.person, "engagement_assessment")
    return family


def planned(grace, form=okoro, **more) -> str:
    family = referred(grace, form, **more)
    grace.book.plans.agree(family, PlanForm(kind="family_plan", agreed_on=grace.book.today))
    return family


def families_on(grace) -> list[str]:
    return [item.family for item in grace.book.panels.agenda().items]


def test_a_finished_plan_stands_on_the_agenda_of_the_next_wednesday(service):
    house, grace, _amina = service("rct")
    without = referred(grace, pugh)
    family = planned(grace)

    agenda = grace.book.panels.agenda()

    assert agenda.meets_on == WEDNESDAY
    [item] = agenda.items
    assert (item.family, item.ready_since, item.plan.kind) == (family, MONDAY, "family_plan")
    assert item.functions == {"engagement_assessment": (AMINA.person,)}
    assert without not in families_on(grace)


def test_the_panel_gives_the_family_to_an_intervention_worker_and_moves_it_on(service):
    house, grace, _amina = service("rct")
    family = planned(grace)
    house.passes(days=2)
    grace.book.panels.decide(
        family,
        PanelForm(
            outcome="allocated",
            on=WEDNESDAY,
            reason="Parenting and housing.",
            allocate={"intervention_worker": RHIAN.person, "family_aide": ""},
        ),
    )

    assert families_on(grace) == []
    path = grace.book.pathways.of(family)
    assert path.stage.code == "intervention"
    [panel] = [d for d in path.decisions if d.kind == "panel"]
    assert (panel.outcome, panel.on, panel.reason) == (
        "allocated", WEDNESDAY, "Parenting and housing.",
    )  # fmt: skip
    held = {(a.function, a.worker) for a in grace.book.supervision.of_family(family)}
    assert ("intervention_worker", RHIAN.person) in held
    assert not [f for f, _ in held if f == "family_aide"]


def test_what_is_put_off_comes_back_next_week_and_says_so(service):
    house, grace, _amina = service("rct")
    family = planned(grace)
    house.passes(days=2)
    grace.book.panels.decide(
        family, PanelForm(outcome="deferred", on=WEDNESDAY, reason="School was not there.")
    )
    house.passes(days=1)

    agenda = grace.book.panels.agenda()
    assert agenda.meets_on == WEDNESDAY + 7 * DAY
    [item] = agenda.items
    assert [d.reason for d in item.put_off] == ["School was not there."]


def test_a_later_plan_brings_a_settled_family_back(service):
    house, grace, _amina = service("rct")
    family = planned(grace)
    house.passes(days=2)
    grace.book.panels.decide(family, PanelForm(outcome="allocated", on=WEDNESDAY))
    house.passes(days=30)
    grace.book.plans.agree(family, PlanForm(kind="family_plan", agreed_on=grace.book.today))

    [item] = grace.book.panels.agenda().items
    assert item.ready_since == grace.book.today
    assert item.put_off == ()


def test_only_a_supervisor_decides_and_an_outcome_that_closes_is_known_beforehand(service):
    house, grace, amina = service("rct")
    family = planned(grace)
    house.carry()
    house.carry()

    with pytest.raises(OnlySupervisors):
        amina.book.panels.decide(family, PanelForm(outcome="allocated", on=MONDAY))
    assert grace.book.panels.closes("no_intervention")
    assert not grace.book.panels.closes("allocated")
    assert families_on(grace) == [family]


def test_a_service_without_a_panel_has_no_agenda(service):
    _house, grace, _amina = service("reconnect")
    assert grace.book.panels.agenda() is None


def test_a_panel_meets_on_its_weekday_and_every_few_weeks_from_the_last():
    weekly = Panel(weekday=2, ready=Milestone(event="plan_agreed"), decision="panel")
    assert meeting_on(weekly, MONDAY) == WEDNESDAY
    assert meeting_on(weekly, WEDNESDAY) == WEDNESDAY
    assert meeting_on(weekly, WEDNESDAY + DAY) == WEDNESDAY + 7 * DAY
    fortnightly = Panel(
        weekday=2, every_weeks=2, ready=Milestone(event="plan_agreed"), decision="panel"
    )
    assert meeting_on(fortnightly, WEDNESDAY + DAY, WEDNESDAY) == WEDNESDAY + 14 * DAY


# -- interventions ------------------------------------------------------------------------
def test_several_interventions_go_on_at_once_and_end_apart(service):
    house, _grace, amina = service("reconnect")
    book = amina.book
    family = book.families.register(okoro())
    mbt, vig, couples = (
        book.interventions.start(family, InterventionForm(code=code, on=MONDAY, worker=worker))
        for code, worker in (
            ("mbt_individual", AMINA.person), ("vig", RHIAN.person), ("couples", ""),
        )
    )  # fmt: skip
    house.passes(days=40)
    book.interventions.end(couples, book.today, Ending.PARENT_STOPPED)

    found = book.interventions.of_family(family)
    assert {one.id for one in found if one.open} == {mbt, vig}
    [ended] = [one for one in found if not one.open]
    assert (ended.id, ended.outcome) == (couples, Ending.PARENT_STOPPED)
    assert found[-1].id == couples
    book.interventions.reopen(couples)
    assert all(one.open for one in book.interventions.of_family(family))


def test_an_intervention_cannot_end_before_it_began_or_begin_ahead(service):
    _house, _grace, amina = service("reconnect")
    book = amina.book
    family = book.families.register(okoro())
    with pytest.raises(OutOfOrder):
        book.interventions.start(family, InterventionForm(code="vig", on=MONDAY + DAY))
    one = book.interventions.start(family, InterventionForm(code="vig", on=MONDAY))
    with pytest.raises(OutOfOrder) as refused:
        book.interventions.end(one, MONDAY - DAY, Ending.COMPLETED)
    assert refused.value.reason == "before_start"


def test_telephone_support_between_appointments_is_contact_and_no_attendance(service):
    """Acceptance story 7: a call between visits shows, and counts as no attendance."""
    _house, _grace, amina = service("reconnect")
    book = amina.book
    family = book.families.register(okoro())
    book.interventions.start(family, InterventionForm(code="mbt_individual", on=MONDAY))
    book.engagement.record_contact(
        ContactForm(family=family, kind="call", outcome="spoke", occurred_at=book.now)
    )

    pattern = book.families.get(family).engagement
    assert pattern.calls == 1
    assert pattern.seen == 0
    assert not [m for m in pattern.marks if m.code in SEEN]
