"""Brings the reminder desk in step with what came from others, and after a crash.

A colleague may have moved the same visit, a parent may have answered STOP, or this process may
have ended between two writes. Runs in a thread beside everything else.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from app.state import NotOpen
from app.wrong_clock import may_plan
from storage.errors import StorageError

if TYPE_CHECKING:
    from app.session import Session

log = logging.getLogger(__name__)


async def keep_step(session: Session) -> None:
    """Withdraw what may no longer go, plan what should; the next round carries it.

    Not by a clock that the office has found wrong: the appointments of three years would be
    planned again, and their parents rung.
    """
    if not may_plan(session):
        log.info("not brought in step by a clock that is wrong")
        return
    try:
        called_off = await asyncio.to_thread(lambda: session.casebook.groups.follow_what_was_left())
        written = await asyncio.to_thread(lambda: session.casebook.reminders.reconcile())
        written += called_off
    except (NotOpen, StorageError) as error:
        log.info("not in step yet: %s", type(error).__name__)
        return
    if written:
        log.info("in step again: %d written", written)
