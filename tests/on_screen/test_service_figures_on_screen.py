"""From a supervisor's figures to the manager who sees every team and no family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import flet as ft
import pytest

from app import outside
from app.casework.figures import Span
from casebooks import House
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced
from on_screen.at_work import Visit, at
from published import durham
from published.writing import Writing

EVENING = datetime(2019, 3, 31, 18, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    """Durham's families with Grace; Rhian manages the service, Amina works in it."""
    made = House(tmp_path, EVENING, unsynced)
    for who in (GRACE, RHIAN, AMINA):
        made.joins(who)
    made.opens("durham")
    durham.write(Writing(made.members[GRACE.person]))
    yield made
    made.close()


def test_she_sees_what_goes_out_before_it_goes_and_lets_a_manager_in(house, monkeypatch):
    grace, rhian, amina = (house.members[w.person] for w in (GRACE, RHIAN, AMINA))
    saved: dict[str, bytes] = {}

    async def keep(name: str, data: bytes) -> bool:
        saved[name] = data
        return True

    monkeypatch.setattr(outside, "save", keep)

    async def publishes(app: Visit) -> None:
        await app.chip("Everything")
        await app.click("Publish to the whole service")
        assert "Unborn, on a child protection plan: fewer than can be given" in app.texts()
        assert any("Numbers from 1 to 4 are not given" in said for said in app.texts())
        assert not any("(F-" in said for said in app.texts())
        await app.click("Publish")
        await app.click("Yes, publish")
        assert "Published." in app.texts()

    async def lets_in(app: Visit) -> None:
        await app.click("Dr Rhian Pryce")
        assert "Dr Rhian Pryce sees it at the next contact." in app.texts()

    async def manages(app: Visit) -> None:
        assert "Northmere" in app.texts()
        assert "10.8 (54 ÷ 5)" in app.texts()
        assert "1 team. Where a number is too small to give, it says so." in app.texts()
        await app.click("Save as CSV")

    async def sees_nothing(app: Visit) -> None:
        assert "No team has published anything that you may see yet." in app.texts()

    at(house, grace, "/team/figures", publishes)
    at(house, grace, "/team/managers", lets_in)
    house.carry()
    at(house, rhian, "/service", manages)
    at(house, amina, "/service", sees_nothing)
    rows = saved["service-figures-2019-03-31.csv"].decode("utf-8-sig").splitlines()
    assert rows[0] == "Figure,Part,Northmere"
    assert "Referrals,,64" in rows
    assert "Families for each social worker,,10.8 (54 ÷ 5)" in rows


def test_the_service_is_a_place_only_for_whoever_was_let_in(house):
    grace, rhian = house.members[GRACE.person], house.members[RHIAN.person]

    async def before(app: Visit) -> None:
        assert "Service" not in _places(app)

    async def after(app: Visit) -> None:
        assert "Service" in _places(app)

    at(house, rhian, "/", before)
    grace.book.publishing.publish(Span(first=durham.FIRST, last=durham.LAST))
    grace.book.publishing.share_with(RHIAN.person)
    house.carry()
    at(house, rhian, "/", after)


def _places(app: Visit) -> list[str]:
    return [str(d.label) for d in app.controls(ft.NavigationBarDestination)]
