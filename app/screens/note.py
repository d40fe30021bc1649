"""Reading a note: signed ones do not change; addenda and reviews stand below them.

A restricted note that is not one's own asks for a reason first, and the opening is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import Missing, ReasonNeeded, Unknown
from app.casework.note import Note, Seen
from app.casework.third_party import with_mark, without_mark
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go, goto, instead
from app.parts import banners, buttons, cards, dialogs, fields, marks, text
from app.parts.keeping import use_form
from app.screens.families import family_chooser
from app.screens.others_words import Passages, written
from app.state import use_changes, use_session, use_state
from app.wording import _, moment
from app.wording.vocabulary import word
from storage.doorway import SENDING

REVIEW_TONES: dict[str, marks.Tone] = {
    "approved": "good",
    "returned": "attention",
    "commented": "plain",
}


@screen
def NoteView() -> ft.View:
    """`/notes/:id`."""
    use_changes("visit_note", "addendum", "note_review", "opening", SENDING)
    session = use_session()
    book = session.casebook
    reason, set_reason = use_state("")
    given, give = use_state(None)
    note_id = ft.use_route_params()["id"]
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
            foot=buttons.primary(
                _("Open note"), lambda: give(reason.strip() or None), icon=ft.Icons.LOCK_OPEN
            ),
            selected="/families",
        )
    except Unknown:
        return Shell(
            _("Note"),
            [
                banners.empty(
                    _("This note is not on this device."),
                    hint=_("It may have been removed because it stood with the wrong family."),
                    icon=ft.Icons.SEARCH_OFF,
                )
            ],
        )
    return Shell(
        word("contact_type", note.contact_type),
        [Reading(note, key=note.id)],
        selected="/families",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """An addendum while it is written."""

    text: str = ""


@part
def Reading(note: Note, *, adding: bool = True) -> ft.Control:
    """The note and everything below it; with `adding`, room for an addendum."""
    use_changes("third_party")
    book = use_session().casebook
    form = use_form("addendum", Added(), about=note.id, casefile=note.casefile)
    words = form.said.text
    problem, set_problem = use_state(None)
    moving, set_moving = use_state(False)
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    _use_moving(book, note, moving, lambda: set_moving(False))
    family = book.families.get(note.family)
    remains = book.families.tag(book.families.remaining(note.family))
    marks_of = book.disclosures.marks(note.id)
    mine = note.writer == book.me.person

    def add() -> None:
        try:
            book.notes.add_addendum(note.id, form.said.text)
        except Missing:
            set_problem(_("Write a few words first."))
            return
        form.afresh()
        set_problem(None)
        say(dialogs.Said(words=_("Added and signed. Saved on this device.")))

    async def finish() -> None:
        draft = book.notes.reopen(note.id)
        await goto(f"/write/{draft.id}")

    body: list[ft.Control] = [
        # In a row of its own: stretched to the column's width it would stand in the middle.
        buttons.actions(
            buttons.quiet(remains.name, go(f"/families/{remains.id}"), icon=ft.Icons.GROUP)
        ),
        *(
            [text.small(_("Recorded under {name}").format(name=family.ref or family.name))]
            if remains.id != family.id
            else []
        ),
        *[text.small(f"{word('told_apart', c)}: {s}") for c, s in family.told_apart],
        marks.statuses(*_states(note)),
    ]
    if note.in_wrong_family:
        body.append(
            banners.banner(
                _("Marked as written on the wrong family. A supervisor removes this copy."),
                tone="attention",
            )
        )
    if note.conflict:
        body.append(
            banners.banner(
                _("Two people wrote this note without a signal. Both texts are kept: choose."),
                tone="attention",
                actions=[buttons.secondary(_("Choose"), go("/conflicts"))],
            )
        )
    body += [
        text.small(
            _("{writer}, {when}").format(
                writer=book.team.name_of(note.writer) or _("a colleague"),
                when=moment(note.occurred_at, book.now),
            )
        ),
        *_signed(book, note),
        cards.card(written(note.text, marks_of)),
        *_facts(book, note),
        *[
            cards.card(
                text.heading(_("Addendum"), level=3),
                written(a.text, book.disclosures.marks(a.id)),
                text.small(
                    _("{writer}, signed {when}").format(
                        writer=book.team.name_of(a.writer), when=moment(a.signed_at, book.now)
                    )
                ),
                key=a.id,
            )
            for a in note.addenda
        ],
        *_reviews(book, note),
        *(_openings(book, note) if note.restricted else []),
    ]
    if note.signed:
        body.append(
            Passages(
                note.text,
                lambda number, who: book.disclosures.mark(note.id, passage=number, who=who),
                lambda number: book.disclosures.lift(note.id, passage=number),
                marks=marks_of,
                fixed=True,
                key="signed",
            )
        )
    if note.signed and adding:
        body.append(
            cards.card(
                *form.notices,
                fields.long_text(
                    _("Add to this note"),
                    words,
                    lambda said: form.change(text=said),
                    lines=3,
                    error=problem,
                ),
                Passages(
                    words,
                    lambda number, who: form.change(text=with_mark(form.said.text, number, who)),
                    lambda number: form.change(text=without_mark(form.said.text, number)),
                    key="adding",
                ),
                buttons.actions(
                    buttons.secondary(_("Sign addendum"), add, icon=ft.Icons.DRAW_OUTLINED)
                ),
            )
        )
    tools: list[ft.Control] = []
    if not note.signed and mine:
        tools.append(buttons.primary(_("Go on writing"), finish, icon=ft.Icons.EDIT_NOTE))
    if mine and not note.in_wrong_family:
        tools.append(buttons.quiet(_("Wrong family?"), lambda: set_moving(True)))
    if tools:
        body.append(buttons.actions(*tools))
    return ft.Column(
        body, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _signed(book: Casebook, note: Note) -> list[ft.Control]:
    """When it was signed, and by whom it was taken in if its writer's access had ended."""
    said: list[ft.Control] = []
    if note.signed_at is not None:
        said.append(text.small(_("Signed {when}").format(when=moment(note.signed_at, book.now))))
    if note.adopted_by is not None and note.adopted_at is not None:
        said.append(
            text.small(
                _(
                    "Taken into the record by {name}, {when}: it arrived after the writer's access "
                    "had ended."
                ).format(
                    name=book.team.name_of(note.adopted_by) or _("a supervisor"),
                    when=moment(note.adopted_at, book.now),
                )
            )
        )
    return said


