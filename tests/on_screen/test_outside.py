"""Ringing, maps and copying: what leaves the app, and how long it stays open for it."""

import asyncio
from typing import Any

import pytest

from app import outside
from app.lifecycle import Why
from driver.inprocess import InProcessApp
from fakes import FakeClock
from on_screen.small_house import Door, house


class Platform:
    """What the client would be asked to do, written down instead."""

    def __init__(self, app: InProcessApp, *, missing: bool = False) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._missing = missing
        session: Any = app.session
        session.invoke_method = self._hear

    async def _hear(self, _control: int, name: str, arguments: Any, *_: Any) -> None:
        if self._missing:
            raise RuntimeError("no such service")
        self.asked.append((name, arguments))


def with_open_house(steps):
    def test():
        async def go():
            door, clock = Door(locked=False), FakeClock()
            session, main = house(door, clock=clock)
            async with InProcessApp(main) as app:
                await steps(app, session, clock)
                assert not app.crashed()
            door.close()

        asyncio.run(go())

    test.__name__ = steps.__name__
    return test


async def leaves(session, clock, seconds: float) -> Why | None:
    """Go out of sight for so long; why it locks then."""
    (tab,) = session.tabs.values()
    await session.hide(tab)
    clock.advance(seconds)
    return session.lifecycle.verdict().lock


@with_open_house
async def test_ringing_hands_over_the_bare_number(app, session, clock):
    platform = Platform(app)
    await app.click("Ring")
    assert [(name, asked["url"]) for name, asked in platform.asked] == [
        ("launch_url", "tel:07700900123")
    ]


@with_open_house
async def test_an_address_is_opened_in_a_map(app, session, clock):
    platform = Platform(app)
    await app.click("Show on the map")
    url = platform.asked[0][1]["url"]
    assert url.startswith("https://www.openstreetmap.org/search?query=4+Bridge+Street")


@pytest.mark.parametrize("what", ["Ring", "Show on the map"])
@pytest.mark.parametrize(("seconds", "why"), [(299, None), (300, Why.AWAY)])
def test_both_allow_five_minutes(what, seconds, why):
    @with_open_house
    async def steps(app, session, clock):
        Platform(app)
        await app.click(what)
        assert await leaves(session, clock, seconds) is why

    steps()


@with_open_house
async def test_copying_allows_no_more_than_usual(app, session, clock):
    Platform(app)
    await app.click("Copy")
    assert await leaves(session, clock, 30) is Why.AWAY


@with_open_house
async def test_where_nothing_can_ring_it_says_so(app, session, clock):
    Platform(app, missing=True)
    await app.click("Ring")
    assert app.shows("nothing to open that with")


def test_what_was_copied_is_gone_after_its_time(monkeypatch):
    monkeypatch.setattr(outside, "CLIPBOARD_SECONDS", 0.01)

    @with_open_house
    async def steps(app, session, clock):
        platform = Platform(app)
        await app.click("Copy")
        assert platform.asked[0] == ("set", {"data": "4 Bridge Street"})
        await app.until(lambda: platform.asked[-1] == ("set", {"data": ""}), "an empty clipboard")

    steps()
