"""A forgotten passphrase: pair this device again, losing nothing that was not sent.

The old file is set aside, not deleted: it sends its outbox and leaves its drafts at the office by
itself, without a passphrase, and the new device receives them once it is let in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import flet as ft

from app.device import Device
from app.guards import screen
from app.layout import Porch
from app.navigation import goto
from app.parts import banners, buttons, text
from app.screens.joining import invite_field, invite_from, read_or_say
from app.screens.passphrase import ChoosePassphrase, Chosen, reason_not_enough
from app.session import Session
from app.state import use_session, use_state
from app.wording import _, plain
from app.wording.setting_up import not_joined
from storage.errors import StorageError
from sync.errors import InviteRefused, Offline, SyncError
from sync.invite import Invite
from sync.pairing import join, may_serve
from sync.protocol import Office
from sync.replacing import last_left_behind, leave_behind, send_left_behind

log = logging.getLogger(__name__)


@screen
def Forgotten(on_back: Callable[[], Any]) -> ft.View:
    """What happens, the invite, and a new passphrase."""
    session = use_session()
    device = session.device
    assert device is not None
    code, set_code = use_state("")
    chosen, choose = use_state(Chosen)
    trouble, set_trouble = use_state(None)
    busy, set_busy = use_state(False)
    destroyed = session.vault is not None and session.vault.keys_destroyed
    before = _before(session)
    invite, wrong = read_or_say(code, before)
    lacking = reason_not_enough(chosen, key_store=device.has_key_store)

    async def go_on() -> None:
        if invite is None:
            set_trouble(wrong or plain(InviteRefused("mangled")))
            return
        if lacking:
            return
        set_busy(True)
        set_trouble(None)
        try:
            await start_anew(session, invite, chosen.first)
        except (SyncError, StorageError) as error:
            set_trouble(not_joined(error))
        else:
            # Where she was is not on the new device yet.
            await goto("/")
        finally:
            set_busy(False)

    body: list[ft.Control] = [
        text.line(
            _("Nothing is lost: what was not sent leaves by itself, still sealed.")
            if destroyed
            else _(
                "Nobody can look a passphrase up, so this device is paired anew. Nothing is lost: "
                "what was not sent leaves by itself, still sealed, and drafts come back to you."
            )
        ),
        text.line(
            _(
                "1. Ask your supervisor for an invite for yourself: sent to you to paste, or read "
                "out, when its short code of eight groups is enough."
            )
            if before is not None
            else _("1. Ask your supervisor for an invite for yourself, sent to you to paste.")
        ),
        text.line(_("2. Choose a new passphrase here.")),
        text.line(_("3. Your supervisor lets this device in.")),
        invite_field(code, set_code, wrong, short=before is not None),
        *([invite_from(invite)] if invite is not None else []),
        ChoosePassphrase(chosen, choose, key_store=device.has_key_store),
    ]
    if trouble is not None:
        body.append(banners.problem(trouble))
    if busy:
        body.append(banners.waiting(_("Sealing this device and asking to join…")))
    elif invite is not None and lacking and chosen.first:
        body.append(text.small(lacking))
    body.append(
        buttons.actions(
            buttons.primary(
                _("Pair again"), go_on, disabled=busy or invite is None or lacking is not None
            ),
            buttons.quiet(_("Back"), on_back, disabled=busy),
        )
    )
    title = _("Pair this device again") if destroyed else _("Forgotten passphrase")
    return Porch(title, body, route="/unlock")


def _before(session: Session) -> tuple[str, bytes] | None:
    """The office and the organisation this device belonged to, read without its passphrase."""
    device, vault = session.device, session.vault
    if device is None or vault is None:
        return None
    file = vault.device_file
    if file.office_url and file.org:
        return file.office_url, file.org
    # Forgotten a second time, before anybody has let it in.
    old = last_left_behind(device.file, device.surroundings)
    return old.office if old is not None else None


async def start_anew(session: Session, invite: Invite, passphrase: str) -> None:
    """Set the old file aside, make a new vault in its place, and ask to join as the same person.

    The office is asked about the invite first, so that a dead one leaves everything as it was.
    Raises storage and sync errors then. Once the old file is aside there is no way back: what
    goes wrong from there stands in the session's notice, and setting up goes on from it.
    """
    device, old = session.device, session.vault
    assert device is not None
    office = device.reach(invite.address)
    await asyncio.to_thread(may_serve, office, invite)
    if old is not None:
        await session.rounds.stop()
        await asyncio.to_thread(old.close)
    await asyncio.to_thread(leave_behind, device.file, device.surroundings)
    # Not always the one of a moment ago: that may never have been let in anywhere.
    left = await asyncio.to_thread(last_left_behind, device.file, device.surroundings)
    session.vault = vault = await asyncio.to_thread(device.create, passphrase)
    try:
        # Sent before the old device loses its access, it needs nobody to adopt it.
        await asyncio.to_thread(_send, device, office)
        replaced = left.device if left is not None else None
        await asyncio.to_thread(join, vault, office, invite, replaces=replaced)
    except Offline:
        log.info("asking to join waits for a signal")
    except (SyncError, StorageError) as error:
        session.notice = replace(
            plain(error),
            safe=_("What was not sent is kept, sealed, and leaves once this device is let in."),
        )
    # Only now: adopted earlier, the page would begin with the welcome and stay there.
    session.adopt(vault)


def _send(device: Device, office: Office) -> None:
    """Send what was left behind as far as it goes; the rest goes with the new device's rounds."""
    for _sent in send_left_behind(device.file, office, device.surroundings):
        log.info("sent from a file set aside")
