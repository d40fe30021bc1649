"""Where a screen is opened from is not forgotten: what the address asks for, and the way back."""

from dataclasses import replace

import flet as ft

from app.casework.forms import WorkerForm
from casebooks import House, Member, okoro, pugh
from on_screen.at_work import Visit, at


def test_a_free_time_of_the_week_is_the_time_in_the_form(house: House, amina: Member) -> None:
    async def steps(app: Visit) -> None:
        day, time = (app.find(ft.TextField, label=label) for label in ("Day", "Time"))
        assert (day.value, time.value) == ("30 November", "14:05")

    at(house, amina, "/appointments/new?at=20261130T1405", steps)


def test_booking_from_a_family_is_for_that_family_and_leads_back_to_it(
    house: House, amina: Member
) -> None:
    amina.book.families.register(okoro())
    family = amina.book.families.register(pugh())

    async def steps(app: Visit) -> None:
        await app.click("Book")
        assert app.find(ft.DropdownM2, label="Family").value == family
        await app.fill("Time", "10:00")
        await app.click("Book")
        assert app.route == f"/families/{family}"

    at(house, amina, f"/families/{family}", steps)
    (booked,) = amina.book.diary.of_family(family)
    assert booked.local.hour == 10


def test_a_family_waiting_for_somebody_is_the_one_allocated(house: House, grace: Member) -> None:
    family = grace.book.families.register(okoro())

    async def steps(app: Visit) -> None:
        assert app.find(ft.DropdownM2, label="Family").value == family

    at(house, grace, f"/team/allocate?family={family}", steps)


def test_who_alone_has_a_job_stands_there_already_and_of_two_nobody_is_proposed(
    house: House, grace: Member
) -> None:
    family = grace.book.families.register(okoro())
    elin = "e1" * 16
    grace.book.team.add_worker(elin, WorkerForm(name="Elin Rees", title="care_coordinator"))

    def proposed_as(function: str) -> object:
        seen: list[object] = []

        async def steps(app: Visit) -> None:
            await app.choose("As", function)
            seen.append(app.find(ft.DropdownM2, label="Who").value)

        at(house, grace, f"/team/allocate?family={family}", steps)
        return seen.pop()

    assert proposed_as("Care coordinator") == elin
    assert proposed_as("Social worker") is None, "nobody here is one"
    grace.book.team.add_worker("e2" * 16, WorkerForm(name="Sara Owen", title="care_coordinator"))
    assert proposed_as("Care coordinator") is None, "a choice between two is the supervisor's"


def test_another_familys_form_keeps_nothing_that_was_typed_for_the_last(
    house: House, amina: Member
) -> None:
    first = amina.book.families.register(okoro())
    second = amina.book.families.register(pugh())

    async def steps(app: Visit) -> None:
        await app.fill("In a few words", "Chidi asked for a later visit.")
        await app.turn_to(f"/families/{second}/contact")
        assert app.find(ft.TextField, label="In a few words").value == ""

    at(house, amina, f"/families/{first}/contact", steps)


def test_the_arrow_leads_back_to_the_family_a_note_was_opened_from(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(okoro())
    begun = amina.book.notes.start(family)
    signed = amina.book.notes.sign(replace(begun, text="Feeding well."))

    async def steps(app: Visit) -> None:
        await app.turn_to(f"/families/{family}")
        await app.click("today 09:00, Note, Home visit")
        assert app.route == f"/notes/{signed.id}"
        await app.arrow()
        assert app.route == f"/families/{family}"
        await app.arrow()
        assert app.route == "/"

    at(house, amina, "/", steps)


def test_the_arrow_of_a_page_opened_from_outside_leads_to_the_page_below(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(okoro())

    async def steps(app: Visit) -> None:
        await app.arrow()
        assert app.route == f"/families/{family}"

    at(house, amina, f"/families/{family}/contact", steps)
