"""Time limits of the four services, each as the service says it, computed when it is read."""

from datetime import date, timedelta

import pytest

from app.casework.clocks import ClockState, Pause, Pregnant, most_urgent_first, read_clock
from app.casework.course import Course, Happening, Subject
from app.casework.gestation import gestation_on
from app.casework.profile import Profile, read_profile
from app.casework.profile.milestones import Milestone
from app.places import PROFILES

BABY = Subject(part="baby", id="baby-a")
BABY_A = Pregnant(edd=date(2018, 12, 14))


def service(code: str) -> Profile:
    return read_profile((PROFILES / f"{code}.toml").read_bytes(), f"{code}.toml")


def reads(profile: Profile, clock: str, *happened: Happening, on: date, **more):
    known = profile.clock(clock)
    assert known is not None
    found = read_clock(known, Course(happened), today=on, nation=profile.calendar, **more)
    assert found is not None
    return found


def happened(event: str, on: date, *about: str, **more: str) -> Happening:
    return Happening(event=event, on=on, about=about, **more)


# -- Durham: gestation is the clock ----------------------------------------------------------
def test_on_the_21st_of_september_baby_a_is_28_weeks_and_the_assessment_is_due_today():
    durham, on = service("durham"), date(2018, 9, 21)
    assert str(gestation_on(date(2018, 12, 14), on)) == "28+0"
    found = reads(durham, "assessment", on=on, subject=BABY, pregnancy=BABY_A)
    assert found.due == on
    assert found.due_today
    assert found.state is ClockState.DUE_SOON


def test_a_due_date_a_week_later_moves_the_assessment_a_week_and_keeps_the_old_day():
    moved = Pregnant(edd=date(2018, 12, 21), before=(date(2018, 12, 14),))
    found = reads(
        service("durham"), "assessment", on=date(2018, 9, 21), subject=BABY, pregnancy=moved
    )
    assert found.due == date(2018, 9, 28)
    assert found.before == (date(2018, 9, 21),)
    assert not found.due_today


def test_baby_a_is_allocated_at_twelve_weeks_assessed_by_28_and_planned_for_by_32():
    durham, on = service("durham"), date(2018, 6, 1)
    assert str(gestation_on(date(2018, 12, 14), on)) == "12+0"
    dues = {
        clock: reads(durham, clock, on=on, subject=BABY, pregnancy=BABY_A).due
        for clock in ("allocation", "assessment", "plan")
    }
    assert dues == {
        "allocation": date(2018, 6, 1),
        "assessment": date(2018, 9, 21),
        "plan": date(2018, 10, 19),
    }


def test_without_a_due_date_it_is_asked_for_and_nothing_is_guessed():
    found = reads(
        service("durham"), "plan", on=date(2018, 9, 21), subject=BABY, pregnancy=Pregnant(edd=None)
    )
    assert found.state is ClockState.AWAITED
    assert found.due is None
    assert found.lacks == Milestone(event="edd")


def test_what_was_concluded_before_anybody_knew_the_due_date_counts_as_done():
    found = reads(
        service("durham"),
        "assessment",
        happened("decision", date(2018, 8, 1), "assessment", "support"),
        on=date(2018, 9, 21),
        subject=BABY,
        pregnancy=Pregnant(edd=None),
    )
    assert found.state is ClockState.MET_IN_TIME


def test_a_family_that_is_away_stands_still_but_the_baby_comes_no_later():
    away = Pause(id="p", reason="family_away", since=date(2018, 9, 10))
    found = reads(
        service("durham"),
        "assessment",
        on=date(2018, 9, 25),
        subject=BABY,
        pregnancy=BABY_A,
        pauses=[away],
    )
    assert (found.state, found.pause) == (ClockState.PAUSED, away)
    assert found.due == date(2018, 9, 21)


def test_what_was_not_met_before_the_birth_ends_with_it():
    found = reads(
        service("durham"),
        "plan",
        on=date(2018, 12, 20),
        subject=BABY,
        pregnancy=BABY_A,
        ended=date(2018, 12, 12),
    )
    assert found.state is ClockState.ENDED
    assert not found.open


# -- RCT: two and three weeks from the referral ----------------------------------------------
RECEIVED = happened("referral_received", date(2018, 3, 1))


