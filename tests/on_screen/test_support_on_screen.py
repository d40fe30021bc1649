"""Appraisals, interventions and the chair's one screen for the panel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.casework.appraisal import AppraisalForm
from app.casework.forms import ReferralForm
from app.casework.intervention import Ending
from app.casework.pathway import DecisionForm
from app.casework.plan import PlanForm
from casebooks import House, Member, okoro, pugh
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced
from on_screen.at_work import Visit, at
from on_screen.downloads import Downloads

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA, RHIAN):
        made.joins(who)
    made.opens("rct")
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def planned(grace: Member, form=okoro, **more) -> str:
    book = grace.book
    family = book.families.register(
        form(referral=ReferralForm(received_at=book.today, source="school", via="mash"), **more)
    )
    decided = DecisionForm(kind="referral", outcome="accepted", on=book.today)
    book.pathways.decide(family, decided)
    book.supervision.allocate(family, AMINA.person, "engagement_assessment")
    plan = book.plans.agree(family, PlanForm(kind="family_plan", agreed_on=book.today))
    book.plans.add_goal(family, "School every day", plan=plan)
    return family


def test_an_appraisal_is_asked_for_comes_back_and_is_told(house, grace):
    family = planned(grace)

    async def steps(app: Visit) -> None:
        await app.click("Ask for one")
        await app.choose("Which appraisal?", "Housing appraisal")
        assert app.shows("It should be back in 10 working days.")
        await app.fill("What to look at", "Damp in the bedrooms")
        await app.click("Save")
        assert app.shows("Asked for")
        assert app.shows("Damp in the bedrooms")
        await app.click("It is back: Housing appraisal")
        await app.fill("What it says, in a few words", "To be repaired by June.")
        await app.click("Save what came back")
        assert app.shows("Back in time")
        assert app.shows("To be repaired by June.")
        await app.click("Still out: Housing appraisal")
        assert app.shows("Asked for")

    at(house, grace, f"/families/{family}/support", steps)
    [one] = grace.book.appraisals.of_family(family)
    assert one.agency == "housing"


def test_interventions_begin_side_by_side_and_end_with_an_outcome(house, grace):
    family = planned(grace)
    first, second = grace.book.profile.interventions[:2]

    async def steps(app: Visit) -> None:
        for one in (first, second):
            await app.click("Begin one")
            await app.choose("What begins?", one.words.en)
            await app.choose("Who leads it", "Dr Rhian Pryce")
            await app.click("Save")
        await app.click(f"End: {first.words.en}")
        await app.choose("How did it end?", "The parent stopped")
        await app.click("Save the ending")
        assert app.shows("The parent stopped")

    at(house, grace, f"/families/{family}/support", steps)
    found = grace.book.interventions.of_family(family)
    assert {one.code: one.outcome for one in found} == {
        first.code: Ending.PARENT_STOPPED,
        second.code: None,
    }
    assert {one.worker for one in found} == {RHIAN.person}


def test_the_chair_decides_on_every_family_without_leaving_the_screen(house, grace, downloads):
    first = planned(grace, name="=Okoro")
    second = planned(grace, pugh)
    house.passes(days=2)

    async def steps(app: Visit) -> None:
        assert app.shows("Meets today")
        assert app.shows("2 families with finished plans")
        assert app.shows("School every day")
        table = (await downloads.of(app, "Save as CSV")).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(table, newline="")))
        assert {row[0] for row in rows[1:]} == {"'=Okoro", "Pugh"}
        await app.choose("Decision", "Intervention allocated")
        await app.choose("Intervention worker", "Dr Rhian Pryce, Therapist")
        await app.click("Save decision")
        assert app.shows("1 family with a finished plan")
        assert app.shows("Intervention allocated. Saved.")
        await app.choose("Decision", "Put off to the next panel")
        await app.fill("Why", "School was not there.")
        await app.click("Save decision")
        assert app.shows("School was not there.")

    at(house, grace, "/team/panel", steps)
    allocated = {
        family
        for family in (first, second)
        if grace.book.pathways.of(family).stage.code == "intervention"
    }
    assert len(allocated) == 1
    [family] = allocated
    held = {(a.function, a.worker) for a in grace.book.supervision.of_family(family)}
    assert ("intervention_worker", RHIAN.person) in held


def test_an_outcome_that_closes_leads_to_the_closing_screen(house, grace):
    family = planned(grace)

    async def steps(app: Visit) -> None:
        await app.choose("Decision", "No intervention")
        await app.click("Next: closing")
        assert app.route.startswith(f"/families/{family}/close")

    at(house, grace, "/team/panel", steps)
    assert grace.book.pathways.of(family).open


def test_the_team_page_says_what_waits_for_the_panel_and_what_is_out(house, grace, downloads):
    family = planned(grace)
    grace.book.appraisals.ask(family, AppraisalForm(kind="health", asked_on=grace.book.today))
    house.passes(days=30)

    async def steps(app: Visit) -> None:
        assert app.shows("1 family on the agenda")
        assert app.shows("1 out, 1 overdue")
        await app.turn_to("/team/appraisals")
        assert app.shows("Overdue")
        table = (await downloads.of(app, "Save as CSV")).decode("utf-8-sig")
        assert "Okoro,Health appraisal" in table

    at(house, grace, "/team", steps, width=1280)
