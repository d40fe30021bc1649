"""Exchanges with the office, one at a time, in a thread, and what the sync line says of them.

Knows when (`Pace`) and tells every tab how far; what a round does is sync's own business. A round
never asks anything of the person: what went wrong is kept here in kind words for whoever looks.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.casework.unsent import count_things
from app.keeping_step import keep_step
from app.pace import Pace
from app.state import Tab
from app.wording import Kind, plain
from storage.errors import StorageError, VaultLocked
from sync.errors import Offline, SyncError
from sync.outcome import Outcome, Progress

if TYPE_CHECKING:
    from app.session import Session
    from sync.exchange import Exchange

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRound:
    """How the last round ended. `trouble` is what to show, None when all went well."""

    at: datetime
    outcome: Outcome | None = None
    trouble: Kind | None = None
    offline: bool = False
    needs_somebody: bool = False
    """A person has to act: refused changes, ended access, another office, a full disk."""


class Rounds:
    """Use from the event loop."""

    def __init__(self, session: Session, pace: Pace | None = None) -> None:
        self._session = session
        self._pace = pace or Pace(session.clock.monotonic, random.random)
        self._running: asyncio.Task[None] | None = None
        self._saved_meanwhile = False
        self._opened_meanwhile = False
        self._out_of_step = False
        self.last: LastRound | None = None
        self.last_contact: datetime | None = None
        """When the office last answered, by this device's clock."""

    @property
    def running(self) -> bool:
        """Whether a round is going on."""
        return self._running is not None

    async def now(self) -> LastRound | None:
        """Do a whole round, begun now or after the one going on: that one may have asked the office
        before there was what somebody wants to fetch. How it ended; None without an office."""
        if self._running is not None:
            await asyncio.wait({self._running})
        if self._running is None:
            self._pace.asked()
            self._begin()
        if self._running is not None:
            await asyncio.shield(self._running)
        return self.last

    def saved(self) -> None:
        """Something was written down here; called on the loop."""
        self._saved_meanwhile = self.running
        self._pace.saved()

    def looked(self) -> None:
        """Somebody came back to the device: what the office has is wanted now."""
        self._pace.looked()

    def opened(self) -> None:
        """Somebody unlocked it. However lately it asked, it was locked then and fetched nothing."""
        self._opened_meanwhile = self.running
        self._out_of_step = True
        self._pace.asked()

    def tick(self) -> None:
        """Begin a round if one is due."""
        if self._running is None and self._pace.due():
            self._begin()

    async def stop(self) -> None:
        """Wait for the round going on: each of its steps is durable by itself, so briefly."""
        if self._running is not None:
            await asyncio.wait({self._running}, timeout=2)

    async def count(self) -> None:
        """Count again what is only on this device, and show it."""
        waiting = await asyncio.to_thread(only_here, self._session)
        self._session.each(lambda tab: setattr(tab.sync, "waiting", waiting))

    def tell(self, tab: Tab) -> None:
        """Show a tab that was just opened what the others show."""
        self._show(tab)
        self._session.later(self.count())

    # -- inside ---------------------------------------------------------------------------
    def _begin(self) -> None:
        exchange = self._session.exchange
        if exchange is None:
            self._keep_step()
            return
        self._running = asyncio.create_task(self._round(exchange))
        self._running.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a round was lost: %s", type(error).__name__)
            self._pace.failed(permanent=False)

    async def _round(self, exchange: Exchange) -> None:
        first = await asyncio.to_thread(todays_families, self._session)
        try:
            outcome = await asyncio.to_thread(exchange.round, self._progress, first=first)
        except (SyncError, StorageError) as error:
            self._broke_off(error)
        else:
            self._ended(outcome)
        self._session.look_again()
        # Only now: the office has said by then whether this device's clock can be planned by.
        self._keep_step()
        await self.count()
        self._session.each(self._show)

    def _keep_step(self) -> None:
        """Once after unlocking, and whenever something came in."""
        if self._out_of_step and self._session.stage == "open":
            self._out_of_step = False
            self._session.later(keep_step(self._session))

    def _broke_off(self, error: SyncError | StorageError) -> None:
        if isinstance(error, VaultLocked):  # locked meanwhile: go on sending as a locked device
            self._pace.asked()
            return
        log.info("round broke off: %s", type(error).__name__)
        offline = isinstance(error, Offline)
        self._pace.failed(permanent=error.permanent)
        self.last = LastRound(
            at=self._session.clock.now(),
            trouble=plain(error),
            offline=offline,
            needs_somebody=error.permanent or isinstance(error, StorageError),
        )

    def _ended(self, outcome: Outcome) -> None:
        now = self._session.clock.now()
        watched = not all(tab.gate.covered for tab in self._session.tabs.values())
        self._pace.went_well(watched=watched)
        if self._saved_meanwhile:  # perhaps after this round had looked at what there is to send
            self._saved_meanwhile = False
            self._pace.saved()
        if self._opened_meanwhile:  # this round had begun on a locked device
            self._opened_meanwhile = False
            self._pace.asked()
        self.last_contact = now
        self.last = LastRound(
            at=now,
            outcome=outcome,
            needs_somebody=bool(
                outcome.refusals
                or outcome.doubted
                or outcome.revoked
                or outcome.wiped
                or outcome.cloned
                or outcome.clock_off
            ),
        )
        log.info("round done: %d sent, %d received", outcome.sent, outcome.received)
        self._out_of_step = self._out_of_step or outcome.received > 0

    def _progress(self, progress: Progress) -> None:
        """Called in the round's thread."""
        moving = progress.phase == "sending" and progress.total > 0

        def show(tab: Tab) -> None:
            tab.sync.done = progress.sent if moving else None
            tab.sync.total = progress.total if moving else None

        self._session.each(show)

    def _show(self, tab: Tab) -> None:
        glance, last = tab.sync, self.last
        glance.done = glance.total = None
        glance.last_contact = self.last_contact
        glance.offline = last is not None and last.offline
        glance.trouble = last is not None and last.needs_somebody
        glance.rounds += 1


def only_here(session: Session) -> int | None:
    """How many things the office has not acknowledged; None when it cannot be counted.

    An order for the reminder desk says what a record says too (a message, a number marked unsafe),
    so it counts only where it is left alone; entries for others' inboxes are things of their own.
    """
    vault = session.vault
    if vault is None:
        return None
    try:
        size = vault.device_file.outbox_size()
        if not size.changes or vault.locked:
            return size.everything
        return max(count_things(vault.tally_unsent()), size.orders) + size.entries
    except VaultLocked:
        return size.everything
    except StorageError as error:
        log.warning("cannot count what is unsent: %s", type(error).__name__)
        return None


def todays_families(session: Session) -> list[str]:
    """Casefiles of today's appointments: they travel before all others."""
    try:
        diary = session.casebook.diary
        covered = [card for one in diary.covered() for card in one.cards]
        return [card.family.id for card in (*diary.today(), *covered)]
    except Exception as error:  # noqa: BLE001 - only an order of work; locked is the usual reason
        log.debug("today's families are not known: %s", type(error).__name__)
        return []
