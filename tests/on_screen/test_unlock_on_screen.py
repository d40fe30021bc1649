"""A locked device tells why it does not open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import flet as ft
import pytest

from casebooks import House, Member
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def amina(tmp_path: Path) -> Iterator[Member]:
    house = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        house.joins(who)
    house.opens()
    yield house.members[AMINA.person]
    house.close()


@pytest.mark.parametrize(
    ("ordered", "says"),
    [
        (True, "The access of this device was ended, and its keys were destroyed."),
        (False, "After too many wrong tries the keys on this device were destroyed."),
    ],
)
def test_a_device_without_keys_says_what_became_of_them_and_asks_for_no_passphrase(
    amina, ordered, says
):
    amina.vault.drop_keys(ordered=ordered)

    async def steps(app: Visit) -> None:
        assert app.shows(says)
        assert not list(app.controls(ft.TextField))
        assert app.shows("What it had not sent yet stays sealed")

    at(amina.access.house, amina, "/", steps)
