"""The devices of whoever is signed in: a person notices first that one of hers is gone."""

from __future__ import annotations

import flet as ft

from app.casework.caseload import Role
from app.guards import part
from app.navigation import go
from app.parts import buttons, cards, marks, text
from app.state import use_session, use_sync
from app.wording import _, ago
from sync.exchange import Exchange


def device_named(device: str) -> str:
    """How a device (hex id) is told from another one."""
    return _("Device {id}").format(id=device[:6].upper())


@part
def OwnDevices() -> ft.Control:
    """Each with its access; what to do when one is lost. Works without a signal."""
    session, glance = use_session(), use_sync()
    book = session.casebook
    lines: list[ft.Control] = []
    for device in _mine(session.exchange, book.me.person) or [book.me.device]:
        own = device == book.me.device
        touch = (
            _("Last in touch with the office {when}.").format(
                when=ago(glance.last_contact, book.now)
            )
            if own and glance.last_contact is not None
            else ""
        )
        lines.append(
            ft.Column(
                [
                    text.line(device_named(device), strong=True),
                    *([text.small(touch)] if touch else []),
                    marks.statuses(marks.status(_("This device"), "plain"))
                    if own
                    else text.small(_("Another device of yours.")),
                ],
                spacing=4,
                tight=True,
            )
        )
    if book.me.role == Role.WORKER:
        lines.append(
            text.small(
                _(
                    "Is one lost or stolen? Tell your supervisor at once, who ends its access. "
                    "What it had not sent is not lost."
                )
            )
        )
    else:
        lines.append(
            buttons.actions(
                buttons.secondary(
                    _("All devices of the team"), go("/team/people"), icon=ft.Icons.DEVICES
                )
            )
        )
    return cards.card(*lines)


def _mine(exchange: Exchange | None, person: str) -> list[str]:
    """My devices with access (hex), as the directory has them."""
    if exchange is None:
        return []
    return [c.device.hex() for c in exchange.line.directory.of_person(bytes.fromhex(person))]
