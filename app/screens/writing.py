"""Writing a visit note: plain, fast, kept every moment.

What is typed is saved, sealed, well within two seconds of the last key, and before the screen is
hidden, locked or left. A disk that refuses keeps the text on screen and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import flet as ft

from app.casework import pasted
from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError, Unknown
from app.casework.family import Family
from app.casework.note import NoteDraft, Seen, headings
from app.casework.people import PersonKind
from app.casework.third_party import with_mark, without_mark
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, goto, instead, use_query
from app.parts import banners, buttons, cards, fields, text
from app.parts.keeping import use_sheet
from app.parts.when import DateField, TimeField
from app.screens.naming import person_name
from app.screens.others_words import Passages
from app.screens.signing import use_moving, use_questions
from app.session import Session
from app.sheets import Sheet
from app.state import use_session, use_state, use_tab, use_wide
from app.wording import _, clock, local, moment, plain
from app.wording.vocabulary import word, words

_ID = re.compile("[0-9a-f]{32}")


@screen
def BeginNote() -> ft.View:
    """`/families/:fid/write/:appointment`: gives way at once to the note's own address."""
    params = ft.use_route_params()
    session = use_session()
    asked = params.get("appointment")
    appointment = asked if asked and asked != "new" else None

    async def give_way() -> None:
        await instead(writing_route(session, params["fid"], appointment))

    ft.use_effect(give_way, dependencies=[])
    return Shell(_("Note"), [banners.waiting(_("Opening…"))], selected="/families")


def begin_note(session: Session, family: str, appointment: str | None = None) -> Callable[[], Any]:
    """What a button does that begins a note, or takes up the one that was begun."""

    async def begin() -> None:
        await goto(writing_route(session, family, appointment))

    return begin


def writing_route(session: Session, family: str, appointment: str | None = None) -> str:
    """Where the note is written: its own address from the first moment, saved or not.

    So a reload, a lock and another tab find it again, and not a second, empty one.
    """
    about = {"family": family, **({"appointment": appointment} if appointment else {})}
    begun = _begun(session, appointment) if appointment else None
    draft = begun.id if begun is not None else session.casebook.notes.new_id()
    return f"/write/{draft}?{urlencode(about)}"


def _begun(session: Session, appointment: str) -> NoteDraft | None:
    """The draft of an appointment: one kept, or one that lies open in a tab and has no word yet."""
    for sheet in session.sheets:
        if isinstance(sheet.said, NoteDraft) and sheet.said.appointment == appointment:
            return sheet.said
    found = session.casebook.notes.of_appointment(appointment)
    return found if isinstance(found, NoteDraft) else None


@screen
def WriteNote() -> ft.View:
    """`/write/:id`: a draft that exists, or one about to be: `?family=…&appointment=…`."""
    book = use_session().casebook
    draft_id = ft.use_route_params()["id"]
    query = use_query()
    opened: Any = ft.use_ref(None)
    if opened.current is None:
        opened.current = _draft(book, draft_id, query)
    return Editor(opened.current, key=draft_id)


def _draft(book: Casebook, draft_id: str, query: Mapping[str, str]) -> NoteDraft:
    """Raises Unknown."""
    try:
        return book.notes.open_draft(draft_id)
    except Unknown:
        family = query.get("family")
        if family is None or not _ID.fullmatch(draft_id) or book.history(draft_id):
            raise
        return book.notes.start(family, appointment=query.get("appointment"), draft=draft_id)