@pytest.mark.parametrize(
    ("on", "state", "left"),
    [
        (date(2018, 3, 1), ClockState.RUNNING, 14),
        (date(2018, 3, 11), ClockState.RUNNING, 4),
        (date(2018, 3, 12), ClockState.DUE_SOON, 3),
        (date(2018, 3, 15), ClockState.DUE_SOON, 0),
        (date(2018, 3, 16), ClockState.OVERDUE, -1),
    ],
)
def test_an_assessment_has_fourteen_days_from_the_referral(on, state, left):
    found = reads(service("rct"), "assessment", RECEIVED, on=on)
    assert (found.due, found.state, found.left) == (date(2018, 3, 15), state, left)


@pytest.mark.parametrize(
    ("agreed", "state"),
    [(date(2018, 3, 22), ClockState.MET_IN_TIME), (date(2018, 3, 23), ClockState.MET_LATE)],
)
def test_a_plan_on_the_21st_day_is_in_time_and_on_the_22nd_is_late(agreed, state):
    plan = happened("plan_agreed", agreed, "family_plan", plan="one")
    found = reads(service("rct"), "plan", RECEIVED, plan, on=date(2018, 6, 1))
    assert (found.due, found.state, found.met_on) == (date(2018, 3, 22), state, agreed)


def test_an_assessment_that_was_not_completed_meets_nothing():
    refused = happened("decision", date(2018, 3, 5), "assessment", "not_completed")
    found = reads(service("rct"), "assessment", RECEIVED, refused, on=date(2018, 3, 20))
    assert found.state is ClockState.OVERDUE


def test_the_review_is_due_six_weeks_after_the_intervention_began():
    rct, begun = service("rct"), date(2018, 4, 9)
    waits = reads(rct, "plan_review", RECEIVED, on=date(2018, 4, 10))
    assert (waits.state, waits.lacks) == (
        ClockState.AWAITED,
        Milestone(event="intervention_started"),
    )
    started = happened("intervention_started", begun, "parenting")
    found = reads(rct, "plan_review", RECEIVED, started, on=date(2018, 5, 1))
    assert found.due == date(2018, 5, 21) == begun + timedelta(weeks=6)


def test_what_lies_ahead_has_not_begun():
    started = happened("intervention_started", date(2018, 5, 20), "parenting")
    found = reads(service("rct"), "plan_review", started, on=date(2018, 5, 1))
    assert found.state is ClockState.AWAITED


def test_a_family_that_was_away_for_four_days_has_four_days_more():
    away = Pause(id="p", reason="family_away", since=date(2018, 3, 5), until=date(2018, 3, 9))
    found = reads(service("rct"), "assessment", RECEIVED, on=date(2018, 3, 16), pauses=[away])
    assert (found.due, found.state) == (date(2018, 3, 19), ClockState.DUE_SOON)


def test_a_clock_that_is_stopped_on_the_day_it_begins_has_all_its_days_left():
    away = Pause(id="p", reason="family_away", since=date(2018, 3, 1), until=date(2018, 3, 11))
    found = reads(service("rct"), "assessment", RECEIVED, on=date(2018, 3, 11), pauses=[away])
    assert found.due == date(2018, 3, 25)
    assert found.left == 14


def test_while_it_stands_still_it_is_paused_with_its_reason_and_never_overdue():
    away = Pause(id="p", reason="family_away", since=date(2018, 3, 5))
    found = reads(service("rct"), "assessment", RECEIVED, on=date(2018, 4, 30), pauses=[away])
    assert (found.state, found.pause) == (ClockState.PAUSED, away)
    assert found.left == 11, "as on the day it was stopped"


def test_a_pause_after_the_last_day_excuses_nothing():
    late = Pause(id="p", reason="family_away", since=date(2018, 3, 20), until=date(2018, 3, 25))
    found = reads(service("rct"), "assessment", RECEIVED, on=date(2018, 3, 26), pauses=[late])
    assert (found.due, found.state) == (date(2018, 3, 15), ClockState.OVERDUE)


