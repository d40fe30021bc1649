"""The form of a person: no date is lost in silence, no button is dead, and a mistake can go."""

from datetime import date

import flet as ft
import pytest

from app.casework.casebook.pregnancies import due_dates
from app.casework.people import PersonKind
from app.casework.safe_contact import Allowed
from casebooks import House, Member, mother_of, okoro
from on_screen.at_work import Visit, at


@pytest.fixture
def family(amina: Member) -> str:
    return amina.book.families.register(okoro())


def error(app: Visit, label: str) -> str:
    return str(app.find(ft.TextField, label=label).error or "")


@pytest.mark.parametrize(
    ("kind", "label", "typed"),
    [
        ("Child", "Date of birth", "31/02/2001"),
        ("Unborn baby", "Due date", "soon"),
    ],
)
def test_a_date_that_cannot_be_read_is_refused_and_nobody_is_saved(
    house: House, amina: Member, family: str, kind: str, label: str, typed: str
) -> None:
    before = len(amina.book.families.people(family))

    async def steps(app: Visit) -> None:
        if kind != "Child":
            await app.choose("Is", "Unborn baby")
        await app.fill("First name", "Ada")
        await app.fill(label, typed)
        for _time in range(2):
            await app.click("Save person")
            assert error(app, label).startswith("Please write a date")
            assert app.route.endswith("/people/new")
        assert len(amina.book.families.people(family)) == before
        await app.fill(label, "1 February 2027" if kind != "Child" else "1 February 2001")
        await app.click("Save person")
        assert not app.route.endswith("/people/new")

    at(house, amina, f"/families/{family}/people/new", steps)
    ada = next(p for p in amina.book.families.people(family) if p.given == "Ada")
    assert date(2027, 2, 1) == ada.edd if kind != "Child" else ada.dob == date(2001, 2, 1)


def test_a_date_typed_before_the_kind_was_changed_stops_nobody(
    house: House, amina: Member, family: str
) -> None:
    async def steps(app: Visit) -> None:
        await app.fill("First name", "Ada")
        await app.fill("Date of birth", "1 May 2031")
        await app.click("Save person")
        assert error(app, "Date of birth")
        await app.choose("Is", "Unborn baby")
        await app.fill("Due date", "1 February 2027")
        await app.click("Save person")
        assert not app.route.endswith("/people/new")

    at(house, amina, f"/families/{family}/people/new", steps)
    ada = next(p for p in amina.book.families.people(family) if p.given == "Ada")
    assert (ada.kind, ada.dob, ada.edd) == (PersonKind.UNBORN, None, date(2027, 2, 1))


def test_somebody_added_by_mistake_is_taken_off_every_list_and_can_come_back(
    house: House, amina: Member, family: str
) -> None:
    families = amina.book.families
    baby = families.get(family).unborn[0]

    async def takes_off(app: Visit) -> None:
        await app.click("Does not belong here")
        await app.choose("Why", "Was written down by mistake")
        await app.click("Take off")
        assert app.route == f"/families/{family}"
        assert not app.shows("Due 15 February 2027")
        assert not app.shows("Unborn baby, 2 of 2")
        await app.click("Unborn baby: not here any more")
        assert app.shows("Written down by mistake, since Mon 30 November.")

    at(house, amina, f"/families/{family}/people/{baby.id}", takes_off)
    assert families.get(family).unborn == ()
    (line,) = families.lines()
    assert (line.expected, line.gestation) == (0, None)
    assert due_dates(amina.book._ledger) == {}, "clocks would run for nobody"

    async def brings_back(app: Visit) -> None:
        await app.click("Belongs here again")

    at(house, amina, f"/families/{family}/people/{baby.id}", brings_back)
    assert [p.id for p in families.get(family).unborn] == [baby.id]
    assert not families.get(family).unborn[0].by_mistake


def test_the_button_below_saves_what_was_chosen_and_typed_in_every_panel_above(
    house: House, amina: Member, family: str
) -> None:
    book = amina.book
    chidi = book.families.get(family).adults[0]

    async def steps(app: Visit) -> None:
        await app.click("What was agreed")
        await app.choose("May we use it?", "Not safe: do not use")
        await app.fill("New address", "9 Weir Lane")
        await app.fill("New number or address", "07700 900299")
        await app.click("Save person")
        assert app.route == f"/families/{family}"

    at(house, amina, f"/families/{family}/people/{chidi.id}", steps)
    saved = book.families.get(family).adults[0]
    assert {r.number: r.allowed for r in saved.routes} == {
        "07700 900201": Allowed.NO,
        "07700 900299": Allowed.UNKNOWN,
    }
    assert saved.address is not None
    assert saved.address.lines == "9 Weir Lane"
    assert book.unfinished.all() == []


def test_what_was_chosen_about_a_number_survives_a_lock_and_is_saved_afterwards(
    house: House, amina: Member, family: str
) -> None:
    book = amina.book
    chidi = book.families.get(family).adults[0]
    route = f"/families/{family}/people/{chidi.id}"

    async def chooses(app: Visit) -> None:
        await app.click("What was agreed")
        await app.choose("May we use it?", "Not safe: do not use")
        await app.turn_to("/settings")
        await app.turn_to(route)
        assert app.shows("You began this earlier")
        assert book.families.get(family).adults[0].routes[0].allowed is Allowed.YES
        await app.click("Save person")

    at(house, amina, route, chooses)
    assert book.families.get(family).adults[0].routes[0].allowed is Allowed.NO


@pytest.mark.parametrize("chosen", ["", "Not agreed yet"])
def test_a_no_said_meanwhile_is_not_undone_by_a_form_that_was_open(
    house: House, amina: Member, grace: Member, family: str, chosen: str
) -> None:
    book = amina.book
    house.carry()
    chidi = book.families.get(family).adults[0]

    async def steps(app: Visit) -> None:
        await app.click("What was agreed")
        if chosen:
            await app.choose("May we use it?", chosen)
        await app.fill("Anything else to know", "After school only.")
        grace.book.families.mark_unsafe(chidi.routes[0].id)
        house.carry()
        await app.settle()
        await app.click("Save person")

    at(house, amina, f"/families/{family}/people/{chidi.id}", steps)
    (kept,) = book.families.get(family).adults[0].routes
    assert (kept.allowed, kept.remark) == (Allowed.NO, "After school only.")


def test_the_hours_that_are_safe_are_set_and_said_with_every_warning(
    house: House, amina: Member, family: str
) -> None:
    book = amina.book
    chidi = book.families.get(family).adults[0]

    async def sets(app: Visit) -> None:
        await app.click("What was agreed")
        await app.chip("Mon")
        await app.fill("Safe from (optional)", "13:00")
        await app.fill("Safe until (optional)", "15:30")
        await app.click("Save person")
        assert app.shows("Outside the hours")
        assert app.shows("Safe: Mon, 13:00–15:30.")

    at(house, amina, f"/families/{family}/people/{chidi.id}", sets)


def test_an_nhs_number_with_a_wrong_digit_is_refused_at_its_field(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(okoro())
    person = mother_of(amina.book, family)

    async def steps(app: Visit) -> None:
        await app.fill("NHS number", "999 000 0081")
        await app.choose("Ethnic group, as they say it", "Black: African")
        await app.click("Save person")
        field = app.find(ft.TextField, label="NHS number")
        assert field.error == "This is not an NHS number: a digit is wrong or missing."
        await app.fill("NHS number", "9990000018")
        await app.click("Save person")
        assert app.shows("999 000 0018")

    at(house, amina, f"/families/{family}/people/{person}", steps)
    assert amina.book.families.form_of(person).ethnicity == "N"
