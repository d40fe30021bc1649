"""Joining with an invite: read the code, choose a passphrase, wait for the inviter's app.

The code carries the office's address, what the organisation's directory begins with, and a secret
the office never sees; so a wrong office or a changed directory is noticed here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from app.guards import screen
from app.layout import Porch
from app.parts import banners, buttons, fields, text
from app.screens.passphrase import ChoosePassphrase, Chosen, reason_not_enough
from app.state import use_session, use_state
from app.wording import Kind, _, ngettext, plain
from app.wording.setting_up import not_joined
from storage.errors import StorageError
from sync.errors import InviteRefused, Offline, SyncError
from sync.invite import SHORT_LENGTH, SHORTEST, Invite, read_invite
from sync.pairing import give_up, join, joining, poll
from sync.replacing import device_left_behind

ASK_AGAIN_S = 2.0


def read_or_say(
    code: str, before: tuple[str, bytes] | None = None
) -> tuple[Invite | None, Kind | None]:
    """The invite behind a typed code, or what is wrong with it. `before`: see `read_invite`."""
    if not code.strip():
        return None, None
    try:
        return read_invite(code, before=before), None
    except InviteRefused as error:
        return None, plain(error)


def invite_field(
    code: str, on_change: Callable[[str], Any], wrong: Kind | None, *, short: bool = False
) -> ft.Control:
    """Where the code goes, all of it in sight. `short`: eight groups may be enough.

    What is too short to be an invite is not called wrong yet: it may be half typed.
    """
    typed = len("".join(code.split()))
    whole = typed >= SHORTEST or (short and typed == SHORT_LENGTH)
    hint = (
        ngettext(
            "{n} character so far; a whole code has {least} or more.",
            "{n} characters so far; a whole code has {least} or more.",
            typed,
        ).format(n=typed, least=SHORT_LENGTH if short else SHORTEST)
        if wrong is not None
        else _("Spaces, dashes and capitals do not matter.")
    )
    return fields.long_text(
        _("Invite code"),
        code,
        on_change,
        lines=2,
        error=str(wrong) if wrong is not None and whole else None,
        hint=hint,
    )


@screen
def Join(on_joined: Callable[[], Any], on_back: Callable[[], Any]) -> ft.View:
    """The code and the passphrase on one page."""
    session = use_session()
    device = session.device
    assert device is not None
    code, set_code = use_state("")
    chosen, choose = use_state(Chosen)
    trouble, set_trouble = use_state(None)
    busy, set_busy = use_state(False)
    invite, wrong = read_or_say(code)

    async def go_on() -> None:
        if invite is None:
            set_trouble(wrong or plain(InviteRefused("mangled")))
            return
        lacking = reason_not_enough(chosen, key_store=device.has_key_store)
        if session.vault is None and lacking:
            return
        set_busy(True)
        set_trouble(None)
        try:
            vault = session.vault
            if vault is None:
                vault = await asyncio.to_thread(device.create, chosen.first)
                session.vault = vault  # kept for the next try, should this invite be refused
            before = await asyncio.to_thread(device_left_behind, device.file, device.surroundings)
            office = device.reach(invite.address)
            await asyncio.to_thread(join, vault, office, invite, replaces=before)
            session.adopt(vault)
            on_joined()
        except (SyncError, StorageError) as error:
            set_trouble(not_joined(error))
        finally:
            set_busy(False)

    lacking = reason_not_enough(chosen, key_store=device.has_key_store)
    body: list[ft.Control] = [
        text.line(
            _(
                "Paste or type the code. If you were shown a picture, read it with this device's "
                "camera, copy what it says, and paste that."
            )
        ),
        invite_field(code, set_code, wrong),
    ]
    if invite is not None:
        body.append(
            banners.banner(
                _("From {name}, for the office at {address}.").format(
                    name=invite.inviter, address=invite.address
                ),
                tone="good",
                live=True,
            )
        )
    if session.vault is None:
        body.append(ChoosePassphrase(chosen, choose, key_store=device.has_key_store))
    if trouble is not None:
        body.append(banners.problem(trouble))
    if busy:
        body.append(banners.waiting(_("Sealing this device and asking to join…")))
    elif invite is not None and session.vault is None and lacking:
        body.append(text.small(lacking))
    body.append(
        buttons.actions(
            buttons.primary(
                _("Ask to join"),
                go_on,
                disabled=busy or invite is None or (session.vault is None and lacking is not None),
            ),
            buttons.quiet(_("Back"), on_back, disabled=busy),
        )
    )
    return Porch(_("Join"), body)


@screen
def Waiting(on_back: Callable[[], Any]) -> ft.View:
    """Until somebody opens the inviter's app and says yes; the app may be closed meanwhile."""
    session = use_session()
    device, vault = session.device, session.vault
    assert device is not None
    assert vault is not None
    trouble, set_trouble = use_state(None)
    offline, set_offline = use_state(False)
    invite = joining(vault)
    task: Any = ft.use_ref(None)

    async def ask() -> None:
        while invite is not None:
            try:
                found = await asyncio.to_thread(poll, vault, device.reach(invite.address))
                set_offline(False)
                if found is not None:
                    session.adopt(vault)
                    return
            except Offline:
                set_offline(True)
            except (SyncError, StorageError) as error:
                set_trouble(plain(error))
                return
            await asyncio.sleep(ASK_AGAIN_S)

    def start() -> None:
        task.current = asyncio.create_task(ask())

    def stop() -> None:
        if task.current is not None:
            task.current.cancel()

    ft.use_effect(start, dependencies=[], cleanup=stop)

    async def other_invite() -> None:
        await asyncio.to_thread(give_up, vault)
        await on_back()

    named = invite.inviter if invite is not None else ""
    name = named or _("your supervisor")
    body: list[ft.Control] = [
        text.heading(_("Now {name} opens Doorstep").format(name=name), level=2),
        text.line(
            _(
                "On that device, under Team, then People, devices and invites, this device "
                "waits to be let in. As soon as that is done, this page goes on by itself."
            )
        ),
    ]
    if trouble is None:
        body.append(banners.waiting(_("Waiting for {name}").format(name=name)))
    else:
        body.append(banners.problem(trouble))
    if offline:
        body.append(
            banners.banner(
                _("No connection to the office just now. Asking again all the time."),
                tone="attention",
                icon=ft.Icons.CLOUD_OFF,
            )
        )
    body.append(buttons.actions(buttons.quiet(_("Use another invite"), other_invite)))
    return Porch(_("Waiting to be let in"), body)
