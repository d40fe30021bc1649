"""What is typed into any form survives a lock and the way back, and goes with Save."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import flet as ft
import pytest

from app.casework.forms import Booking, ProfessionalForm
from app.casework.plan import PlanForm
from app.guards import tab_of
from app.root import opener
from app.routes import SCREENS
from app.session import Furnishing, Session
from casebooks import House, Member, okoro
from cast import PASSPHRASE
from on_screen.at_work import Visit

WORDS = "Zephyrine said it is the stairs."


@dataclass(frozen=True, kw_only=True)
class Place:
    """A form: where it stands and the field that takes free words."""

    route: str
    field: str


@pytest.fixture
def places(house: House, amina: Member, grace: Member) -> dict[str, Place]:
    book = amina.book
    family = book.families.register(okoro())
    person = book.families.get(family).adults[0].id
    baby = book.families.get(family).unborn[0].id
    note = book.notes.sign(replace(book.notes.start(family), text="Feeding well.")).id
    secret = replace(book.notes.start(family, restricted=True), text="Between us.")
    restricted = book.notes.sign(book.notes.save_draft(secret)).id
    talk = book.engagement.raise_conversation(family).id
    visit = book.diary.book(Booking(family=family, starts=book.now, people=(person,)))
    midwife = book.families.add_professional(family, ProfessionalForm(name="Siobhan Kerr"))
    plan = book.plans.agree(family, PlanForm(kind=book.profile.plans[0].code, agreed_on=book.today))
    house.carry()
    at = f"/families/{family}"
    return {
        "addendum": Place(route=f"/notes/{note}", field="Add to this note"),
        "addendum to a restricted note": Place(
            route=f"/notes/{restricted}", field="Add to this note"
        ),
        "review": Place(route=f"/team/review/{note}", field="A word to the writer"),
        "obstacle": Place(route=f"{at}/obstacle/{talk}", field="What they said"),
        "contact": Place(route=f"{at}/contact", field="In a few words"),
        "new family": Place(route="/families/new", field="Reason"),
        "family": Place(route=f"{at}/change", field="Area"),
        "person": Place(route=f"{at}/people/{person}", field="Also known as"),
        "new person": Place(route=f"{at}/people/new", field="First name"),
        "booking": Place(route="/appointments/new", field="What it is about (optional)"),
        "change of an appointment": Place(
            route=f"/appointments/{visit}/change", field="What it is about (optional)"
        ),
        "outcome": Place(
            route=f"/appointments/{visit}/outcome", field="In their words, if you know"
        ),
        "period": Place(route=f"{at}/periods/new", field="Why"),
        "referral": Place(route=f"{at}/referral", field="Why"),
        "stage": Place(route=f"{at}/move", field="Why"),
        "closing": Place(route=f"{at}/close", field="A few words"),
        "waiting": Place(route=f"{at}/waiting", field="A few words"),
        "goal": Place(route=f"{at}/goals/new", field="In the family's own words"),
        "plan": Place(route=f"{at}/plans/new", field="What the plan is for, in the family's words"),
        "plan review": Place(
            route=f"{at}/plans/{plan}/review", field="How it goes, in the family's words and yours"
        ),
        "intervention": Place(route=f"{at}/support/begin", field="Anything else to know"),
        "appraisal": Place(route=f"{at}/support/ask", field="What to look at"),
        "paper": Place(route=f"{at}/paper", field="Which court, conference or case"),
        "professional": Place(route=f"{at}/network/{midwife}", field="Anything else to know"),
        "loss": Place(route=f"{at}/loss/{baby}", field="What colleagues should know"),
        "birth": Place(route=f"{at}/birth/{baby}", field="First name, if there is one yet"),
        "sibling": Place(route=f"{at}/siblings/new", field="Contact with the parents"),
        "address": Place(route=f"{at}/people/{person}", field="New address"),
        "number": Place(route=f"{at}/people/{person}", field="New number or address"),
        "risk": Place(route=f"{at}/warnings", field="What to know"),
        "access": Place(route=f"{at}/warnings", field="How to get in"),
    }


FORMS = (
    "addendum", "addendum to a restricted note", "review", "obstacle", "contact", "new family",
    "family", "person", "new person", "booking", "change of an appointment", "outcome", "period",
    "goal", "plan", "plan review", "intervention", "appraisal", "paper",
    "professional", "loss", "birth", "sibling", "address", "number", "risk", "access",
    "referral", "stage", "closing", "waiting",
)  # fmt: skip


def visiting(
    house: House, member: Member, steps: Callable[[Visit, Session], Awaitable[None]]
) -> None:
    session = Session(
        folder=house.folder,
        furnishing=Furnishing(casebook=lambda *_: member.book, exchange=lambda _: None),
        vault=member.vault,
        clock=house.clock,
    )

    async def go() -> None:
        async with Visit(opener(session, SCREENS)) as app:
            await steps(app, session)
            assert not app.crashed()

    asyncio.run(go())
    session.tabs.clear()


async def opened(app: Visit, place: Place) -> None:
    await app.turn_to(place.route)
    if place.field == "In their words, if you know":
        await app.choose("Chidi Okoro", "Not there")


def value(app: Visit, place: Place) -> str:
    return str(app.find(ft.TextField, label=place.field).value)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_typed_is_there_again_after_a_lock_and_after_going_away(
    house: House, amina: Member, grace: Member, places: dict[str, Place], form: str
) -> None:
    place = places[form]
    member = grace if form == "review" else amina

    async def steps(app: Visit, session: Session) -> None:
        await opened(app, place)
        before = value(app, place)
        assert not app.shows("You began this earlier")
        await app.fill(place.field, WORDS)
        await session.lock()
        await app.settle()
        assert not any(box.label == place.field for box in app.controls(ft.TextField))
        await session.unlock(PASSPHRASE)
        await app.settle()
        assert value(app, place) == WORDS
        assert app.shows("You began this earlier")

        await app.turn_to("/settings")
        await app.turn_to(place.route)
        assert value(app, place) == WORDS

        await app.click("Start afresh")
        assert not app.shows("You began this earlier")
        if any(box.label == place.field for box in app.controls(ft.TextField)):
            assert value(app, place) == before
        await tab_of(app.page).flush()
        assert member.book.unfinished.all() == []

    visiting(house, member, steps)


def test_a_restricted_notes_addendum_is_kept_where_its_colleagues_cannot_open_it(
    house: House, amina: Member, grace: Member, places: dict[str, Place]
) -> None:
    place = places["addendum to a restricted note"]

    async def steps(app: Visit, session: Session) -> None:
        await opened(app, place)
        await app.fill(place.field, WORDS)
        await tab_of(app.page).flush()

    visiting(house, amina, steps)
    (draft,) = amina.vault.drafts()
    family = amina.book.families.lines()[0].id
    assert draft.casefile in amina.book._ledger.restricted_of(family)


def test_a_booking_is_kept_for_the_family_once_one_is_chosen(
    house: House, amina: Member, places: dict[str, Place]
) -> None:
    family = amina.book.families.lines()[0].id

    async def steps(app: Visit, session: Session) -> None:
        await opened(app, places["booking"])
        await app.fill("What it is about (optional)", "Sleep")
        await tab_of(app.page).flush()
        assert [d.casefile for d in amina.vault.drafts()] != [family]
        await app.choose("Family", "Okoro (RC-0101)")
        await tab_of(app.page).flush()
        assert [d.casefile for d in amina.vault.drafts()] == [family]

    visiting(house, amina, steps)


@pytest.mark.parametrize(
    ("form", "button"),
    [
        ("addendum", "Sign addendum"),
        ("review", "Comment"),
        ("obstacle", "Save conversation"),
        ("family", "Save"),
        ("person", "Save person"),
        ("goal", "Save"),
        ("plan", "Save plan"),
        ("plan review", "Save review"),
        ("professional", "Save"),
        ("loss", "Write it down"),
        ("birth", "Write down the birth"),
        ("address", "Add address"),
        ("risk", "Add risk note"),
        ("access", "Add access note"),
        ("change of an appointment", "Save"),
    ],
)
def test_once_saved_nothing_unfinished_is_left(
    house: House,
    amina: Member,
    grace: Member,
    places: dict[str, Place],
    form: str,
    button: str,
) -> None:
    place = places[form]
    member = grace if form == "review" else amina

    async def steps(app: Visit, session: Session) -> None:
        await opened(app, place)
        await app.fill(place.field, WORDS)
        await tab_of(app.page).flush()
        assert len(member.book.unfinished.all()) == 1
        await app.click(button)
        await tab_of(app.page).flush()
        assert member.book.unfinished.all() == []
        await app.turn_to("/settings")
        await app.turn_to(place.route)
        assert not app.shows("You began this earlier")

    visiting(house, member, steps)


def test_looking_at_a_form_keeps_nothing(
    house: House, amina: Member, places: dict[str, Place]
) -> None:
    async def steps(app: Visit, session: Session) -> None:
        for place in places.values():
            if "review" not in place.route:
                await app.turn_to(place.route)
        await session.lock()

    visiting(house, amina, steps)
    amina.vault.unlock(PASSPHRASE)
    assert amina.vault.drafts() == []


def test_a_correction_made_by_a_colleague_meanwhile_is_not_undone(
    house: House, amina: Member, grace: Member, places: dict[str, Place]
) -> None:
    family = amina.book.families.lines()[0].id

    async def begins(app: Visit, session: Session) -> None:
        await opened(app, places["family"])
        await app.fill("Also known as", "The Okoros of Larch Row")
        await tab_of(app.page).flush()

    visiting(house, amina, begins)
    grace.book.families.change(family, locality="Southmere")
    house.carry()

    async def goes_on(app: Visit, session: Session) -> None:
        await opened(app, places["family"])
        assert app.find(ft.TextField, label="Area").value == "Southmere"
        await app.click("Save")

    visiting(house, amina, goes_on)
    known = amina.book.families.get(family)
    assert (known.locality, known.known_as) == ("Southmere", "The Okoros of Larch Row")
