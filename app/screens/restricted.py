"""Beginning a restricted note: what it is, before a word is written."""

from __future__ import annotations

import flet as ft

from app.guards import screen
from app.layout import Shell
from app.navigation import instead
from app.parts import banners, buttons, text
from app.state import use_session
from app.wording import _


@screen
def RestrictedNote() -> ft.View:
    """`/families/:fid/restricted`."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])

    async def begin() -> None:
        draft = book.notes.save_draft(book.notes.start(family.id, restricted=True))
        await instead(f"/write/{draft.id}")

    return Shell(
        _("Restricted note"),
        [
            text.heading(family.name),
            banners.banner(
                _(
                    "A restricted note has a key of its own. Only you and your supervisors can "
                    "open it; colleagues who work with this family cannot, whatever they do. "
                    "Every opening is recorded with its reason."
                ),
                icon=ft.Icons.LOCK,
            ),
        ],
        foot=buttons.primary(_("Write a restricted note"), begin, icon=ft.Icons.EDIT_NOTE),
        selected="/families",
    )
