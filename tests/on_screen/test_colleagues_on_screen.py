"""Who works here: hours, room and telephone are set in the app, and nobody is lost by leaving."""

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import flet as ft
import pytest

from app.casework.caseload import Role
from app.casework.errors import OnlySupervisors
from app.casework.forms import WorkerForm
from app.screens.colleague import form_of, said_of
from casebooks import House, Member, registers_marsh
from cast import AMINA, BEN, GRACE, RHIAN
from fakes import unsynced
from on_screen.at_work import Visit, at


@pytest.fixture
def rhian(house: House, grace: Member) -> str:
    """Somebody new, as letting her in writes her down: a name and nothing else."""
    grace.book.team.add_worker(RHIAN.person, WorkerForm(name=RHIAN.name, role=Role.WORKER))
    house.carry()
    return RHIAN.person


def error_at(app: Visit, label: str) -> str:
    return str(app.find(ft.TextField, label=label).error)


def test_a_supervisor_sees_who_could_not_be_told_of_a_cry_for_help_and_mends_it(
    house: House, grace: Member, rhian: str
) -> None:
    async def steps(app: Visit) -> None:
        assert app.shows("No work telephone")
        await app.turn_to(f"/team/people/{rhian}")
        await app.fill("Work telephone", "0117")
        await app.click("Save")
        assert app.route == f"/team/people/{rhian}"
        await app.fill("Work telephone", RHIAN.phone)
        await app.click("Save")
        assert app.route == "/team/people"
        assert not app.shows("No work telephone")

    at(house, grace, "/team/people", steps)
    assert grace.book.team.worker(rhian).phone == RHIAN.phone


def test_room_follows_the_share_of_full_time_until_a_figure_is_agreed(
    house: House, grace: Member, rhian: str
) -> None:
    def room() -> int:
        loads = grace.book.supervision.caseloads()
        return next(load.capacity for load in loads if load.worker.person == rhian)

    async def part_time(app: Visit) -> None:
        await app.fill("Share of full time", "half")
        await app.click("Save")
        assert "such as 1 or 0.6" in error_at(app, "Share of full time")
        await app.fill("Share of full time", "0,5")
        await app.click("Save")

    async def agreed(app: Visit) -> None:
        await app.fill("Families at most", "9")
        await app.click("Save")

    async def no_longer(app: Visit) -> None:
        assert app.find(ft.TextField, label="Families at most").value == "9"
        await app.fill("Families at most", "")
        await app.click("Save")

    whole = room()
    at(house, grace, f"/team/people/{rhian}", part_time)
    assert room() == whole // 2
    at(house, grace, f"/team/people/{rhian}", agreed)
    assert room() == 9
    at(house, grace, f"/team/people/{rhian}", no_longer)
    assert room() == whole // 2


def test_a_worker_sets_her_own_days_and_nothing_else(house: House, amina: Member) -> None:
    async def steps(app: Visit) -> None:
        labels = {field.label for field in app.controls(ft.TextField)}
        assert labels.isdisjoint({"Name", "Share of full time", "Families at most"})
        for day in ("Thu", "Fri"):
            await app.chip(day)
        await app.fill("To", "8:00")
        await app.click("Save")
        assert error_at(app, "To") == "Please give an end that comes after the beginning."
        await app.fill("To", "15:00")
        await app.click("Save")
        assert app.route == "/settings"
        assert app.shows("Mon to Wed, 09:00–15:00")

    at(house, amina, "/settings/hours", steps)
    me = amina.book.team.me()
    assert me is not None
    assert (me.works_days, me.works_to, me.name) == (frozenset({0, 1, 2}), time(15), AMINA.name)


def test_nobody_leaves_while_families_depend_on_her(
    house: House, grace: Member, amina: Member
) -> None:
    family = registers_marsh(grace)
    grace.book.supervision.allocate(family, amina.person, "family_worker")

    async def steps(app: Visit) -> None:
        assert app.shows(
            "1 family is allocated to Amina. Before they leave, give it to a colleague."
        )
        with pytest.raises(AssertionError):
            await app.click("No longer works here")

    at(house, grace, f"/team/people/{AMINA.person}", steps)
    assert grace.book.team.worker(AMINA.person).active


def test_who_left_is_offered_for_nothing_more_and_may_come_back(
    house: House, grace: Member
) -> None:
    grace.book.team.add_worker(BEN.person, WorkerForm(name=BEN.name))

    async def leaves(app: Visit) -> None:
        await app.click("No longer works here")
        assert app.shows("Ben Whitlock no longer works here?")
        await app.click("End access")
        assert app.route == "/team/people"
        assert BEN.name not in app.offered("For")
        assert app.shows("No longer works here")
        await app.turn_to(f"/team/people/{BEN.person}")
        await app.click("Works here again")

    at(house, grace, f"/team/people/{BEN.person}", leaves)
    assert grace.book.team.worker(BEN.person).active


def test_who_could_not_be_told_of_a_cry_for_help_is_asked_for_a_number_on_today(
    house: House, amina: Member
) -> None:
    me = amina.book.team.me()
    assert me is not None
    amina.book.team.change_worker(AMINA.person, form_of(replace(said_of(me), phone=""), me))

    async def steps(app: Visit) -> None:
        await app.click("Give it now")
        await app.fill("Work telephone", AMINA.phone)
        await app.click("Save")
        await app.turn_to("/")
        assert not app.shows("Your work telephone")

    at(house, amina, "/", steps)


def test_a_supervisor_on_her_own_is_told_how_to_go_on(tmp_path: Path) -> None:
    house = House(tmp_path, datetime(2026, 11, 27, 10, tzinfo=UTC), unsynced)
    house.joins(GRACE)
    house.opens("building-bonds")
    try:

        async def steps(app: Visit) -> None:
            assert app.shows("First steps")
            assert {"Invite your colleagues", "Write down the first family"} <= set(app.rows())

        at(house, house.members[GRACE.person], "/", steps)
    finally:
        house.close()


def test_a_slip_in_the_teams_name_is_corrected(house: House, grace: Member, amina: Member) -> None:
    async def steps(app: Visit) -> None:
        await app.fill("Team", "Brackenfold and Northmere")
        await app.click("Save names")
        assert app.shows("Saved.")

    at(house, grace, "/team/people", steps)
    house.carry()
    assert amina.book.team.team().name == "Brackenfold and Northmere"


def test_a_worker_changes_nobody_elses_telephone(
    house: House, amina: Member, grace: Member
) -> None:
    known = amina.book.team.worker(GRACE.person)
    assert known is not None
    elsewhere = form_of(replace(said_of(known), phone="07700 900999"), known)
    with pytest.raises(OnlySupervisors):
        amina.book.team.change_worker(GRACE.person, elsewhere)
    with pytest.raises(OnlySupervisors):
        amina.book.team.leave(GRACE.person)
    house.carry()
    assert grace.book.team.worker(GRACE.person) == known
