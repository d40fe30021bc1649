"""Births, twins and losses as somebody with a telephone in her hand writes them down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import flet as ft
import pytest

from app.casework.life_event import LossForm, What
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens()
    yield made
    made.close()


@pytest.fixture
def amina(house: House) -> Member:
    return house.members[AMINA.person]


@pytest.fixture
def family(amina: Member) -> str:
    return amina.book.families.register(okoro())


def test_a_birth_is_three_taps_from_the_familys_screen(house, amina, family):
    async def steps(app: Visit) -> None:
        assert app.shows("39+0")
        await app.click("Baby is born")
        assert app.route.endswith(f"/birth/{amina.book.families.get(family).unborn[0].id}")
        assert app.find(ft.TextField, label="Surname").value == "Okoro"
        await app.fill("First name, if there is one yet", "Nia")
        await app.fill("Time of day, if you know it", "4.20")
        await app.choose("Girl or boy", "Girl")
        await app.click("Write down the birth")
        assert app.shows("Nia Okoro")
        assert app.shows("Monday 8 February 2027, 04:20 (at 39+0, 0 days)")
        assert not app.shows("Baby is born")

    at(house, amina, f"/families/{family}", steps)
    (child,) = amina.book.families.get(family).children
    assert (child.given, child.gender) == ("Nia", "girl")


def test_a_day_that_cannot_be_is_said_beside_the_day_and_nothing_is_written(house, amina, family):
    baby = amina.book.families.get(family).unborn[0]

    async def steps(app: Visit) -> None:
        await app.fill("Born on", "8 August 2026")
        await app.click("Write down the birth")
        assert app.find(ft.TextField, label="Born on").error == (
            "That does not fit the due date. Please check both."
        )

    at(house, amina, f"/families/{family}/birth/{baby.id}", steps)
    assert amina.book.families.get(family).children == ()


def test_twins_are_told_apart_and_one_is_born(house, amina, family):
    async def steps(app: Visit) -> None:
        await app.click("One more baby")
        assert app.shows("2 babies are expected now.")
        assert app.shows("Unborn baby, 1 of 2")
        assert app.shows("Unborn baby, 2 of 2")
        await app.click("Baby is born")
        await app.choose("Which baby?", "Unborn baby, 2 of 2")
        await app.click("Write down the birth")
        assert app.shows("Baby Okoro")
        assert app.shows("Unborn baby")
        assert not app.shows("of 2")

    at(house, amina, f"/families/{family}", steps)


def test_a_loss_asks_who_is_in_touch_and_leaves_no_word_of_a_baby_due(house, amina, family):
    async def steps(app: Visit) -> None:
        await app.click("The pregnancy has ended")
        assert app.shows("Until then nothing is sent to the family by itself.")
        await app.fill("What colleagues should know", "Her sister told us.")
        await app.click("Write it down")
        assert app.shows("A loss in this family")
        assert app.shows("The pregnancy ended on Mon 8 February. Do not ask after the baby.")
        assert app.shows("Amina Yusuf rings today")
        said = " ".join(app.texts())
        for word in ("39+0", "Due ", "Baby due", "Baby is born", "Unborn"):
            assert word not in said, word

    at(house, amina, f"/families/{family}", steps)

    async def elsewhere(app: Visit) -> None:
        said = " ".join(app.texts())
        assert "baby" not in said.lower(), said

    at(house, amina, "/families", elsewhere)

    async def today(app: Visit) -> None:
        assert app.shows("Ring Okoro after their loss.")

    at(house, amina, "/", today)


def test_after_a_loss_a_note_does_not_begin_with_the_baby(house, amina, family):
    async def before(app: Visit) -> None:
        await app.click("Start with headings")
        assert "How the baby is:" in app.find(ft.TextField, label="Note").value

    async def after(app: Visit) -> None:
        await app.click("Start with headings")
        said = app.find(ft.TextField, label="Note").value
        assert "How the parent is:" in said
        assert "baby" not in said
        assert "child" not in said.lower()

    at(house, amina, f"/families/{family}/write/new", before)
    for draft in amina.book.notes.drafts():
        amina.book.notes.drop_draft(draft.id)
    baby = amina.book.families.get(family).unborn[0]
    amina.book.losses.record(
        family,
        LossForm(
            what=What.PREGNANCY_ENDED,
            on=amina.book.today,
            persons=(baby.id,),
            caller=amina.person,
        ),
    )
    at(house, amina, f"/families/{family}/write/new", after)


def test_a_loss_by_mistake_is_taken_back_where_it_stands(house, amina, family):
    baby = amina.book.families.get(family).unborn[0]

    async def steps(app: Visit) -> None:
        await app.click("Write it down")
        await app.click("Written down by mistake")
        assert app.shows("Was this written down by mistake?")
        await app.click("Yes, take it back")
        assert app.shows("39+0")
        assert not app.shows("A loss in this family")

    at(house, amina, f"/families/{family}/loss/{baby.id}", steps)


def test_a_removed_child_moves_to_those_who_live_elsewhere(house, amina, family):
    from app.casework.life_event import BirthForm

    baby = amina.book.families.get(family).unborn[0]
    amina.book.families.born(baby.id, BirthForm(on=amina.book.today, given="Nia", surname="Okoro"))

    async def steps(app: Visit) -> None:
        await app.click("Write it down")
        assert app.shows("Please fill it in."), "where the child lives is asked for"
        await app.choose("Where the child lives now", "Foster care")
        await app.fill("Who looks after the child, if you know", "Mrs Hale")
        await app.click("Write it down")
        assert app.shows("A child has left home")
        assert app.shows("Mrs Hale")

    at(house, amina, f"/families/{family}/loss/{baby.id}", steps)
    shown = amina.book.families.get(family)
    assert [c.given for c in shown.children_elsewhere] == ["Nia"]


def test_a_sibling_with_carers_is_added_and_their_address_waits_to_be_asked_for(
    house, amina, family
):
    async def steps(app: Visit) -> None:
        await app.fill("First name", "Obi")
        await app.fill("Surname", "Okoro")
        await app.click("Save")
        assert app.find(ft.DropdownM2, label="Where the child lives").error
        await app.choose("Where the child lives", "Adopted")
        await app.fill("Contact with the parents", "A letter twice a year")
        await app.fill("Address of the carers, if needed", "40 Fuller's Rise")
        await app.click("Save")
        assert app.shows("Children who live elsewhere")
        assert app.shows("A letter twice a year")
        assert app.shows("Where they live is secret from Chidi Okoro.")
        assert not app.shows("Fuller"), "the screen is also looked at in the parents' kitchen"
        await app.click("Show the address")
        assert app.shows("40 Fuller's Rise")

    at(house, amina, f"/families/{family}/siblings/new", steps)
    assert [p.given for p in amina.book.families.get(family).children_at_home] == []
