"""A chronology and a conference report, made on a tablet without signal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import flet as ft
import pytest

from app.casework.forms import PersonForm, ProfessionalForm
from app.casework.paper import MeantFor, Sheet
from app.casework.people import Relation
from app.casework.period import PeriodKind
from app.casework.plan import Owner, PlanForm
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_paper.reading import words_of
from on_screen.at_work import Visit, at
from on_screen.downloads import Downloads

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens("durham")
    yield made
    made.close()


@pytest.fixture
def amina(house: House) -> Member:
    return house.members[AMINA.person]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


@pytest.fixture
def family(house: House, amina: Member) -> str:
    """Four weeks of work: notes, an unsigned one, a neighbour's words, parents apart, a plan."""
    book = amina.book
    family = book.families.register(okoro())
    mother = book.families.get(family).adults[0].id
    baby = book.families.get(family).unborn[0].id
    father = book.families.add_person(
        family, PersonForm(given="Tomos", surname="Okoro", relation=Relation.FATHER)
    )
    book.families.add_address(mother, "9 Hidden Court", "ZX2 9ZZ", secret_from=[father])
    book.families.add_professional(family, ProfessionalForm(name="Siobhan Kerr", role="Midwife"))
    book.families.add_risk(family, "Two dogs in the hall.")
    house.passes(days=2)
    sign(amina, family, "Chidi was rested.\n\n[third party: Mrs Lane] Shouting at night.")
    book.families.begin_period(family, PeriodKind.LEGAL, "cp_plan", subject=baby)
    house.passes(days=7)
    sign(amina, family, "=SUM(A1) is how she began her list for the cot.")
    house.passes(days=7)
    book.notes.put_aside(replace(book.notes.start(family), text="Not thought over yet."))
    plan = book.plans.agree(
        family,
        PlanForm(kind="birth_plan", agreed_on=book.today, residence_at_birth="with_parents"),
    )
    goal = book.plans.add_goal(family, "A calm evening", plan=plan)
    book.plans.add_action(family, "Breathe", Owner(person=mother), goal=goal, plan=plan)
    return family


def sign(member: Member, family: str, text: str) -> None:
    member.book.notes.sign(replace(member.book.notes.start(family), text=text))


def test_a_chronology_for_the_court_has_signed_notes_and_their_source_and_no_secret(
    house, amina, family, downloads
):
    async def steps(app: Visit) -> None:
        await app.click("On paper")
        await app.fill("Which court, conference or case", "Northmere Family Court")
        assert app.shows("things are left out")
        assert app.shows("Not signed")
        said = words_of(await downloads.of(app, "Save as PDF"))
        for words in (
            "Chronology", "Okoro", "Northmere Family Court", "Amina Yusuf",
            "25.11.2026", "Chidi was rested.", "Note signed by Amina Yusuf", "1 /",
        ):  # fmt: skip
            assert words in said, words
        for words in ("Shouting", "Not thought over", "Hidden Court", "Mrs Lane"):
            assert words not in said, words
        assert app.shows("Saved.")
        assert app.shows("Made before")

    at(house, amina, f"/families/{family}", steps, width=1280)
    assert list(downloads.files) == ["chronology-2026-12-09.pdf"]
    [made] = amina.book.papers.of_family(family)
    assert made.form.meant_for is MeantFor.COURT
    assert made.form.to == "Northmere Family Court"
    assert len(made.form.persons) == 2, "the parents read what a court gets"


def test_a_conference_report_has_the_family_the_plan_and_the_writers_own_words(
    house, amina, family, downloads
):
    async def steps(app: Visit) -> None:
        await app.choose("Which document?", "Conference report")
        await app.fill("What we are worried about", "Nights are loud.")
        await app.fill("What is going well", "Every visit was kept.")
        await app.fill("What we ask for", "That the plan goes on.")
        said = words_of(await downloads.of(app, "Save as PDF"))
        for words in (
            "Report to the child protection conference", "Nights are loud.",
            "Every visit was kept.", "That the plan goes on.", "Siobhan Kerr", "Midwife",
            "Plan for birth", "A calm evening", "Breathe",
            "Chidi Okoro", "Planned residence at birth", "With parents", "Chidi was rested.",
        ):  # fmt: skip
            assert words in said, words
        assert "Hidden Court" not in said
        assert "Two dogs in the hall." not in said, "the parents read it: nobody put it in"
        assert app.shows("A warning for colleagues")
        assert "4 Larch Row" not in said, "an address that no longer holds"
        await app.fill("What we ask for", "That the plan goes on, and more.")
        again = words_of(await downloads.of(app, "Save as PDF"))
        assert "That the plan goes on, and more." in again, "the form can be corrected after saving"
        await app.fill("What we ask for", "That the plan goes on.")
        await downloads.of(app, "Save as PDF")

    at(house, amina, f"/families/{family}/paper", steps)

    async def again(app: Visit) -> None:
        await app.choose("Which document?", "Conference report")
        assert app.find(ft.TextField, label="What we ask for").value == "That the plan goes on."

    at(house, amina, f"/families/{family}/paper", again)
    made = amina.book.papers.of_family(family)
    assert [one.form.what for one in made] == [Sheet.CONFERENCE] * 3


