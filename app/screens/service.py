"""The service a team is, in Settings: by which description this device works, and what is wrong.

A file with faults never stops work; here it says what to put right, line by line. A supervisor
puts a changed file in force for the whole team.
"""

from __future__ import annotations

import flet as ft

from app.casework.caseload import Role
from app.guards import part
from app.parts import banners, buttons, cards, dialogs, text
from app.state import use_changes, use_session, use_state
from app.wording import N_, _, current_language
from app.wording.profile_faults import all_words, bad_profile_words

_ORIGINS = {
    "file": N_("From the file on this device"),
    "copy": N_("From the team's own copy"),
    "other_file": N_("From the file that came with the app"),
    "plain": N_("Not found: plain words are used until it arrives"),
}


@part
def ServiceCard() -> ft.Control:
    """Name, version and origin of the profile in force, and the faults of one passed over."""
    use_changes("team", "service_profile")
    book = use_session().casebook
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    found = book.in_force
    supervises = book.me.role is Role.SUPERVISOR

    def for_all() -> None:
        book.team.put_in_force()
        say(dialogs.Said(words=_("In force. The others see it after their next exchange.")))

    lines: list[ft.Control] = [
        text.fact(_("Name"), found.profile.name.said(current_language())),
        text.fact(_("Version"), str(found.profile.version)),
        text.fact(_("Where it is from"), _(_ORIGINS[found.origin])),
    ]
    if found.bad is not None:
        lines.append(banners.problem(bad_profile_words(found.bad)))
        lines += [text.small(fault) for fault in all_words(found.bad)]
    if supervises and found.origin == "file" and found.not_for_all:
        lines += [
            text.line(_("This file says something else than what the team works by.")),
            buttons.actions(
                buttons.secondary(
                    _("Use it for the whole team"), for_all, icon=ft.Icons.GROUPS_OUTLINED
                )
            ),
        ]
    return cards.card(*lines)
