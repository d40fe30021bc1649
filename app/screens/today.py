"""Today: the appointments in order, each with everything to know before knocking.

One tap to start the note, to record what came of it, to ring and to find the door. Below them what
is due and what was begun and not finished. Reads only; works without a signal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import flet as ft

from app.casework.attendance import SEEN
from app.casework.card import Card
from app.casework.casebook import Casebook
from app.casework.casebook.covering import Covered
from app.casework.family import FamilyTag
from app.casework.note import NoteState
from app.casework.receipt import State
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, marks, text
from app.screens.calls import KINDS as CALLS
from app.screens.calls import call_rows, cries
from app.screens.family_children import known_banners
from app.screens.first_steps import first_steps
from app.screens.going_in import use_supervisor_please
from app.screens.groups import KINDS as GROUPS
from app.screens.groups import led_on
from app.screens.naming import person_name
from app.screens.reaching import (
    MapButton,
    address_left_out,
    caution_line,
    unsafe_warning,
    use_ringing,
)
from app.screens.reminders import RECEIPT_TONES
from app.screens.to_do import due_words, to_do
from app.screens.writing import begin_note
from app.session import Session
from app.state import NEW_DAY, use_changes, use_session, use_state, use_wide
from app.wording import _, clock, day, lasting, long_day, near_day, ngettext
from app.wording.vocabulary import word
from storage.doorway import SENDING

KINDS = (
    "appointment",
    "attendance",
    "visit_note",
    "note_review",
    "obstacle",
    "action",
    "goal",
    "family",
    "person",
    "address",
    "safe_contact",
    "risk_note",
    "access_note",
    "life_event",
    "pregnancy",
    "period",
    "recorded_twice",
    "cover",
    "worker",
    *CALLS,
    *GROUPS,
)


@screen
def Today() -> ft.View:
    """Where a working day begins."""
    use_changes(*KINDS, NEW_DAY, SENDING)
    book, wide = use_session().casebook, use_wide()
    chosen, choose = use_state(None)
    on: date = chosen or book.today
    shift = (on - book.today).days

    def step(days: int) -> None:
        there = on + timedelta(days=days)
        choose(there if there != book.today else None)

    shown, covered = book.diary.today(on), book.diary.covered(on)
    every = [*shown, *(card for one in covered for card in one.cards)]
    messages = book.reminders.how_far([card.appointment.id for card in every])

    def day_card(card: Card) -> ft.Control:
        return DayCard(
            card,
            past=card.appointment.starts < book.now,
            message=messages.get(card.appointment.id),
            key=card.appointment.id,
        )

    planned: list[tuple[datetime, ft.Control]] = [
        (card.appointment.starts, day_card(card)) for card in shown
    ]
    planned = sorted([*planned, *led_on(book, on)], key=lambda each: each[0])
    body: list[ft.Control] = [
        *(cries(book) if shift == 0 else []),
        _day_chooser(on, shift, step),
        *([each for _starts, each in planned] or [_nothing_booked(shift)]),
        *(_for_colleague(book, one, [day_card(card) for card in one.cards]) for one in covered),
        buttons.actions(
            buttons.secondary(
                _("Book an appointment"), go("/appointments/new"), icon=ft.Icons.EVENT_AVAILABLE
            ),
            buttons.quiet(_("The week and its free times"), go("/week"), icon=ft.Icons.DATE_RANGE),
        ),
    ]
    please = use_supervisor_please(None)
    if shift == 0:
        body.append(
            buttons.actions(
                buttons.quiet(_("Supervisor please"), please, icon=ft.Icons.SUPPORT_AGENT)
            )
        )
        body += first_steps(book)
    aside = (
        [*call_rows(book), *to_do(book, {card.appointment.id for card in every})]
        if shift == 0
        else []
    )
    if wide and aside:
        page: list[ft.Control] = [
            cards.columns(
                ft.Column(body, spacing=16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
                ft.Column(aside, spacing=16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
                wide=True,
            )
        ]
        return Shell(_("Today"), page, full_width=True, scrolled=on.isoformat())
    return Shell(_("Today"), [*body, *aside], scrolled=on.isoformat())


def _day_chooser(on: date, shift: int, step: Callable[[int], Any]) -> ft.Control:
    """The day shown, and one step either way."""
    near = near_day(on, on - timedelta(days=shift))
    named = near if near in (_("today"), _("tomorrow"), _("yesterday")) else ""
    words = _("{near}, {day}").format(near=named.capitalize(), day=long_day(on))
    return ft.Row(
        [
            buttons.icon_button(ft.Icons.CHEVRON_LEFT, _("The day before"), lambda: step(-1)),
            ft.Container(text.heading(words if named else long_day(on), level=2), expand=True),
            *([buttons.quiet(_("Today"), lambda: step(-shift))] if shift else []),
            buttons.icon_button(ft.Icons.CHEVRON_RIGHT, _("The day after"), lambda: step(1)),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _for_colleague(book: Casebook, one: Covered, visits: list[ft.Control]) -> ft.Control:
    """The day of somebody who is away, below one's own."""
    until = day(one.until, book.today)
    lent = ngettext("{n} family until {until}.", "{n} families until {until}.", one.families)
    said = [text.small(lent.format(n=one.families, until=until))]
    if not visits:
        said.append(text.line(_("No visit of theirs is booked on this day.")))
    return cards.section(_("You cover for {name}").format(name=one.away_name), [*said, *visits])


