"""People, their devices and invites: let somebody in, see who is silent, end access.

What needs the office is asked in the background and says so while there is no signal. Revoking a
device ends its access at once, asks it to drop its keys, and keeps what it had not sent.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import flet as ft

from app.casework.caseload import Role
from app.casework.forms import WorkerForm
from app.casework.overdue import DeviceSeen
from app.guards import part, screen
from app.layout import Shell
from app.parts import banners, buttons, cards, dialogs, fields, marks, text
from app.session import Session
from app.state import use_changes, use_session, use_state
from app.supervisor.desk import DeskSection
from app.wording import _, ago, hours_or_days, moment, plain
from app.wording.vocabulary import word, words
from storage.errors import StorageError
from sync.directory import DESK, Certificate
from sync.directory import Role as Access
from sync.errors import Offline, SyncError
from sync.granting import admit, revoke, to_admit
from sync.invite import as_typed_code, qr_png
from sync.pairing import OpenInvite, Pending, approve, invites, make_invite, pending, withdraw
from sync.protocol import DeskIdentity

ASK_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the office said last: requests to join, and when each device was in touch."""

    requests: tuple[Pending, ...] = ()
    last: tuple[DeviceSeen, ...] = ()
    wiping: frozenset[str] = frozenset()
    desk: DeskIdentity | None = None
    offline: bool = False


def ask_office(session: Session) -> Seen:
    """Requests and sightings. Blocking: call in a thread. Raises what stops it."""
    exchange = session.exchange
    if exchange is None:
        return Seen(offline=True)
    line = exchange.line
    sightings = line.ask(line.office.devices_seen)
    persons = {d: c.person.hex() for d, c in line.directory.devices.items()}
    return Seen(
        requests=tuple(pending(line)),
        last=tuple(
            DeviceSeen(
                device=s.device.hex(),
                person=persons.get(s.device, ""),
                last_contact=None
                if s.last_seen is None
                else datetime.fromtimestamp(s.last_seen / 1000, UTC),
            )
            for s in sightings
        ),
        wiping=frozenset(s.device.hex() for s in sightings if s.wipe_pending),
        desk=line.office.desk(),
    )


@screen
def PeopleView() -> ft.View:
    """`/team/people`."""
    use_changes("worker", "invite_record")
    session = use_session()
    seen, set_seen = use_state(Seen)
    trouble, set_trouble = use_state(None)
    task: Any = ft.use_ref(None)

    async def once() -> None:
        try:
            set_seen(await asyncio.to_thread(ask_office, session))
            set_trouble(None)
        except Offline:
            set_seen(
                lambda old: Seen(last=old.last, wiping=old.wiping, desk=old.desk, offline=True)
            )
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))

    async def keep_asking() -> None:
        while True:
            await once()
            await asyncio.sleep(ASK_AGAIN_S)

    def start() -> None:
        task.current = asyncio.create_task(keep_asking())

    def stop() -> None:
        if task.current is not None:
            task.current.cancel()

    ft.use_effect(start, dependencies=[], cleanup=stop)
    body: list[ft.Control] = []
    if trouble is not None:
        body.append(banners.problem(trouble))
    if seen.offline:
        body.append(
            banners.banner(
                _("No connection to the office: requests and last contacts may be out of date."),
                tone="attention",
                icon=ft.Icons.CLOUD_OFF,
            )
        )
    body += [RequestCard(r, once, key=r.device) for r in seen.requests]
    body += [Invites(), Devices(seen)]
    if seen.desk is not None and session.casebook.me.role == Role.SUPERVISOR:
        body.append(DeskSection(seen.desk))
    return Shell(_("People, devices and invites"), body, selected="/team")


