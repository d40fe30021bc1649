"""The product's own screens over one member's vault, in the test's own process.

    look(house, grace, "/team/review", steps)     # async def steps(app): await app.click("Approve")

What is found and pressed stands on top: the last view, and the dialogs above it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import flet as ft

from app.root import opener
from app.routes import SCREENS
from app.session import Furnishing, Session
from casebooks import House, Member
from driver.inprocess import InProcessApp, inside

C = TypeVar("C", bound=ft.BaseControl)


class Look(InProcessApp):
    """One tab, seen from above."""

    def controls(self, kind: type[C]) -> Iterator[C]:
        views = list(super().controls(ft.View))
        yield from inside([views[-1:], self.page._dialogs.controls], kind)

    async def settle(self, turns: int = 80) -> None:
        """Several screens draw one after another."""
        await super().settle(turns)
        if self._going:
            await asyncio.gather(*self._going)
            self._going.clear()
            await super().settle(turns)

    async def chip(self, words: str) -> None:
        """Tap a chip."""
        for chip in self.controls(ft.Chip):
            if getattr(chip.label, "value", None) == words:
                await self.fire(chip, "select", True)
                return
        raise AssertionError(f"no chip {words!r}; on screen: {self.texts()}")

    def rows(self) -> list[str]:
        """The titles of the rows to tap, in order."""
        return [str(getattr(tile.title, "value", "")) for tile in self.controls(ft.ListTile)]


def look(
    house: House,
    member: Member,
    route: str,
    steps: Callable[[Look], Awaitable[None]],
    *,
    width: int = 412,
) -> Session:
    """Open `route` on that member's device and run the steps; the tab must survive them."""
    session = Session(
        folder=house.folder,
        furnishing=Furnishing(casebook=lambda *_: member.book, exchange=lambda _vault: None),
        vault=member.vault,
        clock=house.clock,
    )

    async def go() -> Any:
        async with Look(opener(session, SCREENS), route=route, width=width) as app:
            await app.settle()
            await steps(app)
            assert not app.crashed()
            assert not app.shows("could not be shown"), app.texts()

    asyncio.run(go())
    session.tabs.clear()  # nobody looks any longer, and the vault goes on
    return session
