"""A team with a desk and one family that may be texted, and its screens without a browser."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from app.casework.attendance import Code
from app.casework.forms import Booking
from app.root import opener
from app.routes import SCREENS
from app.session import Furnishing, Session
from casebooks import House, Member, mother_of, okoro, texted
from cast import AMINA, GRACE
from desk_stand_in import Desk
from driver.inprocess import InProcessApp
from fakes import unsynced

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens()
    made.members[GRACE.person].book.team.change_team(duty_phone="07700 900109")
    made.carry()
    yield made
    made.close()


@pytest.fixture
def desk(house: House) -> Desk:
    return house.gets_a_desk()


@pytest.fixture
def family(house: House, amina: Member) -> str:
    found = amina.book.families.register(okoro(people=(texted(),)))
    earlier = amina.book.with_clock(house.clock)
    first = earlier.diary.book(Booking(family=found, starts=MONDAY - timedelta(days=6)))
    earlier.engagement.record_outcome(first, {mother_of(amina.book, found): Code.ON_TIME})
    earlier.close()
    return found


def steps(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test's steps on a loop of their own."""

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


def screen(member: Member, house: House, route: str, **size: Any) -> InProcessApp:
    """Her device's screen at that address."""
    session = Session(
        folder=house.folder,
        furnishing=Furnishing(casebook=lambda _v, _e: member.book, exchange=lambda _v: None),
        vault=member.vault,
        clock=house.clock,
    )
    return InProcessApp(opener(session, SCREENS), route=route, **size)


async def press(app: InProcessApp, words: str) -> None:
    """Press what is called that in the view on top, which comes last; others lie beneath it."""
    called = [
        control
        for control in app.controls(ft.BaseControl)
        if getattr(control, "on_click", None) and getattr(control, "content", None) == words
    ]
    assert called, f"nothing to press called {words!r}; on screen: {app.texts()}"
    await app.fire(called[-1], "click")


async def book_for(app: InProcessApp, family: str) -> None:
    """Fill the booking form for that family at ten; the day is a week from today."""
    box = app.find(ft.DropdownM2, label="Family")
    app.session.apply_patch(box._i, {"value": family})
    await app.fire(box, "change", family)
    await app.fill("Time", "10:00")
