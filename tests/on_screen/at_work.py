"""The product's own screens over a real vault, in the test's own process.

    visits = At(house, amina)
    async with visits.at("/families/…") as app: ...

What is found and pressed is what stands on top: the last view and the dialogs above it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import flet as ft
from flet.messaging.protocol import InvokeMethodRequestBody

from app.root import opener
from app.routes import SCREENS
from app.session import Furnishing, Session
from app.trail import bare
from casebooks import House, Member
from driver.inprocess import InProcessApp, inside

C = TypeVar("C", bound=ft.BaseControl)


class Visit(InProcessApp):
    """One tab, looking at the top of what it shows."""

    def _asked(self, request: InvokeMethodRequestBody) -> None:
        """What a client does: go where it is told, and say of everything else that it is done."""
        if request.name == "push_route":
            going = self._goes(request, bare(str((request.args or {})["route"])))
            self._going.append(asyncio.create_task(going))
        else:
            asyncio.get_running_loop().call_soon(
                self.session.handle_invoke_method_results,
                request.control_id, request.call_id, None, None,
            )  # fmt: skip

    async def settle(self, turns: int = 80) -> None:
        await super().settle(turns)

    def controls(self, kind: type[C]) -> Iterator[C]:
        views = list(super().controls(ft.View))
        yield from inside([views[-1:], self.page._dialogs.controls], kind)

    @property
    def route(self) -> str:
        return str(self.page.route)

    async def turn_to(self, route: str) -> None:
        """Go to an address as the browser does by itself: typed, or back and forward."""
        self.session.apply_page_patch({"route": route})
        await self.session.dispatch_event(self.page._i, "route_change", {"route": route})
        await self.settle()

    async def arrow(self) -> None:
        """Press the arrow in the bar."""
        top = list(super().controls(ft.View))[-1]
        await self.session.dispatch_event(self.page._i, "view_pop", {"route": top.route})
        await self.settle()

    async def choose(self, label: str, words: str) -> None:
        """Pick an option by its words, in a dropdown or a question with radios."""
        if any(box.label == label for box in self.controls(ft.DropdownM2)):
            await super().choose(label, words)
            return
        for group in self.controls(ft.RadioGroup):
            radios = {r.label: r.value for r in group.content.controls}
            if words in radios:
                self.session.apply_patch(group._i, {"value": radios[words]})
                await self.fire(group, "change", radios[words])
                return
        raise AssertionError(f"no {label!r} with {words!r}; on screen: {self.texts()}")

    async def tick(self, words: str, on: bool = True) -> None:
        """Tick a box or turn a switch by its label, or by the beginning of it."""
        for box in (*self.controls(ft.Checkbox), *self.controls(ft.Switch)):
            if str(box.label or box.data).startswith(words):
                self.session.apply_patch(box._i, {"value": on})
                await self.fire(box, "change", on)
                return
        raise AssertionError(f"nothing to tick called {words!r}; on screen: {self.texts()}")

    async def chip(self, words: str) -> None:
        """Tap a chip."""
        for chip in self.controls(ft.Chip):
            if getattr(chip.label, "value", None) == words:
                await self.fire(chip, "select", True)
                return
        raise AssertionError(f"no chip {words!r}; on screen: {self.texts()}")

    def rows(self) -> list[str]:
        """The titles of the page's rows to tap, in order."""
        tiles = [tile for tile in self.controls(ft.ListTile) if tile.key != "sync line"]
        return [str(getattr(tile.title, "value", "")) for tile in tiles]

    def fields(self) -> list[str]:
        """The labels of the text fields on screen."""
        return [str(box.label) for box in self.controls(ft.TextField)]


def at(
    house: House,
    member: Member,
    route: str,
    steps: Callable[[Visit], Awaitable[None]],
    width: int = 412,
) -> None:
    """Look at `route` on somebody's device and run the steps; the tab must survive them."""
    session = Session(
        folder=house.folder,
        furnishing=Furnishing(casebook=lambda *_: member.book, exchange=lambda _: None),
        vault=member.vault,
        clock=house.clock,
    )

    async def go() -> Any:
        async with Visit(opener(session, SCREENS), route=route, width=width) as app:
            await app.settle()
            await steps(app)
            assert not app.crashed()
            assert not app.shows("could not be shown"), app.texts()

    asyncio.run(go())
    session.tabs.clear()  # nobody looks any longer, and the vault goes on
