"""What is dated before what it follows from, and what may not be done at all."""

from datetime import date, timedelta

import pytest

from app.casework.casebook.reachable import reachable
from app.casework.errors import (
    EpisodeClosed,
    OnlySupervisors,
    OutOfOrder,
)
from app.casework.pathway import ClosureForm
from app.casework.period import PeriodKind
from casebooks import pugh
from pathways import MONDAY, decided, family_of, referred


def test_dates_out_of_order_change_nothing_and_say_which_day_they_are_measured_by(team):
    house, grace, amina, _rhian = team("rct")
    family = family_of(grace, MONDAY - timedelta(days=5))
    pathways, received = grace.book.pathways, MONDAY - timedelta(days=5)

    def refused(act) -> tuple[str, date | None]:
        with pytest.raises(OutOfOrder) as wrong:
            act()
        return wrong.value.reason, wrong.value.than

    early, ahead = received - timedelta(days=1), MONDAY + timedelta(days=1)
    assert refused(lambda: pathways.close(family, ClosureForm(on=early, closure="completed"))) == (
        "before_referral",
        received,
    )
    assert refused(lambda: pathways.close(family, ClosureForm(on=ahead, closure="completed"))) == (
        "in_the_future",
        MONDAY,
    )
    assert refused(lambda: pathways.decide(family, decided("assessment", "completed", early))) == (
        "before_referral",
        received,
    )
    assert refused(lambda: pathways.move(family, "assessment", MONDAY)) == (
        "before_allocation",
        None,
    )
    assert refused(
        lambda: grace.book.supervision.allocate(family, amina.person, "family_aide", early)
    ) == ("before_referral", received)
    pathways.move(family, "assessment", MONDAY, all_the_same=True)
    assert refused(
        lambda: pathways.move(family, "brokerage", MONDAY - timedelta(days=1), all_the_same=True)
    ) == ("before_stage", MONDAY)
    pathways.decide(family, decided("assessment", "completed", MONDAY))
    assert refused(
        lambda: pathways.close(
            family, ClosureForm(on=MONDAY - timedelta(days=1), closure="completed")
        )
    ) == ("before_decision", MONDAY)
    assert pathways.of(family).open

    pathways.close(family, ClosureForm(on=MONDAY, closure="completed"))
    assert refused(lambda: pathways.refer_again(family, referred(MONDAY - timedelta(days=1)))) == (
        "before_closure",
        MONDAY,
    )


def test_a_closed_family_takes_no_decision_and_only_supervisors_allocate(team):
    house, grace, amina, rhian = team("rct")
    family = family_of(grace)
    grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
    house.carry()
    house.carry()
    with pytest.raises(OnlySupervisors):
        amina.book.supervision.allocate(family, rhian.person, "family_aide")
    grace.book.pathways.close(family, ClosureForm(on=MONDAY, closure="completed"))
    for act in (
        lambda: grace.book.pathways.decide(family, decided("assessment", "completed", MONDAY)),
        lambda: grace.book.pathways.move(family, "review", MONDAY),
        lambda: grace.book.pathways.pause(family, "plan", "family_away", MONDAY),
        lambda: grace.book.pathways.close(family, ClosureForm(on=MONDAY, closure="completed")),
    ):
        with pytest.raises(EpisodeClosed):
            act()


def test_an_indicator_is_yes_then_no_and_both_are_dated(team):
    house, grace, *_rest = team("building-bonds")
    family = grace.book.families.register(pugh(referral=referred(MONDAY, source="housing")))
    pathways = grace.book.pathways
    pathways.set_indicator(family, "antidepressant", True, MONDAY, by="GP letter")
    pathways.set_indicator(family, "domestic_abuse", False, MONDAY)
    house.passes(days=60)
    pathways.set_indicator(family, "antidepressant", False, grace.book.today)
    found = [
        (p.code, p.answer, p.since, p.until)
        for p in pathways.of(family).indicators
        if p.code == "antidepressant"
    ]
    later = MONDAY + timedelta(days=60)
    assert found == [
        ("antidepressant", False, later, None),
        ("antidepressant", True, MONDAY, later),
    ]
    assert any(
        p.code == "domestic_abuse" and p.until is None for p in pathways.of(family).indicators
    )


def test_an_indicator_answered_no_is_no_sign_of_danger_and_yes_is_one(team):
    _house, grace, *_rest = team("building-bonds")
    family = grace.book.families.register(pugh(referral=referred(MONDAY, source="housing")))

    def signs() -> set[str]:
        return set(reachable(grace.book._ledger, grace.book.team, family).signs)

    grace.book.pathways.set_indicator(family, "domestic_abuse", False, MONDAY)
    assert signs() == set()
    grace.book.pathways.set_indicator(family, "domestic_abuse", True, MONDAY)
    assert signs() == {"domestic_abuse"}


def test_saying_again_what_holds_already_begins_nothing(team):
    _house, grace, *_rest = team("rct")
    family = family_of(grace)
    before = grace.book.pathways.of(family).stages
    grace.book.families.begin_period(family, PeriodKind.STAGE, "awaiting_allocation")
    assert grace.book.pathways.of(family).stages == before
