"""What one tab shows of the device it looks at: small observables, split by who redraws.

Several tabs may look at one device process. An observable belongs to exactly one tab: changing it
redraws through that tab's own connection, so nothing here is ever shared between tabs, and it is
changed only on the event loop inside that tab's context (`Tab.hand_over` sees to both).
Split on purpose: a tick of the sync line must not redraw the note being written.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload
from weakref import WeakValueDictionary

import flet as ft

from app.lifecycle import Why
from app.settings import Brightness, TextSize
from app.trail import Trail

if TYPE_CHECKING:
    from app.alerts import Alert
    from app.session import Session

log = logging.getLogger(__name__)
T = TypeVar("T")

Stage = Literal["setup", "locked", "handed", "open"]
Flush = Callable[[], Awaitable[None] | None]
WIDE = 840.0
"""Logical pixels from which there is room for a rail beside the page."""


NEW_DAY = "new day"
"""Named among the kinds of `use_changes`: midnight has passed where the device stands."""


class NotOpen(RuntimeError):
    """Records were asked for while the device is locked."""


@ft.observable
@dataclass
class Gate:
    """Which of the worlds the tab shows; `handed`: locked, with a form in a parent's hands."""

    stage: Stage = "setup"
    covered: bool = False
    why: Why | None = None
    """What locked the device last, for the unlock screen."""
    redraws: int = 0
    """Raised to have everything drawn again, after a lost connection."""


@ft.observable
@dataclass
class Countdown:
    """Seconds until the device locks, once that is announced."""

    seconds: int | None = None


@ft.observable
@dataclass
class SyncGlance:
    """The sync line: how much is only on this device, and whether it is moving."""

    waiting: int | None = None
    """None until it was counted, and when it cannot be: never taken for nothing."""
    done: int | None = None
    total: int | None = None
    offline: bool = False
    trouble: bool = False
    """Something needs a person: refused changes, an ended access, a wrong office."""
    last_contact: datetime | None = None
    """When the office last answered, UTC."""
    rounds: int = 0
    """Rises with every round that ended; `session.rounds.last` says how."""


@ft.observable
@dataclass
class Look:
    """How the tab draws: its width in logical pixels and what the person chose."""

    width: float = 0.0
    text_size: TextSize = "normal"
    brightness: Brightness = "system"
    language: str = "en_GB"

    @property
    def wide(self) -> bool:
        return self.width >= WIDE


@ft.observable
@dataclass
class DueGlance:
    """What begins soon, for the banner above every screen."""

    alerts: tuple[Alert, ...] = ()


@ft.observable
@dataclass
class Ripple:
    """Rises when records of certain kinds changed."""

    count: int = 0


@dataclass(eq=False, kw_only=True)
class Tab:
    """One window or browser tab looking at the device. Not observable itself."""

    id: str
    page: ft.Page
    session: Session
    loop: asyncio.AbstractEventLoop
    context: contextvars.Context
    gate: Gate = field(default_factory=Gate)
    countdown: Countdown = field(default_factory=Countdown)
    sync: SyncGlance = field(default_factory=SyncGlance)
    look: Look = field(default_factory=Look)
    due: DueGlance = field(default_factory=DueGlance)
    flushes: dict[int, Flush] = field(default_factory=dict)
    """What must be written down before this tab is blanked, locked or closed."""
    busy: set[tuple[int, str]] = field(default_factory=set)
    """Control and event whose handler is still running; see guards.handler."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a handler that works with what was typed begins; see guards.handler."""
    draw: Callable[[], None] = lambda: None
    """Draws the whole tab anew; what was typed and not flushed is gone then."""
    trail: Trail = field(default_factory=Trail)
    """Where it has been; see `navigation`."""
    connected: bool = True
    stale: bool = False
    """Its drawing was thrown away while nobody was connected; draw anew on return."""
    _ripples: WeakValueDictionary[frozenset[str], Ripple] = field(
        default_factory=WeakValueDictionary
    )

    def hand_over(self, change: Callable[[Tab], None]) -> None:
        """Have `change(tab)` called on the loop in this tab's context. Safe from any thread."""
        self.loop.call_soon_threadsafe(
            functools.partial(self._apply, change), context=self.context.copy()
        )

    def _apply(self, change: Callable[[Tab], None]) -> None:
        try:
            change(self)
        except Exception as error:  # noqa: BLE001 - a failed redraw must not stop the loop
            log.warning("a change could not be shown: %s", type(error).__name__)

    def ripple(self, kinds: frozenset[str]) -> Ripple:
        """The counter that rises when any of these kinds changes; kept while somebody holds it."""
        found = self._ripples.get(kinds)
        if found is None:
            found = self._ripples[kinds] = Ripple()
        return found

    def changed(self, kinds: Collection[str]) -> None:
        """Records of these kinds changed, or one of what NEW_DAY and SENDING stand for."""
        for watched, ripple in list(self._ripples.items()):
            if not watched.isdisjoint(kinds):
                ripple.count += 1

    async def flush(self, seconds: float = 2.0) -> None:
        """Write down what is being typed. A flush that fails or hangs stops nobody else's."""
        for flush in list(self.flushes.values()):
            try:
                async with asyncio.timeout(seconds):
                    started = flush()
                    if inspect.isawaitable(started):
                        await started
            except Exception as error:  # noqa: BLE001 - the others must still be flushed
                log.error("a draft was not flushed: %s", type(error).__name__)


