"""Handing appointments to the phone's own calendar: neutral words, an alarm that rings there."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.casework.appointment import Appointment
from app.casework.calendar_handover import calendar_file
from app.guards import attempt
from app.parts import buttons
from app.parts.dialogs import tell
from app.state import use_session
from app.wording import _

FILE = "appointment.ics"


def calendar_button(appointments: Sequence[Appointment]) -> ft.Control:
    """One tap to a file that the calendar opens. It says only that there is an appointment."""
    session = use_session()

    async def hand_over() -> None:
        page = ft.context.page
        made = calendar_file(appointments, summary=_("Appointment"), now=session.casebook.now)

        async def save() -> bool:
            await ft.FilePicker().save_file(file_name=FILE, src_bytes=made)
            return True

        if not await attempt(save, default=False, seconds=120.0):
            tell(page, _("This device could not hand over the file."))

    return buttons.quiet(_("Add to my calendar"), hand_over, icon=ft.Icons.EDIT_CALENDAR_OUTLINED)