def _nothing_booked(shift: int) -> ft.Control:
    if shift == 0:
        return banners.empty(
            _("Nothing booked today."),
            hint=_("Appointments you book show here in order, with what to know before knocking."),
        )
    return banners.empty(_("Nothing booked on this day."), icon=ft.Icons.EVENT_AVAILABLE)


@part
def DayCard(card: Card, *, past: bool = False, message: State | None = None) -> ft.Control:
    """One appointment, and how far the message about it came. Cancelled ones stay in sight,
    quietly, and offer the freed time.
    """
    ring, session = use_ringing(), use_session()
    book = session.casebook
    a = card.appointment
    opened, open_ = use_state(False)
    if a.cancelled:
        return _cancelled(card, past=past)
    if past and _finished(card) and not opened:
        return _done(card, message, lambda: open_(True))
    lines: list[ft.Control] = []
    if card.travel is not None and card.travel.needed:
        lines.append(_travel(card))
    lines += [
        ft.Row(
            [
                ft.Container(
                    text.heading(f"{clock(a.starts)}–{clock(a.ends)}  {card.family.name}", level=3),
                    expand=True,
                ),
                buttons.icon_button(
                    ft.Icons.CHEVRON_RIGHT,
                    _("Open family {name}").format(name=_tagged(card.family)),
                    go(f"/families/{card.family.id}"),
                ),
            ],
            spacing=12,
        )
    ]
    told = [said for code, said in card.family.told_apart if code in ("street", "born", "due")]
    who = ", ".join(person.name for person in card.people if person.name)
    where = ", ".join(part for part in (word("venue_type", a.venue_type), card.address) if part)
    lines += [text.line(part) for part in (who, where) if part]
    if told:
        lines.append(
            text.small(
                _("Another family has nearly this name. This one: {facts}").format(
                    facts="; ".join(told)
                )
            )
        )
    sensitive = bool(card.known or card.kept_from)
    people = book.families.people(card.family.id) if sensitive else []
    names = {person.id: person_name(person) for person in people}
    lines += known_banners(book, card.known, names)
    lines += [banners.banner(said, tone="bad", title=_("Before you go in")) for said in card.risks]
    lines += [text.fact(_("Getting in"), said, icon=ft.Icons.KEY) for said in card.access]
    if card.kept_from:
        lines.append(address_left_out(card.kept_from, names))
    if card.unsafe:
        lines.append(unsafe_warning(card.unsafe, {p.id: p.name for p in card.people}))
    if card.cautions and card.phone is not None:
        lines.append(caution_line(card.cautions))
    if a.other_starts:
        lines.append(
            banners.banner(
                _("Somebody else moved this appointment too. Choose which time holds."),
                tone="attention",
                actions=[buttons.secondary(_("Choose"), go("/conflicts"))],
            )
        )
    if card.clashes:
        lines.append(
            banners.banner(_("Clashes with another appointment at this time."), tone="attention")
        )
    lines += [
        text.fact(word("due", due.code), due_words(due), icon=ft.Icons.TASK_ALT)
        for due in card.due
        if due.code not in ("outcome", "note")
    ]
    state = _states(card, message)
    if state:
        lines.append(marks.statuses(*state))
    tools: list[ft.Control] = [
        _note_button(session, card),
        buttons.secondary(
            _("Correct outcome") if card.outcomes else _("Outcome"),
            go(f"/appointments/{a.id}/outcome"),
            icon=ft.Icons.HOW_TO_REG_OUTLINED,
        ),
    ]
    if card.phone is not None:
        tools.append(
            buttons.secondary(
                _("Ring {name}").format(name=card.phone_person) if card.phone_person else _("Ring"),
                ring(card.phone, card.phone_person, card.cautions),
                icon=ft.Icons.CALL_OUTLINED,
            )
        )
    if card.address:
        tools.append(MapButton(card.family.id, card.address))
    tools.append(
        buttons.quiet(
            _("Move or cancel {time}").format(time=clock(a.starts)),
            go(f"/appointments/{a.id}"),
            icon=ft.Icons.EDIT_CALENDAR_OUTLINED,
        )
    )
    lines.append(buttons.actions(*tools))
    return cards.card(*lines)


