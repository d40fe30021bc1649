"""How full a service is, who waits for a place, and why."""

from datetime import timedelta

import pytest

from app.casework.caseload import AllocationCaution
from app.casework.errors import (
    NoRoom,
)
from app.casework.family import FamilyStatus
from app.casework.forms import FamilyForm, PersonForm, WorkerForm
from app.casework.pathway import by_locality
from app.casework.people import Relation
from casebooks import Member, pugh
from cast import RHIAN
from pathways import MONDAY, referred


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
