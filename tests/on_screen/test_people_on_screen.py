"""The form of a person: no date is lost in silence, no button is dead, and a mistake can go."""

from datetime import date

import flet as ft
import pytest

from app.casework.people import PersonKind
from casebooks import House, Member, okoro
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

    async def brings_back(app: Visit) -> None:
        await app.click("Belongs here again")

    at(house, amina, f"/families/{family}/people/{baby.id}", brings_back)
    assert [p.id for p in families.get(family).unborn] == [baby.id]
    assert not families.get(family).unborn[0].by_mistake
