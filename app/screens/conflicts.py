"""Where two people changed the same thing without a signal: both stand, and somebody chooses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import flet as ft

from app.casework.casebook import Choice, Conflict
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.keeping import use_form
from app.screens.double_work import DoubleCard
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state
from app.wording import _, day_and_time, long_day, moment
from app.wording.vocabulary import word

_NAMES = {
    ("visit_note", "text"): "note",
    ("appointment", "starts"): "appointment",
    ("episode", "closed_at"): "closed",
    ("episode", "closure_reason"): "closed",
    ("episode", "destination"): "closed",
}


@screen
def Conflicts() -> ft.View:
    """`/conflicts`."""
    use_changes("visit_note", "appointment", "safe_contact", "allocation", "episode")
    book = use_session().casebook
    found = book.conflicts()
    doubles = book.supervision.doubles()
    if not found and not doubles:
        return Shell(
            _("Changed by two people"),
            [
                banners.empty(
                    _("Nothing to choose."),
                    hint=_(
                        "When two people change the same thing "
                        "without a signal, both versions wait here and nothing is lost."
                    ),
                )
            ],
        )
    return Shell(
        _("Changed by two people"),
        [
            text.line(
                _(
                    "Two people changed these without a signal. Both versions are kept. Choose "
                    "one, or put the texts together."
                )
            ),
            *[DoubleCard(d, key=d.family + d.function) for d in doubles],
            *[ConflictCard(c, key=c.record + c.field) for c in found],
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two texts while somebody makes one of them."""

    text: str = ""


@part
def ConflictCard(conflict: Conflict) -> ft.Control:
    """The versions beside one another, with who wrote each."""
    book = use_session().casebook
    form = use_form("both", Joined(), about=conflict.record, casefile=conflict.casefile)
    joined = form.said.text
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    writing = conflict.kind == "visit_note" and conflict.field == "text"

    def settle(value: Any) -> None:
        book.settle(conflict.record, conflict.field, value)
        form.afresh()
        say(dialogs.Said(words=_("Chosen. The other version stays in the history.")))

    what = word("event", _NAMES.get((conflict.kind, conflict.field), conflict.kind))
    lines: list[ft.Control] = [
        text.heading(f"{line_words(book, conflict.family)}: {what}", level=3),
        buttons.actions(buttons.quiet(_("Open the family"), go(f"/families/{conflict.family}"))),
    ]
    for choice in conflict.choices:
        lines.append(
            cards.card(
                text.small(
                    _("{who}, {when}").format(
                        who=choice.author_name or _("a colleague"),
                        when=moment(choice.at, book.now),
                    )
                ),
                text.line(_shown(conflict, choice)),
                buttons.actions(
                    buttons.secondary(
                        _("This one holds"),
                        lambda value=choice.value: settle(value),
                        icon=ft.Icons.CHECK,
                    )
                ),
            )
        )
    if writing:
        if not joined:
            both = "\n\n".join(str(c.value) for c in conflict.choices)
            lines.append(
                buttons.actions(
                    buttons.secondary(_("Put both together"), lambda: form.change(text=both))
                )
            )
        else:
            lines += [
                *form.notices,
                fields.long_text(
                    _("Both texts, to be made one"),
                    joined,
                    lambda said: form.change(text=said),
                    lines=8,
                ),
                buttons.actions(
                    buttons.primary(_("Save this text"), lambda: settle(form.said.text)),
                    buttons.quiet(_("Cancel"), form.afresh),
                ),
            ]
    return cards.card(*lines)


def _shown(conflict: Conflict, choice: Choice) -> str:
    if conflict.kind == "appointment" and conflict.field == "starts":
        return day_and_time(datetime.fromisoformat(str(choice.value)))
    if conflict.kind == "episode":
        if conflict.field == "closed_at":
            return long_day(date.fromisoformat(str(choice.value)))
        vocabulary = "closure" if conflict.field == "closure_reason" else "destination"
        return word(vocabulary, str(choice.value or "")) or _("Not said")
    return str(choice.value)
