"""A call somebody should make is on her list, or on duty's, and never on nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from app.casework.call_task import CallTask, passes_to_duty, task_id, waits_on
from app.casework.duty import DutyRota
from app.casework.route_verdict import Reason
from appointments import at

MORNING = at("2027-06-09 09:00")
TASK = CallTask(
    id="t",
    family="f",
    person="mum",
    appointment="a",
    version=1,
    owner="sam",
    due=date(2027, 6, 9),
    since=MORNING,
    reasons=(Reason.SHARED_PHONE,),
)

TWO_HOURS = timedelta(hours=2)
passes = partial(passes_to_duty, unseen=TWO_HOURS)
waits = partial(waits_on, unseen=TWO_HOURS)


def test_a_task_is_the_same_on_every_device():
    assert task_id("receipt", "r1") == task_id("receipt", "r1")
    assert task_id("receipt", "r1") != task_id("receipt", "r2")
    assert len(task_id("receipt", "r1")) == 32


def test_not_looked_at_for_two_hours_it_passes():
    just_before = MORNING + timedelta(hours=2) - timedelta(seconds=1)
    assert not passes(TASK, just_before, owner_works_today=True)
    assert passes(TASK, MORNING + timedelta(hours=2), owner_works_today=True)
    seen = replace(TASK, seen_at=MORNING + timedelta(minutes=5))
    assert not passes(seen, MORNING + timedelta(hours=3), owner_works_today=True)


def test_on_her_day_off_duty_has_it_at_once_seen_or_not():
    assert passes(TASK, MORNING, owner_works_today=False)
    seen = replace(TASK, seen_at=MORNING)
    assert passes(seen, MORNING, owner_works_today=False)
    assert passes(replace(TASK, owner=None), MORNING, owner_works_today=True)


def test_before_its_time_and_after_its_end_it_is_on_no_list():
    assert not passes(TASK, MORNING - timedelta(minutes=1), owner_works_today=False)
    done = replace(TASK, closed_at=MORNING)
    assert not passes(done, MORNING + timedelta(hours=9), owner_works_today=False)
    assert waits([done], "sam", MORNING, duty=True, working=frozenset({"sam"})) == []


def test_it_stays_on_her_list_when_duty_has_it_too():
    later = MORNING + timedelta(hours=3)
    at_work = frozenset({"sam", "ben"})
    assert waits([TASK], "sam", later, duty=False, working=at_work) == [TASK]
    assert waits([TASK], "ben", later, duty=True, working=at_work) == [TASK]
    assert waits([TASK], "ben", later, duty=False, working=at_work) == []
    assert waits([TASK], "ben", MORNING, duty=True, working=at_work) == []
    assert waits([TASK], "ben", MORNING, duty=True, working=frozenset({"ben"})) == [TASK]


def test_the_longest_due_comes_first():
    older = replace(TASK, id="b", due=date(2027, 6, 8))
    assert [
        t.id for t in waits([TASK, older], "sam", MORNING, duty=False, working=frozenset())
    ] == ["b", "t"]


def test_duty_goes_by_the_week_unless_a_day_differs():
    rota = DutyRota(
        weekly={0: "ben", 1: "grace"},
        days={date(2027, 6, 7): "grace", date(2027, 6, 8): ""},
    )
    assert rota.on(date(2027, 6, 14)) == "ben"
    assert rota.on(date(2027, 6, 7)) == "grace"
    assert rota.on(date(2027, 6, 8)) is None, "that day somebody took off the rota"
    assert rota.on(date(2027, 6, 12)) is None
