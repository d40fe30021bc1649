"""Forms of the service, filled in at the kitchen table and read with what got worse in sight."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import flet as ft
import pytest

from app.casework.errors import NotInRange
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DOMAINS = ("Environment", "Adversity", "Resilience", "Vulnerability")
C = ((18, 21, 26, 22), (15, 22, 14, 14))


@pytest.fixture
def rct(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens("rct")
    yield made
    made.close()


@pytest.fixture
def amina(rct: House) -> Member:
    return rct.members[AMINA.person]


def scored(scores: tuple[int, ...]) -> dict[str, int]:
    return dict(zip((name.lower() for name in DOMAINS), scores, strict=True))


def test_family_c_is_better_in_all_and_worse_in_adversity(rct, amina):
    book = amina.book
    family = book.families.register(okoro())
    book.measures.fill_in(family, "resilience", "initial", scored(C[0]))

    async def steps(app: Visit) -> None:
        assert app.shows("“Initial” was filled in, but no “Evaluation” yet.")
        await app.turn_to(f"/families/{family}/measures")
        await app.click("Fill in: Evaluation")
        for name, score in zip(DOMAINS[:3], C[1], strict=False):
            await app.fill(name, str(score))
        assert app.shows("not yet")
        assert app.shows("Not filled in: Vulnerability.")
        await app.fill("Vulnerability", "14")
        assert app.shows("51")
        await app.click("Save form")
        assert app.shows("61 to 51, down 10, better")
        assert app.shows("21 to 22, up 1, worse")
        labels = [str(s.label) for s in app.controls(ft.Semantics) if s.label]
        assert "Total over time: Initial 61, Evaluation 51." in labels

    at(rct, amina, f"/families/{family}", steps)


def test_half_a_form_is_kept_and_says_what_it_lacks_and_is_completed_later(rct, amina):
    book = amina.book
    family = book.families.register(okoro())

    async def steps(app: Visit) -> None:
        await app.fill("Environment", "18")
        await app.click("Save form")
        assert app.shows("Not filled in: Adversity, Resilience, Vulnerability.")
        assert app.shows("So there is no total.")
        form = book.measures.courses(family)[0].done[0].taken
        await app.turn_to(f"/families/{family}/measures/resilience?form={form.id}")
        for name, score in zip(DOMAINS[1:], C[0][1:], strict=True):
            await app.fill(name, str(score))
        await app.click("Save form")
        assert app.shows("Initial: 61")
        assert app.shows("Corrected by")

    at(rct, amina, f"/families/{family}/measures/resilience", steps)
    [done] = book.measures.courses(family)[0].done
    before = book.history(done.taken.id)[0]
    assert before.fields["scores"] == {"environment": 18}


def test_a_form_that_a_later_one_overtook_is_still_read_and_put_right(rct, amina):
    book = amina.book
    family = book.families.register(okoro())
    first = book.measures.fill_in(family, "resilience", "initial", scored(C[0]))
    rct.passes(days=30)
    book.measures.fill_in(family, "resilience", "initial", scored(C[1]))

    async def steps(app: Visit) -> None:
        assert app.shows("Initial: 51")
        assert app.shows("Does not count: a later one was filled in for the same occasion.")
        await app.click("Initial: 61")
        await app.fill("Adversity", "20")
        await app.click("Save form")
        assert app.shows("Initial: 60")
        assert app.shows("Initial: 51")

    at(rct, amina, f"/families/{family}/measures", steps)
    assert book.measures.get(first).answers["adversity"] == 20


def test_a_score_out_of_its_range_is_said_beside_it_and_not_saved(rct, amina):
    book = amina.book
    family = book.families.register(okoro())

    async def steps(app: Visit) -> None:
        assert app.find(ft.TextField, label="Adversity").helper == "A whole number, 0 – 30"
        await app.fill("Adversity", "31")
        error = app.find(ft.TextField, label="Adversity").error
        assert error == "Please give a whole number, 0 – 30."
        await app.click("Save form")
        assert app.shows("Please check: Adversity.")

    at(rct, amina, f"/families/{family}/measures/resilience", steps)
    assert book.measures.courses(family)[0].done == ()
    with pytest.raises(NotInRange):
        book.measures.fill_in(family, "resilience", "initial", {"adversity": 31})


def test_what_was_typed_outlasts_the_lock_and_is_saved_after(rct, amina):
    book = amina.book
    family = book.families.register(okoro())
    route = f"/families/{family}/measures/resilience"

    async def begin(app: Visit) -> None:
        await app.fill("Environment", "18")
        await app.turn_to("/")

    async def again(app: Visit) -> None:
        assert app.shows("You began this earlier")
        assert app.find(ft.TextField, label="Environment").value == "18"

    at(rct, amina, route, begin)
    at(rct, amina, route, again)
