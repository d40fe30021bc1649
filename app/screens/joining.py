"""Joining with an invite: read the code, choose a passphrase, wait for the inviter's app.

The code carries the office's address, what the organisation's directory begins with, and a secret
the office never sees; so a wrong office or a changed directory is noticed here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import flet as ft

from app.guards import screen
from app.layout import Porch
from app.parts import banners, buttons, fields, text
from app.screens.passphrase import ChoosePassphrase, Chosen, reason_not_enough
from app.state import use_session, use_state
from app.wording import Kind, _, ngettext, plain
from storage.errors import StorageError
from sync.errors import InviteRefused, NotOurOffice, Offline, SyncError
from sync.invite import SHORT_LENGTH, SHORTEST, Invite, read_invite
from sync.pairing import give_up, has_asked, join, joining, poll
from sync.replacing import last_left_behind

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


def invite_from(invite: Invite) -> ft.Control:
    """Who made it and for which office, before anything is asked for with it."""
    return banners.banner(
        _("From {name}, for the office at {address}.").format(
            name=invite.inviter or _("your supervisor"), address=invite.address
        ),
        tone="good",
        live=True,
    )


@screen
def Join(on_joined: Callable[[], Any], on_back: Callable[[], Any]) -> ft.View:
    """The code and the passphrase on one page.

    On a device that is paired again, and whose first invite was not accepted, it says why.
    """
    session = use_session()
    device = session.device
    assert device is not None
    code, set_code = use_state("")
    chosen, choose = use_state(Chosen)
    trouble, set_trouble = use_state(session.notice)
    busy, set_busy = use_state(False)
    old, _set_old = use_state(lambda: last_left_behind(device.file, device.surroundings))
    before = old.office if old is not None else None
    invite, wrong = read_or_say(code, before)

    async def go_on() -> None:
        if invite is None:
            set_trouble(wrong or plain(InviteRefused("mangled")))
            return
        lacking = reason_not_enough(chosen, key_store=device.has_key_store)
        if session.vault is None and lacking:
            return
        set_busy(True)
        set_trouble(None)
        session.notice = None
        try:
            vault = session.vault
            if vault is None:
                vault = await asyncio.to_thread(device.create, chosen.first)
                session.vault = vault  # kept for the next try, should this invite be refused
            office = device.reach(invite.address)
            with contextlib.suppress(Offline):  # the next page asks as soon as there is a signal
                await asyncio.to_thread(
                    join, vault, office, invite, replaces=old.device if old is not None else None
                )
            session.adopt(vault)
            on_joined()
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))
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
        invite_field(code, set_code, wrong, short=before is not None),
    ]
    if invite is not None:
        body.append(invite_from(invite))
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
                set_trouble(None)
                if found is not None:
                    session.adopt(vault)
                    return
            except Offline:
                set_offline(True)
            except (InviteRefused, NotOurOffice) as error:
                set_trouble(plain(error))
                return
            except (SyncError, StorageError) as error:
                set_trouble(plain(error))  # and asks again: it may pass
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

    asked = has_asked(vault)
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
    if not asked:
        body = [
            text.heading(_("The office has not been asked yet"), level=2),
            text.line(
                _(
                    "This device asks to be let in as soon as there is a signal. You may close "
                    "Doorstep meanwhile: open it again where there is one."
                )
            ),
        ]
    if trouble is not None:
        body.append(banners.problem(trouble))
    elif asked:
        body.append(banners.waiting(_("Waiting for {name}").format(name=name)))
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
