"""From referral to closure and back, through the casebook, in the services' own words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.casework.appointment import VenueType
from app.casework.appraisal import AppraisalForm
from app.casework.attendance import Code
from app.casework.casebook.reachable import reachable
from app.casework.caseload import AllocationCaution
from app.casework.clocks import ClockState
from app.casework.eligibility import Fits
from app.casework.errors import (
    EpisodeClosed,
    EpisodeOpen,
    Missing,
    NoRoom,
    OnlySupervisors,
    OutOfOrder,
)
from app.casework.family import FamilyStatus, Overdue
from app.casework.forms import Booking, FamilyForm, PersonForm, ReferralForm, WorkerForm
from app.casework.intervention import Ending, InterventionForm
from app.casework.pathway import ClosureForm, DecisionForm, by_locality
from app.casework.people import PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.plan import PlanForm
from casebooks import House, Member, okoro, pugh
from cast import AMINA, BEN, GRACE, RHIAN
from fakes import unsynced

MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(tmp_path: Path) -> Iterator:
    """A team of any service: `rct, grace, amina, rhian = team("rct")`; day and service chosen."""
    houses = []

    def gathers(service: str, on: date = MONDAY):
        house = House(tmp_path, datetime(on.year, on.month, on.day, 9, tzinfo=UTC), unsynced)
        houses.append(house)
        members = [house.joins(who) for who in (GRACE, AMINA, RHIAN)]
        house.opens(service)
        return house, *members

    yield gathers
    for house in houses:
        house.close()


def referred(received: date, *, source: str = "school", **more) -> ReferralForm:
    return ReferralForm(received_at=received, source=source, **more)


def family_of(member: Member, received: date = MONDAY, **more) -> str:
    return member.book.families.register(
        pugh(
            referral=referred(received, source="midwife", via="mash", referrer="Nan Ellis"), **more
        )
    )


def clock(member: Member, family: str, code: str):
    return next(c for c in member.book.pathways.of(family).clocks if c.code == code)


def decided(kind: str, outcome: str, on: date, **more) -> DecisionForm:
    return DecisionForm(kind=kind, outcome=outcome, on=on, **more)


# -- acceptance story 2: the app itself, not only the rule -------------------------------
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


# -- eligibility -------------------------------------------------------------------------
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


# -- the way through RCT -----------------------------------------------------------------
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


# -- the waiting list, and how full the service is ---------------------------------------
def fill(member: Member, families: int) -> None:
    for number in range(families):
        name = f"Family{number:02d}"
        family = member.book.families.register(
            FamilyForm(
                name=name,
                people=(PersonForm(given="Ada", surname=name, relation=Relation.MOTHER),),
                referral=referred(MONDAY, source="midwife"),
            )
        )
        member.book.supervision.allocate(family, member.person, "therapist")


def test_the_31st_family_of_reconnect_warns_and_waits(team):
    _house, grace, amina, _rhian = team("reconnect")
    fill(grace, 30)
    family = grace.book.families.register(pugh(referral=referred(MONDAY, source="midwife")))
    assert grace.book.pathways.room().full
    warned = grace.book.supervision.cautions(family, amina.person, "therapist")
    assert AllocationCaution.SERVICE_FULL in warned
    with pytest.raises(NoRoom) as full:
        grace.book.supervision.allocate(family, amina.person, "therapist")
    assert (full.value.held, full.value.most) == (30, 30)
    assert [w.name for w in grace.book.pathways.waiting_list()] == ["Pugh"]
    assert grace.book.families.get(family).status is FamilyStatus.WAITING

    grace.book.supervision.allocate(family, amina.person, "therapist", despite_full=True)
    assert grace.book.pathways.room().held == 31
    assert grace.book.pathways.waiting_list() == []


def test_a_second_worker_for_an_open_family_needs_no_room(team):
    _house, grace, amina, _rhian = team("reconnect")
    fill(grace, 30)
    family = grace.book.families.lines()[0].id
    grace.book.supervision.allocate(family, amina.person, "family_worker")
    assert len(grace.book.supervision.of_family(family)) == 2


def test_who_waits_where_how_long_and_why(team):
    house, grace, *_rest = team("building-bonds")
    for name, place, days in (("One", "huyton", 9), ("Two", "kirkby", 30), ("Three", "huyton", 2)):
        family = grace.book.families.register(
            pugh(
                name=name,
                locality=place,
                referral=referred(MONDAY - timedelta(days=days), source="housing"),
            )
        )
        if name == "Two":
            grace.book.pathways.say_why_waiting(family, "language", "Needs a Farsi speaker")
    lists = by_locality(grace.book.pathways.waiting_list())
    assert [(area, [(w.name, w.days) for w in waiters]) for area, waiters in lists] == [
        ("huyton", [("One", 9), ("Three", 2)]),
        ("kirkby", [("Two", 30)]),
    ]
    waiter = lists[1][1][0]
    assert (waiter.reason, waiter.text) == ("language", "Needs a Farsi speaker")


def test_durhams_social_workers_have_ten_to_twelve_families_each_by_their_hours(team):
    _house, grace, amina, rhian = team("durham")
    social_worker = WorkerForm(name=RHIAN.name, title="social_worker", wte=0.5)
    grace.book.team.change_worker(rhian.person, social_worker)
    load = {x.worker.person: x for x in grace.book.supervision.caseloads()}[rhian.person]
    assert (load.least, load.capacity) == (5, 6)
    assert load.under
    assert not load.over
    other = {x.worker.person: x for x in grace.book.supervision.caseloads()}[amina.person]
    assert (other.least, other.under) == (0, False), "nothing is said of family workers"


# -- two people at once ------------------------------------------------------------------
NIA = replace(BEN, name="Nia Morgan", title="Supervisor", role="supervisor")


@pytest.fixture
def two_heads(tmp_path: Path) -> Iterator:
    """Two supervisors, both with the same family, and no signal between them."""
    house = House(tmp_path, datetime(2026, 11, 23, 9, tzinfo=UTC), unsynced)
    grace, amina, rhian = [house.joins(who) for who in (GRACE, AMINA, RHIAN)]
    nia = house.joins(NIA)
    house.opens("rct")
    family = family_of(grace)
    house.carry()
    house.carry()
    yield house, grace, nia, amina, rhian, family
    house.close()


def come_into_signal(house: House, *one_after_the_other: Member) -> None:
    """The office takes one grant after the other, so whoever comes second makes hers anew."""
    for member in one_after_the_other:
        member.online = False
    for member in one_after_the_other:
        member.online = True
        house._deliver(member)
        house.carry()
        house.carry()


def test_two_supervisors_allocate_offline_and_one_chooses(two_heads):
    house, grace, nia, amina, rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
        nia.book.supervision.allocate(family, rhian.person, "engagement_assessment")
    come_into_signal(house, grace, nia)
    for head in (grace, nia):
        (double,) = head.book.supervision.doubles(family)
        assert {a.worker for a in double.allocations} == {amina.person, rhian.person}
        assert {a.author for a in double.allocations} == {grace.person, nia.person}
        assert head.book.supervision.overview().conflicts == 1
    (double,) = grace.book.supervision.doubles()
    hers = next(a for a in double.allocations if a.worker == amina.person)
    grace.book.supervision.keep_one(double, hers.id)
    house.carry()
    house.carry()
    assert nia.book.supervision.doubles() == []
    assert [a.worker for a in nia.book.supervision.of_family(family)] == [amina.person]


def test_both_may_be_kept(two_heads):
    house, grace, nia, amina, rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.supervision.allocate(family, amina.person, "family_aide")
        nia.book.supervision.allocate(family, rhian.person, "family_aide")
    come_into_signal(house, grace, nia)
    grace.book.supervision.keep_both(grace.book.supervision.doubles()[0])
    house.carry()
    house.carry()
    assert nia.book.supervision.doubles() == []
    assert len(nia.book.supervision.of_family(family)) == 2


def test_different_functions_are_no_matter_and_neither_is_a_second_one_on_purpose(two_heads):
    house, grace, nia, amina, rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.supervision.allocate(family, amina.person, "family_aide")
        nia.book.supervision.allocate(family, rhian.person, "social_worker")
    come_into_signal(house, grace, nia)
    assert grace.book.supervision.doubles() == []
    grace.book.supervision.allocate(family, nia.person, "family_aide")
    assert AllocationCaution.HELD_ALREADY in grace.book.supervision.cautions(
        family, rhian.person, "family_aide"
    )
    assert grace.book.supervision.doubles() == []


def test_two_people_move_a_family_to_different_stages_and_somebody_chooses(two_heads):
    house, grace, nia, amina, _rhian, family = two_heads
    grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
    house.carry()
    house.carry()
    with house.out_of_signal(grace, nia):
        grace.book.pathways.move(family, "brokerage", MONDAY)
        nia.book.pathways.move(family, "intervention", MONDAY)
    house.carry()
    house.carry()
    both = nia.book.pathways.of(family).two_stages
    assert {p.code for p in both} == {"brokerage", "intervention"}
    chosen = next(p for p in both if p.code == "brokerage")
    nia.book.pathways.choose_stage(chosen.id)
    house.carry()
    path = grace.book.pathways.of(family)
    assert path.two_stages == ()
    assert path.stage is not None
    assert path.stage.code == "brokerage"


def test_two_people_close_a_family_for_different_reasons_and_both_reasons_are_kept(two_heads):
    house, grace, nia, _amina, _rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.pathways.close(family, ClosureForm(on=MONDAY, closure="stepped_up"))
        nia.book.pathways.close(family, ClosureForm(on=MONDAY, closure="transferred"))
    house.carry()
    house.carry()
    (conflict,) = grace.book.conflicts(family)
    assert conflict.field == "closure_reason"
    assert {c.value for c in conflict.choices} == {"stepped_up", "transferred"}


def test_a_family_that_was_entered_twice_goes_one_way_from_then_on(team):
    _house, grace, *_rest = team("rct")
    book = grace.book
    stays, other = family_of(grace), family_of(grace, MONDAY, ref="RC-0199")
    book.pathways.move(other, "assessment", MONDAY, all_the_same=True)
    mothers = [book.families.get(f).adults[0].id for f in (stays, other)]
    book.joining.join(stays, other, [(mothers[0], mothers[1])])
    assert {p.code for p in book.pathways.of(stays).two_stages} == {
        "awaiting_allocation", "assessment",
    }  # fmt: skip

    book.pathways.move(stays, "brokerage", MONDAY, all_the_same=True)
    path = book.pathways.of(other)
    assert path.two_stages == ()
    assert path.stage is not None
    assert path.stage.code == "brokerage"
    assert [c.code for c in path.clocks if c.open] == ["assessment", "plan"], "each once"
    book.pathways.close(other, ClosureForm(on=MONDAY, closure="no_plan"))
    assert book.families.get(stays).status is FamilyStatus.CLOSED


# -- closing, and coming back ------------------------------------------------------------
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


# -- dates out of order, and what may not be done ----------------------------------------
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
