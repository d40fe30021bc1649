"""Writing a visit note: plain, fast, kept every moment.

What is typed is saved, sealed, well within two seconds of the last key, and before the screen is
hidden, locked or left. A disk that refuses keeps the text on screen and says so. Signing shows the
family's name and address first, because the wrong family is the likeliest mistake.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import flet as ft

from app.casework import pasted
from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.family import Family
from app.casework.note import NoteDraft, Seen, headings
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, instead
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.when import DateField, TimeField
from app.screens.families import family_chooser
from app.state import use_leaving, use_session, use_state, use_wide
from app.wording import _, clock, local, moment, plain
from app.wording.vocabulary import word, words
from storage.errors import WriteFailed

QUIET_S = 0.6
"""Seconds of quiet after a key before the draft is written; two are allowed."""


@screen
def BeginNote() -> ft.View:
    """`/families/:fid/write/:appointment`: the draft of an appointment, begun or taken up again."""
    params = ft.use_route_params()
    book = use_session().casebook
    opened: Any = ft.use_ref(None)
    if opened.current is None:
        opened.current = _draft_for(book, params["fid"], params.get("appointment"))
    return _editor(opened.current)


@screen
def WriteNote() -> ft.View:
    """`/write/:id`: a draft that exists."""
    book = use_session().casebook
    draft_id = ft.use_route_params()["id"]
    opened: Any = ft.use_ref(None)
    if opened.current is None or opened.current.id != draft_id:
        opened.current = book.notes.open_draft(draft_id)
    return _editor(opened.current)


def _draft_for(book: Casebook, family: str, appointment: str | None) -> NoteDraft:
    if appointment and appointment != "new":
        found = book.notes.of_appointment(appointment)
        if isinstance(found, NoteDraft):
            return found
        return book.notes.start(family, appointment=appointment)
    return book.notes.start(family)


def _editor(draft: NoteDraft) -> ft.View:
    return Editor(draft, key=draft.id)


@screen
def Editor(begun: NoteDraft) -> ft.View:
    """The page itself. The draft's text lives here, and nowhere else until it is saved."""
    session, wide = use_session(), use_wide()
    book = session.casebook
    draft, set_draft = use_state(begun)
    kept, set_kept = use_state(begun.saved_at)
    trouble, set_trouble = use_state(None)
    asking, ask = use_state(None)
    newest: Any = ft.use_ref(begun)
    pending: Any = ft.use_ref(None)
    clean: Any = ft.use_ref(True)
    family = book.families.get(begun.family)

    def save_now() -> None:
        """Write the newest draft down; a refusal is shown and tried again with the next key."""
        if clean.current:
            return
        try:
            saved = book.notes.save_draft(newest.current)
        except WriteFailed as error:
            set_trouble(plain(error))
            return
        clean.current = True
        set_kept(saved.saved_at)
        set_trouble(None)

    async def save_soon() -> None:
        await asyncio.sleep(QUIET_S)
        save_now()

    def change(**fields_: Any) -> None:
        newest.current = replace(newest.current, **fields_)
        clean.current = False
        set_draft(newest.current)
        if pending.current is not None:
            pending.current.cancel()
        pending.current = asyncio.create_task(save_soon())

    def leave() -> None:
        if pending.current is not None:
            pending.current.cancel()
        save_now()

    use_leaving(leave)

    def to_sign() -> None:
        save_now()
        try:
            book.notes.check(newest.current.text)
        except CaseworkError as error:
            set_trouble(plain(error))
            return
        ask("sign" if newest.current.text.strip() else "nothing")

    async def sign() -> None:
        signed = book.notes.sign(newest.current)
        clean.current = True
        await instead(f"/notes/{signed.id}")

    async def aside() -> None:
        put = book.notes.put_aside(newest.current)
        clean.current = True
        await instead(f"/notes/{put.id}")

    async def discard() -> None:
        if pending.current is not None:
            pending.current.cancel()
        clean.current = True
        book.notes.drop_draft(newest.current.id)
        await finished(f"/families/{family.id}")

    async def move(to: str) -> None:
        leave()
        moved = book.notes.move(newest.current.id, to)
        clean.current = True
        await instead(f"/write/{moved}")

    _use_questions(book, newest.current, asking, lambda: ask(None), sign, discard)
    _use_moving(book, asking == "move", family, lambda: ask(None), move)
    body: list[ft.Control] = [_whose(family, draft)]
    if trouble:
        extra = []
        if _image_in(draft.text):
            extra.append(
                buttons.secondary(
                    _("Take the picture out"),
                    lambda: change(text=pasted.without_images(newest.current.text)),
                )
            )
        body.append(banners.problem(trouble, actions=extra))
    if asking == "nothing":
        body.append(banners.banner(_("Write a few words before signing."), tone="attention"))
    writing = fields.long_text(
        _("Note"),
        draft.text,
        lambda said: change(text=said),
        lines=14 if wide else 10,
        on_blur=leave,
        autofocus=False,
    )
    template = headings(draft.contact_type)
    if not draft.text.strip() and template:
        body.append(
            buttons.actions(
                buttons.secondary(
                    _("Start with headings"),
                    lambda: change(text=template_text(template)),
                    icon=ft.Icons.LIST_ALT,
                )
            )
        )
    facts = Facts(draft, family, change)
    state = text.small(_kept_words(kept, book))
    tools = buttons.actions(
        buttons.secondary(_("Put aside unsigned"), aside),
        buttons.quiet(_("Wrong family?"), lambda: ask("move")),
        buttons.quiet(_("Throw draft away"), lambda: ask("discard")),
    )
    if wide:
        left = ft.Column(
            [writing, state, tools], spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
        body.append(
            ft.ResponsiveRow(
                [ft.Container(left, col={"md": 8}), ft.Container(facts, col={"md": 4})],
                spacing=16,
            )
        )
    else:
        body += [writing, state, facts, tools]
    return Shell(
        _("Restricted note") if draft.restricted else word("contact_type", draft.contact_type),
        body,
        foot=buttons.primary(_("Sign note"), to_sign, icon=ft.Icons.DRAW_OUTLINED),
        selected="/families",
        full_width=wide,
    )


def template_text(codes: tuple[str, ...]) -> str:
    """Headings to write below, as plain text that can be changed or deleted."""
    return "".join(f"{word('heading', code)}:\n\n" for code in codes)


def _image_in(said: str) -> bool:
    return pasted.find_image(said) is not None


def _kept_words(kept: Any, book: Casebook) -> str:
    if kept is None:
        return _("Nothing written yet.")
    return _("Saved on this device {when}").format(when=moment(kept, book.now))


def _whose(family: Family, draft: NoteDraft) -> ft.Control:
    lines: list[ft.Control] = [text.heading(family.name)]
    lines += [text.small(f"{word('told_apart', c)}: {said}") for c, said in family.told_apart]
    if draft.restricted:
        lines.append(
            banners.banner(
                _("Restricted: only you and your supervisors can open this note."),
                icon=ft.Icons.LOCK,
            )
        )
    return ft.Column(lines, spacing=4, tight=True)


@part
def Facts(draft: NoteDraft, family: Family, change: Callable[..., None]) -> ft.Control:
    """When, who was there, whether the child was seen, and which goals it is about."""
    book = use_session().casebook
    at = local(draft.occurred_at)
    on, set_on = use_state(lambda: at.date())
    when, set_when = use_state(lambda: at.time().replace(second=0, microsecond=0))

    def day_chosen(chosen: Any) -> None:
        set_on(chosen)
        if chosen is not None and when is not None:
            change(occurred_at=book.at(chosen, when))

    def time_chosen(chosen: Any) -> None:
        set_when(chosen)
        if chosen is not None and on is not None:
            change(occurred_at=book.at(on, chosen))

    controls: list[ft.Control] = []
    if draft.appointment:
        booked = book.diary.get(draft.appointment)
        controls.append(
            text.fact(
                _("About the appointment"),
                f"{moment(booked.starts, book.now)}–{clock(booked.ends)}",
                icon=ft.Icons.EVENT,
            )
        )
    else:
        controls += [
            fields.dropdown(
                _("What kind of contact"),
                str(draft.contact_type),
                words("contact_type"),
                lambda kind: change(contact_type=type(draft.contact_type)(kind)),
            ),
            DateField(_("Day"), on, day_chosen, today=book.today, past=True),
            TimeField(_("Time"), when, time_chosen),
        ]
    controls.append(
        fields.chips(
            _("Who was present"),
            list(draft.people),
            {p.id: p.name for p in family.people if p.kind != "unborn" and p.name},
            lambda picked: change(people=tuple(picked)),
        )
    )
    if family.children:
        controls += [
            _seen(_("Child seen?"), draft.child_seen, lambda s: change(child_seen=s)),
            _seen(_("Child seen alone?"), draft.seen_alone, lambda s: change(seen_alone=s)),
        ]
    goals = {g.id: g.text for g in family.goals if g.status == "open"}
    if goals:
        controls.append(
            fields.chips(
                _("About which goals"),
                list(draft.goals),
                goals,
                lambda picked: change(goals=tuple(picked)),
            )
        )
    return cards.card(*controls, spacing=16)


def _seen(question: str, value: Seen, on_change: Callable[[Seen], None]) -> ft.Control:
    options = {k: v for k, v in words("seen").items() if k != Seen.NOT_SAID}
    return fields.chips(
        question,
        [] if value is Seen.NOT_SAID else [str(value)],
        options,
        lambda picked: on_change(Seen(picked[0]) if picked else Seen.NOT_SAID),
        many=False,
    )


def _use_questions(
    book: Casebook,
    draft: NoteDraft,
    asking: str | None,
    close: Callable[[], None],
    sign: Callable[[], Any],
    discard: Callable[[], Any],
) -> None:
    card = book.notes.signing_card(draft.family) if asking == "sign" else None
    whom: list[ft.Control] = []
    if card is not None:
        whom = [
            text.heading(card.family.name, level=2),
            *([text.line(card.address)] if card.address else []),
            *[text.small(f"{word('told_apart', c)}: {s}") for c, s in card.family.told_apart],
            text.line(moment(draft.occurred_at, book.now)),
        ]
    dialogs.use_question(
        asking == "sign",
        title=_("Sign this note for"),
        words=ft.Column(whom, tight=True, spacing=6),
        more=[
            text.small(_("Once signed it cannot be changed. You can add to it below, any time.")),
        ],
        yes=_("Yes, sign"),
        on_yes=sign,
        on_close=close,
    )
    dialogs.use_question(
        asking == "discard",
        title=_("Throw this draft away?"),
        words=_("What is written here is deleted from this device and cannot be brought back."),
        yes=_("Throw away"),
        no=_("Keep it"),
        dangerous=True,
        on_yes=discard,
        on_close=close,
    )


def _use_moving(
    book: Casebook,
    asked: bool,
    family: Family,
    close: Callable[[], None],
    move: Callable[[str], Any],
) -> None:
    chosen, choose = use_state(None)

    async def agreed() -> None:
        if chosen:
            await move(chosen)

    dialogs.use_question(
        asked,
        title=_("Which family does it belong to?"),
        words=family_chooser(book, chosen, choose, besides=family.id),
        more=[
            text.small(
                _("The text moves there. Its link to this family's appointment and goals is cut.")
            )
        ],
        yes=_("Move it"),
        on_yes=agreed,
        on_close=close,
    )
