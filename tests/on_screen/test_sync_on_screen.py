"""The sync screen says what waits in the words of the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from app.casework.forms import Booking
from app.guards import tab_of
from app.rounds import only_here
from casebooks import House, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at
from storage.errors import StorageError
from storage.stop import StopPlan

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens()
    yield made
    made.close()


def test_a_new_family_waits_as_one_thing_and_a_draft_is_in_sight(house):
    amina = house.members[AMINA.person]
    family = amina.book.families.register(okoro())
    begun = amina.book.notes.start(family, occurred_at=MONDAY)
    amina.book.notes.save_draft(replace(begun, text="Half a sen"))

    async def steps(app: Visit) -> None:
        assert app.shows("1 only on this device")
        tab = tab_of(app.page)
        assert tab is not None
        assert only_here(tab.session) == 1
        assert app.rows() == ["Okoro: Details of the family", "Okoro: Home visit"]
        assert app.shows("Begun, and kept on this device until you sign")
        await app.click("Okoro: Home visit")
        assert app.route == f"/write/{begun.id}"

    at(house, amina, "/sync", steps)


def test_a_page_opened_anew_without_signal_never_says_that_all_is_sent(house):
    """It was said until the next round, which waits for minutes while there is no signal."""
    amina = house.members[AMINA.person]
    amina.book.families.register(okoro())

    async def steps(app: Visit) -> None:
        assert not app.shows("All sent")
        await app.until(lambda: app.shows("1 only on this device"), "the count")

    at(house, amina, "/", steps)


def test_what_cannot_be_counted_is_not_called_sent(house, monkeypatch):
    monkeypatch.setattr("app.rounds.count_things", unreadable)
    amina = house.members[AMINA.person]
    amina.book.families.register(okoro())

    async def steps(app: Visit) -> None:
        assert app.shows("Checking what is unsent")
        assert not app.shows("All sent")
        assert not app.shows("Nothing waits")

    at(house, amina, "/sync", steps)


def unreadable(_tally: object) -> int:
    raise StorageError


def test_the_line_of_a_phone_stays_when_all_is_sent_so_that_no_button_moves(house):
    """A tap that was on its way to Outcome met Ring when the line above it went away."""
    amina = house.members[AMINA.person]
    amina.book.families.register(okoro())
    heights = []

    def steps_when(said: str):
        async def steps(app: Visit) -> None:
            await app.until(lambda: app.shows(said), said)
            (line,) = [tile for tile in app.controls(ft.ListTile) if tile.key == "sync line"]
            heights.append(line.min_height)

        return steps

    at(house, amina, "/", steps_when("1 only on this device"))
    house.carry()
    at(house, amina, "/", steps_when("All sent"))
    assert heights[0] == heights[1] > 0


@pytest.mark.parametrize(
    "page", ["/notes/{note}", "/appointments/{visit}", "/", "/families/{family}"]
)
def test_a_page_left_open_stops_saying_only_on_this_device_once_it_is_not(house, page):
    amina = house.members[AMINA.person]
    family = amina.book.families.register(okoro())
    begun = amina.book.notes.start(family, occurred_at=MONDAY)
    note = amina.book.notes.sign(replace(begun, text="Feeding well.")).id
    visit = amina.book.diary.book(Booking(family=family, starts=MONDAY + timedelta(hours=2)))

    async def steps(app: Visit) -> None:
        assert app.shows("Only on this device")
        house.carry()
        await app.until(lambda: not app.shows("Only on this device"), "the page to follow")

    at(house, amina, page.format(note=note, visit=visit, family=family), steps)


@pytest.mark.parametrize("route", ["/sync", "/families"])
def test_a_device_that_no_family_has_come_to_yet_says_why(house, route):
    async def steps(app: Visit) -> None:
        assert app.shows("No family has come to this device yet.")

    at(house, house.members[AMINA.person], route, steps)


def test_a_stop_alone_still_waits_and_is_said_to_go_first(house):
    amina = house.members[AMINA.person]
    amina.vault.write([], orders=[StopPlan(route="aa" * 16, consent=1)])

    async def steps(app: Visit) -> None:
        assert app.shows("1 only on this device")
        assert app.shows("1 order for the reminder desk goes first.")
        assert not app.shows("Nothing waits")

    at(house, amina, "/sync", steps)
