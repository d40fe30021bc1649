"""What the page of a family shows first, and what its timeline keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.casework.attendance import Code
from app.casework.forms import Booking, PersonForm, RouteForm
from app.casework.people import Relation
from app.casework.period import PeriodKind
from app.casework.safe_contact import Allowed
from app.casework.timeline import Event
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


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


def test_a_child_protection_plan_stands_above_everything_on_the_familys_page(house, amina):
    family = amina.book.families.register(okoro())
    (baby,) = amina.book.families.get(family).unborn
    amina.book.families.begin_period(
        family,
        PeriodKind.LEGAL,
        "child_protection_plan",
        since=date(2026, 11, 2),
        subject=baby.id,
    )

    async def steps(app: Visit) -> None:
        words = app.texts()
        assert words.index("Child protection plan") < words.index("Works with")
        assert words.index("Child protection plan") < words.index("People")

    at(house, amina, f"/families/{family}", steps)


def test_a_status_that_asks_for_no_caution_is_no_banner(house, amina):
    family = amina.book.families.register(okoro())
    (baby,) = amina.book.families.get(family).unborn
    amina.book.families.begin_period(family, PeriodKind.LEGAL, "child_in_need", subject=baby.id)

    async def steps(app: Visit) -> None:
        words = app.texts()
        assert words.index("Works with") < words.index("Child in need")

    at(house, amina, f"/families/{family}", steps)


def test_what_she_is_also_known_as_is_said_beside_her_name_and_not_in_its_place(house, amina):
    family = amina.book.families.register(okoro())
    (mother,) = amina.book.families.get(family).adults
    form = amina.book.families.form_of(mother.id)
    amina.book.families.change_person(mother.id, replace(form, known_as="Chi"))
    amina.book.diary.book(Booking(family=family, starts=MONDAY, people=(mother.id,)))

    async def page(app: Visit) -> None:
        assert app.shows("Also known as Chi")

    async def today(app: Visit) -> None:
        assert app.shows("Chidi Okoro (Chi)")

    at(house, amina, f"/families/{family}", page)
    at(house, amina, "/", today)


def test_making_a_number_unsafe_leaves_a_line_with_who_did_it(house, amina):
    family = amina.book.families.register(okoro())
    (mother,) = amina.book.families.get(family).adults
    house.passes(hours=1)
    amina.book.families.mark_unsafe(mother.routes[0].id)

    async def steps(app: Visit) -> None:
        (line,) = (row for row in app.rows() if "Safe contact" in row and "Not safe" in row)
        assert line.startswith("today")

    at(house, amina, f"/families/{family}", steps)
    (unsafe, agreed) = (
        e for e in amina.book.families.timeline(family).entries if e.event is Event.SAFE_CONTACT
    )
    assert (unsafe.code, unsafe.author, unsafe.text) == ("no", amina.person, "07700 900201")
    assert (agreed.code, agreed.author) == ("yes", amina.person)


def test_what_is_to_come_does_not_push_away_what_has_happened(house, amina):
    family = amina.book.families.register(okoro())
    for week in range(26):
        amina.book.diary.book(Booking(family=family, starts=MONDAY + timedelta(weeks=week, days=1)))

    async def steps(app: Visit) -> None:
        assert not any(", Appointment, " in line for line in app.texts())
        assert app.texts().count("Home visit") == 5
        await app.click("Show later ones")
        await app.click("Show later ones")
        assert app.texts().count("Home visit") == 26

    at(house, amina, f"/families/{family}", steps)


def test_a_number_with_a_warning_is_not_called_plainly_safe(house, amina):
    def register(name: str, shared: Allowed) -> str:
        route = RouteForm(
            number="07700 900204",
            allowed=Allowed.YES,
            shared_phone=shared,
            voicemail=Allowed.YES,
            neutral_wording=False,
        )
        mother = PersonForm(given="Jo", surname=name, relation=Relation.MOTHER, routes=(route,))
        return amina.book.families.register(okoro(name=name, people=(mother,)))

    calm, careful = register("Okoro", Allowed.NO), register("Marsh", Allowed.YES)

    async def plainly(app: Visit) -> None:
        assert "Safe to use" in app.texts()

    async def with_care(app: Visit) -> None:
        assert "Safe with care" in app.texts()
        assert "Safe to use" not in app.texts()

    at(house, amina, f"/families/{calm}", plainly)
    at(house, amina, f"/families/{careful}", with_care)


def test_a_search_that_finds_only_notes_does_not_say_that_nothing_matches(house, amina):
    family = amina.book.families.register(okoro())
    begun = amina.book.notes.start(family, occurred_at=MONDAY)
    amina.book.notes.sign(replace(begun, text="The Zephyrine centre has a place."))
    amina.vault.work_in_background()

    async def steps(app: Visit) -> None:
        await app.fill("Search names, addresses and notes", "Zephyrine")
        assert app.shows("Found in what was written")
        assert not app.shows("No family matches.")
        await app.fill("Search names, addresses and notes", "Quixotic")
        assert app.shows("No family matches.")

    at(house, amina, "/families", steps)


def test_what_stands_in_the_way_may_be_asked_without_waiting_for_a_second_miss(house, amina):
    family = amina.book.families.register(okoro())
    then = amina.book.diary.book(Booking(family=family, starts=MONDAY - timedelta(days=3)))
    (mother,) = amina.book.families.get(family).adults
    amina.book.engagement.record_outcome(then, {mother.id: Code.DID_NOT_ATTEND})

    async def steps(app: Visit) -> None:
        await app.click("Ask what stands in the way")
        assert app.route.startswith(f"/families/{family}/obstacle/")

    at(house, amina, f"/families/{family}", steps)
    assert len(amina.book.engagement.conversations(family=family)) == 1


def test_who_opened_a_restricted_note_and_why_is_told_to_its_writer(house, amina, grace):
    family = amina.book.families.register(okoro())
    draft = amina.book.notes.start(family, restricted=True)
    note = amina.book.notes.sign(
        amina.book.notes.save_draft(replace(draft, text="Where the money comes from."))
    ).id
    house.carry()

    async def before(app: Visit) -> None:
        assert app.shows("Nobody else has opened it.")

    async def opens(app: Visit) -> None:
        assert not app.shows("Where the money")
        await app.fill("Why do you open it?", "Her worker is away.")
        await app.click("Open note")
        assert app.shows("Where the money")

    async def afterwards(app: Visit) -> None:
        assert any(
            line.startswith("Grace Adeyemi, ") and line.endswith(": Her worker is away.")
            for line in app.texts()
        )

    at(house, amina, f"/notes/{note}", before)
    at(house, grace, f"/notes/{note}", opens)
    house.carry()
    at(house, amina, f"/notes/{note}", afterwards)
