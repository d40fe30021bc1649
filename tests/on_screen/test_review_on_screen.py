"""The review queue as a supervisor works through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from casebooks import House, Member, okoro, pugh
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA, RHIAN):
        made.joins(who)
    made.opens()
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


def signs(member: Member, family: str, text: str, **more: object) -> str:
    notes = member.book.notes
    begun = notes.start(family, occurred_at=member.book.now - timedelta(**more))
    return notes.sign(replace(begun, text=text)).id


@pytest.fixture
def written(house: House, grace: Member) -> dict[str, str]:
    """Three notes of two writers, the newest contact last."""
    amina, rhian = house.members[AMINA.person], house.members[RHIAN.person]
    one, two = amina.book.families.register(okoro()), rhian.book.families.register(pugh())
    notes = {
        "oldest": signs(amina, one, "She had slept for the first time in a week.", days=9),
        "middle": signs(rhian, two, "He rolled over twice.", days=4),
        "newest": signs(amina, one, "Feeding well and gaining weight. " * 6, days=1),
    }
    house.carry()
    return notes


def queued(app: Visit) -> list[str]:
    tiles = [tile for tile in app.controls(ft.ListTile) if tile.key != "sync line"]
    return [str(tile.key) for tile in tiles if tile.key]


def test_the_newest_contact_stands_first_and_the_oldest_by_choice(house, grace, written):
    async def steps(app: Visit) -> None:
        assert queued(app) == [written["newest"], written["middle"], written["oldest"]]
        await app.chip("Oldest first")
        assert queued(app) == [written["oldest"], written["middle"], written["newest"]]

    at(house, grace, "/team/review", steps)


def test_after_a_decision_she_is_back_where_she_was(house, grace, written):
    async def steps(app: Visit) -> None:
        await app.choose("Written by", "Amina Yusuf")
        await app.chip("Oldest first")
        assert queued(app) == [written["oldest"], written["newest"]]
        await app.click("Okoro (RC-0101)")
        await app.click("Approve")
        assert queued(app) == [written["newest"]]
        assert app.find(ft.DropdownM2, label="Written by").value == AMINA.person
        (order,) = (c for c in app.controls(ft.Chip) if c.selected and c.key == "oldest")
        assert order.label.value == "Oldest first"

    at(house, grace, "/team/review", steps)


def test_what_was_commented_on_leaves_the_queue_for_a_view_of_its_own(house, grace, written):
    async def steps(app: Visit) -> None:
        await app.click("Pugh (RC-0102)")
        await app.fill("A word to the writer", "Was his mother there?")
        await app.click("Comment")
        assert written["middle"] not in queued(app)
        await app.chip("Looked at, not approved")
        assert queued(app) == [written["middle"]]
        await app.chip("Waiting for review")
        assert queued(app) == [written["newest"], written["oldest"]]

    at(house, grace, "/team/review", steps)


def test_words_said_with_an_approval_stand_on_the_writers_today(house, grace, written):
    grace.book.supervision.approve(written["newest"], "Please ring her on Friday.")
    house.carry()

    async def steps(app: Visit) -> None:
        (answer,) = (t for t in app.texts() if "Please ring her on Friday." in t)
        assert answer.startswith("Approved, today")

    at(house, house.members[AMINA.person], "/", steps)


def test_a_row_begins_with_whole_words(house, grace, written):
    async def steps(app: Visit) -> None:
        (beginning,) = (t for t in app.texts() if "Feeding well" in t)
        assert beginning.endswith("gaining weight. Feeding well and gaining…")

    at(house, grace, "/team/review", steps)
