"""Around every drawing and every tap: one mistake must not freeze or replace the whole app.

Flet gives up silently when a component raises while redrawing, and shows the exception to the
person when a handler raises. So nothing is drawn or handled outside these guards. They log the
kind of error and a random reference, never its text, arguments or locals: those may be a family's.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import flet as ft

from app.casework.errors import Unknown
from app.state import NotOpen, Tab
from app.unread import first_unread, show_unread
from app.wording import _, plain

log = logging.getLogger(__name__)
T = TypeVar("T")
Handler = Callable[[Any], Awaitable[None]]
TAB = "tab"
"""Under this name a page's session store keeps its `Tab`."""


def screen(draw: Callable[..., Any]) -> Callable[..., ft.View]:
    """A component that is a whole view, usually by returning `Shell(...)`.

    Takes what `draw` takes, and Flet's `key`.
    """
    return _guarded(draw, lambda said: [_broken_view(said)])


def part(draw: Callable[..., Any]) -> Callable[..., ft.Control]:
    """A component inside a view."""
    return _guarded(draw, _broken_part)


def _guarded(draw: Callable[..., Any], fallback: Callable[[str], Any]) -> Callable[..., Any]:
    @functools.wraps(draw)
    def safe(*args: Any, **kwargs: Any) -> Any:
        try:
            return draw(*args, **kwargs)
        except NotOpen:
            # Locked a moment ago, and the lock screen is on its way: there is nothing to say.
            return fallback("")
        except Unknown as error:
            # Taken away, redacted, or not here yet: an ordinary thing, drawn anew when it comes.
            return fallback(str(plain(error)))
        except Exception as error:  # noqa: BLE001 - anything else freezes the tab for good
            return fallback(_sorry(report("drawing", draw.__qualname__, error)))

    return ft.component(safe)


def handler(
    act: Callable[..., Any] | None,
    *,
    once: bool = False,
    touch: bool = True,
    fresh: bool = False,
    readable: bool = False,
    source: Callable[..., Any] | None = None,
) -> Any:
    """Wrap what happens on a tap or a key. Idempotent; None stays None.

    `act` may be sync or async and may take the event or nothing; parameters with defaults are
    the caller's own (`lambda f=family: open_family(f)`), never the event.
    `once`: while it runs, further taps on the same control do nothing (no double booking).
    `touch=False` for events that no person caused, such as losing the focus.
    `fresh` for what works with what was typed: it waits until the last key has been drawn and then
    does what the control does by then, so that Enter straight after a key misses no letter.
    `readable` for what saves: it waits while a field beside it holds words that cannot be read.
    `source` is the function that tells what is done, when `act` only wraps it.
    """
    if act is None or getattr(act, "guarded", False):
        return act
    what = _Act(act, _takes_event(act), getattr(source or act, "__code__", None))

    @functools.wraps(act)
    async def safe(e: ft.Event[ft.BaseControl]) -> None:
        page = ft.context.page  # the event's own loses its page once its control is redrawn
        tab = tab_of(page)
        # The control's number is the one identity that survives a redraw.
        key = (e.control._i, e.name)  # noqa: SLF001
        running = tab.busy if tab is not None and once else set()
        if key in running:
            return
        running.add(key)
        try:
            if tab is not None and touch and not await tab.session.touched():
                return
            if readable and (field := first_unread(page, e.control)) is not None:
                await attempt(lambda: show_unread(field))
                return
            if tab is not None and fresh:
                started = await _in_turn(tab, what, e)
            else:
                started = what.begin(e)
            if inspect.isawaitable(started):
                await started
        except Exception as error:  # noqa: BLE001 - anything else replaces the whole app
            apologise(page, report("handling", act_name(act), error), error)
        finally:
            running.discard(key)

    # Flet asks the signature how to call: it must see ours, which takes the event.
    del safe.__wrapped__  # put there by functools.wraps
    safe.guarded = what  # type: ignore[attr-defined]  # a mark for ourselves
    return safe


@dataclass(frozen=True, slots=True)
class _Act:
    """What a handler does, whether it is given the event, and where in our source it stands."""

    act: Callable[..., Any]
    wants_event: bool
    code: object

    def begin(self, e: ft.Event[ft.BaseControl]) -> Any:
        return self.act(e) if self.wants_event else self.act()


