"""The words of groups: what a register says, and how somebody learns that a session is off."""

from __future__ import annotations

from collections.abc import Mapping

from app.wording.catalogue import N_

WORDS: Mapping[str, Mapping[str, str]] = {
    "register_mark": {
        "on_time": N_("Here"),
        "late_seen": N_("Late"),
        "did_not_attend": N_("Not here"),
        "cancelled_by_family": N_("Told us"),
    },
    "group_warning": {
        "no_safe_route": N_("No number is known to be safe: let her worker get in touch"),
        "ask_her_worker": N_("Not every number is safe: ask her worker first"),
    },
    "told": {
        "text": N_("gets a message by her safe route"),
        "ring": N_("will be rung by her worker"),
        "her_worker": N_("her worker's device sees to it at its next contact with the office"),
        "nobody": N_("nobody tells her but you"),
    },
}
