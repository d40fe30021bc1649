"""What has waited too long: unsigned notes, open obstacle conversations, wrong copies to remove."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import WrongCopy
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, dialogs, lists, text
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state
from app.wording import _, ago, moment, near_day
from app.wording.vocabulary import word


@screen
def Unsigned() -> ft.View:
    """`/team/unsigned`: a day after the contact and no signature."""
    use_changes("visit_note", "appointment", "attendance")
    book = use_session().casebook
    found = book.supervision.unsigned()
    body: list[ft.Control] = [
        lists.rows(
            [
                lists.tile(
                    line_words(book, one.family),
                    ", ".join(
                        part
                        for part in (
                            one.writer_name,
                            _("begun, not signed") if one.note else _("not begun"),
                            ago(one.since, book.now),
                        )
                        if part
                    ),
                    go(f"/notes/{one.note}" if one.note else f"/families/{one.family}"),
                    icon=ft.Icons.EDIT_NOTE,
                    key=(one.note or one.appointment or one.family),
                )
                for one in found
            ]
        )
        if found
        else banners.empty(_("Every note of yesterday and before is signed."))
    ]
    return Shell(_("Unsigned after a day"), body, selected="/team")


@screen
def Conversations() -> ft.View:
    """`/team/conversations`: obstacle conversations still to be held."""
    use_changes("obstacle")
    book = use_session().casebook
    found = book.engagement.conversations()
    body: list[ft.Control] = [
        lists.rows(
            [
                lists.tile(
                    line_words(book, c.family),
                    ", ".join(
                        part
                        for part in (
                            word("noticed", c.why) if c.why else "",
                            _("due {day}").format(day=near_day(c.due, book.today)),
                            book.team.name_of(c.worker),
                        )
                        if part
                    ),
                    go(f"/families/{c.family}/obstacle/{c.id}"),
                    icon=ft.Icons.SUPPORT_AGENT,
                    key=c.id,
                )
                for c in found
            ]
        )
        if found
        else banners.empty(_("No conversation is waiting."))
    ]
    return Shell(_("Obstacle conversations"), body, selected="/team")


@screen
def WrongFamily() -> ft.View:
    """`/team/wrong-family`: copies to remove from every device and the office."""
    use_changes("wrong_family", "visit_note")
    book = use_session().casebook
    found = book.notes.wrong_copies()
    if not found:
        return Shell(
            _("On the wrong family"),
            [banners.empty(_("No note stands with the wrong family."))],
            selected="/team",
        )
    return Shell(
        _("On the wrong family"), [WrongCard(w, key=w.id) for w in found], selected="/team"
    )


@part
def WrongCard(wrong: WrongCopy) -> ft.Control:
    """Where it stood, where it is now, and removing the copy for good."""
    book = use_session().casebook
    asking, ask = use_state(False)
    dialogs.use_question(
        asking,
        title=_("Remove this copy everywhere?"),
        words=_(
            "Its text is deleted from this device now, and from the office and every other device "
            "at their next contact. The right family keeps the note."
        ),
        yes=_("Remove copy"),
        dangerous=True,
        on_yes=lambda: book.notes.remove_wrong_copy(wrong.id),
        on_close=lambda: ask(False),
    )
    return cards.card(
        text.line(
            _("Stood with {wrong}, belongs to {right}").format(
                wrong=line_words(book, wrong.family),
                right=line_words(book, wrong.moved_to) or _("a family not on this device"),
            ),
            strong=True,
        ),
        text.small(
            _("{who}, {when}").format(
                who=wrong.asked_by_name, when=moment(wrong.asked_at, book.now)
            )
        ),
        *([text.line(wrong.reason)] if wrong.reason else []),
        buttons.actions(
            buttons.danger(_("Remove copy"), lambda: ask(True), icon=ft.Icons.DELETE_OUTLINE),
            buttons.quiet(_("Look at it"), go(f"/notes/{wrong.note}")),
        ),
    )