def test_an_address_that_slips_into_the_writers_own_words_is_noticed(house, amina, family):
    warning = "What you wrote names a place"

    async def steps(app: Visit) -> None:
        await app.choose("Which document?", "Conference report")
        assert not app.shows(warning)
        await app.fill("What we ask for", "That visits go on at 9 Hidden Court.")
        assert app.shows(warning)
        await app.chip("Tomos Okoro")
        assert not app.shows(warning)

    at(house, amina, f"/families/{family}/paper", steps)


def test_for_the_mother_alone_her_own_address_stands_in_it(house, amina, family, downloads):
    async def steps(app: Visit) -> None:
        await app.choose("Which document?", "Conference report")
        await app.chip("Tomos Okoro")
        assert "9 Hidden Court" in words_of(await downloads.of(app, "Save as PDF"))

    at(house, amina, f"/families/{family}/paper", steps)


def test_a_chronology_for_a_spreadsheet_calculates_nothing(house, amina, family, downloads):
    async def steps(app: Visit) -> None:
        table = (await downloads.of(app, "Save as CSV")).decode("utf-8-sig")
        [head, *rows] = csv.reader(io.StringIO(table, newline=""))
        assert head == ["Day", "What", "In words", "Source"]
        [cot] = [row for row in rows if "list for the cot" in row[2]]
        assert cot[0] == "2026-12-02"
        assert cot[2].startswith("'=SUM(A1)")
        assert "Shouting" not in table

    at(house, amina, f"/families/{family}/paper", steps)
    assert [m.form.what for m in amina.book.papers.of_family(family)] == [Sheet.CHRONOLOGY]


def test_days_in_the_wrong_order_are_asked_about_and_nothing_is_made(
    house, amina, family, downloads
):
    async def steps(app: Visit) -> None:
        await app.fill("From", "5 December")
        await app.fill("Until", "1 December")
        await app.click("Save as PDF")
        assert app.shows("The last day lies before the first.")

    at(house, amina, f"/families/{family}/paper", steps)
    assert amina.book.papers.of_family(family) == []


def test_who_took_a_list_away_is_told_to_the_supervisor(house, amina, family, downloads):
    async def steps(app: Visit) -> None:
        table = (await downloads.of(app, "Save as CSV")).decode("utf-8-sig")
        [head, row] = csv.reader(io.StringIO(table, newline=""))
        assert head[:2] == ["Family", "Reference"]
        assert row[:2] == ["Okoro", "RC-0101"]
        assert "Hidden" not in table

    at(house, amina, "/families", steps)
    house.carry()
    grace = house.members[GRACE.person]

    async def told(app: Visit) -> None:
        assert app.shows("List: Families")
        assert app.shows("Amina Yusuf")
        assert app.shows("1 row")

    at(house, grace, "/team/papers", told)
    [made] = grace.book.papers.all()
    assert (made.form.what, made.family, made.form.rows) == (Sheet.LIST, "", 1)


def test_the_supervisor_reads_that_something_was_put_in(house, amina, family, downloads):
    async def steps(app: Visit) -> None:
        await app.tick("Put it in")
        assert "Shouting at night." in words_of(await downloads.of(app, "Save as PDF"))

    at(house, amina, f"/families/{family}/paper", steps)
    house.carry()
    house.carry()

    async def told(app: Visit) -> None:
        assert app.shows("Chronology: Okoro")
        assert app.shows("1 thing was put in that is left out otherwise")

    at(house, house.members[GRACE.person], "/team/papers", told)
