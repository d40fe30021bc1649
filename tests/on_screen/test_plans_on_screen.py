"""A plan from the kitchen table to the paper that stays there, on the product's own screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from app.casework.forms import PersonForm
from app.casework.paper import MeantFor, Sheet
from app.casework.people import Relation
from app.casework.plan import Owner, PlanForm
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_paper.reading import words_of
from on_screen.at_work import Visit, at
from on_screen.downloads import Downloads

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def durham(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens("durham")
    yield made
    made.close()


@pytest.fixture
def amina(durham: House) -> Member:
    return durham.members[AMINA.person]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


async def saved(app: Visit, downloads: Downloads) -> str:
    """Press the button and read the paper."""
    return words_of(await downloads.of(app, "Save as PDF"))


def test_a_plan_is_agreed_filled_and_looked_at_again(durham, amina):
    family = amina.book.families.register(okoro())

    async def steps(app: Visit) -> None:
        assert app.shows("None agreed yet.")
        await app.click("New plan")
        await app.choose("Which plan?", "Plan for birth")
        await app.fill("What the plan is for, in the family's words", "To be ready together.")
        await app.choose("Planned residence at birth", "Foster care")
        await app.click("Save plan")
        assert app.shows("To be ready together.")
        await app.click("Add a goal")
        await app.fill("In the family's own words", "A cot and a safe place to sleep")
        await app.click("Save")
        assert app.shows("A cot and a safe place to sleep")
        await app.click("Add an action")
        await app.fill("What will be done", "Ask the housing office")
        assert "Midwifery" in app.offered("Who does it")
        assert "Chidi Okoro" in app.offered("Who does it")
        await app.choose("Who does it", "Housing")
        await app.choose("Towards which goal", "A cot and a safe place to sleep")
        await app.click("Save")
        assert app.shows("Ask the housing office (Housing)")
        await app.click("Will not be done: Ask the housing office")
        assert boxes(app) == []
        await app.click("Take it up again")
        await app.tick("Ask the housing office")
        assert boxes(app)[0].value is True
        await app.click("Look at it again")
        await app.choose("A cot and a safe place to sleep", "Reached")
        await app.fill("How it goes, in the family's words and yours", "All is there.")
        await app.click("Save review")
        assert app.shows("Goal, reached")
        assert app.shows("All is there.")

    at(durham, amina, f"/families/{family}", steps)
    [plan] = amina.book.plans.of_family(family)
    assert plan.residence_at_birth == "foster"
    assert [a.agency for a in plan.actions] == ["housing"]
    assert plan.actions[0].status == "done"


def boxes(app: Visit) -> list[ft.Checkbox]:
    return list(app.controls(ft.Checkbox))


def test_what_was_agreed_before_goes_on_in_the_new_plan_unless_left_behind(durham, amina):
    book = amina.book
    family = book.families.register(okoro())
    goes_on = book.families.add_goal(family, "A routine")
    stays = book.families.add_goal(family, "Swimming")

    async def steps(app: Visit) -> None:
        await app.tick("Swimming", on=False)
        await app.click("Save plan")

    at(durham, amina, f"/families/{family}/plans/new", steps)
    [plan] = book.plans.of_family(family)
    assert [g.id for g in plan.goals] == [goes_on]
    assert stays in {g.id for g in book.families.goals(family)}


@pytest.fixture
def apart(amina: Member) -> tuple[str, str]:
    """Parents apart: the plan has a passage of somebody else's and the mother's secret address."""
    book = amina.book
    family = book.families.register(okoro())
    mother = book.families.get(family).adults[0]
    father = book.families.add_person(
        family, PersonForm(given="Tomos", surname="Okoro", relation=Relation.FATHER)
    )
    book.families.add_address(mother.id, "9 Hidden Court", "ZX2 9ZZ", secret_from=[father])
    plan = book.plans.agree(
        family,
        PlanForm(
            kind="birth_plan",
            agreed_on=book.today,
            text="A quiet start.\n\n[third party: Mrs Lane] The neighbour hears shouting.",
            residence_at_birth="with_parents",
        ),
    )
    goal = book.plans.add_goal(family, "A cot at both homes", plan=plan)
    book.plans.add_action(
        family, "Bring the cot to 9 Hidden Court", Owner(person=mother.id), goal=goal, plan=plan
    )
    book.plans.add_action(
        family,
        "Paint the room",
        Owner(person=father),
        book.today + timedelta(days=4),
        goal=goal,
        plan=plan,
    )
    return family, plan


def test_the_paper_for_one_parent_keeps_the_others_address_and_a_neighbours_words(
    durham, amina, apart, downloads
):
    family, plan = apart

    async def steps(app: Visit) -> None:
        await app.chip("Tomos Okoro")
        assert app.shows("2 things are left out")
        assert app.shows("A place that this reader must not learn")
        assert app.shows("Told by or about somebody else: Mrs Lane")
        said = await saved(app, downloads)
        assert "A quiet start." in said
        assert "Paint the room" in said
        assert "Tomos Okoro, by Friday 27 November 2026" in said
        assert "Amina" in said
        assert "Hidden" not in said
        assert "neighbour" not in said
        assert app.shows("delete it afterwards")

    at(durham, amina, f"/families/{family}/plans/{plan}/paper", steps)
    [made] = amina.book.papers.of_family(family)
    assert (made.author, made.form.what, made.form.of) == (AMINA.person, Sheet.PLAN, plan)
    assert made.form.meant_for is MeantFor.FAMILY
    assert len(made.form.left_out) == 2
    assert made.form.put_in == ()


def test_a_plan_that_a_supervisor_agreed_names_the_worker_who_has_the_family(durham, downloads):
    grace = durham.members[GRACE.person]
    book = grace.book
    family = book.families.register(okoro())
    function = book.profile.functions[0].code
    book.supervision.allocate(family, AMINA.person, function)
    kind = book.profile.plans[0].code
    plan = book.plans.agree(family, PlanForm(kind=kind, agreed_on=book.today))

    async def steps(app: Visit) -> None:
        said = await saved(app, downloads)
        assert AMINA.name in said
        assert GRACE.name not in said

    at(durham, grace, f"/families/{family}/plans/{plan}/paper", steps)


def test_the_mother_may_read_her_own_address_and_the_worker_puts_a_passage_in(
    durham, amina, apart, downloads
):
    family, plan = apart

    async def steps(app: Visit) -> None:
        await app.chip("Chidi Okoro")
        assert app.shows("1 thing is left out")
        await app.tick("Put it in")
        assert app.shows("0 things are left out")
        said = await saved(app, downloads)
        assert "Hidden Court" in said
        assert "The neighbour hears shouting." in said
        assert "third party" not in said

    at(durham, amina, f"/families/{family}/plans/{plan}/paper", steps)
    [made] = amina.book.papers.of_family(family)
    assert len(made.form.put_in) == 1
    assert made.form.left_out == ()


def test_choosing_another_reader_takes_back_what_was_put_in(durham, amina, apart, downloads):
    family, plan = apart

    async def steps(app: Visit) -> None:
        await app.chip("Chidi Okoro")
        await app.tick("Put it in")
        await app.chip("Tomos Okoro")
        assert "neighbour" not in await saved(app, downloads)

    at(durham, amina, f"/families/{family}/plans/{plan}/paper", steps)


def test_easy_read_says_one_fact_to_a_line_and_welsh_is_offered(durham, amina, apart, downloads):
    family, plan = apart

    async def steps(app: Visit) -> None:
        await app.choose("Which words?", "Easy read, in large type")
        said = await saved(app, downloads)
        assert "Your plan" in said
        assert "Who does it: Tomos Okoro" in said
        await app.choose("Headings and dates in", "Welsh and English")
        said = await saved(app, downloads)
        assert "Eich cynllun / Your plan" in said
        assert "Dydd Llun 23 Tachwedd 2026 / Monday 23 November 2026" in said
        await app.choose("Which words?", "Plain, on one page")
        said = await saved(app, downloads)
        assert "Cynllun ar gyfer geni / Plan for birth" in said
        assert "1 / 1" in said

    at(durham, amina, f"/families/{family}/plans/{plan}/paper", steps)


def test_the_file_name_says_nothing_of_the_family_and_nothing_is_left_on_the_disk(
    durham, amina, apart, downloads
):
    family, plan = apart
    before = {p for p in durham.folder.rglob("*") if p.is_file()}

    async def steps(app: Visit) -> None:
        await saved(app, downloads)

    at(durham, amina, f"/families/{family}/plans/{plan}/paper", steps)
    assert list(downloads.files) == ["plan-2026-11-23.pdf"]
    after = {p for p in durham.folder.rglob("*") if p.is_file()}
    for path in after:
        assert b"%PDF" not in path.read_bytes(), path.name
    assert after - before <= {p for p in after if p.suffix != ".pdf"}


def test_a_paper_that_somebody_thought_better_of_is_not_called_saved(
    durham, amina, apart, downloads
):
    family, plan = apart
    downloads.path = None

    async def steps(app: Visit) -> None:
        app.session.apply_page_patch({"web": False})  # only a platform's own dialog tells
        await app.click("Save as PDF")
        await app.until(lambda: amina.book.papers.of_family(family), "it was written down")
        await app.settle()
        assert not app.shows("delete it afterwards")

    at(durham, amina, f"/families/{family}/plans/{plan}/paper", steps)
