"""One appointment: what is known of it, and moving, changing, cancelling or restoring it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.casework.appointment import Appointment, CancelledBy, VenueType
from app.casework.attendance import SEEN
from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.forms import Booking
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, dialogs, fields, marks, text
from app.parts.keeping import use_form
from app.screens.booking import BookingForm, section_when
from app.screens.booking_doubts import doubts, use_doubts, when_words
from app.screens.booking_filled import Filled, booking, filled_from
from app.screens.calendar import calendar_button
from app.screens.going_in import CheckInCard, use_supervisor_please
from app.screens.naming import person_name
from app.screens.outcome_history import corrected
from app.screens.reaching import MapButton, address_left_out
from app.screens.reminders import ReminderLines, ReminderPreview
from app.screens.telling_apart import family_words, line_words
from app.state import use_changes, use_session, use_state
from app.wording import _, local, moment, ngettext, plain
from app.wording.vocabulary import word, words
from storage.doorway import SENDING


@screen
def AppointmentView() -> ft.View:
    """`/appointments/:id`."""
    use_changes(
        "appointment", "attendance", "visit_note", "reminder", "receipt", "call_task", SENDING
    )
    book = use_session().casebook
    a = book.diary.get(ft.use_route_params()["id"])
    asking, ask = use_state(False)
    by, set_by = use_state(None)
    reason, set_reason = use_state("")
    rest, set_rest = use_state(False)
    said, say = use_state(None)
    later = _later_in_series(book, a)

    def ask_anew() -> None:
        set_by(None)
        ask(True)

    def cancel() -> None:
        book.diary.cancel(a.id, CancelledBy(by), reason, rest_of_series=rest)
        say(
            dialogs.Said(
                words=_("Cancelled. Messages planned for it are taken back."), undo=restore
            )
        )

    def restore() -> None:
        book.diary.restore(a.id)

    extra: list[ft.Control] = [
        fields.choice(_("Who cancelled?"), by, words("cancelled_by"), set_by),
        fields.text_field(_("Why, if you know"), reason, set_reason),
    ]
    if later:
        extra.append(
            fields.tick(
                ngettext(
                    "Also the {n} after it in the series",
                    "Also the {n} after it in the series",
                    len(later),
                ).format(n=len(later)),
                rest,
                set_rest,
            )
        )
    dialogs.use_question(
        asking,
        title=_("Cancel this appointment?"),
        words=_("The time becomes free. You can take this back."),
        more=extra,
        yes=_("Cancel appointment"),
        ready=by is not None,
        filled_in=True,
        no=_("Keep it"),
        on_yes=cancel,
        on_close=lambda: ask(False),
    )
    dialogs.use_said(said, lambda: say(None))
    please = use_supervisor_please(a.family)
    return Shell(
        _("Appointment"),
        _facts(book, a, ask=ask_anew, restore=restore, please=please),
        selected="/",
    )


def _facts(
    book: Casebook,
    a: Appointment,
    *,
    ask: Callable[[], Any],
    restore: Callable[[], Any],
    please: Callable[[], Any],
) -> list[ft.Control]:
    body: list[ft.Control] = [
        buttons.actions(
            buttons.quiet(
                line_words(book, a.family), go(f"/families/{a.family}"), icon=ft.Icons.GROUP
            )
        ),
        section_when(a.starts, a.minutes),
    ]
    if a.other_starts:
        others = ", ".join(moment(at, book.now) for at in a.other_starts)
        body.append(
            banners.banner(
                _(
                    "Also moved to {others} by somebody offline. Until one is chosen, both stand."
                ).format(others=others),
                tone="attention",
                actions=[buttons.secondary(_("Choose"), go("/conflicts"))],
            )
        )
    family = book.families.get(book.families.remaining(a.family))
    expected = {p.id: p for p in map(family.person, a.people) if p is not None and p.living}
    people = ", ".join(person_name(p) for p in expected.values())
    place, kept_from = book.diary.where_to(a.id)
    workers = ", ".join(filter(None, (book.team.name_of(w) for w in a.workers)))
    body += [
        text.fact(_("What"), word("contact_type", a.kind), icon=ft.Icons.EVENT_NOTE),
        text.fact(
            _("Where"),
            "\n".join(part for part in (word("venue_type", a.venue_type), place) if part),
            icon=ft.Icons.PLACE_OUTLINED,
        ),
        text.fact(_("Who is expected"), people or "–", icon=ft.Icons.GROUP),
        text.fact(_("Who goes"), workers or "–", icon=ft.Icons.BADGE_OUTLINED),
    ]
    if a.about:
        body.append(text.fact(_("About"), a.about))
    state: list[ft.Control] = []
    if a.cancelled:
        state.append(
            marks.status(
                _("Cancelled: {by}").format(by=word("cancelled_by", a.cancelled_by)), "quiet"
            )
        )
    if not a.sent:
        state.append(marks.status(_("Only on this device"), "quiet", icon=ft.Icons.CLOUD_QUEUE))
    if kept_from:
        body.append(address_left_out(kept_from, {p.id: person_name(p) for p in family.people}))
    names = {p.id: p.name for p in family.people}
    for outcome in book.engagement.outcomes(a.id):
        tone: marks.Tone = "good" if outcome.code in SEEN else "attention"
        who = names.get(outcome.attendee) or ""
        words_of = word("outcome", outcome.word)
        state.append(marks.status(f"{who}: {words_of}" if who else words_of, tone))
    if state:
        body.append(marks.statuses(*state))
    body += corrected(book, a, names)
    if a.cancel_reason:
        body.append(text.small(a.cancel_reason))
    if a.cancelled:
        body.append(buttons.actions(buttons.primary(_("Restore"), restore, icon=ft.Icons.UNDO)))
        return [*body, ReminderLines(a)]
    tools = [
        buttons.primary(
            _("Move or change"),
            go(f"/appointments/{a.id}/change"),
            icon=ft.Icons.EDIT_CALENDAR_OUTLINED,
        ),
        buttons.secondary(
            _("Outcome"), go(f"/appointments/{a.id}/outcome"), icon=ft.Icons.HOW_TO_REG_OUTLINED
        ),
        buttons.secondary(_("Cancel it"), ask, icon=ft.Icons.EVENT_BUSY),
    ]
    if place and (a.address or a.venue_type == VenueType.HOME):
        tools.append(MapButton(family.id, place))
    tools.append(calendar_button([a]))
    return [
        *body,
        cards.card(buttons.actions(*tools)),
        *([CheckInCard(a)] if _may_go_in(book, a) else []),
        ReminderLines(a),
        buttons.actions(buttons.quiet(_("Supervisor please"), please, icon=ft.Icons.SUPPORT_AGENT)),
    ]


def _may_go_in(book: Casebook, a: Appointment) -> bool:
    """On the day of a visit that somebody has to go to."""
    today = local(a.starts).date() == book.today
    return today and bool(a.place) and book.me.person in a.workers


def _later_in_series(book: Casebook, a: Appointment) -> list[Appointment]:
    if a.series is None:
        return []
    return [x for x in book.diary.series(a.series) if x.starts > a.starts and not x.cancelled]


@screen
def ChangeAppointment() -> ft.View:
    """`/appointments/:id/change`: move it, or correct anything about it."""
    use_changes("appointment")
    book = use_session().casebook
    a = book.diary.get(ft.use_route_params()["id"])
    known = filled_from(book.diary.booking_of(a.id))
    form = use_form("booking_change", known, about=a.id, casefile=a.family)
    filled = form.on(known)
    rest, set_rest = use_state(False)
    problem, set_problem = use_state(None)
    asking, ask = use_state(False)
    later = _later_in_series(book, a)

    def fill(new: Filled) -> None:
        set_problem(None)
        form.put(new)

    def doubted(made: Booking) -> list[str]:
        moved = made.starts != a.starts
        others = moved and (form.start.on, form.start.at) != (known.on, known.at)
        found = doubts(book, made, a.id, moved=moved)
        return [
            *([_moved_meanwhile(book, a)] if others else []),
            *([_("It was cancelled. Saving does not bring it back.")] if a.cancelled else []),
            *found,
        ]

    async def save() -> None:
        made = booking(book, form.on(known))
        if made is None:
            set_problem(_("Please give the day and the time."))
            return
        try:
            book.diary.check(made)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        if doubted(made):
            ask(True)
        else:
            await keep()

    async def keep() -> None:
        made = booking(book, form.on(known))
        if made is None:
            return
        try:
            book.diary.change(a.id, made, rest_of_series=rest)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/appointments/{a.id}")

    new = booking(book, filled)
    use_doubts(doubted(new) if asking and new else [], asking, lambda: ask(False), keep, new=False)
    body: list[ft.Control] = [
        text.heading(family_words(book, a.family)),
        *form.notices,
        *(
            [text.small(_("Now: {when}").format(when=when_words(a.starts, a.minutes)))]
            if new is not None and (new.starts, new.minutes) != (a.starts, a.minutes)
            else []
        ),
        BookingForm(filled, fill, new=False, besides=a.id),
    ]
    if later:
        body.append(
            fields.tick(
                ngettext(
                    "Move the {n} after it in the series as well",
                    "Move the {n} after it in the series as well",
                    len(later),
                ).format(n=len(later)),
                rest,
                set_rest,
            )
        )
    body.append(ReminderPreview(new, a.id))
    return Shell(
        _("Change appointment"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/",
    )


def _moved_meanwhile(book: Casebook, a: Appointment) -> str:
    """Said when the time that this form began with is no longer the one on record."""
    movers = [c.author_name for c in book.history(a.id) if "starts" in c.fields]
    return _("{name} has moved it meanwhile: {when}.").format(
        name=(movers and movers[-1]) or _("Somebody"), when=when_words(a.starts, a.minutes)
    )
