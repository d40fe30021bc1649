"""A family is closed and nothing promised to it is forgotten; and it comes back."""

from datetime import date, timedelta

import pytest

from app.casework.appointment import VenueType
from app.casework.appraisal import AppraisalForm
from app.casework.attendance import Code
from app.casework.clocks import ClockState
from app.casework.errors import (
    EpisodeOpen,
)
from app.casework.family import FamilyStatus
from app.casework.forms import Booking
from app.casework.intervention import Ending, InterventionForm
from app.casework.pathway import ClosureForm
from app.casework.plan import PlanForm
from casebooks import pugh
from pathways import MONDAY, clock, decided, family_of, referred


def test_closing_shows_what_stands_and_settles_only_what_was_chosen(team):
    house, grace, amina, _rhian = team("reconnect")
    book = grace.book
    family = book.families.register(pugh(referral=referred(MONDAY, source="midwife")))
    book.pathways.decide(family, decided("referral", "accepted", MONDAY))
    book.supervision.allocate(family, amina.person, "therapist")
    kept = book.families.add_action(family, "Write to the GP", owner="Grace", due=MONDAY)
    dropped = book.families.add_action(family, "Ask about the cot", owner="Grace")
    visits = [
        book.diary.book(
            Booking(
                family=family,
                kind="home_visit",
                starts=book.now + timedelta(days=days),
                minutes=60,
                venue_type=VenueType.HOME,
                workers=(amina.person,),
            )
        )
        for days in (2, 9)
    ]
    stands = book.pathways.unsettled(family)
    assert {a.id for a in stands.actions} == {kept, dropped}
    assert [a.id for a in stands.appointments] == visits
    assert [c.code for c in stands.clocks] == ["first_contact"]
    assert [a.worker for a in stands.allocations] == [amina.person]

    book.pathways.close(
        family,
        ClosureForm(on=MONDAY, closure="declined", settle=frozenset({dropped, visits[0]})),
    )
    after = book.pathways.unsettled(family)
    assert [a.id for a in after.actions] == [kept], "nothing that was not chosen is lost"
    assert [a.id for a in after.appointments] == [visits[1]]
    assert book.diary.get(visits[0]).cancelled
    assert {a.status for a in book.families.get(family).actions if a.id == dropped} == {"dropped"}


def test_closing_ends_the_interventions_that_go_on_if_they_are_ticked(team):
    _house, grace, *_rest = team("rct")
    family = family_of(grace)
    book = grace.book
    ids = [
        book.interventions.start(family, InterventionForm(code=code, on=MONDAY))
        for code in ("parenting", "practical")
    ]
    assert {i.id for i in book.pathways.unsettled(family).interventions} == set(ids)
    book.pathways.close(
        family, ClosureForm(on=MONDAY, closure="completed", settle=frozenset(ids[:1]))
    )
    found = {i.id: (i.ended_on, i.outcome) for i in book.interventions.of_family(family)}
    assert found == {ids[0]: (MONDAY, Ending.COMPLETED), ids[1]: (None, None)}


def test_the_review_of_a_plan_is_due_six_weeks_after_the_intervention_began(team):
    house, grace, *_rest = team("rct")
    family = family_of(grace)
    grace.book.plans.agree(family, PlanForm(kind="family_plan", agreed_on=MONDAY))
    assert clock(grace, family, "plan").state is ClockState.MET_IN_TIME
    assert clock(grace, family, "plan_review").state is ClockState.AWAITED
    house.passes(days=7)
    begun = grace.book.today
    grace.book.interventions.start(family, InterventionForm(code="parenting", on=begun))
    assert clock(grace, family, "plan_review").due == begun + timedelta(weeks=6)


def test_an_appraisal_is_due_in_ten_working_days_over_christmas(team):
    _house, grace, *_rest = team("rct", date(2026, 12, 17))
    family = family_of(grace, date(2026, 12, 17))
    grace.book.appraisals.ask(family, AppraisalForm(kind="housing", asked_on=date(2026, 12, 17)))
    # 25 and 28 December (for Boxing Day, a Saturday) and 1 January are bank holidays.
    assert clock(grace, family, "appraisal").due == date(2027, 1, 5)


