"""What a worker sees of reminders, with the product's own screens on a real vault, no browser."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flet as ft

from app.casework.appointment import CancelledBy
from app.casework.forms import RouteForm, WorkerForm
from app.casework.profile import Shelf
from app.casework.receipt import State
from app.casework.safe_contact import Allowed, Channel
from app.places import PROFILES
from casebooks import House, Member, mother_of, okoro, route_of, texted, thursday
from cast import AMINA, GRACE
from desk_stand_in import Desk
from fakes import unsynced
from on_screen.at_work import Visit, at
from on_screen.reminded import MONDAY, book_for, desk, family, house, press, screen, steps
from profiles import write_profile

__all__ = ["desk", "family", "house"]

# -- before saving ---------------------------------------------------------------------------


@steps
async def test_the_exact_text_its_length_and_its_hours_stand_there_before_saving(
    house: House, amina: Member, family: str, desk: Desk
):
    async with screen(amina, house, "/appointments/new") as app:
        await book_for(app, family)
        assert app.shows("Hi. Amina will see you Monday 30 November, 10am.")
        assert app.shows("87 characters, 1 text")
        assert app.shows(
            "Text the day before, to Chidi Okoro: Sat 28 November, between 09:00 and 19:00"
        )
        assert amina.vault.orders_waiting() == []
        assert not app.crashed()


@steps
async def test_why_not_and_who_rings_instead_stand_there_too(
    house: House, amina: Member, family: str, desk: Desk
):
    book = amina.book
    form = RouteForm(
        channel=Channel.TEXT, number="07700 900201", allowed=Allowed.YES, shared_phone=Allowed.YES
    )
    book.families.change_route(route_of(book, family), form)
    async with screen(amina, house, "/appointments/new") as app:
        await book_for(app, family)
        assert app.shows("No text to Chidi Okoro: the phone is shared.")
        assert app.shows("Call task for Amina: ring Chidi Okoro")
        assert app.shows("Due Fri 27 November")


@steps
async def test_a_welsh_accent_in_a_name_is_said_to_cost_a_text(
    house: House, amina: Member, grace: Member, family: str, desk: Desk
):
    worker = grace.book.team.worker(AMINA.person)
    named = WorkerForm(
        **{n: getattr(worker, n) for n in WorkerForm.__dataclass_fields__ if n != "name"},
        name="Siân Ŵyn",
    )
    grace.book.team.change_worker(AMINA.person, replace(named, name="Ŵyn Parry"))
    house.carry()
    async with screen(amina, house, "/appointments/new") as app:
        await book_for(app, family)
        assert app.shows("Ŵ make each text hold 70 characters instead of 160.")
        assert app.shows("2 texts")


# -- afterwards ------------------------------------------------------------------------------


@steps
async def test_reached_phone_stands_on_the_appointment(
    house: House, amina: Member, family: str, desk: Desk
):
    booked = amina.book.diary.book(thursday(family))
    async with screen(amina, house, f"/appointments/{booked}") as app:
        assert app.shows("Planned")
        assert app.shows("Only on this device")
    house.carry()
    house.passes(days=7, hours=1)
    desk.tells(amina.book.reminders.of_appointment(booked)[0].reference, "delivered",
               house.clock.now())  # fmt: skip
    house.carry()
    async with screen(amina, house, f"/appointments/{booked}") as app:
        assert app.shows("Reached phone")
    async with screen(amina, house, f"/families/{family}") as app:
        assert not app.crashed()


@steps
async def test_a_day_says_how_far_each_text_came_and_offers_the_time_that_became_free(
    house: House, amina: Member, family: str, desk: Desk
):
    """Acceptance story 6: six appointments, one of them cancelled by the family."""
    first = thursday(family)
    hours = [first.starts + timedelta(hours=n) for n in range(-2, 4)]
    booked = [amina.book.diary.book(replace(first, starts=at, minutes=45)) for at in hours]
    house.carry()
    texted_of = next(one for one in booked if amina.book.reminders.of_appointment(one))
    freed = next(one for one in reversed(booked) if one != texted_of)
    house.passes(days=(first.starts.date() - MONDAY.date()).days - 1)
    reference = amina.book.reminders.of_appointment(texted_of)[0].reference
    desk.tells(reference, "delivered", house.clock.now())
    house.carry()
    amina.book.diary.cancel(freed, CancelledBy.FAMILY, "Her mother is ill.")
    assert amina.book.reminders.how_far(booked) == {texted_of: State.DELIVERED}
    house.passes(days=1, hours=-3)
    async with screen(amina, house, "/") as app:
        said = app.texts()
        assert sum(bool(re.match(r"\d\d:\d\d–\d\d:\d\d", line)) for line in said) == 6
        assert said.count("Reached phone") == 1
        assert sum(line.startswith("Home, 4 Larch Row") for line in said) == 5
        await app.click("Use this time")
        at = amina.book.diary.get(freed).local
        assert app.find(ft.TextField, label="Time").value == f"{at:%H:%M}"


@steps
async def test_marked_unsafe_it_says_to_ring_duty_until_the_office_knows(
    house: House, amina: Member, family: str, desk: Desk
):
    amina.book.diary.book(thursday(family))
    mum = mother_of(amina.book, family)
    async with screen(amina, house, f"/families/{family}/people/{mum}") as app:
        await press(app, "Mark unsafe")
        assert app.shows("Not yet stopped at the office: ring duty. Duty: 07700 900109")
        assert app.shows("No automated messages: the number is not safe.") or app.shows(
            "the number is not safe"
        )
    desk.hears(amina.vault)
    assert desk.came[0] == "stop"
    async with screen(amina, house, f"/families/{family}/people/{mum}") as app:
        assert not app.shows("Not yet stopped at the office")
        assert app.shows("Not safe: do not use")


@steps
async def test_a_number_that_is_none_is_answered_kindly(
    house: House, amina: Member, family: str, desk: Desk
):
    mum = mother_of(amina.book, family)
    async with screen(amina, house, f"/families/{family}/people/{mum}") as app:
        await app.fill("New number or address", "0770")
        await press(app, "Add")
        field = app.find(ft.TextField, label="New number or address")
        assert "This is not a telephone number." in field.error
        assert field.value == "0770"


# -- calls -----------------------------------------------------------------------------------


@steps
async def test_a_call_is_on_today_its_code_word_before_the_number_and_one_tap_ends_it(
    house: House, amina: Member, family: str, desk: Desk
):
    book = amina.book
    call = route_of(book, family, Channel.CALL)
    known = next(r for p in book.families.people(family) for r in p.routes if r.id == call)
    form = RouteForm(**{n: getattr(known, n) for n in RouteForm.__dataclass_fields__})
    book.families.change_route(call, replace(form, code_word="library books"))
    booked = book.diary.book(thursday(family))
    house.carry()
    house.passes(days=7, hours=1)
    desk.tells(book.reminders.of_appointment(booked)[0].reference, "failed", house.clock.now(),
               "number_dead")  # fmt: skip
    house.carry()
    async with screen(amina, house, "/") as app:
        assert app.shows("Calls to make")
        assert app.shows("Ring Chidi Okoro")
        [task] = book.calls.open_tasks()
    async with screen(amina, house, f"/calls/{task.id}") as app:
        words = app.texts()
        warned = next(n for n, w in enumerate(words) if "Code word: library books" in w)
        assert app.shows("the message did not go out")
        dial = next(b for b in app.controls(ft.FilledButton) if b.content == "Ring 07700 900201")
        assert words.index(words[warned]) >= 0
        assert dial is not None
        tapped = asyncio.create_task(press(app, "We spoke"))
        await app.until(lambda: not book.calls.open_tasks(), "the call settled")
        tapped.cancel()  # it waits for the client to show Today
    assert book.calls.open_tasks() == []
    house.carry()
    assert desk.seen, "the desk knows that somebody saw it"


@steps
async def test_what_a_parent_wrote_comes_before_the_days_visits_and_ringing_is_thought_about(
    house: House, amina: Member, family: str, desk: Desk
):
    book = amina.book
    book.diary.book(replace(thursday(family), starts=MONDAY + timedelta(hours=3)))
    house.carry()
    texted_route = route_of(book, family, Channel.TEXT)
    desk.passes_on(texted_route, family, "help, he is here", "other", house.clock.now())
    house.carry()
    async with screen(amina, house, "/") as app:
        said = app.texts()
        cry = said.index("Chidi Okoro has written to you")
        assert cry < next(n for n, words in enumerate(said) if re.match(r"\d\d:\d\d–", words))
        assert not app.shows("help, he is here"), "others may look at this screen"
        await press(app, "Read what Chidi Okoro wrote")
        assert app.shows("help, he is here")
        assert app.shows("ring 999 first")


# -- before a visit --------------------------------------------------------------------------


@steps
async def test_a_visit_that_begins_soon_is_above_every_screen_without_a_signal(
    house: House, amina: Member, family: str
):
    amina.book.diary.book(replace(thursday(family), starts=MONDAY + timedelta(minutes=25)))
    async with screen(amina, house, "/families") as app:
        session = app.session.store.get("tab").session
        await session.alerts.look()
        await app.settle()
        assert app.shows("Begins soon")
        assert app.shows("09:25 Okoro")
        badges = [c.badge for c in app.controls(ft.Icon) if isinstance(c.badge, ft.Badge)]
        assert [b.label for b in badges][:1] == ["1"]
        await session.lock()
        await app.settle()
        assert not app.shows("Okoro")


def test_beside_a_number_marked_unsafe_on_the_familys_page_stands_whom_to_ring(
    house: House, amina: Member, family: str, desk: Desk
):
    booked = amina.book.diary.book(thursday(family))
    desk.hears(amina.vault)

    async def steps(app: Visit) -> None:
        assert app.shows("Thu 3 December, 10:00–11:00")
        await app.click("Mark unsafe")
        assert app.shows("07700 900201 is marked unsafe on this device")
        assert app.shows("Not yet stopped at the office: ring duty. Duty: 07700 900109")

    at(house, amina, f"/families/{family}", steps)
    desk.hears(amina.vault)

    async def later(app: Visit) -> None:
        assert not app.shows("Not yet stopped at the office")

    at(house, amina, f"/families/{family}", later)
    assert desk.would_send() == []
    assert amina.book.reminders.of_appointment(booked)


def test_an_automated_call_is_read_before_saving_as_it_will_be_heard(tmp_path: Path):
    said = (PROFILES / "reconnect.toml").read_text(encoding="utf-8")
    rule = 'channel = "text"\ndays_before = 3\ntemplate = "coming"'
    assert rule in said
    voice = said.replace(rule, 'channel = "voice"\ndays_before = 3\ntemplate = "voice_details"')
    own = write_profile(tmp_path / "own", voice, "reconnect").parent
    house = House(tmp_path, MONDAY, unsynced, shelf=Shelf([own]))
    for who in (GRACE, AMINA):
        house.joins(who)
    house.opens()
    desk = house.gets_a_desk()
    amina = house.members[AMINA.person]
    family = amina.book.families.register(okoro(people=(texted(),)))

    async def steps(app: Visit) -> None:
        await app.choose("Family", "Okoro (RC-0101)")
        await app.fill("Time", "10:00")
        assert app.shows(
            "Call from Amina. Press 1 if you were expecting it.\nYou are seen on Monday 30 November"
        )
        assert app.shows("Said aloud; all but the greeting after a key only.")

    at(house, amina, "/appointments/new", steps)
    amina.book.diary.book(thursday(family))
    desk.hears(amina.vault)
    spoken = next(contents.voice["en"] for order, contents in desk.would_send() if contents.voice)
    assert set(spoken) == {"greeting", "details", "confirmed", "changed", "stopped"}
    assert "Thursday" not in spoken["greeting"]
    house.close()


# -- the supervisor --------------------------------------------------------------------------


@steps
async def test_the_supervisor_sees_what_was_sent_and_why_not(
    house: House, amina: Member, grace: Member, family: str, desk: Desk
):
    booked = amina.book.diary.book(thursday(family))
    house.carry()
    house.passes(days=7, hours=1)
    first, second = amina.book.reminders.of_appointment(booked)
    desk.tells(first.reference, "suppressed", house.clock.now(), "silence")
    desk.tells(second.reference, "held", house.clock.now(), "paused")
    house.carry()
    async with screen(grace, house, "/team/deliveries", width=1280, height=800) as app:
        assert app.shows("The office has paused all messages")
        assert app.shows("1 because a worker's device has been out of contact for too long")
    async with screen(grace, house, "/team/deliveries/2026-11-30/text_3_days") as app:
        assert app.shows("Not sent")


@steps
async def test_the_supervisor_sees_at_once_what_was_stopped_for_a_day_to_come(
    house: House, amina: Member, grace: Member, family: str, desk: Desk
):
    booked = amina.book.diary.book(thursday(family))
    house.carry()
    first, _second = amina.book.reminders.of_appointment(booked)
    async with screen(grace, house, "/team/deliveries") as app:
        assert not app.shows("Stopped already for the coming days")
    desk.tells(first.reference, "suppressed", house.clock.now(), "stopped")
    house.carry()
    async with screen(grace, house, "/team/deliveries") as app:
        assert app.shows("Stopped already for the coming days")
        assert app.shows("Mon 30 November: ")
        assert app.shows("1 because the number was stopped")
