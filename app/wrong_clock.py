"""A device whose clock the office has found wrong, said where a day is planned.

The clock that a device was given is not asked anew here: what the office told with the last round
counts, also after a restart without a signal. Whoever sets the clock right is believed by the
next round.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import flet as ft

from app.guards import part
from app.parts.banners import banner
from app.state import use_session, use_sync
from app.theme import ROOM
from app.wording import _, lasting, ngettext
from sync.push_only import last_clock_off

if TYPE_CHECKING:
    from app.session import Session

SHOWN_AT = ("/", "/sync")
PLANS_WITHIN = timedelta(hours=6)
"""Nothing is planned by a clock further off: rules go by days, and whose day it is would be wrong.
Nearer, the hours are the desk's to keep, which goes by its own clock."""


def clock_off(session: Session) -> timedelta | None:
    """How far this device's clock is ahead of the office's, when that is more than minutes."""
    return last_clock_off(session.vault.device_file) if session.vault is not None else None


def may_plan(session: Session) -> bool:
    """Whether what is to be sent when can be worked out by this device's clock."""
    return abs(clock_off(session) or timedelta()) <= PLANS_WITHIN


@part
def WrongClock(here: str) -> ft.Control:
    """Says so on Today and on the page about the office; nothing elsewhere."""
    use_sync()  # known, or over, with a round
    session = use_session()
    off = clock_off(session)
    if off is None or here not in SHOWN_AT:
        return ft.Container(height=0)
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=8),
        content=banner(
            (
                _("This device's clock is wrong by {span}. Nothing is lost; please set the clock.")
                if may_plan(session)
                else _(
                    "This device's clock is wrong by {span}, so the days here are wrong too. "
                    "No reminder is planned by it until it is right. Nothing is lost; "
                    "please set the clock."
                )
            ).format(span=span(off)),
            tone="attention",
            icon=ft.Icons.SCHEDULE,
            live=True,
        ),
    )


def span(off: timedelta) -> str:
    """In the largest whole unit that says it: hours and minutes, days, years."""
    minutes = round(abs(off).total_seconds() / 60)
    if minutes < 48 * 60:
        return lasting(minutes)
    days = round(minutes / (24 * 60))
    if days < 700:
        return ngettext("{n} day", "{n} days", days).format(n=days)
    years = round(days / 365.25)
    return ngettext("{n} year", "{n} years", years).format(n=years)
