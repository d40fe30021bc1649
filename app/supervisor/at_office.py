"""What only the office can say to whoever looks after the team, asked for while a page shows it.

Who asks to join, when each device was last in touch, and the reminder desk's own mark. The pages
that show it must not know how it is asked for, nor wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import flet as ft

from app.casework.overdue import DeviceSeen
from app.session import Session
from app.state import use_session, use_state
from app.wording import plain
from app.wording.kindly import Kind
from storage.errors import StorageError
from sync.errors import Offline, SyncError
from sync.pairing import Pending, pending
from sync.protocol import DeskIdentity

ASK_AGAIN_S = 5.0
NO_SIGNAL_S = 30.0
"""A connection that does not answer is held on to while it is tried, and a round waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the office said last: requests to join, and when each device was in touch."""

    requests: tuple[Pending, ...] = ()
    last: tuple[DeviceSeen, ...] = ()
    wiping: frozenset[str] = frozenset()
    desk: DeskIdentity | None = None
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOffice:
    """What the office said last, what went wrong since, and asking at once."""

    seen: Seen
    trouble: Kind | None
    again: Callable[[], Awaitable[None]]


def use_office() -> AtOffice:
    """Ask the office now and every few seconds for as long as the page stands."""
    session = use_session()
    seen, set_seen = use_state(Seen)
    trouble, set_trouble = use_state(None)
    task: Any = ft.use_ref(None)
    pause: Any = ft.use_ref(ASK_AGAIN_S)

    async def once() -> None:
        pause.current = ASK_AGAIN_S
        try:
            set_seen(await asyncio.to_thread(_ask, session))
            set_trouble(None)
        except Offline:
            pause.current = NO_SIGNAL_S
            set_seen(
                lambda old: Seen(last=old.last, wiping=old.wiping, desk=old.desk, offline=True)
            )
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))

    async def keep_asking() -> None:
        while True:
            await once()
            await asyncio.sleep(pause.current)

    def start() -> None:
        task.current = asyncio.create_task(keep_asking())

    def stop() -> None:
        if task.current is not None:
            task.current.cancel()

    ft.use_effect(start, dependencies=[], cleanup=stop)
    return AtOffice(seen=seen, trouble=trouble, again=once)


def _ask(session: Session) -> Seen:
    """Requests and sightings. Blocking: call in a thread. Raises what stops it."""
    exchange = session.exchange
    if exchange is None:
        return Seen(offline=True)
    line = exchange.line
    sightings = line.ask(line.office.devices_seen)
    certified = line.directory.devices
    return Seen(
        requests=tuple(pending(line)),
        last=tuple(
            DeviceSeen(
                device=s.device.hex(),
                person=certified[s.device].person.hex() if s.device in certified else "",
                last_contact=None
                if s.last_seen is None
                else datetime.fromtimestamp(s.last_seen / 1000, UTC),
            )
            for s in sightings
        ),
        wiping=frozenset(s.device.hex() for s in sightings if s.wipe_pending),
        desk=line.office.desk(),
    )