def test_a_workers_closing_leaves_the_reading_for_a_supervisor_to_end(team):
    house, grace, amina, _rhian = team("reconnect")
    family = grace.book.families.register(pugh(referral=referred(MONDAY, source="midwife")))
    grace.book.supervision.allocate(family, amina.person, "therapist")
    house.carry()
    house.carry()
    amina.book.pathways.close(family, ClosureForm(on=MONDAY, closure="completed"))
    house.carry()
    (still,) = grace.book.supervision.closed_but_allocated()
    assert (still.family, still.worker) == (family, amina.person)
    assert all(family not in load.families for load in grace.book.supervision.caseloads())
    grace.book.supervision.end_allocation(still.id)
    assert grace.book.supervision.closed_but_allocated() == []


def test_a_supervisor_who_worked_with_a_family_still_has_it_when_her_work_ends(two_heads):
    house, grace, nia, _amina, _rhian, family = two_heads
    for head in (grace, nia):
        grace.book.supervision.allocate(family, head.person, "social_worker")
    grace.book.pathways.close(family, ClosureForm(on=MONDAY, closure="completed"))
    house.carry()
    house.carry()
    grace.book.families.add_access(family, "The bell is broken.")
    house.carry()
    assert [a.text for a in nia.book.families.get(family).access] == ["The bell is broken."]


def test_a_closed_family_comes_back_with_new_clocks_and_its_old_history(team):
    house, grace, amina, _rhian = team("rct")
    family = family_of(grace)
    book = grace.book
    book.supervision.allocate(family, amina.person, "engagement_assessment")
    book.pathways.decide(family, decided("assessment", "completed", MONDAY))
    with pytest.raises(EpisodeOpen):
        book.pathways.refer_again(family, referred(MONDAY))
    house.passes(days=30)
    book.pathways.close(family, ClosureForm(on=book.today, closure="in_assessment"))
    house.passes(days=100)
    again = book.today
    book.pathways.refer_again(family, referred(again, via="mash", reason="Trouble at school"))
    path = book.pathways.of(family)
    assert [(e.number, e.closure, e.open) for e in path.episodes] == [
        (1, "in_assessment", False),
        (2, "", True),
    ]
    assert path.referral is not None
    assert path.referral.reason == "Trouble at school"
    assert path.stage is not None
    assert path.stage.code == "awaiting_allocation"
    assert book.families.get(family).status is FamilyStatus.WAITING
    assert clock(grace, family, "assessment").state is ClockState.RUNNING, "met only last time"
    assert clock(grace, family, "assessment").due == again + timedelta(days=14)
    assert path.decisions == ()
    entries = [e.code for e in book.families.timeline(family, limit=60).entries]
    assert "assessment:completed" in entries
    assert [w.family for w in book.pathways.waiting_list()] == [family]


def test_closed_and_back_on_one_day_what_was_decided_before_belongs_to_before(team):
    _house, grace, *_rest = team("rct")
    family = family_of(grace)
    book = grace.book
    book.pathways.decide(family, decided("assessment", "completed", MONDAY))
    book.pathways.close(family, ClosureForm(on=MONDAY, closure="in_assessment"))
    book.pathways.refer_again(family, referred(MONDAY))
    assert clock(grace, family, "assessment").state is ClockState.RUNNING


def test_an_attended_visit_of_the_first_episode_does_not_meet_the_second_ones_clock(team):
    house, grace, amina, _rhian = team("reconnect")
    book = grace.book
    family = book.families.register(pugh(referral=referred(MONDAY, source="midwife")))
    book.pathways.decide(family, decided("referral", "accepted", MONDAY))
    book.supervision.allocate(family, grace.person, "therapist")
    visit = book.diary.book(
        Booking(
            family=family, kind="home_visit", starts=book.now, minutes=60,
            venue_type=VenueType.HOME, workers=(grace.person,),
        )
    )  # fmt: skip
    (mother,) = book.families.get(family).adults
    book.engagement.record_outcome(visit, {mother.id: Code.ON_TIME})
    assert clock(grace, family, "first_contact").state is ClockState.MET_IN_TIME
    house.passes(days=40)
    book.pathways.close(family, ClosureForm(on=book.today, closure="completed"))
    house.passes(days=10)
    book.pathways.refer_again(family, referred(book.today, source="midwife"))
    book.pathways.decide(family, decided("referral", "accepted", book.today))
    assert clock(grace, family, "first_contact").state is ClockState.RUNNING
