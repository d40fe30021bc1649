"""A team follows its service's profile on every device, files or no files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.casework.contact_type import ContactType
from app.casework.errors import OnlySupervisors, Unknown
from app.casework.family import FamilyStatus
from app.casework.forms import Booking, ReferralForm, WorkerForm
from app.casework.overdue import DeviceSeen
from app.casework.period import PeriodKind
from app.casework.profile import Shelf
from casebooks import House, okoro, pugh
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced
from in_casework.conftest import MONDAY
from profiles import HARBOUR, write_profile
from storage.vault import Statement

VERSION_2 = HARBOUR.replace("version = 1", "version = 2").replace('en = "Afloat"', 'en = "At sea"')


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def harbour(tmp_path, folder) -> Iterator[House]:
    """A team of the fifth service. Only the supervisor's laptop has the file."""
    write_profile(folder)
    made = House(tmp_path, MONDAY, unsynced, shelf=Shelf())
    for who in (GRACE, AMINA, RHIAN):
        made.shelf = Shelf([folder]) if who is GRACE else Shelf()
        made.joins(who)
    made.opens("harbour")
    yield made
    made.close()


def book(house: House, who):
    return house.members[who.person].book


def afloat(house: House, who) -> str:
    return book(house, who).profile.word("stage", "afloat", "en_GB")


def test_a_device_without_the_file_works_by_the_teams_copy(harbour):
    assert book(harbour, AMINA).in_force.origin == "copy"
    assert book(harbour, AMINA).profile == book(harbour, GRACE).profile
    assert afloat(harbour, AMINA) == "Afloat"
    assert book(harbour, AMINA).team.team().capacity == 7


def test_before_the_team_has_arrived_there_is_a_plain_profile(tmp_path):
    alone = House(tmp_path, MONDAY, unsynced)
    member = alone.joins(AMINA)
    assert member.book.profile.service == "plain"
    alone.close()


def test_a_changed_file_is_the_teams_once_a_supervisor_says_so(harbour, folder):
    write_profile(folder, VERSION_2)
    grace = book(harbour, GRACE).with_clock(harbour.clock)  # as at the next unlock
    assert grace.profile.word("stage", "afloat", "en_GB") == "At sea"
    assert grace.in_force.not_for_all
    harbour.carry()
    assert afloat(harbour, AMINA) == "Afloat"
    grace.team.put_in_force()
    assert not grace.in_force.not_for_all
    harbour.carry()
    assert afloat(harbour, AMINA) == "At sea"
    grace.close()


def test_a_file_that_went_bad_is_told_and_work_goes_on_with_the_copy(harbour, folder):
    write_profile(folder, HARBOUR.replace("[lone_worker]", "[loan_worker]"))
    grace = book(harbour, GRACE).with_clock(harbour.clock)
    assert grace.in_force.bad is not None
    assert grace.in_force.origin == "copy"
    assert grace.families.register(okoro())
    with pytest.raises(Unknown):
        grace.team.put_in_force()
    grace.close()


def test_only_a_supervisor_decides_what_the_team_works_by(harbour):
    with pytest.raises(OnlySupervisors):
        book(harbour, AMINA).team.put_in_force()


def test_a_copy_that_a_worker_wrote_counts_for_nothing(harbour):
    amina = harbour.members[AMINA.person]
    (record,) = amina.vault.find("service_profile")
    amina.vault.write(
        [
            Statement(
                casefile=record.casefile,
                kind="service_profile",
                record=record.record,
                fields={"text": VERSION_2.replace("Afloat", "Sunk"), "version": 9},
            )
        ]
    )
    harbour.carry()
    assert afloat(harbour, AMINA) == "Afloat"
    assert afloat(harbour, RHIAN) == "Afloat"


def test_a_family_begins_in_the_services_first_stage_and_stands_as_its_stages_say(harbour):
    families = book(harbour, GRACE).families
    family = families.register(
        okoro(referral=ReferralForm(received_at=date(2026, 11, 20), source="lighthouse"))
    )
    shown = families.get(family)
    assert [p.code for p in shown.periods] == ["moored"]
    assert shown.status is FamilyStatus.WAITING
    families.begin_period(family, PeriodKind.STAGE, "afloat")
    assert families.get(family).status is FamilyStatus.OPEN
    families.begin_period(family, PeriodKind.STAGE, "ashore")
    assert families.get(family).status is FamilyStatus.CLOSED


def test_where_a_child_is_at_home_is_the_services_to_say(harbour):
    """A home that only this service knows is a home; one that nobody knows is elsewhere."""
    families = book(harbour, GRACE).families
    family = families.register(pugh())
    (child,) = families.get(family).children
    for placement, here in (("aboard", True), ("on_an_island", False), ("hospital", True)):
        families.begin_period(family, PeriodKind.PLACEMENT, placement, subject=child.id)
        shown = families.get(family)
        assert (child.id in {c.id for c in shown.children_at_home}) is here, placement
        card_people = families.lines()[0].people
        assert (child.name in card_people) is here, placement


def test_a_stage_of_an_older_profile_leaves_the_family_where_it_stands(harbour):
    families = book(harbour, GRACE).families
    family = families.register(okoro(stage="treatment"))
    assert families.get(family).status is FamilyStatus.OPEN
    families.begin_period(family, PeriodKind.STAGE, "drydock")
    assert families.get(family).status is FamilyStatus.OPEN


def test_a_caseload_is_held_against_the_limit_of_the_services_own_job(harbour):
    team = book(harbour, GRACE).team
    team.change_worker(AMINA.person, WorkerForm(name="Amina Yusuf", title="deckhand", wte=0.6))
    team.change_worker(RHIAN.person, WorkerForm(name="Rhian Pryce", title="Deckhand", capacity=9))
    loads = book(harbour, GRACE).supervision.caseloads()
    assert {load.worker.person: load.capacity for load in loads} == {
        AMINA.person: 3,
        RHIAN.person: 9,
        GRACE.person: 12,
    }


def test_a_device_is_missed_after_the_hours_that_the_service_allows(harbour):
    def seen(device: str, hours: int) -> DeviceSeen:
        last = MONDAY - timedelta(hours=hours)
        return DeviceSeen(device=device, person="p", last_contact=last)

    silent = book(harbour, GRACE).supervision.unseen_devices([seen("a", 47), seen("b", 48)])
    assert [d.device for d in silent] == ["b"]


def test_an_appointment_keeps_the_services_own_kind_and_place(harbour):
    grace = book(harbour, GRACE)
    family = grace.families.register(okoro())
    made = grace.diary.book(
        Booking(
            family=family,
            starts=grace.at(date(2026, 11, 25), MONDAY.time()),
            kind="deck_visit",
            venue_type="quay",
            venue="East Quay",
        )
    )
    shown = grace.diary.get(made)
    assert (shown.kind, shown.venue_type) == ("deck_visit", "quay")
    draft = grace.notes.start(family, appointment=made)
    assert draft.contact_type == "deck_visit"
    assert grace.diary.get(made).kind != ContactType.HOME_VISIT
