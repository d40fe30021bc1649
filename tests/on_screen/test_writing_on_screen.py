"""Writing a note: it has one address and one text, whatever happens to the tab it is written in."""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from app.casework.forms import Booking
from app.guards import tab_of
from app.root import opener
from app.routes import SCREENS
from app.session import Furnishing, Session
from casebooks import House, Member, okoro
from cast import PASSPHRASE
from on_screen.at_work import Visit


def session_of(house: House, member: Member) -> Session:
    return Session(
        folder=house.folder,
        furnishing=Furnishing(casebook=lambda *_: member.book, exchange=lambda _: None),
        vault=member.vault,
        clock=house.clock,
    )


def in_two_tabs(
    house: House,
    member: Member,
    routes: tuple[str, str],
    steps: Callable[[Visit, Visit], Awaitable[None]],
) -> None:
    """One device, looked at in two tabs."""
    session = session_of(house, member)

    async def go() -> None:
        main = opener(session, SCREENS)
        async with Visit(main, route=routes[0]) as first, Visit(main, route=routes[1]) as second:
            await both_settle(first, second)
            await steps(first, second)
            assert not first.crashed()
            assert not second.crashed()

    asyncio.run(go())
    session.tabs.clear()


async def both_settle(*tabs: Visit) -> None:
    for _ in range(3):
        for tab in tabs:
            await tab.settle()


def note(tab: Visit) -> str:
    return str(tab.find(ft.TextField, label="Note").value)


def test_a_note_has_its_own_address_before_a_word_is_written(house: House, amina: Member) -> None:
    family = amina.book.families.register(okoro())
    session = session_of(house, amina)

    async def go() -> None:
        async with Visit(opener(session, SCREENS), route=f"/families/{family}") as app:
            await app.click("Write a note")
            address = app.route
            assert address.startswith("/write/")
            await app.fill("Note", "She sang to him.")
            await session.lock()
            await app.settle()
            assert not app.shows("Write a note")
            await session.unlock(PASSPHRASE)
            await app.settle()
            assert note(app) == "She sang to him."
            assert app.route == address
            (draft,) = amina.book.notes.drafts()
            assert address.partition("?")[0] == f"/write/{draft.id}"

    asyncio.run(go())


def test_the_old_address_of_an_appointments_note_gives_way_to_the_notes_own(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(okoro())
    session = session_of(house, amina)

    async def go() -> None:
        async with Visit(opener(session, SCREENS)) as app:
            await app.turn_to(f"/families/{family}/write/new")
            assert app.route.startswith("/write/")
            await app.arrow()
            assert app.route == "/"

    asyncio.run(go())


def test_two_tabs_on_one_note_are_one_text_and_the_signature_is_told_to_both(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(okoro())
    draft = amina.book.notes.save_draft(amina.book.notes.start(family))

    async def steps(first: Visit, second: Visit) -> None:
        await first.fill("Note", "In the first tab.")
        await both_settle(first, second)
        assert note(second) == "In the first tab."
        await second.fill("Note", "In the first tab. And in the second.")
        await both_settle(first, second)
        assert note(first) == "In the first tab. And in the second."
        await second.click("Sign note")
        await second.click("Yes, sign")
        await both_settle(first, second)
        assert second.route == f"/notes/{draft.id}"
        assert first.shows("This note was signed in another tab.")
        await first.click("Read note")
        assert first.shows("In the first tab. And in the second.")

    in_two_tabs(house, amina, (f"/write/{draft.id}", f"/write/{draft.id}"), steps)
    assert amina.book.notes.drafts() == []
    assert amina.book.notes.get(draft.id).text == "In the first tab. And in the second."


def test_a_tab_left_open_on_a_signed_note_brings_no_draft_back(house: House, amina: Member) -> None:
    family = amina.book.families.register(okoro())
    draft = amina.book.notes.save_draft(amina.book.notes.start(family))

    async def steps(first: Visit, second: Visit) -> None:
        await first.fill("Note", "Once.")
        await second.click("Sign note")
        await second.click("Yes, sign")
        await both_settle(first, second)
        await tab_of(first.page).flush()

    in_two_tabs(house, amina, (f"/write/{draft.id}", f"/write/{draft.id}"), steps)
    assert amina.book.notes.drafts() == []


def test_one_appointments_note_opened_in_two_tabs_is_one_note(house: House, amina: Member) -> None:
    family = amina.book.families.register(okoro())
    visit = amina.book.diary.book(Booking(family=family, starts=amina.book.now))
    old = f"/families/{family}/write/{visit}"

    async def steps(first: Visit, second: Visit) -> None:
        await first.turn_to(old)
        await first.fill("Note", "One visit, one note.")
        await both_settle(first, second)
        await second.turn_to(old)
        await both_settle(first, second)
        assert note(second) == "One visit, one note."
        await tab_of(first.page).flush()

    in_two_tabs(house, amina, ("/", "/"), steps)
    assert len(amina.book.notes.drafts()) == 1