def _states(note: Note) -> list[ft.Control]:
    said: list[ft.Control] = []
    if note.signed:
        said.append(marks.status(_("Signed"), "good", icon=ft.Icons.DRAW_OUTLINED))
        said.append(
            marks.status(word("review_state", note.review), REVIEW_TONES.get(note.review, "quiet"))
        )
    else:
        said.append(marks.status(_("Not signed yet"), "attention"))
    if note.restricted:
        said.append(marks.status(_("Restricted"), "plain", icon=ft.Icons.LOCK))
    if not note.sent:
        said.append(marks.status(_("Only on this device"), "quiet", icon=ft.Icons.CLOUD_QUEUE))
    return said


def _facts(book: Casebook, note: Note) -> list[ft.Control]:
    family = book.families.get(book.families.remaining(note.family))
    facts: list[ft.Control] = []
    there = {p.id: p.name for p in map(family.person, note.people) if p is not None and p.name}
    present = ", ".join(there.values())
    if present:
        facts.append(text.fact(_("Present"), present, icon=ft.Icons.GROUP))
    if note.child_seen is not Seen.NOT_SAID:
        facts.append(text.fact(_("Child seen"), word("seen", note.child_seen)))
    if note.seen_alone is not Seen.NOT_SAID:
        facts.append(text.fact(_("Seen alone"), word("seen", note.seen_alone)))
    goals = [g.text for g in family.goals if g.id in note.goals]
    if goals:
        facts.append(text.fact(_("Goals"), "; ".join(goals), icon=ft.Icons.FLAG_OUTLINED))
    if note.appointment:
        facts.append(
            buttons.actions(
                buttons.quiet(
                    _("The appointment"),
                    go(f"/appointments/{note.appointment}"),
                    icon=ft.Icons.EVENT,
                )
            )
        )
    return facts


def _reviews(book: Casebook, note: Note) -> list[ft.Control]:
    shown = [r for r in note.reviews if r.act != "read" or len(note.reviews) == 1]
    return [
        banners.banner(
            r.comment or word("review_act", r.act),
            tone=REVIEW_TONES.get(r.act, "quiet"),
            title=_("{who}: {what}, {when}").format(
                who=book.team.name_of(r.reviewer) or _("Supervisor"),
                what=word("review_act", r.act),
                when=moment(r.at, book.now),
            ),
            icon=ft.Icons.RATE_REVIEW_OUTLINED,
        )
        for r in shown
    ]


def _openings(book: Casebook, note: Note) -> list[ft.Control]:
    """Who opened a restricted note and why: for its writer, and for whoever opens it next."""
    found = [o for o in book.notes.openings(note.family) if o.note == note.id]
    if not found:
        return [text.small(_("Nobody else has opened it."))]
    return [
        cards.card(
            text.heading(_("Opened by"), level=3),
            *[
                text.small(
                    _("{name}, {when}: {reason}").format(
                        name=book.team.name_of(o.reader) or _("Somebody"),
                        when=moment(o.at, book.now),
                        reason=o.reason,
                    )
                )
                for o in found
            ],
        )
    ]


def _use_moving(book: Casebook, note: Note, asked: bool, close: Callable[[], Any]) -> None:
    chosen, choose = use_state(None)

    async def agreed() -> None:
        if chosen:
            moved = book.notes.move(note.id, chosen)
            await instead(f"/notes/{moved}" if note.signed else f"/write/{moved}")

    dialogs.use_question(
        asked,
        title=_("Which family does it belong to?"),
        words=family_chooser(book, chosen, choose, besides=note.family),
        more=[
            text.small(
                _(
                    "The note is written anew in the right family. The copy here is marked, and a "
                    "supervisor removes it from every device and the office."
                )
            )
        ],
        yes=_("Move it"),
        ready=chosen is not None,
        filled_in=True,
        on_yes=agreed,
        on_close=close,
    )