def test_two_pauses_that_overlap_are_counted_once():
    first = Pause(id="p", reason="family_away", since=date(2018, 3, 5), until=date(2018, 3, 9))
    second = Pause(id="q", reason="in_hospital", since=date(2018, 3, 7), until=date(2018, 3, 10))
    found = reads(
        service("rct"), "assessment", RECEIVED, on=date(2018, 3, 16), pauses=[first, second]
    )
    assert found.due == date(2018, 3, 20)


def test_an_episode_that_closed_first_leaves_nothing_overdue():
    found = reads(
        service("rct"), "assessment", RECEIVED, on=date(2018, 6, 1), ended=date(2018, 5, 1)
    )
    assert found.state is ClockState.ENDED


# -- appraisals: working days over bank holidays ---------------------------------------------
def appraisal(calendar: str, asked: date) -> date | None:
    rct = service("rct")
    clock = rct.clock("appraisal")
    assert clock is not None
    found = read_clock(
        clock,
        Course([happened("appraisal_requested", asked, "housing", appraisal="one")]),
        today=asked,
        nation=calendar,
        subject=Subject(part="appraisal", id="one"),
    )
    assert found is not None
    return found.due


@pytest.mark.parametrize("calendar", ["WLS", "ENG"])
def test_ten_working_days_over_easter_pass_over_good_friday_and_easter_monday(calendar):
    # Asked on Thursday 26 March 2026; Good Friday is 3 April and Easter Monday 6 April.
    assert appraisal(calendar, date(2026, 3, 26)) == date(2026, 4, 13)


@pytest.mark.parametrize("calendar", ["WLS", "ENG"])
def test_a_substitute_day_is_no_working_day(calendar):
    # Christmas Day 2027 is a Saturday and Boxing Day a Sunday: 27 and 28 December stand for them.
    assert appraisal(calendar, date(2027, 12, 17)) == date(2028, 1, 5)


def test_each_appraisal_has_its_own_clock_and_one_back_does_not_excuse_the_other():
    rct, asked = service("rct"), date(2026, 5, 1)
    course = (
        happened("appraisal_requested", asked, "housing", appraisal="one"),
        happened("appraisal_requested", asked, "health", appraisal="two"),
        happened("appraisal_returned", date(2026, 5, 8), "housing", appraisal="one"),
    )
    states = [
        reads(
            rct,
            "appraisal",
            *course,
            on=date(2026, 6, 1),
            subject=Subject(part="appraisal", id=one),
        ).state
        for one in ("one", "two")
    ]
    assert states == [ClockState.MET_IN_TIME, ClockState.OVERDUE]


# -- ReConnect: a review every 91 days ---------------------------------------------------------
def test_a_review_that_repeats_is_due_again_after_each_time_it_was_held():
    reconnect, plan = service("reconnect"), Subject(part="plan", id="one")
    agreed = happened("plan_agreed", date(2026, 1, 5), "treatment_plan", plan="one")
    first = reads(reconnect, "plan_review", agreed, on=date(2026, 2, 1), subject=plan)
    assert (first.due, first.met_on) == (date(2026, 4, 6), None)
    held = happened("plan_reviewed", date(2026, 4, 20), "treatment_plan", plan="one")
    again = reads(reconnect, "plan_review", agreed, held, on=date(2026, 5, 1), subject=plan)
    assert (again.due, again.met_on) == (date(2026, 7, 20), date(2026, 4, 20))
    assert again.state is ClockState.RUNNING
    late = reads(reconnect, "plan_review", agreed, held, on=date(2026, 7, 21), subject=plan)
    assert late.state is ClockState.OVERDUE


def test_what_presses_most_comes_first_and_what_is_met_last():
    rct, on = service("rct"), date(2018, 3, 20)
    found = [
        reads(rct, "plan_review", RECEIVED, on=on),
        reads(rct, "plan", RECEIVED, on=on),
        reads(rct, "assessment", RECEIVED, on=on),
        reads(
            rct,
            "assessment",
            RECEIVED,
            happened("decision", date(2018, 3, 10), "assessment", "completed"),
            on=on,
        ),
    ]
    assert [r.state for r in most_urgent_first(found)] == [
        ClockState.OVERDUE,
        ClockState.DUE_SOON,
        ClockState.AWAITED,
        ClockState.MET_IN_TIME,
    ]