# -- what components ask for --------------------------------------------------------------
@overload
def use_state(initial: None) -> tuple[Any, Callable[[Any], None]]: ...
@overload
def use_state(initial: Callable[[], T]) -> tuple[T, Callable[[Any], None]]: ...
@overload
def use_state(initial: T) -> tuple[T, Callable[[Any], None]]: ...
def use_state(initial: Any) -> tuple[Any, Callable[[Any], None]]:
    """Flet's own hook with types that hold: a value, or a function that makes the first one.

    The setter takes a value, or a function of the old one.
    """
    value, set_value = ft.use_state(initial)
    return value, set_value


_TAB: ft.ContextProvider[Tab | None] = ft.create_context(None)
within = _TAB
"""Provider: `within(tab, lambda: ...)` around a tab's whole tree."""


def use_tab() -> Tab:
    """The tab this component is drawn in."""
    tab = ft.use_context(_TAB)
    if tab is None:
        raise RuntimeError("drawn outside a tab")
    return tab


def use_session() -> Session:
    """The device process's session: vault, casebook, exchange, clock, settings."""
    return use_tab().session


def use_gate() -> Gate:
    """Redraws when the device locks, unlocks, or this tab is covered."""
    return use_state(use_tab().gate)[0]


def use_countdown() -> Countdown:
    """Redraws every second while the lock is being announced."""
    return use_state(use_tab().countdown)[0]


def use_sync() -> SyncGlance:
    """Redraws as the exchange goes on."""
    return use_state(use_tab().sync)[0]


def use_due() -> DueGlance:
    """Redraws when a visit is about to begin, or no longer is."""
    return use_state(use_tab().due)[0]


def use_look() -> Look:
    """Redraws when the window's width or the chosen look changes."""
    return use_state(use_tab().look)[0]


def use_wide() -> bool:
    """Whether there is room for a rail and two columns."""
    return use_look().wide


def use_changes(*kinds: str) -> int:
    """Redraw when records of any of these kinds change; returns a counter for `use_memo`.

    The kinds must be the same on every draw.
    """
    tab = use_tab()
    ripple, _set = use_state(lambda: tab.ripple(frozenset(kinds)))
    return ripple.count


def use_leaving(flush: Flush) -> None:
    """Call `flush` before this tab is blanked, locked or closed, and when the screen is left.

    For everything that is being typed. It may be called when nothing changed.
    """
    tab = use_tab()
    newest: ft.MutableRef[Flush | None] = ft.use_ref(None)
    newest.current = flush

    def register() -> None:
        tab.flushes[id(newest)] = lambda: newest.current() if newest.current else None

    async def leave() -> None:
        last = tab.flushes.pop(id(newest), None)
        if last is None:
            return
        started = last()
        if inspect.isawaitable(started):
            await started

    ft.use_effect(register, dependencies=[], cleanup=leave)
