"""Invites: making one out, handing it over, and taking it back while nobody has used it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import flet as ft

from app import outside
from app.casework.caseload import Role
from app.guards import part
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.state import use_changes, use_session, use_state
from app.wording import _, moment, plain
from app.wording.vocabulary import words
from storage.errors import StorageError
from sync.directory import Role as Access
from sync.errors import SyncError
from sync.invite import as_short_code, as_typed_code, qr_png
from sync.pairing import OpenInvite, invites, make_invite, withdraw


@part
def Invites() -> ft.Control:
    """Making out invites, and those that nobody has used yet."""
    use_changes("worker", "invite_record")
    session = use_session()
    book = session.casebook
    name, set_name = use_state("")
    role, set_role = use_state("worker")
    known, set_known = use_state("")
    latest, set_latest = use_state("")
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    busy, set_busy = use_state(False)
    trouble, set_trouble = use_state(None)
    me = book.team.me()
    roles = words("role")
    if book.me.role == Role.ADMINISTRATOR:
        roles.pop("supervisor", None)
    else:
        roles.pop("administrator", None)
    people = {w.person: w.name for w in book.team.workers()}

    def invite() -> OpenInvite:
        exchange = session.exchange
        assert exchange is not None
        made = make_invite(
            exchange.line,
            inviter=me.first_name if me else "",
            role=cast(Access, role),
            person=known or None,
        )
        book.team.record_invite(
            made.lookup,
            name=people.get(known, name),
            role=role,
            expires_at=made.expires,
        )
        return made

    async def make() -> None:
        if not known and not name.strip():
            set_trouble(plain(SyncError()))
            return
        set_busy(True)
        set_trouble(None)
        try:
            set_latest((await asyncio.to_thread(invite)).lookup)
            set_name("")
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))
        finally:
            set_busy(False)

    lines: list[ft.Control] = [
        fields.dropdown(
            _("For"),
            known,
            {"": _("Somebody new"), **people},
            set_known,
            hint=_("Choose a colleague to add or replace a device of theirs.") if people else None,
        )
    ]
    if not known:
        lines += [
            fields.text_field(_("Name"), name, set_name),
            fields.choice(_("Role"), role, roles, set_role),
        ]
    if trouble is not None:
        lines.append(banners.problem(trouble))
    if busy:
        lines.append(banners.waiting(_("Making the invite…")))
    lines.append(
        buttons.actions(
            buttons.primary(
                _("Make invite"),
                make,
                icon=ft.Icons.MAIL_LOCK_OUTLINED,
                disabled=busy or not (known or name.strip()),
            )
        )
    )
    open_now = [
        i for i in (invites(session.vault) if session.vault else []) if i.expires > book.now
    ]
    open_now.sort(key=lambda i: i.lookup != latest)  # the one just made comes first

    def taken_back() -> None:
        say(dialogs.Said(words=_("Invite taken back.")))

    lines += [InviteCard(i, taken_back, key=i.lookup) for i in open_now]
    return cards.section(_("Invite somebody"), [cards.card(*lines)])


@part
def InviteCard(made: OpenInvite, on_taken_back: Callable[[], None]) -> ft.Control:
    """The code to hand over, in writing and as a picture, and taking it back."""
    session = use_session()
    book = session.casebook
    trouble, set_trouble = use_state(None)
    record = next((i for i in book.team.invites() if i.invite == made.lookup), None)

    async def take_back() -> None:
        exchange = session.exchange
        if exchange is None:
            return
        try:
            await asyncio.to_thread(withdraw, exchange.line, made.lookup)
        except SyncError as error:
            set_trouble(plain(error))
            return
        on_taken_back()
        if record is not None:
            book.team.invite_withdrawn(made.lookup)

    async def copy() -> None:
        await outside.copy(session, as_typed_code(made.invite))

    known = made.person in {w.person for w in book.team.workers()}
    return cards.card(
        text.line(
            _("Invite for {name}, until {when}").format(
                name=record.name if record else book.team.name_of(made.person),
                when=moment(made.expires, book.now),
            ),
            strong=True,
        ),
        ft.Image(
            src=qr_png(made.invite, scale=5),
            width=220,
            height=220,
            semantics_label=_("The invite as a picture to scan"),
        ),
        text.line(as_typed_code(made.invite)),
        *(
            [text.fact(_("Short code"), as_short_code(made.invite)), _short_is_for()]
            if known
            else []
        ),
        text.small(
            _(
                "For one device, once. Hand it over in person or by a safe way: whoever has it can "
                "ask to join. You still decide here."
            )
        ),
        *([banners.problem(trouble)] if trouble is not None else []),
        buttons.actions(
            buttons.secondary(_("Copy the code"), copy, icon=ft.Icons.CONTENT_COPY),
            buttons.quiet(_("Take back"), take_back),
        ),
    )


def _short_is_for() -> ft.Control:
    return text.small(
        _(
            "To read out on the telephone to somebody who forgot the passphrase of a device. A new "
            "device needs the whole code."
        )
    )
