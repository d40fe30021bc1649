"""The dashboard as a supervisor uses it: she reads a figure, opens it, and finds the families."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import flet as ft
import flet_charts as fc
import pytest

from app import outside
from app.parts.charts import even_steps
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from driver.inprocess import inside
from fakes import unsynced
from on_screen.at_work import Visit, at
from published import durham
from published.writing import Writing

EVENING = datetime(2019, 3, 31, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Durham's 64 families on a supervisor's laptop."""
    made = House(tmp_path_factory.mktemp("durham"), EVENING, unsynced)
    made.joins(GRACE)
    made.opens("durham")
    durham.write(Writing(made.members[GRACE.person]))
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


def test_every_figure_says_its_number_what_it_is_of_and_what_does_not_add_up(house, grace):
    async def steps(app: Visit) -> None:
        await app.chip("Everything")
        said = app.texts()
        assert "10.8" in said
        assert "54 ÷ 5" in said
        assert "Should be 10 to 12" in said
        assert "1 other or not recorded" in said
        assert "2 left out: Transferred to another authority" in said

    at(house, grace, "/team/figures", steps)


def test_a_part_opens_its_families_and_a_family_opens_from_there(house, grace):
    async def steps(app: Visit) -> None:
        await app.chip("Everything")
        await app.click("Elsewhere now")
        assert "Babies and children: 12" in app.texts()
        await app.choose("Show", "Other or not recorded")
        assert "Babies and children: 1" in app.texts()
        (family,) = [r for r in app.rows() if "(F-" in r]
        await app.click(family)
        assert str(app.page.route).startswith("/families/")

    at(house, grace, "/team/figures", steps)


def test_another_period_gives_other_figures(house, grace):
    async def steps(app: Visit) -> None:
        await app.chip("Everything")
        assert "64" in app.texts()
        await app.chip("From … to …")
        await app.fill("First day", "1 May 2018")
        await app.fill("Last day", "31 May 2018")
        assert "1 May to 31 May 2018" in app.texts()
        assert "7" in app.texts()
        await app.fill("Last day", "30 April 2018")
        assert app.find(ft.TextField, label="Last day").error == "This day is before the first."
        assert "1 May to 31 May 2018" in app.texts()

    at(house, grace, "/team/figures", steps)


def test_a_chart_says_in_words_what_it_draws(house, grace):
    async def steps(app: Visit) -> None:
        await app.chip("Everything")
        said = [s for s in app.controls(ft.Semantics) if s.label and s.exclude_semantics]
        drawn = [*app.controls(fc.PieChart), *app.controls(fc.LineChart)]
        assert len(drawn) >= 1
        for chart in drawn:
            assert any(c is chart for one in said for c in _within(one))

    at(house, grace, "/team/figures", steps)


def test_figures_and_lists_are_saved_as_tables_that_no_spreadsheet_calculates(
    house, grace, monkeypatch
):
    saved: dict[str, bytes] = {}

    async def keep(name: str, data: bytes) -> bool:
        saved[name] = data
        return True

    monkeypatch.setattr(outside, "save", keep)
    family = grace.vault.find("family", limit=1)[0].casefile
    before = grace.book.families.get(family).name
    grace.book.families.change(family, name="=HYPERLINK(1)")

    async def steps(app: Visit) -> None:
        await app.click("Save as CSV")
        await app.travel("/team/figures/referrals?first=2018-05-01&last=2019-03-31")
        await app.click("Save as CSV")

    at(house, grace, "/team/figures/all?first=2018-05-01&last=2019-03-31", steps)
    grace.book.families.change(family, name=before)
    figures = saved["figures-2018-05-01-to-2019-03-31.csv"].decode("utf-8-sig")
    assert "Where babies live,Other or not recorded,1," in figures
    assert "Families for each social worker,,10.8,54 ÷ 5,2018-05-01,2019-03-31" in figures
    records = saved["referrals-2019-03-31.csv"].decode("utf-8-sig").splitlines()
    assert len(records) == 65
    assert any(line.startswith("'=HYPERLINK(1),F-") for line in records)


def test_a_long_list_comes_a_hundred_at_a_time_and_quickly(house, grace):
    async def steps(app: Visit) -> None:
        assert len([r for r in app.rows() if "(F-" in r]) == 64

    at(house, grace, "/team/figures/referrals?first=2018-05-01&last=2019-03-31", steps)


def test_an_address_without_sense_shows_this_month_and_no_such_figure_is_said(house, grace):
    async def steps(app: Visit) -> None:
        assert "There is no such figure." in app.texts()
        await app.travel("/team/figures/referrals?first=yesterday")
        assert "No record stands behind this." in app.texts()

    at(house, grace, "/team/figures/nonsense", steps)


def test_a_family_she_may_read_no_more_is_said_to_be_missing_from_the_figures(tmp_path):
    small = House(tmp_path, EVENING, unsynced)
    for who in (GRACE, AMINA):
        small.joins(who)
    small.opens()
    grace, amina = small.members[GRACE.person], small.members[AMINA.person]
    family = grace.book.families.register(okoro(people=(), referral=None))
    held = grace.book.supervision.allocate(family, AMINA.person, "family_worker")
    small.carry()

    async def before(app: Visit) -> None:
        assert not any("Not counted" in said for said in app.texts())

    async def after(app: Visit) -> None:
        missing = "Not counted, because this device may not read it: 1 family."
        assert missing in app.texts()

    at(small, amina, "/team/figures", before)
    grace.book.supervision.end_allocation(held)
    small.carry()
    at(small, amina, "/team/figures", after)
    small.close()


def _within(control: ft.Control) -> Iterator[ft.BaseControl]:
    yield from inside(control, ft.BaseControl)


@pytest.mark.parametrize(
    ("top", "highest", "step"),
    [(0, 1, 1), (0.3, 0.3, 0.1), (1, 1, 1), (4, 4, 1), (7, 8, 2), (45, 50, 10), (155, 200, 50)],
)
def test_the_highest_number_of_an_axis_stands_on_a_step_and_on_no_other(top, highest, step):
    assert even_steps(top) == (pytest.approx(highest), pytest.approx(step))
