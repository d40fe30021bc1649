"""The review queue: what waits for a review first, what was looked at apart from it; read, comment,
send back, approve.

What is said here travels back to the writer with the next exchange and stands below her note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import Missing, ReasonNeeded
from app.casework.excerpt import excerpt
from app.casework.note import Note
from app.casework.review import ReviewLine
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, fields, lists, marks, text
from app.parts.keeping import use_form
from app.screens.note import REVIEW_TONES, Reading
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state, use_wide
from app.wording import _, ago, moment
from app.wording.vocabulary import word

AT_ONCE = 30
BEGINNING = 90
"""Characters of a note in its row."""
WAITING, LOOKED_AT = "waiting", "looked_at"
NEWEST, OLDEST = "newest", "oldest"
CHANGED = ("visit_note", "note_review", "addendum")


@screen
def ReviewQueue() -> ft.View:
    """`/team/review`."""
    use_changes(*CHANGED)
    book = use_session().casebook
    view, set_view = use_state(WAITING)
    order, set_order = use_state(NEWEST)
    writer, set_writer = use_state("")
    shown, set_shown = use_state(AT_ONCE)
    queue = book.supervision.queue(
        writer=writer or None,
        looked_at=view == LOOKED_AT,
        oldest_first=order == OLDEST,
        limit=shown + 1,
    )
    me = book.me.person
    writers = {w.person: w.name for w in book.team.workers() if w.person != me}
    body: list[ft.Control] = [
        fields.chips(
            _("Which notes"),
            [view],
            {WAITING: _("Waiting for review"), LOOKED_AT: _("Looked at, not approved")},
            lambda chosen: set_view(chosen[0] if chosen else view),
            many=False,
        ),
        fields.chips(
            _("In which order"),
            [order],
            {NEWEST: _("Newest contact first"), OLDEST: _("Oldest first")},
            lambda chosen: set_order(chosen[0] if chosen else order),
            many=False,
        ),
        fields.dropdown(_("Written by"), writer, {"": _("Everybody"), **writers}, set_writer),
    ]
    if queue:
        body.append(lists.rows([_line(book, line) for line in queue[:shown]]))
        if len(queue) > shown:
            body.append(buttons.quiet(_("Show more"), lambda: set_shown(shown + AT_ONCE)))
    else:
        body.append(_nothing(view, writers.get(writer, "")))
    return Shell(_("To review"), body, selected="/team")


def _nothing(view: str, writer: str) -> ft.Control:
    if writer:
        return banners.empty(_("Nothing of {name}'s here.").format(name=writer))
    if view == LOOKED_AT:
        return banners.empty(
            _("Nothing was left open."),
            hint=_("Notes that you read or comment on, and do not approve, stay here."),
        )
    return banners.empty(
        _("Nothing to review."),
        hint=_("Signed notes appear here as soon as they reach this device."),
    )


def _line(book: Casebook, line: ReviewLine) -> ft.Control:
    note = line.note
    what = ", ".join(
        (
            word("contact_type", note.contact_type),
            moment(note.occurred_at, book.now),
            line.writer_name,
        )
    )
    said = (" ".join(one.split()) for one in note.text.splitlines())
    beginning = excerpt(" · ".join(one for one in said if one), BEGINNING)
    return lists.tile(
        line_words(book, note.family),
        f"{what}\n{beginning}" if beginning else what,
        go(f"/team/review/{note.id}"),
        leading=ft.Icon(ft.Icons.LOCK if note.restricted else ft.Icons.RATE_REVIEW_OUTLINED),
        below=marks.statuses(
            marks.status(
                _("Signed {when}").format(when=ago(line.waiting_since, book.now)),
                "quiet",
                icon=ft.Icons.SCHEDULE,
            )
            if note.review == "waiting"
            else marks.status(
                word("review_state", note.review), REVIEW_TONES.get(note.review, "quiet")
            )
        ),
        key=note.id,
    )


@screen
def ReviewNote() -> ft.View:
    """`/team/review/:id`."""
    use_changes(*CHANGED)
    book, wide = use_session().casebook, use_wide()
    note_id = ft.use_route_params()["id"]
    reason, set_reason = use_state("")
    given, give = use_state(None)
    try:
        note = book.notes.get(note_id, reason=given)
    except ReasonNeeded:
        return Shell(
            _("Restricted note"),
            [
                banners.banner(
                    _("This note is restricted. Say why you open it; your reason is recorded."),
                    icon=ft.Icons.LOCK,
                ),
                fields.text_field(_("Why do you open it?"), reason, set_reason),
            ],
            foot=buttons.primary(_("Open note"), lambda: give(reason.strip() or None)),
            selected="/team",
        )
    return Shell(
        _("Review"),
        # One field to write in: what is meant for the writer must not end up as an addendum.
        [cards.columns(Reading(note, adding=False, key=note.id), Judging(note), wide=wide)],
        full_width=wide,
        selected="/team",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a supervisor writes to a note's writer, while she writes it."""

    words: str = ""


@part
def Judging(note: Note) -> ft.Control:
    """What a supervisor may do with it."""
    book = use_session().casebook
    form = use_form("review", Judged(), about=note.id, casefile=note.casefile)
    problem, set_problem = use_state(None)

    def with_words(act: Callable[[str, str], None]) -> Callable[[], Any]:
        async def do() -> None:
            try:
                act(note.id, form.said.words)
            except Missing:
                set_problem(_("Write a few words, so that the writer knows what is meant."))
                return
            form.done()
            await finished("/team/review")

        return do

    async def read() -> None:
        book.supervision.mark_read(note.id)
        await finished("/team/review")

    if not note.signed:
        return cards.card(text.line(_("Not signed yet, so there is nothing to review.")))
    return cards.card(
        text.heading(_("Your review"), level=3),
        *form.notices,
        fields.long_text(
            _("A word to the writer"),
            form.said.words,
            lambda words: form.change(words=words),
            lines=3,
            error=problem,
            hint=_("Needed to comment or send back; welcome when approving."),
        ),
        buttons.actions(
            buttons.primary(
                _("Approve"), with_words(book.supervision.approve), icon=ft.Icons.CHECK
            ),
            buttons.secondary(_("Comment"), with_words(book.supervision.comment)),
            buttons.secondary(
                _("Send back"), with_words(book.supervision.send_back), icon=ft.Icons.REPLY
            ),
            buttons.quiet(_("Mark as read"), read),
        ),
        text.small(_("Travels to the writer with the next exchange, and stands below the note.")),
    )
