"""What a supervisor finds waiting on the page of her team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebooks import House, okoro
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


def test_what_came_after_an_access_had_ended_is_counted_among_what_waits(house):
    grace, amina = house.members[GRACE.person], house.members[AMINA.person]
    family = amina.book.families.register(okoro())
    house.carry()
    device = amina.vault.public.device
    last = amina.vault.head(bytes.fromhex(family), device)
    house.relay.roster.until[device, bytes.fromhex(family)] = last[0]
    begun = amina.book.notes.start(family, occurred_at=amina.book.now)
    amina.book.notes.sign(replace(begun, text="Seen at the door."))
    house.carry()

    async def steps(app: Visit) -> None:
        (waiting,) = (row for row in app.rows() if "in quarantine" in row)
        assert not app.shows("Nothing waits.")
        await app.click(waiting)
        assert waiting.startswith(f"{len(grace.vault.quarantine())} ")
        assert app.shows("Seen at the door.")

    at(house, grace, "/team", steps)


def test_an_empty_quarantine_is_no_alarm(house):
    async def steps(app: Visit) -> None:
        assert app.shows("Nothing waits.")
        assert "0 entries in quarantine" in app.rows()

    at(house, house.members[GRACE.person], "/team", steps)
