"""Signing: what stands against it is said beside the button, and what was taken in says so."""

from dataclasses import replace
from datetime import timedelta

import flet as ft

from app.casework.attendance import Code
from app.casework.forms import Booking
from casebooks import House, Member, okoro, pugh
from on_screen.at_work import Visit, at


def test_who_was_not_there_is_not_ticked_and_a_contradiction_is_said_before_signing(
    house: House, amina: Member
) -> None:
    book = amina.book
    family = book.families.register(pugh())
    carys, osian = (p.id for p in book.families.get(family).people)
    visit = book.diary.book(Booking(family=family, starts=book.now, people=(carys, osian)))
    book.engagement.record_outcome(visit, {carys: Code.DID_NOT_ATTEND, osian: Code.ON_TIME})

    async def steps(app: Visit) -> None:
        await app.click("Start note")
        ticked = {c.label.value: c.selected for c in app.controls(ft.Chip)}
        assert (ticked["Carys Pugh"], ticked["Osian Pugh"]) == (False, True)
        await app.chip("Carys Pugh")
        await app.fill("Note", "We met in the hall.")
        await app.click("Sign note")
        assert app.shows("Present: Carys Pugh, Osian Pugh")
        assert app.shows("The outcome says that Carys Pugh was not seen")
        assert app.shows("It is not said whether the child was seen.")
        await app.click("Change something")
        assert book.notes.mine() == []
        await app.chip("Carys Pugh")
        await app.click("Sign note")
        (_before, now) = [said for said in app.texts() if "whether the child was seen" in said]
        assert now == "It is not said whether the child was seen."
        await app.click("Yes, sign")
        assert app.shows("Signed today")

    at(house, amina, "/", steps)
    (note,) = book.notes.mine()
    assert note.people == (osian,)


def test_a_note_dated_ahead_is_refused_above_the_button(house: House, amina: Member) -> None:
    family = amina.book.families.register(pugh())
    draft = replace(amina.book.notes.start(family), text="Next year.")
    amina.book.notes.save_draft(draft)

    async def steps(app: Visit) -> None:
        await app.fill("Day", "31 December 2027")
        await app.click("Sign note")
        assert app.shows("This note is about a day that is still to come.")
        assert not app.shows("Sign this note for")

    at(house, amina, f"/write/{draft.id}", steps)


def test_a_note_that_was_taken_in_shows_its_writer_and_who_took_it_in(
    house: House, amina: Member, grace: Member
) -> None:
    family = amina.book.families.register(pugh())
    house.carry()
    device = amina.vault.public.device
    head = amina.vault.head(bytes.fromhex(family), device)
    assert head is not None
    house.relay.roster.until[device, bytes.fromhex(family)] = head[0]
    note = amina.book.notes.sign(replace(amina.book.notes.start(family), text="The last visit."))
    house.passes(hours=1)
    house.carry()

    async def adopts(app: Visit) -> None:
        assert app.shows("The last visit.")
        await app.click("Adopt")

    async def reads(app: Visit) -> None:
        assert app.shows("Amina Yusuf, today 09:00")
        assert app.shows("Taken into the record by Grace Adeyemi, today 10:00")

    at(house, grace, "/team/quarantine", adopts)
    at(house, grace, f"/notes/{note.id}", reads)


def test_a_number_that_is_not_safe_is_the_plainest_warning_of_todays_card(
    house: House, amina: Member
) -> None:
    book = amina.book
    family = book.families.register(okoro())
    book.diary.book(Booking(family=family, starts=book.now + timedelta(hours=1)))
    route = book.families.get(family).adults[0].routes[0]
    book.families.mark_unsafe(route.id)

    async def steps(app: Visit) -> None:
        assert app.shows("Not safe: do not use")
        assert app.shows("Chidi Okoro, Telephone: 07700\u00a0900201")
        assert not any("Ring" in name for name in app.texts())

    at(house, amina, "/", steps)
