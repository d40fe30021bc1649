"""The device process: one vault, one casebook, one exchange, and the tabs that look at them.

There is exactly one `Session` per device process, handed down by argument and context, never kept
in a module: keys and records hang on it and go when it locks. It knows how to lock, unlock and
tell every tab; what is on a screen and what is in a record it does not know.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import secrets
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flet as ft

from app import settings as kept
from app.alerts import Alerts
from app.guards import TAB
from app.handing_over import HandedOver
from app.lifecycle import Lifecycle, Rules, Why
from app.rounds import Rounds
from app.settings import Settings
from app.sheets import Sheets
from app.state import NotOpen, Stage, Tab
from app.wording import Kind, speak
from app.wording.vocabulary import speak_as
from storage.clock import Clock, SystemClock
from storage.errors import StorageError

if TYPE_CHECKING:
    from app.casework.casebook import Casebook
    from app.casework.profile import Profile
    from app.device import Device
    from app.paper import Papers
    from storage.vault import Vault
    from sync.exchange import Exchange

log = logging.getLogger(__name__)

OF_THE_SERVICE = frozenset({"team", "service_profile"})
"""Kinds of record that say which service the team is, and what its profile says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """How the parts of a device are made, so that this module imports none of them."""

    casebook: Callable[[Vault, Exchange | None], Casebook]
    exchange: Callable[[Vault], Exchange | None]
    """None while the device belongs to no organisation."""


