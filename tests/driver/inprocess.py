"""Render a declarative Flet app in the test's own process and press its buttons.

Uses the session object that every Flet transport uses, with a connection that only records what
would be sent: milliseconds a test, no browser, no layout. For painting and names use
driver.browser. It reaches into Flet's private parts, pinned with Flet's version.
"""

import asyncio
import dataclasses
import inspect
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Token
from types import TracebackType
from typing import Any, Self, TypeVar

import flet as ft
import msgpack
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    InvokeMethodRequestBody,
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

C = TypeVar("C", bound=ft.BaseControl)
Main = Callable[[ft.Page], Awaitable[None] | None]

_encode = configure_encode_object_for_msgpack(ft.BaseControl)


class _Recorder(Connection):
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = loop
        self.page_url = "http://127.0.0.1"
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=loop, executor=self.executor)
        self.sent: list[tuple[MessageAction, bytes]] = []
        self.asked: Callable[[InvokeMethodRequestBody], None] = lambda _request: None

    def send_message(self, message: Message) -> None:
        # Encoding is what renders components and takes the snapshots later diffs need.
        packed = msgpack.packb([message.action, message.body], default=_encode)
        self.sent.append((message.action, packed))
        if isinstance(message.body, InvokeMethodRequestBody):
            self.asked(message.body)

    def dispose(self) -> None:
        self.executor.shutdown(wait=False)


class InProcessApp:
    """One Flet session without a client. Width and height are logical pixels.

    async with InProcessApp(main) as app:
        await app.fill("Passphrase", "correct horse battery staple")
        await app.click("Unlock")
    """

    def __init__(self, main: Main, route: str = "/", width: int = 412, height: int = 892) -> None:
        self._main = main
        self._going: list[asyncio.Task[None]] = []
        self._client = {"route": route, "width": width, "height": height, "web": True}

    async def __aenter__(self) -> Self:
        self.connection = _Recorder(asyncio.get_running_loop())
        self.session = Session(self.connection)
        self.connection.asked = self._asked
        self.page: ft.Page = self.session.page
        self._token: Token[Any] = _context_page.set(self.page)
        self.session.apply_page_patch(self._client)
        answer = RegisterClientResponseBody(
            session_id=self.session.id, page_patch=self.session.get_page_patch(), error=""
        )
        self.connection.send_message(Message(MessageAction.REGISTER_CLIENT, answer))
        started = self._main(self.page)
        if inspect.isawaitable(started):
            await started
        await self.settle()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if problem is not None:
            problem.add_note(f"--- on screen: {self.texts()}")
        self.session.close()
        await asyncio.sleep(0)
        self.connection.dispose()
        _context_page.reset(self._token)

    def _asked(self, request: InvokeMethodRequestBody) -> None:
        """Go where the app sends the client; what else it asks of a client stays unanswered."""
        if request.name == "push_route":
            route = str((request.args or {})["route"])
            self._going.append(asyncio.create_task(self._goes(request, route)))

    async def _goes(self, request: InvokeMethodRequestBody, route: str) -> None:
        self.session.handle_invoke_method_results(request.control_id, request.call_id, None, None)
        self.session.apply_page_patch({"route": route})
        await self.session.dispatch_event(self.page._i, "route_change", {"route": route})

    async def travel(self, route: str) -> None:
        """Open a screen, as a link or the browser's address would."""
        await self.page.push_route(route)
        await asyncio.gather(*self._going)
        self._going.clear()
        await self.settle()

    async def settle(self, turns: int = 20) -> None:
        """Let updates that are already due be drawn. No time passes."""
        for _ in range(turns):
            await asyncio.sleep(0)

    async def until(self, check: Callable[[], object], what: str, seconds: float = 10.0) -> None:
        """Wait for what another thread brings about (scrypt, the disk)."""
        async with asyncio.timeout(seconds):
            while not check():
                await asyncio.sleep(0.01)
        await self.settle()
        assert check(), f"{what} came and went"

    def controls(self, kind: type[C]) -> Iterator[C]:
        """Every control on screen of that kind, dialogs last, outside before inside."""
        yield from inside([self.page.views, self.page._dialogs.controls], kind)

    def find(self, kind: type[C], **properties: object) -> C:
        """The first control of that kind with these properties; fails with what is on screen."""
        for control in self.controls(kind):
            if all(getattr(control, name, None) == value for name, value in properties.items()):
                return control
        raise AssertionError(f"no {kind.__name__} with {properties}; on screen: {self.texts()}")

    def texts(self) -> list[str]:
        """Every text on screen, in order."""
        return [text.value for text in self.controls(ft.Text) if text.value]

    def shows(self, text: str) -> bool:
        """Whether `text` is part of a text on screen."""
        return any(text in shown for shown in self.texts())

    async def fire(self, control: ft.BaseControl, event: str, data: Any = None) -> None:
        """Send an event as the client would ("click", "change", "select" ...)."""
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def click(self, name: str) -> None:
        """Press what shows `name` as its content, text, title or accessible name."""
        for control in self.controls(ft.BaseControl):
            if getattr(control, "on_click", None) and name in _names(control):
                await self.fire(control, "click")
                return
        raise AssertionError(f"nothing to press called {name!r}; on screen: {self.texts()}")

    async def fill(self, label: str, value: str) -> None:
        """Type into the text field with that label, in one go."""
        box = self.find(ft.TextField, label=label)
        self.session.apply_patch(box._i, {"value": value})  # what the client sends before "change"
        await self.fire(box, "change", value)

    async def choose(self, label: str, words: str) -> None:
        """Choose from the dropdown with that label the option that reads `words`."""
        box = self.find(ft.DropdownM2, label=label)
        for option in box.options or []:
            if option.text == words:
                self.session.apply_patch(box._i, {"value": option.key})
                await self.fire(box, "change", option.key)
                return
        raise AssertionError(f"no {words!r} to choose in {label!r}: {self.offered(label)}")

    def offered(self, label: str) -> list[str]:
        """What the dropdown with that label offers, in words and in order."""
        options = self.find(ft.DropdownM2, label=label).options or []
        return [option.text or "" for option in options]

    def crashed(self) -> bool:
        """Whether Flet gave this session up after an unhandled exception."""
        return any(action == MessageAction.SESSION_CRASHED for action, _ in self.connection.sent)


def inside(part: object, kind: type[C], seen: set[int] | None = None) -> Iterator[C]:
    """Every control of that kind in a part of the tree, each once, outside before inside."""
    seen = set() if seen is None else seen
    if isinstance(part, ft.BaseControl):
        if id(part) in seen:
            return
        seen.add(id(part))
        if isinstance(part, kind):
            yield part
        for field in dataclasses.fields(part):
            if not field.metadata.get("skip"):
                yield from inside(getattr(part, field.name), kind, seen)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from inside(inner, kind, seen)


def _names(control: ft.BaseControl) -> set[str]:
    """What a person could call a control: its own words, or those of a text or icon in it."""
    names = set()
    for part in ("content", "title", "text", "label", "tooltip", "icon"):
        held = getattr(control, part, None)
        if isinstance(held, str):
            names.add(held)
        for inner in ("value", "semantics_label", "label"):
            said = getattr(held, inner, None)
            if isinstance(said, str):
                names.add(said)
    return names
