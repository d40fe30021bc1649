"""What is being written, once for the whole device however many tabs look at it.

Two tabs on one note are one sheet of paper: what is typed in one shows in the other, and there is
one text to save. A sheet is written down shortly after the last key, and at once when a tab is
hidden, left or locked. It knows nothing of what stands on it, nor where that is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from storage.errors import WriteFailed

if TYPE_CHECKING:
    from app.state import Tab

T = TypeVar("T")
QUIET_S = 0.6
"""Seconds of quiet after a key before it is written down; two are allowed."""


@dataclass(eq=False, kw_only=True)
class Sheet(Generic[T]):
    """One thing being written. `save` writes it down and gives when; None where it cannot be kept.

    `closed` says what became of it: nothing is written down any more.
    """

    said: T
    save: Callable[[T], datetime | None]
    kept_at: datetime | None = None
    began: datetime | None = None
    """When it was begun, if that was on an earlier occasion."""
    refused: WriteFailed | None = None
    """Why the last writing down failed; tried again with the next key."""
    closed: str = ""
    closed_by: Tab | None = None
    dirty: bool = False
    watchers: dict[int, tuple[Tab, Callable[[], None]]] = field(default_factory=dict)
    _soon: asyncio.Task[None] | None = None

    def put(self, said: T, by: Tab) -> None:
        """Somebody typed in that tab; every tab shows it."""
        if self.closed:
            return
        self.said = said
        self.dirty = True
        if self._soon is not None:
            self._soon.cancel()
        self._soon = asyncio.create_task(self._save_soon())
        self._shown(by)

    def save_now(self) -> None:
        """Write the newest down. A refusal is kept to be shown, and what was typed stays."""
        if not self.dirty or self.closed:
            return
        try:
            self.kept_at = self.save(self.said)
        except WriteFailed as error:
            self.refused = error
        else:
            self.dirty = False
            self.refused = None
        self._shown(None)

    def close(self, how: str, by: Tab) -> None:
        """It is signed, saved or thrown away; the other tabs learn it."""
        if self._soon is not None:
            self._soon.cancel()
        self.closed, self.closed_by = how, by
        self.dirty = False
        self._shown(None, besides=by)

    def closed_elsewhere(self, tab: Tab) -> bool:
        """Another tab has ended it; the one that did goes on by itself."""
        return bool(self.closed) and self.closed_by is not tab

    def put_away(self) -> None:
        """Nobody writes on it any more."""
        if self._soon is not None:
            self._soon.cancel()
        self.watchers.clear()

    async def _save_soon(self) -> None:
        await asyncio.sleep(QUIET_S)
        self.save_now()

    def _shown(self, by: Tab | None, besides: Tab | None = None) -> None:
        """Draw it in every tab: at once where it was typed, in their turn elsewhere."""
        for tab, draw in list(self.watchers.values()):
            if tab is by:
                draw()
            elif tab is not besides:
                tab.hand_over(lambda _tab, draw=draw: draw())  # type: ignore[misc]


class Sheets:
    """The sheets that lie open on this device. Nothing outlasts a lock."""

    def __init__(self) -> None:
        self._open: dict[str, Sheet[Any]] = {}

    def opened(self, key: str, make: Callable[[], Sheet[T]]) -> Sheet[T]:
        """The sheet of that name, as it lies open already or made now."""
        found = self._open.get(key)
        if found is None or found.closed:
            found = self._open[key] = make()
        return found

    def watch(self, key: str, sheet: Sheet[Any], watcher: int, tab: Tab, draw: Any) -> None:
        """A tab shows it from now on."""
        self._open[key] = sheet
        sheet.watchers[watcher] = (tab, draw)

    def leave(self, key: str, sheet: Sheet[Any], watcher: int) -> None:
        """A tab shows it no longer; after the last one it is put away."""
        sheet.watchers.pop(watcher, None)
        if not sheet.watchers and self._open.get(key) is sheet:
            del self._open[key]

    def __iter__(self) -> Iterator[Sheet[Any]]:
        return iter([sheet for sheet in self._open.values() if not sheet.closed])

    def clear(self) -> None:
        """The device locks: everything was written down before."""
        for sheet in self._open.values():
            sheet.put_away()
        self._open.clear()