class Session:
    """Use from the event loop only, except where a method says otherwise."""

    def __init__(
        self,
        *,
        folder: Path,
        furnishing: Furnishing,
        vault: Vault | None = None,
        device: Device | None = None,
        clock: Clock | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.folder = folder
        self.device = device
        """What setting up and pairing need: the platform, and how to reach an office."""
        self.clock: Clock = clock or SystemClock()
        self.settings: Settings = kept.load(folder)
        self.lifecycle = Lifecycle(self.clock, rules or Rules())
        self.notice: Kind | None = None
        """What must be said before unlocking, such as that a damaged file was set aside."""
        self.handed: HandedOver | None = None
        """A form that is in a parent's hands while the device is locked."""
        self.papers: Papers | None = None
        """Where a browser prints from; None in a window of our own, which prints nothing."""
        self.tabs: dict[str, Tab] = {}
        self.sheets = Sheets()
        """What is being written, shared by the tabs; put away with every lock."""
        self.vault: Vault | None = None
        self.exchange: Exchange | None = None
        self._furnishing = furnishing
        self._casebook: Casebook | None = None
        self._profile: Profile | None = None
        self._deaf_to_service: Callable[[], None] = lambda: None
        self._unsubscribe: Callable[[], None] | None = None
        self._beside: set[asyncio.Task[None]] = set()
        self._locking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.alerts = Alerts(self)
        """The worker's own alert before a visit."""
        self.rounds = Rounds(self)
        """Exchanges with the office: `await session.rounds.now()`, `session.rounds.last`."""
        speak(self.settings.language)
        if vault is not None:
            self.adopt(vault)

    # -- what screens use -----------------------------------------------------------------
    @property
    def casebook(self) -> Casebook:
        """The only doorway to records. Raises NotOpen while nothing is open."""
        if self._casebook is None:
            raise NotOpen("the device is not open")
        return self._casebook

    @property
    def stage(self) -> Stage:
        """Set up, unlock, or work."""
        if self.vault is None:
            return "setup"
        if self.vault.locked:
            return "handed" if self.handed is not None and not self.handed.aside else "locked"
        return "setup" if self.vault.me is None else "open"

    def adopt(self, vault: Vault) -> None:
        """Take a vault that was just created, joined or opened, locked or not."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self.vault, self.exchange = vault, None
        self._unsubscribe = vault.subscribe(self._records_changed)
        self._furnish(vault)

    async def unlock(self, passphrase: str) -> None:
        """Open the vault; the slow key stretching runs in a thread.

        Raises what `Vault.unlock` raises (WrongPassphrase, TooManyTries, ...).
        """
        if self.vault is None:
            raise RuntimeError("there is no vault yet")
        if self._locking is not None:
            await asyncio.shield(self._locking)
        await asyncio.to_thread(self.vault.unlock, passphrase)
        self._furnish(self.vault)
        self._put_away_what_was_handed()
        self.later(self.rounds.count())

    async def hand_over(self, handed: HandedOver) -> None:
        """Lock the device and leave a parent one form; only unlocking ends it."""
        self.handed = handed
        await self.lock(Why.ASKED)

    def take_back(self) -> None:
        """The worker has the tablet again: show her the unlock screen. What was typed is kept."""
        if self.handed is not None:
            self.handed.aside = True
            self._enter(self.stage, None)

    def hand_again(self) -> None:
        """It was the parent who asked to unlock: back to her form."""
        if self.handed is not None and not self.handed.finished:
            self.handed.aside = False
            self._enter(self.stage, None)

    async def lock(self, why: Why = Why.ASKED) -> None:
        """Write down what is being typed, hide everything in every tab, then drop the keys.

        A second call while one is going on waits for the first.
        """
        if self._locking is None:
            self._locking = asyncio.create_task(self._lock(why))
            self._locking.add_done_callback(self._locked)
        await asyncio.shield(self._locking)

    def stay(self) -> None:
        """Answer to the announced lock. The tap itself was already taken as attention."""
        self.each(lambda tab: setattr(tab.countdown, "seconds", None))

    async def touched(self) -> bool:
        """Somebody tapped or typed in one of the tabs. False: too late, and now it is locked."""
        verdict = self.lifecycle.touched()
        if verdict.lock is not None:
            await self.lock(verdict.lock)
            return False
        if any(tab.countdown.seconds is not None for tab in self.tabs.values()):
            self.stay()
        return True

    async def change_settings(self, **changes: str) -> None:
        """Keep a new look or language and show it in every tab. Raises OSError, nothing changed."""
        new = self.settings.but(**changes)
        await asyncio.to_thread(kept.save, self.folder, new)
        self.settings = new
        speak(new.language)
        self.each(show_settings)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something on the loop beside everything else; kept until it is done."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def begin(self) -> None:
        """The process's loop runs: background work may be asked for from now on."""
        self._loop = asyncio.get_running_loop()

    async def end(self) -> None:
        """The process stops: write down what is being typed, seal, close the file."""
        self._loop = None
        await self.lock(Why.ASKED)
        await self.rounds.stop()
        if self.vault is not None:
            await asyncio.to_thread(self.vault.close)

    def look_again(self) -> None:
        """Show the stage the vault is in, after something else than this session changed it."""
        if self._locking is None and any(t.gate.stage != self.stage for t in self.tabs.values()):
            if self.stage != "open":
                self._put_casebook_away()
                self.lifecycle.locked()
            self._enter(self.stage, None)

    # -- tabs -----------------------------------------------------------------------------
    def attach(self, page: ft.Page) -> Tab:
        """Take in a new tab; call inside the page's own context, on the loop."""
        tab = Tab(
            id=secrets.token_hex(8),
            page=page,
            session=self,
            loop=asyncio.get_running_loop(),
            context=contextvars.copy_context(),
        )
        tab.look.width = float(page.width or 0)
        tab.gate.stage = self.stage
        self.tabs[tab.id] = tab
        page.session.store.set(TAB, tab)
        show_settings(tab)
        self.rounds.tell(tab)
        return tab

    def detach(self, tab: Tab) -> None:
        """The tab's session expired: nobody will come back to it."""
        self.tabs.pop(tab.id, None)
        self.lifecycle.left(tab.id)

    async def hide(self, tab: Tab) -> None:
        """The tab went out of sight: cover it at once, then write down what was typed."""
        self.lifecycle.left(tab.id)
        tab.gate.covered = True
        await tab.flush()

    async def show(self, tab: Tab) -> None:
        """The tab is in sight again: lock first if it was away too long, then uncover."""
        verdict = self.lifecycle.came_back(tab.id)
        if verdict.lock is not None:
            await self.lock(verdict.lock)
        tab.gate.covered = False
        self.rounds.looked()

    def each(self, change: Callable[[Tab], None]) -> None:
        """Have `change(tab)` called for every tab, in its own context. Safe from any thread."""
        for tab in list(self.tabs.values()):
            tab.hand_over(change)

    # -- inside ---------------------------------------------------------------------------
    def _furnish(self, vault: Vault) -> None:
        """Make what stands on the vault and show the stage it is in."""
        stage = self.stage
        # One for as long as the vault is here: it keeps its line to the office over locks.
        self.exchange = self.exchange or self._furnishing.exchange(vault)
        if stage == "open":
            self._casebook = self._furnishing.casebook(vault, self.exchange)
            self._service_known()
            # Subscribed after the casebook, which has then forgotten what it knew.
            self._deaf_to_service()
            self._deaf_to_service = self._casebook.subscribe(self._of_service)
            self.lifecycle.unlocked()
            self.rounds.opened()
        self._enter(stage, None)

    def _put_away_what_was_handed(self) -> None:
        """Before anything is drawn: the worker's form takes up what the parent typed."""
        handed = self.handed
        if handed is None or self.stage != "open":
            return
        try:
            handed.put_away(self.casebook, handed)
        except StorageError as error:  # the disk is full: it is kept here, for the next time
            handed.aside = True
            log.warning("a form that was handed over waits: %s", type(error).__name__)
        else:
            self.handed = None

    def _put_casebook_away(self) -> None:
        """With it go the names it has read."""
        self._deaf_to_service()
        if self._casebook is not None:
            self._casebook.close()
        self._casebook = None
        self._service_known()
        self.alerts.forget()

    def _enter(self, stage: Stage, why: Why | None) -> None:
        def show(tab: Tab) -> None:
            tab.gate.why = why
            tab.gate.stage = stage

        self.each(show)

    async def _lock(self, why: Why) -> None:
        if self.stage != "open" or self.vault is None:
            return
        await asyncio.gather(*(tab.flush() for tab in list(self.tabs.values())))
        self.sheets.clear()
        self.lifecycle.locked()
        self._put_casebook_away()
        try:
            # Not asked of the vault, which is locked only below.
            self._enter("locked" if self.handed is None else "handed", why)
            for tab in list(self.tabs.values()):
                tab.flushes.clear()
                if not tab.connected:
                    tab.context.copy().run(forget_drawing, tab)
            # Flet draws in tasks of its own: their turn, so that nothing is drawn from a vault
            # that is just being locked.
            for _turn in range(3):
                await asyncio.sleep(0)
        finally:
            # Whatever becomes of the drawing, the keys go.
            await asyncio.to_thread(self.vault.lock)
        log.info("locked: %s", why.value)

    def _locked(self, done: asyncio.Task[None]) -> None:
        self._locking = None
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("locking failed: %s", type(error).__name__)

    def _records_changed(self, kinds: Collection[str]) -> None:
        self.each(lambda tab: tab.changed(kinds))
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._something_waits)

    def _of_service(self, kinds: Collection[str]) -> None:
        """From any thread: the team's service or its profile was written, or arrived."""
        if self._loop is not None and not OF_THE_SERVICE.isdisjoint(kinds):
            self._loop.call_soon_threadsafe(lambda: self.later(self._service_changed()))

    def _service_known(self) -> bool:
        """Speak as the team's service does; True when that is another than before."""
        profile = self._casebook.profile if self._casebook is not None else None
        changed = profile != self._profile
        self._profile = profile
        speak_as(profile)
        return changed

    async def _service_changed(self) -> None:
        """Every word on the screen may be another: write down what is typed, then draw anew."""
        if self._service_known():
            await asyncio.gather(*(tab.flush() for tab in list(self.tabs.values())))
            self.each(draw_again)

    def _something_waits(self) -> None:
        self.rounds.saved()
        self.later(self.rounds.count())


def draw_again(tab: Tab) -> None:
    """Have everything in a tab drawn anew."""
    tab.gate.redraws += 1


def show_settings(tab: Tab) -> None:
    """Bring a tab's look up to the session's settings."""
    from app.theme import dress

    chosen = tab.session.settings
    tab.look.text_size = chosen.text_size
    tab.look.brightness = chosen.brightness
    tab.look.language = chosen.language
    dress(tab.page, chosen)
    tab.gate.redraws += 1


def forget_drawing(tab: Tab) -> None:
    """Throw away what a disconnected tab last drew, so that no return can show it again.

    Flet drops updates while nobody is connected and hands the old drawing to whoever comes back.
    """
    page: Any = tab.page
    tab.stale = True
    page._dialogs.controls.clear()  # noqa: SLF001 - Flet offers no other way to drop a dialog
    page.views = [ft.View(route="/")]
    page.update()
