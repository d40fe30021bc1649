"""The one ticker of a device process: watches attention, keeps tabs alive, begins exchanges.

Runs on the event loop for as long as the process does. Whatever comes from another thread is
handed to each tab in its own context (`Session.each`).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date

from app.guards import apologise, report
from app.session import Session
from app.state import NEW_DAY, Tab
from app.wording import local
from storage.errors import StorageError, VaultLocked
from storage.vault import Vault

log = logging.getLogger(__name__)
TICK = 1.0


class Ticker:
    """Start on the loop; stop locks the device, so that its image is sealed."""

    def __init__(self, session: Session, tick: float = TICK) -> None:
        self._session = session
        self._tick = tick
        self._task: asyncio.Task[None] | None = None
        # Beside the ticking: a long step of the index must not keep the lock waiting.
        self._working: asyncio.Future[None] | None = None
        self._day: date | None = None

    def start(self) -> None:
        """Begin ticking; a second call changes nothing."""
        if self._task is None:
            self._session.begin()
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop ticking, lock, and close the file."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        await self._session.end()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._tick)
            try:
                await self.once()
            except Exception as error:  # noqa: BLE001 - the next second is another chance
                report("ticking", "background", error)

    async def once(self) -> None:
        """One second's work."""
        session = self._session
        verdict = session.lifecycle.verdict()
        if verdict.lock is not None:
            await session.lock(verdict.lock)
        left = verdict.seconds_left

        def tell(tab: Tab) -> None:
            tab.countdown.seconds = left
            revive(tab)

        session.each(tell)
        day = local(session.clock.now()).date()
        if self._day not in (None, day):
            session.each(lambda tab: tab.changed({NEW_DAY}))
        self._day = day
        session.rounds.tick()
        session.alerts.tick()
        if (
            session.stage == "open"
            and session.vault is not None
            and (self._working is None or self._working.done())
        ):
            work = asyncio.to_thread(work_in_background, session.vault)
            self._working = asyncio.ensure_future(work)


def revive(tab: Tab) -> None:
    """Draw a tab anew whose drawing task has died.

    Something that our guards could not catch, such as a control that Flet refuses, ends that task
    without a word, and the tab would stay as it is for good.
    """
    drawing = getattr(tab.page.session, "_Session__updates_task", None)
    if not tab.connected or drawing is None or not drawing.done() or drawing.cancelled():
        return
    error = drawing.exception() or RuntimeError("ended")
    reference = report("drawing", "outside the guards", error)
    tab.page.session.start_updates_scheduler()
    tab.draw()
    apologise(tab.page, reference, error)


def work_in_background(vault: Vault) -> None:
    """One step of the search index or the sealed image, if either is due."""
    try:
        vault.work_in_background()
    except VaultLocked:
        log.debug("locked meanwhile")
    except StorageError as error:
        log.warning("background work: %s", type(error).__name__)
