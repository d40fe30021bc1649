"""A family from referral to closure with a telephone in the hand: few taps, kind words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from app.casework.forms import PersonForm, ReferralForm
from app.casework.pathway import DecisionForm
from app.casework.people import PersonKind, Relation
from app.wording.vocabulary import speak_as
from casebooks import House, okoro, pugh
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """A team of any service, on any day."""
    houses: list[House] = []

    def gathers(service: str, on: date = MONDAY) -> House:
        house = House(tmp_path, datetime(on.year, on.month, on.day, 9, tzinfo=UTC), unsynced)
        houses.append(house)
        for who in (GRACE, AMINA, RHIAN):
            house.joins(who)
        house.opens(service)
        speak_as(house.members[GRACE.person].book.profile)
        return house

    yield gathers
    speak_as(None)
    for house in houses:
        house.close()


def referred(received: date, source: str = "midwife", **more) -> ReferralForm:
    return ReferralForm(received_at=received, source=source, **more)


def counted(app: Visit, done: list[str]) -> None:
    """Write down every tap, choice and field from now on, in order."""
    for name in ("click", "choose", "fill", "tick"):
        act = getattr(app, name)

        async def counting(label: str, *rest: object, _act=act, _name=name) -> None:
            done.append(f"{_name} {label}")
            await _act(label, *rest)

        setattr(app, name, counting)


def test_rct_from_mash_to_closure_in_few_taps(team):
    house = team("rct")
    grace = house.members[GRACE.person]

    done: list[str] = []

    async def steps(app: Visit) -> None:
        counted(app, done)
        await app.click("New family")
        await app.fill("First name", "Carys")
        await app.fill("Surname", "Pugh")
        await app.choose("Who referred", "School")
        await app.choose("By way of", "MASH")
        await app.click("Save family")
        assert app.shows("Awaiting allocation")
        assert app.shows("Assessment within two weeks")
        assert app.shows("Due Mon 7 December")

        await app.click("Decide on the referral")
        assert app.find(ft.RadioGroup).value == "accepted"
        await app.click("Save")
        assert app.shows("Accepted")
        await app.travel("/team/waiting")
        await app.click("Allocate Pugh")
        assert app.shows("With this the family moves to: Assessment")
        await app.choose("Who", "Amina Yusuf, Family worker")
        assert app.find(ft.DropdownM2, label="As").value == "engagement_assessment"
        await app.click("Allocate")

    async def nine_days_later(app: Visit) -> None:
        counted(app, done)
        family = grace.book.families.lines()[0].id
        assert app.shows("since Mon 23 November, 9 days")
        await app.click("Decision")
        await app.choose("What was decided on?", "Assessment")
        await app.choose("Outcome", "Completed")
        await app.click("Save")
        assert app.shows("Decision, Assessment, Completed")
        await app.click("Move to Brokerage")
        await app.click("Save")
        assert app.shows("Nobody yet as Brokerage and review")
        await app.click("Allocate")
        assert app.find(ft.DropdownM2, label="As").value == "brokerage_review"
        await app.choose("Who", "Dr Rhian Pryce, Therapist")
        await app.click("Allocate")
        assert app.route == f"/families/{family}"
        assert not app.shows("Nobody yet as")
        await app.click("Move to Intervention")
        await app.click("Save")
        await app.travel(f"/families/{family}/pathway")
        await app.click("Close the family")
        await app.choose("Why is the family closed?", "Intervention completed")
        await app.choose("Where to", "Universal services")
        assert app.shows("Plan within three weeks"), "it says what is not met"
        await app.click("Close the family")
        assert app.find(ft.OutlinedButton, content="New referral")

    at(house, grace, "/families", steps)
    (line,) = grace.book.families.lines()
    house.passes(days=9)
    at(house, grace, f"/families/{line.id}", nine_days_later)
    assert len(done) <= 26, "\n".join(done)
    path = grace.book.pathways.of(line.id)
    assert path.episode is not None
    assert (path.episode.closure, path.episode.destination) == ("completed", "universal")
    assert grace.book.supervision.of_family(line.id) == []


def test_durham_shows_28_weeks_and_the_assessment_due_today_and_moves_with_the_due_date(team):
    house = team("durham", date(2018, 9, 21))
    amina, grace = house.members[AMINA.person], house.members[GRACE.person]
    family = amina.book.families.register(
        okoro(
            people=(
                PersonForm(given="Ada", surname="Okoro", relation=Relation.MOTHER),
                PersonForm(
                    kind=PersonKind.UNBORN, relation=Relation.UNBORN, edd=date(2018, 12, 14)
                ),
            ),
            referral=referred(date(2018, 6, 1)),
        )
    )
    baby = amina.book.families.get(family).unborn[0]
    house.carry()
    grace.book.supervision.allocate(family, amina.person, "family_worker", date(2018, 6, 1))
    house.carry()
    house.carry()

    async def today(app: Visit) -> None:
        assert app.shows("Time limit")
        assert app.shows("Time limit: Assessment concluded by 28 weeks, today")

    at(house, amina, "/", today)

    async def steps(app: Visit) -> None:
        assert app.shows("28+0")
        assert app.shows("Due today")
        await app.travel(f"/families/{family}/people/{baby.id}")
        await app.fill("Due date", "21 December 2018")
        await app.click("Save person")
        await app.travel(f"/families/{family}")
        assert app.shows("Due in 7 days")
        assert app.shows("Due date changed; was due Fri 21 September")

    at(house, amina, f"/families/{family}", steps)
    at(house, amina, "/", lambda app: _shows_not(app, "Assessment concluded by 28 weeks"))


async def _shows_not(app: Visit, words: str) -> None:
    assert not app.shows(words)


def test_without_a_due_date_the_family_asks_for_one(team):
    house = team("durham")
    amina = house.members[AMINA.person]
    family = amina.book.families.register(
        okoro(
            people=(
                PersonForm(given="Ada", relation=Relation.MOTHER),
                PersonForm(kind=PersonKind.UNBORN, relation=Relation.UNBORN),
            )
        )
    )

    async def steps(app: Visit) -> None:
        assert app.shows("The due date is not known. Please ask: it is never guessed.")

    at(house, amina, f"/families/{family}", steps)


def test_eligibility_is_explained_answered_and_refuses_nobody(team):
    house = team("reconnect")
    amina = house.members[AMINA.person]
    family = amina.book.families.register(pugh(referral=referred(MONDAY)))

    async def steps(app: Visit) -> None:
        assert app.shows("No legal status of a child is written down.")
        assert app.shows("4 conditions to look at")
        await app.choose("", "Yes")
        assert app.shows("3 conditions to look at")
        await app.choose("Decision", "Accepted")
        await app.click("Save")
        assert app.shows("Accepted")

    at(house, amina, f"/families/{family}/referral", steps)
    assert amina.book.pathways.of(family).referral.decision == "accepted"


def test_the_31st_family_warns_and_waits_until_a_supervisor_insists(team):
    house = team("reconnect")
    grace, amina = house.members[GRACE.person], house.members[AMINA.person]
    for number in range(30):
        one = grace.book.families.register(pugh(name=f"Family{number}", ref=f"R{number}"))
        grace.book.supervision.allocate(one, amina.person, "therapist")
    family = grace.book.families.register(okoro(referral=referred(MONDAY)))

    async def steps(app: Visit) -> None:
        assert app.shows("The service works with 30 families and takes 30.")
        await app.click("Allocate Okoro")
        await app.choose("Who", "Dr Rhian Pryce, Therapist")
        assert app.shows("The service works with as many families as it can.")
        await app.click("Allocate")
        assert app.shows("No room")
        await app.click("Leave on the waiting list")
        assert app.route == "/team/waiting"
        assert app.shows("Okoro")
        assert grace.book.supervision.of_family(family) == []
        await app.click("Allocate Okoro")
        await app.choose("Who", "Dr Rhian Pryce, Therapist")
        await app.click("Allocate")
        await app.click("Allocate all the same")

    at(house, grace, "/team/waiting", steps)
    assert [a.worker for a in grace.book.supervision.of_family(family)] == [RHIAN.person]


def test_why_a_family_waits_is_said_and_shown_by_area(team):
    house = team("building-bonds")
    grace = house.members[GRACE.person]
    grace.book.families.register(
        pugh(locality="kirkby", referral=referred(MONDAY - timedelta(days=12), "housing"))
    )

    async def steps(app: Visit) -> None:
        assert app.shows("Kirkby: 1 family")
        assert app.shows("Waits 12 days")
        await app.click("Why Pugh waits")
        await app.choose("Why does the family wait?", "Nobody who speaks their language yet")
        await app.fill("A few words", "Farsi")
        await app.click("Save")
        assert app.shows("Nobody who speaks their language yet, Farsi")

    at(house, grace, "/team/waiting", steps)


def test_a_stage_before_anybody_works_with_them_is_asked_about_and_an_early_day_refused(team):
    house = team("rct")
    grace = house.members[GRACE.person]
    family = grace.book.families.register(pugh(referral=referred(MONDAY, "school")))

    async def steps(app: Visit) -> None:
        await app.fill("From", "1 November 2026")
        await app.click("Save")
        assert app.shows("That is before the referral, which came on Monday 23 November 2026.")
        assert app.shows("Nothing was changed.")
        await app.fill("From", "23 November 2026")
        await app.click("Save")
        assert app.shows("Nobody works with the family yet.")
        await app.click("Save all the same")

    at(house, grace, f"/families/{family}/move?to=assessment", steps)
    assert grace.book.pathways.of(family).stage.code == "assessment"


def test_a_clock_is_stopped_for_a_reason_and_runs_again(team):
    house = team("rct")
    amina = house.members[AMINA.person]
    family = amina.book.families.register(pugh(referral=referred(MONDAY, "school")))

    async def stop(app: Visit) -> None:
        await app.click("Stop this clock")
        await app.choose("Why does it stand still?", "Family away")
        await app.click("Stop this clock")
        assert app.shows("Stands still: Family away")

    async def resume(app: Visit) -> None:
        await app.click("Let it run again")
        await app.click("Let it run again")
        assert app.shows("Due Wed 6 January 2027")

    at(house, amina, f"/families/{family}/pathway", stop)
    house.passes(days=30)
    at(house, amina, f"/families/{family}/pathway", resume)


def test_a_decision_that_closes_leads_to_the_closing_with_its_reason_ready(team):
    house = team("rct")
    grace = house.members[GRACE.person]
    family = grace.book.families.register(pugh(referral=referred(MONDAY, "school")))
    action = grace.book.families.add_action(family, "Ring the school", owner="Grace")

    async def steps(app: Visit) -> None:
        await app.choose("What was decided on?", "Step up")
        assert app.shows("With this the family moves to: Closed")
        await app.click("Next: closing")
        assert app.find(ft.DropdownM2, label="Why is the family closed?").value == "stepped_up"
        await app.tick("Action: Ring the school", on=False)
        await app.fill("Who decided", "Strategy meeting")
        await app.click("Close the family")
        assert app.shows("Closed")

    at(house, grace, f"/families/{family}/decide", steps)
    assert grace.book.pathways.of(family).decisions[0].by == "Strategy meeting"
    (kept,) = grace.book.families.get(family).actions
    assert (kept.id, kept.status) == (action, "open")


def test_a_closed_family_comes_back_from_its_own_screen(team):
    house = team("durham")
    grace = house.members[GRACE.person]
    family = grace.book.families.register(okoro(referral=referred(MONDAY)))
    from app.casework.pathway import ClosureForm

    grace.book.pathways.close(family, ClosureForm(on=MONDAY, closure="no_further_action"))
    house.passes(days=40)

    async def steps(app: Visit) -> None:
        await app.click("New referral")
        await app.choose("Who referred", "Midwifery")
        await app.choose("Was an earlier child removed for good?", "Yes")
        await app.click("Save")
        assert app.shows("Referred")
        await app.click("All of it")
        assert app.shows("Closed before")
        assert app.shows("No further action")

    at(house, grace, f"/families/{family}", steps)
    assert len(grace.book.pathways.of(family).episodes) == 2


def test_two_allocations_made_apart_wait_for_a_choice(team):
    house = team("rct")
    grace, amina, rhian = (house.members[w.person] for w in (GRACE, AMINA, RHIAN))
    family = grace.book.families.register(pugh(referral=referred(MONDAY, "school")))
    grace.book.supervision.allocate(family, amina.person, "family_aide")
    # As another supervisor's device wrote it, who had not seen the first.
    ledger = grace.book._ledger
    ledger.new(
        family,
        "allocation",
        {"worker": rhian.person, "function": "family_aide", "since": MONDAY.isoformat()},
    )

    async def steps(app: Visit) -> None:
        assert app.shows("Two supervisors allocated this without having seen each other.")
        await app.click("Only Amina Yusuf")
        assert app.shows("Nothing to choose.")

    at(house, grace, "/conflicts", steps)
    assert [a.worker for a in grace.book.supervision.of_family(family)] == [amina.person]


def test_supervisors_see_limits_that_passed_by_worker(team):
    house = team("rct")
    grace, amina = house.members[GRACE.person], house.members[AMINA.person]
    family = grace.book.families.register(pugh(referral=referred(MONDAY, "school")))
    grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
    house.passes(days=16)

    async def steps(app: Visit) -> None:
        await app.click("1 family with a time limit passed")
        assert app.shows("Amina Yusuf: 1 passed")
        assert app.shows("Overdue by 2 days")

    at(house, grace, "/team", steps)

    async def filtered(app: Visit) -> None:
        await app.click("Filters")
        await app.tick("Only with something overdue")
        assert app.shows("A time limit has passed")

    at(house, grace, "/families", filtered)


def test_indicators_are_yes_no_or_not_asked(team):
    house = team("building-bonds")
    amina = house.members[AMINA.person]
    family = amina.book.families.register(pugh(referral=referred(MONDAY, "housing")))

    async def steps(app: Visit) -> None:
        group = next(iter(app.controls(ft.RadioGroup)))
        app.session.apply_patch(group._i, {"value": "yes"})
        await app.fire(group, "change", "yes")
        await app.travel(f"/families/{family}/pathway")
        assert app.shows("Takes antidepressants")
        assert app.shows("Yes, since Mon 23 November")

    at(house, amina, f"/families/{family}/indicators", steps)


def test_the_timeline_says_what_was_decided(team):
    house = team("rct")
    grace = house.members[GRACE.person]
    family = grace.book.families.register(pugh(referral=referred(MONDAY, "school")))
    grace.book.pathways.decide(
        family,
        DecisionForm(kind="assessment", outcome="completed", on=MONDAY, by="Team meeting"),
    )

    async def steps(app: Visit) -> None:
        assert app.shows("Decision, Assessment, Completed")
        assert app.shows("Team meeting")

    at(house, grace, f"/families/{family}", steps)
