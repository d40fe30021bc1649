"""The worker's own alert before a visit: a banner on every screen, a badge, a sound and a word.

Computed on the device, so it needs no signal; an app that is closed can say nothing, for which
there is the calendar. Whatever leaves the app's own window says nothing of anybody: a system
notification, once Flet has one, stands behind `Notifier` and gets neutral words only.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import flet as ft
from flet_audio import Audio

from app.casework.due_now import due_now
from app.guards import attempt
from app.state import NotOpen, Tab
from app.wording import _, clock
from storage.errors import StorageError

if TYPE_CHECKING:
    from app.session import Session

log = logging.getLogger(__name__)
CHIME = "chime.wav"
"""Below assets/; made by build/chime.py."""
EVERY = 15.0
"""Seconds between two looks at the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One visit that begins soon. Screens look the family up; nothing here names anybody."""

    appointment: str
    starts: datetime


class Notifier(Protocol):
    """A way to tell somebody who may not be looking. `words` are neutral; `aloud`: with a sound."""

    async def notify(self, tab: Tab, words: str, *, aloud: bool) -> None: ...


class InApp:
    """What this version has: a soft sound, said by a screen reader, and felt where the device can.

    A browser plays nothing before somebody has touched the page; to unlock it, she has.
    """

    def __init__(self) -> None:
        self._played: Audio | None = None
        """Kept, because a player that nobody holds is taken away while it plays."""

    async def notify(self, tab: Tab, words: str, *, aloud: bool) -> None:
        """Say it in one tab. Silent where the platform offers none of it."""
        if aloud:
            await attempt(self._play)
        if not tab.gate.covered:
            await attempt(lambda: ft.SemanticsService().announce_message(words))
        await attempt(lambda: ft.HapticFeedback().vibrate())

    async def _play(self) -> None:
        # Asked to play before it has loaded, the client of the web never answers.
        self._played = Audio(src=CHIME, autoplay=True)


class Alerts:
    """Looks into the diary now and then and tells every tab. Use from the event loop."""

    def __init__(self, session: Session, notifier: Notifier | None = None) -> None:
        self._session = session
        self._notifier = notifier or InApp()
        self._looked = float("-inf")
        self._told: set[str] = set()

    def tick(self) -> None:
        """Look if it is time to."""
        now = self._session.clock.monotonic()
        if self._session.stage == "open" and now - self._looked >= EVERY:
            self._looked = now
            self._session.later(self.look())

    async def look(self) -> None:
        """What begins soon, shown in every tab; what is new is said once."""
        try:
            alerts = await asyncio.to_thread(_alerts, self._session)
        except (NotOpen, StorageError) as error:
            log.debug("no look at the diary: %s", type(error).__name__)
            return
        self._session.each(lambda tab: setattr(tab.due, "alerts", alerts))
        for alert in alerts:
            if alert.appointment not in self._told:
                self._told.add(alert.appointment)
                self._say(alert)

    def forget(self) -> None:
        """The device locks: nothing stays in any tab."""
        self._looked = float("-inf")
        self._session.each(lambda tab: setattr(tab.due, "alerts", ()))

    def _say(self, alert: Alert) -> None:
        words = _("An appointment begins at {time}.").format(time=clock(alert.starts))
        notifier, aloud = self._notifier, self._session.settings.sound == "on"

        def tell(tab: Tab) -> None:
            self._session.later(notifier.notify(tab, words, aloud=aloud))

        self._session.each(tell)


def _alerts(session: Session) -> tuple[Alert, ...]:
    book = session.casebook
    covered = (card for one in book.diary.covered() for card in one.cards)
    mine = (card.appointment for card in (*book.diary.today(), *covered))
    return tuple(Alert(appointment=a.id, starts=a.starts) for a in due_now(mine, book.now))