@part
def RequestCard(request: Pending, refresh: Any) -> ft.Control:
    """Somebody waits to be let in."""
    session = use_session()
    book = session.casebook
    busy, set_busy = use_state(False)
    trouble, set_trouble = use_state(None)
    record = next((i for i in book.team.invites() if i.invite == request.invite.lookup), None)
    name = record.name if record else book.team.name_of(request.invite.person)

    def let_in() -> None:
        exchange = session.exchange
        if exchange is None:
            return
        approve(exchange.line, request)
        if record is not None:
            known = {w.person for w in book.team.workers(active_only=False)}
            if request.invite.person not in known:
                book.team.add_worker(
                    request.invite.person,
                    WorkerForm(name=record.name, role=Role(request.invite.role)),
                )
            book.team.invite_used(request.invite.lookup, request.invite.person)

    def decline() -> None:
        exchange = session.exchange
        if exchange is not None:
            withdraw(exchange.line, request.invite.lookup)

    async def do(act: Any) -> None:
        set_busy(True)
        set_trouble(None)
        try:
            await asyncio.to_thread(act)
            await refresh()
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))
        finally:
            set_busy(False)

    lines: list[ft.Control] = [
        text.heading(_("{name} asks to join").format(name=name or _("Somebody")), level=3),
        text.small(
            _("As {role}, {when}").format(
                role=word("role", request.invite.role), when=ago(request.at, book.now)
            )
        ),
    ]
    if request.replaces:
        lines.append(
            text.line(
                _(
                    "This device takes the place of an earlier one of the same person, which loses "
                    "its access. What it had not sent is not lost."
                )
            )
        )
    if not request.genuine:
        lines.append(
            banners.banner(
                _(
                    "This request was not made with your invite, or was altered. Decline it and "
                    "make a new invite."
                ),
                tone="bad",
            )
        )
    if trouble is not None:
        lines.append(banners.problem(trouble))
    if busy:
        lines.append(banners.waiting(_("Letting in…")))
    tools: list[ft.Control] = []
    if request.genuine:
        tools.append(
            buttons.primary(
                _("Let in"), lambda: do(let_in), icon=ft.Icons.HOW_TO_REG, disabled=busy
            )
        )
    tools.append(buttons.quiet(_("Decline"), lambda: do(decline), disabled=busy))
    return cards.card(*lines, buttons.actions(*tools))


@part
def Invites() -> ft.Control:
    """Making out invites, and those that nobody has used yet."""
    session = use_session()
    book = session.casebook
    name, set_name = use_state("")
    role, set_role = use_state("worker")
    known, set_known = use_state("")
    shown, show = use_state(None)
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
            show(await asyncio.to_thread(invite))
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
            fields.choice(_("May"), role, roles, set_role),
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
    if shown is not None:
        lines.append(InviteCard(shown, key=shown.lookup))
    open_now = [
        i
        for i in (invites(session.vault) if session.vault else [])
        if i.expires > book.now and (shown is None or i.lookup != shown.lookup)
    ]
    lines += [InviteCard(i, key=i.lookup) for i in open_now]
    return cards.section(_("Invite somebody"), [cards.card(*lines)])


@part
def InviteCard(made: OpenInvite) -> ft.Control:
    """The code to hand over, in writing and as a picture, and taking it back."""
    session = use_session()
    book = session.casebook
    open_, set_open = use_state(True)

    async def take_back() -> None:
        exchange = session.exchange
        if exchange is not None:
            await asyncio.to_thread(withdraw, exchange.line, made.lookup)
            book.team.invite_withdrawn(made.lookup)
            set_open(False)

    if not open_:
        return text.small(_("Invite taken back."))
    record = next((i for i in book.team.invites() if i.invite == made.lookup), None)
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
        text.small(
            _(
                "For one device, once. Hand it over in person or by a safe way: whoever has it can "
                "ask to join. You still decide here."
            )
        ),
        buttons.actions(buttons.quiet(_("Take back"), take_back)),
    )


@part
def Devices(seen: Seen) -> ft.Control:
    """Every device by person, when it was last in touch, and ending its access."""
    session = use_session()
    book = session.casebook
    line = session.exchange.line if session.exchange else None
    if line is None:
        return ft.Container()
    last = {d.device: d.last_contact for d in seen.last}
    silent = {d.device for d in book.supervision.unseen_devices(seen.last)}
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
                c.device.hex() in seen.wiping,
                c.device in waiting,
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
) -> ft.Control:
    """One device."""
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
    tools: list[ft.Control] = []
    if waiting:
        tools.append(buttons.primary(_("Let it read"), let_read))
    if found.revoked is None and not own:
        tools.append(
            buttons.quiet(_("End access"), lambda: ask(True), icon=ft.Icons.PHONELINK_ERASE)
        )
    return cards.card(
        text.line(f"{name}, {word('role', found.role)}", strong=True),
        text.small(
            _("Device {id}, last contact {when}").format(
                id=found.device.hex()[:6].upper(),
                when=ago(last, book.now) if last else _("not known"),
            )
        ),
        *([marks.statuses(*labels)] if labels else []),
        *([buttons.actions(*tools)] if tools else []),
    )
