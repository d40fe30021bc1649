"""People, their devices and invites, on one page: who asks to join stands first.

What needs the office is asked in the background and says so while there is no signal.
"""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from app.casework.caseload import Role
from app.casework.forms import WorkerForm
from app.guards import part, screen
from app.layout import Shell
from app.parts import banners, buttons, cards, text
from app.session import Session
from app.state import use_changes, use_session, use_state
from app.supervisor.at_office import use_office
from app.supervisor.colleagues import Colleagues
from app.supervisor.desk import DeskSection
from app.supervisor.devices import Devices
from app.supervisor.invites import Invites
from app.supervisor.team_names import TeamNames
from app.wording import _, ago, plain
from app.wording.vocabulary import word
from storage.errors import StorageError
from sync.errors import SyncError
from sync.pairing import Pending, approve, withdraw


@screen
def PeopleView() -> ft.View:
    """`/team/people`."""
    use_changes("worker", "invite_record")
    session = use_session()
    office = use_office()
    seen, trouble = office.seen, office.trouble
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
    body += [RequestCard(r, office.again, key=r.device) for r in seen.requests]
    body += [Invites(), Colleagues(), Devices(seen.last, seen.wiping)]
    if seen.desk is not None and session.casebook.me.role == Role.SUPERVISOR:
        body.append(DeskSection(seen.desk))
    body.append(TeamNames())
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
            if record is not None:
                book.team.invite_withdrawn(request.invite.lookup)

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
    lines += _in_place_of(session, request, name)
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


def _in_place_of(session: Session, request: Pending, name: str) -> list[ft.Control]:
    """Whose device it was until now: an invite in somebody else's hands shows itself here."""
    if session.exchange is None or not request.replaces:
        return []
    before = session.exchange.line.directory.certificate(bytes.fromhex(request.replaces))
    if before is None:
        return []
    if before.person.hex() == request.invite.person:
        return [
            text.line(
                _(
                    "This device takes the place of an earlier one of the same person, which loses "
                    "its access. What it had not sent is not lost."
                )
            )
        ]
    other = session.casebook.team.name_of(before.person.hex()) or _("somebody else")
    return [
        banners.banner(
            _(
                "Until now this was a device of {other}, and your invite was made for {name}. Ask "
                "who has it in hand before you let it in: it will read what {name} may read. "
                "What {other} had not sent is not lost."
            ).format(other=other, name=name or _("somebody else")),
            tone="bad",
            title=_("Not the person you invited?"),
        )
    ]