_TURNS = 3
"""Of the loop, in which Flet's own tasks draw what the events before have changed."""


async def _in_turn(tab: Tab, what: _Act, e: ft.Event[ft.BaseControl]) -> Any:
    """Begin what the control would do once everything typed before has been drawn.

    Gives what is still going on, to be awaited out of turn.
    """
    async with tab.turn:
        for _turn in range(_TURNS):
            await asyncio.sleep(0)
        now = _newest(what, e)
        started = now.begin(e)
        if inspect.isawaitable(started):
            started = asyncio.ensure_future(started)
            await asyncio.sleep(0)  # as far as it goes by itself; slow work goes on out of turn
        return started


def _newest(what: _Act, e: ft.Event[ft.BaseControl]) -> _Act:
    """The same act with what it has been drawn with since; never another one's."""
    control = ft.context.page.get_control(e.control._i)  # noqa: SLF001 - survives a redraw
    now = getattr(getattr(control, f"on_{e.name}", None), "guarded", None)
    if isinstance(now, _Act) and now.code is not None and now.code is what.code:
        return now
    return what


async def attempt(
    call: Callable[[], Awaitable[T]], default: T | None = None, seconds: float = 4.0
) -> T | None:
    """A platform service that may not exist here; `default` when it does not or takes too long.

    Construct the service inside `call`: some raise in their constructor.
    """
    try:
        async with asyncio.timeout(seconds):
            return await call()
    except (ft.FletUnsupportedPlatformException, RuntimeError, TimeoutError, OSError) as error:
        log.info("service not available: %s", type(error).__name__)
        return default


def report(doing: str, where: str, error: BaseException) -> str:
    """Log what kind of error happened where; returns the reference to show."""
    reference = secrets.token_hex(3).upper()
    log.error("%s %s failed: %s [%s]", doing, where, type(error).__name__, reference)
    return reference


def apologise(page: ft.Page, reference: str, error: BaseException) -> None:
    """Say kindly what happened, what is safe and what to do, at the foot of the page."""
    said = str(plain(error))
    if type(error).__module__ in _NOT_OURS:
        said = f"{said} {_('Reference {reference}.').format(reference=reference)}"
    try:
        page.show_dialog(
            ft.SnackBar(
                ft.Text(said, color=ft.Colors.ON_INVERSE_SURFACE),
                duration=ft.Duration(seconds=10),
                show_close_icon=True,
                behavior=ft.SnackBarBehavior.FLOATING,
            )
        )
    except Exception as problem:  # noqa: BLE001 - the tab may be gone; nobody is there to read it
        log.info("nobody to tell: %s", type(problem).__name__)


def tab_of(page: ft.Page) -> Tab | None:
    """The tab a page belongs to; None before it is attached."""
    return cast("Tab | None", page.session.store.get(TAB))


_NOT_OURS = {"builtins"}


def act_name(act: Callable[..., Any]) -> str:
    """Where in our source a handler stands, for the log."""
    return getattr(act, "__qualname__", type(act).__name__)


def _takes_event(act: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(act).parameters.values()
    except (TypeError, ValueError):
        return True
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(
        (p.kind in positional and p.default is p.empty) or p.kind is p.VAR_POSITIONAL
        for p in parameters
    )


def _sorry(reference: str) -> str:
    return _(
        "This part of the screen could not be shown. Nothing is lost. Reference {reference}."
    ).format(reference=reference)


def _broken_part(said: str) -> ft.Control:
    return ft.Container(
        padding=16, content=ft.Text(said, color=ft.Colors.ERROR), visible=bool(said)
    )


def _broken_view(said: str) -> ft.View:
    async def home() -> None:
        await ft.context.page.push_route("/")

    return ft.View(
        route="/not-shown",
        padding=24,
        controls=[
            ft.SafeArea(
                ft.Column(
                    [
                        ft.Text(said),
                        ft.FilledButton(_("Back to the start"), on_click=handler(home)),
                    ]
                )
            )
        ],
    )
