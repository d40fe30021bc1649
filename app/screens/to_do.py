"""What waits for a worker, beside the day: notes begun, answers to them, and what is due."""

from __future__ import annotations

from collections.abc import Collection

import flet as ft

from app.casework.card import Due
from app.casework.casebook import Casebook
from app.casework.excerpt import excerpt
from app.casework.note import NoteDraft
from app.casework.review import ReviewLine, ReviewState
from app.guards import part
from app.navigation import go
from app.parts import buttons, cards, lists
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state
from app.wording import _, day, moment, near_day
from app.wording.vocabulary import word

_BEGINNING = 80
"""Characters of what was written or said in a row; the rest is one tap away."""
_ANSWERS = 3
"""How many answers that ask nothing stand above what is due."""


def to_do(book: Casebook, above: Collection[str]) -> list[ft.Control]:
    """Begun notes, answers from the supervisor, what is due, outcomes still missing.

    `above` are the appointments whose cards stand on the page: what they lack is seen there.
    """
    said: list[ft.Control] = []
    drafts = book.notes.drafts()
    if drafts:
        said.append(
            cards.section(
                _("Begun and not finished"),
                [lists.rows([_draft_row(book, draft) for draft in drafts])],
            )
        )
    if book.supervision.for_me(limit=1):
        said.append(Answers())
    due = [d for d in book.diary.due_today() if d.record not in above]
    if due:
        said.append(cards.section(_("Due"), [lists.rows([_due_row(book, d) for d in due])]))
    return said


@part
def Answers() -> ft.Control:
    """What a supervisor said to my notes: questions that wait all, of the rest the latest few."""
    use_changes("visit_note", "note_review", "addendum")
    book = use_session().casebook
    every, show = use_state(False)
    answers = book.supervision.for_me()
    asked = [a for a in answers if a.note.review == ReviewState.RETURNED]
    others = [a for a in answers if a not in asked]
    shown = [*asked, *(others if every else others[:_ANSWERS])]
    return cards.section(
        _("Answers to your notes"),
        [
            lists.rows([_answer_row(book, a) for a in shown]),
            *(
                [buttons.quiet(_("Show all {n}").format(n=len(answers)), lambda: show(True))]
                if len(shown) < len(answers)
                else []
            ),
        ],
    )


def _draft_row(book: Casebook, draft: NoteDraft) -> ft.Control:
    words = excerpt(" ".join(draft.text.split()), _BEGINNING)
    return lists.tile(
        line_words(book, draft.family),
        _("{kind}, {when}").format(
            kind=word("contact_type", draft.contact_type),
            when=moment(draft.occurred_at, book.now),
        )
        + (f"\n{words}" if words else ""),
        go(f"/write/{draft.id}"),
        icon=ft.Icons.EDIT_NOTE,
        key=draft.id,
    )


def _answer_row(book: Casebook, line: ReviewLine) -> ft.Control:
    said = " ".join(line.answer.comment.split()) if line.answer else ""
    at = line.answer.at if line.answer else line.waiting_since
    when = f"{word('review_state', line.note.review)}, {moment(at, book.now)}"
    return lists.tile(
        line_words(book, line.note.family),
        "\n".join(part for part in (when, excerpt(said, _BEGINNING)) if part),
        go(f"/notes/{line.note.id}"),
        icon=ft.Icons.RATE_REVIEW_OUTLINED,
        key=line.note.id,
    )


_DUE_ICONS = {
    "obstacle": ft.Icons.SUPPORT_AGENT,
    "note": ft.Icons.EDIT_NOTE,
    "clock": ft.Icons.TIMER_OUTLINED,
    "route_review": ft.Icons.PHONE_LOCKED,
}


def due_words(due: Due) -> str:
    """What is due: somebody's own words, or which time limit."""
    vocabulary = {"clock": "clock", "plan_review": "plan", "appraisal": "appraisal"}.get(due.code)
    return word(vocabulary, due.text) if vocabulary else due.text


def _due_row(book: Casebook, due: Due) -> ft.Control:
    when = "" if due.day is None else near_day(due.day, book.today)
    if due.overdue:
        when = _("overdue since {day}").format(day=day(due.day, book.today)) if due.day else when
    what = ": ".join(filter(None, (word("due", due.code), due_words(due).rstrip(" .,;"))))
    route = {
        "obstacle": f"/families/{due.family}/obstacle/{due.record}",
        "outcome": f"/appointments/{due.record}/outcome",
        "clock": f"/families/{due.family}/pathway",
        "plan_review": f"/families/{due.family}/plans/{due.record}",
        "appraisal": f"/families/{due.family}/support",
    }.get(due.code, f"/families/{due.family}")
    return lists.tile(
        line_words(book, due.family),
        ", ".join(filter(None, (what, when))),
        go(route),
        icon=_DUE_ICONS.get(due.code, ft.Icons.TASK_ALT),
        key=due.record,
    )
