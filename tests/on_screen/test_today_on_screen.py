"""Today: what is finished makes room, midnight turns the page, and nothing is done by a slip."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import flet as ft

from app.background import Ticker
from app.casework.appointment import CancelledBy
from app.casework.attendance import Code
from app.casework.forms import Booking
from app.root import opener
from app.routes import SCREENS
from app.session import Furnishing, Session
from casebooks import House, Member, okoro, pugh, registers_marsh
from on_screen.at_work import Visit, at


def visited(member: Member, family: str, *, hours: int) -> str:
    """A visit that is over: the outcome recorded and the note signed."""
    book = member.book
    people = tuple(p.id for p in book.families.get(family).adults)
    starts = book.now - timedelta(hours=hours)
    visit = book.diary.book(Booking(family=family, starts=starts, people=people))
    book.engagement.record_outcome(visit, dict.fromkeys(people, Code.ON_TIME))
    book.notes.sign(replace(book.notes.start(family, appointment=visit), text="Feeding well."))
    return visit


def test_a_finished_visit_is_small_and_opens_again_and_an_unfinished_one_is_whole(
    house: House, amina: Member
) -> None:
    book = amina.book
    done = book.families.register(okoro())
    to_do = book.families.register(pugh())
    visited(amina, done, hours=3)
    book.diary.book(Booking(family=to_do, starts=book.now - timedelta(hours=1)))

    async def steps(app: Visit) -> None:
        assert not app.shows("4 Larch Row")
        assert app.shows("Note signed")
        assert app.shows("12 Weir Lane")
        await app.click("Show the visit at 06:00")
        assert app.shows("4 Larch Row")

    at(house, amina, "/", steps)


def test_after_midnight_the_new_day_is_shown_without_a_tap(house: House, amina: Member) -> None:
    family = amina.book.families.register(okoro())
    tomorrow = amina.book.today + timedelta(days=1)
    amina.book.diary.book(
        Booking(family=family, starts=amina.book.at(tomorrow, amina.book.now.time()))
    )
    session = Session(
        folder=house.folder,
        furnishing=Furnishing(casebook=lambda *_: amina.book, exchange=lambda _: None),
        vault=amina.vault,
        clock=house.clock,
    )
    ticker = Ticker(session)

    async def go() -> None:
        async with Visit(opener(session, SCREENS)) as app:
            await ticker.once()
            assert app.shows("Nothing booked today.")
            pages = [c.key for c in app.controls(ft.Column) if str(c.key).startswith("page")]
            while amina.book.today < tomorrow:
                house.passes(seconds=170)
                await session.touched()  # somebody is there, or it would lock
                await ticker.once()
            await app.settle()
            assert not app.shows("Nothing booked today.")
            assert app.shows("Okoro")
            after = [c.key for c in app.controls(ft.Column) if str(c.key).startswith("page")]
            assert pages != after, "it would still be scrolled as it was the day before"

    asyncio.run(go())
    session.tabs.clear()


def test_who_cancelled_is_asked_and_never_assumed(house: House, amina: Member) -> None:
    family = amina.book.families.register(okoro())
    visit = amina.book.diary.book(Booking(family=family, starts=amina.book.now))

    async def steps(app: Visit) -> None:
        await app.click("Cancel it")
        assert app.find(ft.FilledButton, content="Cancel appointment").disabled
        await app.choose("Who cancelled?", "We did")
        await app.click("Cancel appointment")

    at(house, amina, f"/appointments/{visit}", steps)
    assert amina.book.diary.get(visit).cancelled_by is CancelledBy.SERVICE


def test_a_note_is_not_moved_to_nowhere(house: House, amina: Member) -> None:
    family = amina.book.families.register(okoro())
    amina.book.families.register(pugh())
    note = amina.book.notes.sign(replace(amina.book.notes.start(family), text="Whose?"))

    async def steps(app: Visit) -> None:
        await app.click("Wrong family?")
        assert app.find(ft.FilledButton, content="Move it").disabled
        await app.choose("Family", "Pugh (RC-0102)")
        assert not app.find(ft.FilledButton, content="Move it").disabled

    at(house, amina, f"/notes/{note.id}", steps)


def test_a_map_is_asked_for_only_after_saying_who_learns_the_address(
    house: House, amina: Member
) -> None:
    marsh = registers_marsh(amina)
    book = amina.book
    kane, jodie = (p.id for p in book.families.get(marsh).adults)
    his = book.diary.book(Booking(family=marsh, starts=book.now, people=(kane,)))
    hers = book.diary.book(
        Booking(family=marsh, starts=book.now + timedelta(hours=2), people=(jodie,))
    )

    def asks(secret: bool):
        async def steps(app: Visit) -> None:
            await app.click("Map")
            assert app.shows(
                "The address goes to www.openstreetmap.org, and nothing else of this family."
            )
            assert app.shows("This address is kept secret.") is secret
            await app.click("Cancel")

        return steps

    at(house, amina, f"/appointments/{his}", asks(secret=False))
    at(house, amina, f"/appointments/{hers}", asks(secret=True))


def test_a_caseload_is_lent_after_a_question_and_never_until_yesterday(
    house: House, amina: Member, grace: Member
) -> None:
    family = amina.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, amina.person, "family_worker")

    async def lends(app: Visit, until: str) -> None:
        await app.choose("Who is away", "Amina Yusuf, Family worker")
        await app.choose("Who covers", "Grace Adeyemi, Supervisor")
        await app.fill("Until", until)
        await app.click("Lend")

    async def in_the_past(app: Visit) -> None:
        await lends(app, "1 January 2020")
        assert app.shows("This day has passed.")
        assert not app.shows("Lend this caseload?")

    async def steps(app: Visit) -> None:
        await lends(app, "7 December 2026")
        assert app.shows("1 family of Amina Yusuf opens on the device of Grace Adeyemi until")
        assert grace.book.supervision.covers() == []
        await app.click("Lend it")

    at(house, grace, "/team/cover", in_the_past)
    assert grace.book.supervision.covers() == []
    at(house, grace, "/team/cover", steps)
    (loan,) = grace.book.supervision.covers()
    assert loan.families == (family,)


def test_a_colleagues_visits_stand_below_the_own_day_of_whoever_covers(
    house: House, amina: Member, grace: Member
) -> None:
    family = grace.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, amina.person, "family_worker")
    house.carry()
    amina.book.diary.book(Booking(family=family, starts=amina.book.now + timedelta(hours=1)))
    house.carry()
    until = grace.book.today + timedelta(days=14)
    grace.book.supervision.cover(amina.person, grace.person, until)
    house.carry()

    async def steps(app: Visit) -> None:
        assert app.shows("Nothing booked today.")
        assert app.shows("You cover for Amina Yusuf")
        assert app.shows("1 family until")
        assert app.shows("4 Larch Row")
        await app.click("The day after")
        assert app.shows("No visit of theirs is booked on this day.")

    at(house, grace, "/", steps)