@screen
def Editor(begun: NoteDraft) -> ft.View:
    """The page itself. What is written stands on a sheet that every tab on this note shares."""
    session, wide = use_session(), use_wide()
    tab = use_tab()
    book = session.casebook
    trouble, set_trouble = use_state(None)
    asking, ask = use_state(None)
    sheet = use_sheet(
        f"note {begun.id}",
        lambda: Sheet(
            said=begun,
            save=lambda said: book.notes.save_draft(said).saved_at,
            kept_at=begun.saved_at,
        ),
    )
    draft = sheet.said
    family = book.families.get(begun.family)

    def change(**fields_: Any) -> None:
        set_trouble(None)
        sheet.put(replace(sheet.said, **fields_), tab)

    def to_sign() -> None:
        sheet.save_now()
        try:
            book.notes.check(sheet.said)
        except CaseworkError as error:
            set_trouble(plain(error))
            return
        ask("sign" if sheet.said.text.strip() else "nothing")

    async def sign() -> None:
        signed = book.notes.sign(sheet.said)
        sheet.close("signed", tab)
        await instead(f"/notes/{signed.id}")

    async def aside() -> None:
        put = book.notes.put_aside(sheet.said)
        sheet.close("aside", tab)
        await instead(f"/notes/{put.id}")

    async def discard() -> None:
        sheet.close("discarded", tab)
        book.notes.drop_draft(begun.id)
        await finished(f"/families/{family.id}")

    async def move(to: str) -> None:
        sheet.save_now()
        moved = book.notes.move(begun.id, to)
        sheet.close("moved", tab)
        await instead(f"/write/{moved}")

    use_questions(book, family, draft, asking, lambda: ask(None), sign, discard)
    use_moving(book, asking == "move", family, lambda: ask(None), move)
    title = _("Restricted note") if draft.restricted else word("contact_type", draft.contact_type)
    if sheet.closed_elsewhere(tab):
        return Shell(title, [_whose(family, draft), _ended(sheet.closed, begun)])
    body: list[ft.Control] = [_whose(family, draft)]
    said = trouble or (plain(sheet.refused) if sheet.refused is not None else None)
    if asking == "nothing":
        said = _("Write a few words before signing.")
    remedies = []
    if said is not None and _image_in(draft.text):
        remedies.append(
            buttons.secondary(
                _("Take the picture out"),
                lambda: change(text=pasted.without_images(sheet.said.text)),
            )
        )
    writing = fields.long_text(
        _("Note"),
        draft.text,
        lambda said: change(text=said),
        lines=14 if wide else 10,
        on_blur=sheet.save_now,
        autofocus=False,
    )
    template = headings(draft.contact_type, book.profile, child_there=family.child_there)
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
    others = Passages(
        draft.text,
        lambda number, who: change(text=with_mark(sheet.said.text, number, who)),
        lambda number: change(text=without_mark(sheet.said.text, number)),
    )
    state = text.small(_kept_words(sheet.kept_at, book))
    tools = buttons.actions(
        buttons.secondary(_("Put aside unsigned"), aside),
        buttons.quiet(_("Wrong family?"), lambda: ask("move")),
        buttons.quiet(_("Throw draft away"), lambda: ask("discard")),
    )
    if wide:
        left = ft.Column(
            [writing, state, others, tools],
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        body.append(
            ft.ResponsiveRow(
                [
                    ft.Container(cards.read_in_one(left), col={"md": 8}),
                    ft.Container(facts, col={"md": 4}),
                ],
                spacing=16,
            )
        )
    else:
        body += [writing, state, others, facts, tools]
    return Shell(
        title,
        body,
        attention=said,
        remedies=remedies,
        foot=buttons.primary(_("Sign note"), to_sign, icon=ft.Icons.DRAW_OUTLINED),
        selected="/families",
        full_width=wide,
    )


def _ended(how: str, begun: NoteDraft) -> ft.Control:
    """What became of it in another tab; there is no second copy here that could still be lost."""
    said = {
        "signed": _("This note was signed in another tab."),
        "aside": _("This note was put aside, unsigned, in another tab."),
        "moved": _("This note was moved to another family in another tab."),
        "discarded": _("This draft was thrown away in another tab."),
    }
    read = [buttons.secondary(_("Read note"), read_instead(begun.id))]
    return banners.banner(
        said.get(how, _("This note is no longer being written.")),
        actions=read if how in ("signed", "aside") else [],
        live=True,
    )


def read_instead(note: str) -> Callable[[], Any]:
    """A handler that shows the note in the place of its draft."""

    async def read() -> None:
        await instead(f"/notes/{note}")

    return read


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
    named = f"{family.name} ({family.ref})" if family.ref else family.name
    lines: list[ft.Control] = [text.heading(named)]
    lines += [
        text.small(f"{word('told_apart', c)}: {said}")
        for c, said in family.told_apart
        if c != "ref"
    ]
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
                lambda kind: change(contact_type=kind),
            ),
            DateField(_("Day"), on, day_chosen, today=book.today, past=True),
            TimeField(_("Time"), when, time_chosen),
        ]
    controls.append(
        fields.chips(
            _("Who was present"),
            list(draft.people),
            {
                p.id: person_name(p)
                for p in family.people
                if p.kind is not PersonKind.UNBORN and p.living and p.until is None
            },
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
            fields.ticks(
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
