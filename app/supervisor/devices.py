"""Every device of the organisation: whose, when it was last in touch, and ending its access.

Revoking a device ends its access at once, asks it to drop its keys, and keeps what it had not sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import flet as ft

from app.casework.caseload import Role
from app.casework.overdue import DeviceSeen
from app.guards import part
from app.parts import buttons, cards, dialogs, marks, text
from app.screens.own_devices import device_named
from app.state import use_session, use_state
from app.wording import _, ago, hours_or_days
from app.wording.vocabulary import word
from sync.directory import DESK, Certificate
from sync.granting import admit, revoke, to_admit
from sync.protocol import TOKEN_LIFE_S


@part
def Devices(seen: Sequence[DeviceSeen], wiping: Collection[str]) -> ft.Control:
    """Every device by person. `wiping` are those that were asked to drop their keys (hex)."""
    session = use_session()
    book = session.casebook
    line = session.exchange.line if session.exchange else None
    if line is None:
        return ft.Container()
    last = {d.device: d.last_contact for d in seen}
    silent = {d.device for d in book.supervision.unseen_devices(seen)}
    waiting = {c.device for c in to_admit(line)} if book.me.role == Role.SUPERVISOR else set()
    ordered = sorted(
        (c for c in line.directory.devices.values() if c.role != DESK),
        key=lambda c: (c.revoked is not None, book.team.name_of(c.person.hex()), c.device),
    )
    return cards.section(
        _("Devices"),
        [
            DeviceCard(
                c,
                last.get(c.device.hex()),
                c.device.hex() in silent,
                c.device.hex() in wiping,
                c.device in waiting,
                bool(seen),
                key=c.device.hex(),
            )
            for c in ordered
        ],
    )


@part
def DeviceCard(
    found: Certificate,
    last: datetime | None,
    silent: bool,
    wiping: bool,
    waiting: bool,
    heard: bool,
) -> ft.Control:
    """One device. `heard`: the office has answered when it was in touch."""
    session = use_session()
    book = session.casebook
    asking, ask = use_state(False)
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    own = session.vault is not None and book.me.device == found.device.hex()

    async def end() -> None:
        exchange = session.exchange
        if exchange is not None:
            done = await asyncio.to_thread(revoke, exchange.line, found.device.hex())
            say(
                dialogs.Said(
                    words=_("Access ended.")
                    if done
                    else _("Written down; it ends at the next contact with the office.")
                )
            )

    async def let_read() -> None:
        exchange = session.exchange
        if exchange is not None:
            await asyncio.to_thread(admit, exchange.line, found.device.hex())

    dialogs.use_question(
        asking,
        title=_("End this device's access?"),
        words=_(
            "For a lost or stolen device, or when somebody leaves. It can fetch nothing more from "
            "now on and is asked to destroy its keys at its next contact. What it had not sent "
            "yet waits for you in quarantine."
        ),
        yes=_("End access"),
        dangerous=True,
        on_yes=end,
        on_close=lambda: ask(False),
    )
    labels: list[ft.Control] = []
    if found.revoked is not None:
        labels.append(marks.status(_("Access ended"), "quiet"))
        if wiping:
            labels.append(marks.status(_("Wipe pending"), "attention"))
    elif own:
        labels.append(marks.status(_("This device"), "plain"))
    if silent and found.revoked is None:
        silence = hours_or_days(book.profile.stale_hours)
        labels.append(marks.status(_("Not seen for {time}").format(time=silence), "attention"))
    if waiting:
        labels.append(marks.status(_("May not read yet"), "attention"))
    name = book.team.name_of(found.person.hex()) or _("Somebody")
    touch = _touch(last, book.now, heard=heard) if wiping or found.revoked is None else ""
    tools: list[ft.Control] = []
    if waiting:
        tools.append(buttons.primary(_("Let it read"), let_read))
    if found.revoked is None and not own:
        tools.append(
            buttons.quiet(_("End access"), lambda: ask(True), icon=ft.Icons.PHONELINK_ERASE)
        )
    return cards.card(
        text.line(f"{name}, {word('role', found.role)}", strong=True),
        text.small(". ".join(part for part in (device_named(found.device.hex()), touch) if part)),
        *([marks.statuses(*labels)] if labels else []),
        *([buttons.actions(*tools)] if tools else []),
    )


def _touch(last: datetime | None, now: datetime, *, heard: bool) -> str:
    """When it was last in touch, no finer than the office knows: it notes each login."""
    if last is None:
        return _("Not in touch yet.") if heard else ""
    if now - last <= timedelta(seconds=TOKEN_LIFE_S):
        return _("In touch within the last {n} minutes.").format(n=TOKEN_LIFE_S // 60)
    return _("Last in touch {when}.").format(when=ago(last, now))
