"""From referral to what is due, through the casebook, in the services' own words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casework.clocks import ClockState
from app.casework.eligibility import Fits
from app.casework.errors import (
    Missing,
)
from app.casework.family import FamilyStatus, Overdue
from app.casework.forms import PersonForm
from app.casework.pathway import ClosureForm
from app.casework.people import PersonKind, Relation
from casebooks import okoro, pugh
from pathways import MONDAY, clock, decided, family_of, referred


def unborn(edd: date | None) -> PersonForm:
    return PersonForm(kind=PersonKind.UNBORN, relation=Relation.UNBORN, edd=edd)


def test_a_due_date_a_week_later_moves_what_is_due_and_keeps_the_old_day(team):
    house, grace, *_rest = team("durham", date(2018, 9, 21))
    family = grace.book.families.register(
        okoro(
            people=(PersonForm(given="Ada", relation=Relation.MOTHER), unborn(date(2018, 12, 14))),
            referral=referred(date(2018, 6, 1), source="midwife"),
        )
    )
    baby = next(p for p in grace.book.families.people(family) if p.kind is PersonKind.UNBORN)
    gestation = baby.gestation(grace.book.today)
    assert str(gestation) == "28+0"
    assert clock(grace, family, "assessment").due_today
    todays = {(d.code, d.text, d.overdue) for d in grace.book.diary.due_today()}
    assert todays == set(), "it waits on nobody of whom Grace is one"
    grace.book.supervision.allocate(family, grace.person, "social_worker", date(2018, 6, 1))
    todays = {(d.code, d.text, d.overdue) for d in grace.book.diary.due_today()}
    assert ("clock", "assessment", False) in todays

    form = grace.book.families.form_of(baby.id)
    grace.book.families.change_person(baby.id, replace(form, edd=date(2018, 12, 21)))
    moved = clock(grace, family, "assessment")
    assert (moved.due, moved.before) == (date(2018, 9, 28), (date(2018, 9, 21),))
    assert not any(d.text == "assessment" for d in grace.book.diary.due_today())
    house.passes(days=8)
    assert clock(grace, family, "assessment").state is ClockState.OVERDUE
    (line,) = grace.book.families.lines(overdue=True)
    assert Overdue.CLOCK_DUE in line.overdue


def test_an_unknown_due_date_is_asked_for(team):
    _house, grace, *_rest = team("durham")
    family = grace.book.families.register(
        okoro(people=(PersonForm(given="Ada", relation=Relation.MOTHER), unborn(None)))
    )
    waits = clock(grace, family, "plan")
    assert (waits.state, waits.due) == (ClockState.AWAITED, None)
    assert waits.lacks is not None
    assert waits.lacks.event == "edd"
    assert grace.book.families.lines(overdue=True) == []


def test_twins_are_due_once_on_today(team):
    _house, grace, *_rest = team("durham", date(2018, 9, 21))
    family = grace.book.families.register(
        okoro(
            people=(
                PersonForm(given="Ada", relation=Relation.MOTHER),
                unborn(date(2018, 12, 14)),
                unborn(date(2018, 12, 14)),
            ),
            referral=referred(date(2018, 6, 1), source="midwife"),
        )
    )
    grace.book.supervision.allocate(family, grace.person, "social_worker", date(2018, 6, 1))
    dues = [d for d in grace.book.diary.due_today() if d.text == "assessment"]
    assert len(dues) == 1


def test_eligibility_is_shown_on_the_day_of_the_decision_and_never_blocks(team):
    _house, grace, *_rest = team("durham")
    family = grace.book.families.register(
        okoro(referral=referred(MONDAY - timedelta(days=3), source="midwife"))
    )
    found = {c.code: c.fits for c in grace.book.pathways.of(family).checks}
    assert found == {
        "pregnant": Fits.MET,
        "previous_removal": Fits.NOT_KNOWN,
        "twelve_weeks": Fits.MET,
    }
    grace.book.pathways.decide(family, decided("referral", "progressed", MONDAY, reason="Agreed"))
    path = grace.book.pathways.of(family)
    assert path.referral is not None
    assert (path.referral.decision, path.referral.decided_at) == ("progressed", MONDAY)
    assert path.stage is not None
    assert path.stage.code == "assessment"


def test_what_was_true_when_it_was_decided_stays_so_after_the_birth(team):
    house, grace, *_rest = team("reconnect")
    family = grace.book.families.register(pugh(referral=referred(MONDAY, source="midwife")))
    grace.book.pathways.answer(family, "attachment_risk", True)
    grace.book.pathways.decide(family, decided("referral", "accepted", MONDAY))
    house.passes(days=600)
    (child,) = grace.book.families.get(family).children
    assert child.age(grace.book.today)[1] > 24
    found = {c.code: c.fits for c in grace.book.pathways.of(family).checks}
    assert found["under_two"] is Fits.MET
    assert found["attachment_risk"] is Fits.MET
    assert found["known_to_social_care"] is Fits.NOT_KNOWN


def test_a_scan_that_comes_later_does_not_take_back_what_was_decided(team):
    _house, grace, *_rest = team("durham", date(2018, 6, 4))
    family = grace.book.families.register(
        okoro(
            people=(PersonForm(given="Ada", relation=Relation.MOTHER), unborn(date(2018, 12, 14))),
            referral=referred(date(2018, 6, 1), source="midwife"),
        )
    )
    grace.book.pathways.decide(family, decided("referral", "progressed", date(2018, 6, 4)))
    (baby,) = grace.book.families.get(family).unborn
    form = grace.book.families.form_of(baby.id)
    grace.book.families.change_person(baby.id, replace(form, edd=date(2018, 12, 28)))
    found = {c.code: c.fits for c in grace.book.pathways.of(family).checks}
    assert found["twelve_weeks"] is Fits.MET


def test_mash_and_whoever_asked_first_are_both_kept(team):
    _house, grace, *_rest = team("rct")
    family = family_of(grace)
    referral = grace.book.pathways.of(family).referral
    assert referral is not None
    assert (referral.via, referral.source, referral.referrer) == ("mash", "midwife", "Nan Ellis")


def test_a_family_of_rct_goes_from_mash_to_closure_with_both_limits_kept(team):
    house, grace, amina, rhian = team("rct")
    family = family_of(grace)
    book = grace.book
    assert clock(grace, family, "assessment").due == MONDAY + timedelta(days=14)
    assert clock(grace, family, "plan").due == MONDAY + timedelta(days=21)
    book.pathways.decide(family, decided("referral", "accepted", MONDAY, by="MASH"))
    house.passes(days=3)
    book.supervision.allocate(family, amina.person, "engagement_assessment", team="west")
    path = book.pathways.of(family)
    assert path.stage is not None
    assert (path.stage.code, path.stage.since) == ("assessment", MONDAY + timedelta(days=3))
    assert path.missing == ()
    house.passes(days=10)
    book.pathways.decide(family, decided("assessment", "completed", book.today))
    assert clock(grace, family, "assessment").state is ClockState.MET_IN_TIME
    book.pathways.move(family, "brokerage", book.today)
    assert book.pathways.of(family).missing == ("brokerage_review",)
    book.supervision.allocate(family, rhian.person, "brokerage_review", team="west")
    house.passes(days=9)
    assert clock(grace, family, "plan").state is ClockState.OVERDUE
    book.pathways.decide(family, decided("panel", "allocated", book.today, by="Weekly panel"))
    book.supervision.allocate(family, grace.person, "intervention_worker", team="east")
    path = book.pathways.of(family)
    assert path.stage is not None
    assert path.stage.code == "intervention"
    assert {a.function for a in book.supervision.of_family(family)} == {
        "engagement_assessment", "brokerage_review", "intervention_worker",
    }  # fmt: skip
    book.pathways.close(
        family,
        ClosureForm(on=book.today, closure="completed", destination="universal", by="Grace"),
    )
    closed = book.pathways.of(family)
    assert closed.episode is not None
    assert (closed.episode.closure, closed.episode.destination) == ("completed", "universal")
    assert book.families.get(family).status is FamilyStatus.CLOSED
    assert book.supervision.of_family(family) == []
    assert clock(grace, family, "plan").state is ClockState.ENDED
    assert book.families.lines(overdue=True) == []
    house.carry()
    house.carry()
    book.families.add_access(family, "The bell is broken.")
    house.carry()
    assert amina.book.families.lines() == [], "her work is over and the reading with it"


def test_overdue_clocks_wait_on_whoever_the_stage_needs(team):
    house, grace, amina, rhian = team("rct")
    family = family_of(grace)
    grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
    grace.book.supervision.allocate(family, rhian.person, "family_aide")
    house.passes(days=15)
    house.carry()
    house.carry()
    assert any(d.code == "clock" and d.overdue for d in amina.book.diary.due_today())
    assert not any(d.code == "clock" for d in rhian.book.diary.due_today())
    found = grace.book.supervision.overdue_clocks()
    assert [(worker, [x.code for x in clocks]) for worker, clocks in found] == [
        (amina.person, ["assessment"])
    ]


def test_a_family_that_is_away_stops_the_clock_and_nothing_is_overdue(team):
    house, grace, amina, _rhian = team("rct")
    family = family_of(grace)
    grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
    house.passes(days=5)
    pause = grace.book.pathways.pause(family, "assessment", "family_away", grace.book.today)
    house.passes(days=20)
    standing = clock(grace, family, "assessment")
    assert standing.state is ClockState.PAUSED
    assert standing.pause is not None
    assert standing.pause.reason == "family_away"
    assert not any(d.text == "assessment" for d in grace.book.diary.due_today(amina.person))
    grace.book.pathways.resume(pause, grace.book.today)
    assert clock(grace, family, "assessment").due == MONDAY + timedelta(days=34)


def test_stepping_up_is_a_dated_decision_that_closes(team):
    _house, grace, *_rest = team("rct")
    family = family_of(grace)
    with pytest.raises(Missing, match="closure"):
        grace.book.pathways.decide(family, decided("step_up", "stepped_up", MONDAY))
    grace.book.pathways.close(
        family,
        ClosureForm(
            on=MONDAY, closure="stepped_up", decision="step_up", outcome="stepped_up",
            by="Strategy meeting", remark="Risk has risen", to="Children's services",
        ),
    )  # fmt: skip
    (decision,) = grace.book.pathways.of(family).decisions
    assert (decision.kind, decision.outcome, decision.on) == ("step_up", "stepped_up", MONDAY)
    assert (decision.by, decision.reason) == ("Strategy meeting", "Risk has risen")


def test_stepping_down_is_dated_and_moves_nothing(team):
    _house, grace, *_rest = team("rct")
    family = family_of(grace)
    grace.book.pathways.decide(family, decided("step_down", "stepped_down", MONDAY, by="SW"))
    path = grace.book.pathways.of(family)
    assert path.stage is not None
    assert path.stage.code == "awaiting_allocation"
    assert path.open


def test_a_transfer_names_the_other_authority_and_is_read_in_the_timeline(team):
    _house, grace, *_rest = team("durham")
    family = grace.book.families.register(okoro())
    grace.book.pathways.close(
        family,
        ClosureForm(
            on=MONDAY, closure="transferred", destination="another_authority",
            decision="transfer", outcome="transferred", to="Sunderland",
        ),
    )  # fmt: skip
    (decision,) = grace.book.pathways.of(family).decisions
    assert decision.to == "Sunderland"
    events = [(e.event.value, e.code) for e in grace.book.families.timeline(family).entries]
    assert ("decision", "transfer:transferred") in events


def test_what_was_decided_on_one_day_is_read_with_the_last_decision_first(team):
    house, grace, _amina, _rhian = team("rct")
    book = grace.book
    family = book.families.register(pugh(referral=referred(MONDAY, source="midwife")))
    kinds = [("referral", "accepted"), ("assessment", "completed"), ("panel", "agreed")]
    for kind, outcome in kinds:
        house.passes(minutes=5)
        book.pathways.decide(family, decided(kind, outcome, MONDAY))

    assert [d.kind for d in book.pathways.of(family).decisions] == [k for k, _ in kinds][::-1]
