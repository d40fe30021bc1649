"""Two families of nearly one name are told apart on every list that names them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.casework.attendance import Code
from app.casework.forms import AddressForm, Booking, PersonForm
from app.casework.people import Relation
from casebooks import House, Member, okoro
from on_screen.at_work import Visit, at

ROW, MILL = "3 Tannery Row", "8 Mill Lane"


def hughes(ref: str, home: str) -> dict[str, object]:
    mother = PersonForm(
        given="Kayleigh",
        surname="Hughes",
        relation=Relation.MOTHER,
        addresses=(AddressForm(lines=home),),
    )
    return {"name": "Hughes", "ref": ref, "people": (mother,)}


@pytest.fixture
def two(house: House, amina: Member, grace: Member) -> tuple[str, str]:
    """Two Hughes families, each with something on every list."""
    book = amina.book
    one, other = (
        book.families.register(okoro(**hughes(ref, home)))
        for ref, home in (("BF-1107", ROW), ("BF-1108", MILL))
    )
    people = tuple(p.id for p in book.families.get(one).adults)
    wrong = book.notes.sign(replace(book.notes.start(one), text="Singing by the window."))
    for days in (9, 8):
        visit = book.diary.book(
            Booking(family=one, starts=book.now - timedelta(days=days), people=people)
        )
        book.engagement.record_outcome(visit, dict.fromkeys(people, Code.DID_NOT_ATTEND))
    house.carry()
    grace.book.supervision.comment(wrong.id, "Whose window was it?")
    house.carry()
    book.notes.move(wrong.id, other)
    house.carry()
    return one, other


def shows_both(home: str) -> Callable[[Visit], Awaitable[None]]:
    async def steps(app: Visit) -> None:
        named = [said for said in app.texts() if "Hughes" in said]
        assert named
        for said in named:
            assert "BF-110" in said, said
        assert any(home in said for said in app.texts()), app.texts()

    return steps


@pytest.mark.parametrize("route", ["/team/wrong-family", "/team/conversations", "/team/review"])
def test_the_supervisors_lists_say_which_of_the_two(
    house: House, grace: Member, two: tuple[str, str], route: str
) -> None:
    at(house, grace, route, shows_both(MILL if route == "/team/review" else ROW))


def test_so_do_the_workers_own(house: House, amina: Member, two: tuple[str, str]) -> None:
    amina.book.notes.save_draft(replace(amina.book.notes.start(two[0]), text="Begun."))
    at(house, amina, "/", shows_both(ROW))


def test_so_does_what_was_found_in_notes(house: House, amina: Member, two: tuple[str, str]) -> None:
    async def steps(app: Visit) -> None:
        await app.fill("Search names, addresses and notes", "singing")
        await app.until(lambda: app.shows("Found in what was written"), "what was found")
        rows = [said for said in app.texts() if said.startswith("Hughes")]
        assert {row.partition(")")[0] for row in rows} == {"Hughes (BF-1107", "Hughes (BF-1108"}
        assert all(ROW in row or MILL in row for row in rows)

    at(house, amina, "/families", steps)
