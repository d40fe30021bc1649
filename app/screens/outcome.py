"""What came of an appointment: one tap when all went well, a few more when it did not.

Who was there is marked for each person in the NHS's own codes; what stood in the way is asked in
the same breath, because that is when it is known. Two misses in a row bring a conversation, and
nothing here can end the work with a family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import flet as ft

from app.casework.appointment import Appointment
from app.casework.attendance import (
    CANCELLED,
    MISSED,
    SEEN,
    Attendance,
    Code,
    Obstacle,
    outcome_word,
)
from app.casework.card import Expected
from app.casework.engagement import ObstacleConversation
from app.casework.errors import CaseworkError
from app.casework.people import PersonKind
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, go, instead
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.keeping import use_form
from app.screens.telling_apart import apart_words, family_words
from app.state import use_session, use_state
from app.wording import _, clock, long_day, near_day, plain
from app.wording.vocabulary import word, words

OFFERED = (
    Code.ON_TIME,
    Code.LATE_SEEN,
    Code.DID_NOT_ATTEND,
    Code.LATE_NOT_SEEN,
    Code.CANCELLED_BY_FAMILY,
    Code.CANCELLED_BY_SERVICE,
)
NOT_BROUGHT = "not_brought"
"""Offered for a child beside the codes; stored as 3 with the flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What is marked and said before it is saved. `marks` are `person code`, a blank between."""

    marks: tuple[str, ...] = ()
    obstacle: Obstacle | None = None
    words: str = ""

    @property
    def by_person(self) -> dict[str, str]:
        """The code each person is marked with."""
        return {who: code for who, _blank, code in (m.partition(" ") for m in self.marks) if code}


def pairs(marks: Mapping[str, str]) -> tuple[str, ...]:
    """Marks by person, as the form keeps them."""
    return tuple(f"{who} {code}" for who, code in marks.items())


def marked(before: Sequence[Attendance]) -> Marked:
    """The form as it stands for what was recorded."""
    return Marked(
        marks=pairs(
            {a.attendee: NOT_BROUGHT if a.not_brought else str(a.code.value) for a in before}
        ),
        obstacle=next((a.obstacle for a in before if a.obstacle), None),
        words=next((a.obstacle_text for a in before if a.obstacle_text), ""),
    )


@screen
def Outcome() -> ft.View:
    """`/appointments/:id/outcome`."""
    book = use_session().casebook
    appointment = book.diary.get(ft.use_route_params()["id"])
    expected = book.engagement.expected(appointment.id)
    before = book.engagement.outcomes(appointment.id)
    form = use_form("outcome", marked(before), about=appointment.id, casefile=appointment.family)
    chosen = form.said.by_person
    problem, set_problem = use_state(None)
    raised, set_raised = use_state(None)
    tag = book.families.tag(appointment.family)

    async def save(marks: Mapping[str, str]) -> None:
        said = form.said
        if not marks:
            set_problem(_("Please say for at least one person what came of it."))
            return
        codes = {
            who: Code.DID_NOT_ATTEND if mark == NOT_BROUGHT else Code(mark)
            for who, mark in marks.items()
        }
        hindered = any(code not in SEEN for code in codes.values())
        try:
            conversation = book.engagement.record_outcome(
                appointment.id,
                codes,
                not_brought=tuple(who for who, mark in marks.items() if mark == NOT_BROUGHT),
                obstacle=said.obstacle if hindered else None,
                obstacle_text=said.words if hindered else "",
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        if conversation is not None:
            set_raised(conversation)
        else:
            await finished("/")

    async def all_seen() -> None:
        await save({person.id: Code.ON_TIME.value for person in expected})

    def mark(who: str, code: str) -> None:
        set_problem(None)
        form.change(marks=pairs({**form.said.by_person, who: code}))

    _use_conversation(raised, lambda: set_raised(None))
    missed = any(_is_miss(mark) for mark in chosen.values())
    body: list[ft.Control] = [
        text.heading(family_words(book, appointment.family), level=2),
        *([text.small(apart_words(tag))] if tag.told_apart else []),
        text.line(_when(appointment, book.today)),
    ]
    if appointment.local.date() > book.today:
        return Shell(_("Outcome"), [*body, *_still_to_come(appointment)], selected="/")
    body += form.notices
    if not before:
        body.append(buttons.primary(_("Everybody seen, on time"), all_seen, icon=ft.Icons.DONE_ALL))
    body += [_person(person, chosen.get(person.id), mark) for person in expected]
    if missed:
        body.append(
            cards.card(
                fields.chips(
                    _("What stood in the way?"),
                    [form.said.obstacle] if form.said.obstacle else [],
                    words("obstacle"),
                    lambda picked: form.change(obstacle=Obstacle(picked[0]) if picked else None),
                    many=False,
                ),
                fields.text_field(
                    _("In their words, if you know"),
                    form.said.words,
                    lambda said: form.change(words=said),
                ),
                text.small(_("Asked to help, never to blame. It may be left empty.")),
            )
        )
    if before:
        body.append(
            text.small(_("Saving corrects what was recorded. What stood before stays in history."))
        )
    body.append(
        buttons.quiet(
            _("It was cancelled beforehand: cancel the appointment"),
            go(f"/appointments/{appointment.id}"),
        )
    )
    return Shell(
        _("Outcome"),
        body,
        attention=problem,
        foot=buttons.primary(
            _("Save outcome"), lambda: save(form.said.by_person), icon=ft.Icons.CHECK
        ),
        selected="/",
    )


def _still_to_come(appointment: Appointment) -> list[ft.Control]:
    """Nobody can have been seen or missed yet; calling it off is another matter."""
    return [
        banners.banner(
            _("This appointment is still to come. What came of it is written down on the day."),
            tone="attention",
            icon=ft.Icons.SCHEDULE,
        ),
        buttons.actions(
            buttons.secondary(
                _("Move or cancel it"),
                go(f"/appointments/{appointment.id}"),
                icon=ft.Icons.EDIT_CALENDAR_OUTLINED,
            )
        ),
    ]


def _person(person: Expected, value: str | None, mark: Callable[[str, str], None]) -> ft.Control:
    options = {code.value: word("outcome", outcome_word(code)) for code in OFFERED}
    if person.kind is not PersonKind.ADULT:
        in_order = list(options.items())
        in_order.insert(2, (NOT_BROUGHT, word("outcome", "was_not_brought")))
        options = dict(in_order)
        options.pop(Code.DID_NOT_ATTEND.value)
    return cards.card(
        fields.choice(
            person.name or word("person_kind", person.kind),
            value,
            options,
            lambda code: mark(person.id, code),
        )
    )


def _is_miss(mark: str) -> bool:
    return mark == NOT_BROUGHT or Code(mark) in MISSED | CANCELLED


def _when(appointment: Appointment, today: date) -> str:
    on = appointment.local.date()
    near = near_day(on, today)
    return _("{day} at {time}, {what}").format(
        day=long_day(on) if near not in (_("today"), _("yesterday")) else near.capitalize(),
        time=clock(appointment.starts),
        what=word("contact_type", appointment.kind),
    )


def _use_conversation(raised: ObstacleConversation | None, close: Callable[[], None]) -> None:
    """After a second miss in a row: what happens now, in one sentence, and one tap to it."""
    book = use_session().casebook

    async def now() -> None:
        assert raised is not None
        await instead(f"/families/{raised.family}/obstacle/{raised.id}")

    async def later() -> None:
        await finished("/")

    dialogs.use_question(
        raised is not None,
        title=_("Missed twice in a row"),
        words=_(
            "An obstacle conversation is now due {day}: ask what stands in the way, and what "
            "would help. The family stays with you."
        ).format(day=near_day(raised.due, book.today) if raised else ""),
        yes=_("Open the conversation"),
        no=_("Back to today"),
        on_yes=now,
        on_no=later,
        on_close=close,
    )