def _tagged(family: FamilyTag) -> str:
    return f"{family.name} {family.ref}".strip()


def _travel(card: Card) -> ft.Control:
    gap = card.travel
    assert gap is not None
    if gap.minutes < 0:
        return banners.banner(_("Overlaps with the appointment before."), tone="attention")
    words = _("{gap} after the one before, about {needed} to get there").format(
        gap=lasting(gap.minutes), needed=lasting(gap.needed)
    )
    if gap.tight:
        return banners.banner(words, tone="attention", icon=ft.Icons.DIRECTIONS_CAR)
    return text.small(words)


def _states(card: Card, message: State | None) -> list[ft.Control]:
    names = {p.id: p.name for p in card.people}
    said: list[ft.Control] = []
    for outcome in card.outcomes:
        tone: marks.Tone = "good" if outcome.code in SEEN else "attention"
        who = names.get(outcome.attendee, "")
        words = word("outcome", outcome.word)
        said.append(marks.status(f"{who}: {words}" if who else words, tone))
    if card.note is NoteState.SIGNED:
        said.append(marks.status(_("Note signed"), "good"))
    elif card.note is not None:
        said.append(marks.status(_("Note begun, not signed"), "attention"))
    if message is not None:
        tone = RECEIPT_TONES.get(message, "attention")
        said.append(marks.status(word("receipt_state", message), tone, icon=ft.Icons.SMS_OUTLINED))
    if not card.appointment.sent:
        said.append(marks.status(_("Only on this device"), "quiet", icon=ft.Icons.CLOUD_QUEUE))
    return said


def _note_button(session: Session, card: Card) -> ft.Control:
    a = card.appointment
    if card.note is NoteState.SIGNED and card.note_id:
        return buttons.secondary(_("Read note"), go(f"/notes/{card.note_id}"))
    if card.note is NoteState.DRAFT and card.note_id:
        return buttons.primary(
            _("Go on writing"), go(f"/write/{card.note_id}"), icon=ft.Icons.EDIT_NOTE
        )
    if card.note is NoteState.UNSIGNED and card.note_id:
        return buttons.primary(
            _("Finish note"), go(f"/notes/{card.note_id}"), icon=ft.Icons.EDIT_NOTE
        )
    return buttons.primary(
        _("Start note"), begin_note(session, card.family.id, a.id), icon=ft.Icons.EDIT_NOTE
    )


def _finished(card: Card) -> bool:
    """Nothing is left to do about it: an outcome, and a signed note."""
    return bool(card.outcomes) and card.note is NoteState.SIGNED and not card.clashes


def _done(card: Card, message: State | None, show: Callable[[], Any]) -> ft.Control:
    """A visit with nothing left to do, small, so that the next one is in sight."""
    a = card.appointment
    return cards.card(
        text.line(f"{clock(a.starts)}–{clock(a.ends)} {card.family.name}"),
        marks.statuses(*_states(card, message)),
        buttons.actions(
            buttons.quiet(
                _("Show the visit at {time}").format(time=clock(a.starts)),
                show,
                icon=ft.Icons.EXPAND_MORE,
            )
        ),
    )


def _cancelled(card: Card, *, past: bool) -> ft.Control:
    a = card.appointment
    by = word("cancelled_by", a.cancelled_by)
    tools = [buttons.secondary(_("Open"), go(f"/appointments/{a.id}"))]
    if not past:
        tools.insert(
            0,
            buttons.secondary(
                _("Use this time"),
                go(f"/appointments/new?at={a.starts.strftime('%Y%m%dT%H%M')}"),
                icon=ft.Icons.EVENT_AVAILABLE,
            ),
        )
    return cards.card(
        text.line(f"{clock(a.starts)}–{clock(a.ends)} {card.family.name}"),
        marks.statuses(marks.status(_("Cancelled: {by}").format(by=by), "quiet")),
        *([text.small(a.cancel_reason)] if a.cancel_reason else []),
        buttons.actions(*tools),
    )
