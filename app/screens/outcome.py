"""What came of an appointment: one tap when all went well, a few more when it did not.

Who was there is marked for each person in the NHS's own codes; what stood in the way is asked in
the same breath, because that is when it is known. Two misses in a row bring a conversation, and
nothing here can end the work with a family.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import flet as ft

from app.casework.appointment import Appointment
from app.casework.attendance import CANCELLED, MISSED, SEEN, Code, Obstacle, outcome_word
from app.casework.card import Expected
from app.casework.engagement import ObstacleConversation
from app.casework.people import PersonKind
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, go, instead
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.state import use_session, use_state
from app.wording import _, clock, long_day, near_day
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


@screen
def Outcome() -> ft.View:
    """`/appointments/:id/outcome`."""
    book = use_session().casebook
    appointment = book.diary.get(ft.use_route_params()["id"])
    expected = book.engagement.expected(appointment.id)
    before = {a.attendee: a for a in book.engagement.outcomes(appointment.id)}
    chosen, choose = use_state(
        lambda: {
            who: NOT_BROUGHT if a.not_brought else str(a.code.value) for who, a in before.items()
        }
    )
    obstacle, set_obstacle = use_state(
        lambda: next((a.obstacle for a in before.values() if a.obstacle), None)
    )
    words_of, set_words = use_state(
        lambda: next((a.obstacle_text for a in before.values() if a.obstacle_text), "")
    )
    problem, set_problem = use_state(None)
    raised, set_raised = use_state(None)
    family = book.families.name_of(appointment.family)

    async def save(marks: dict[str, str]) -> None:
        if not marks:
            set_problem(_("Please say for at least one person what came of it."))
            return
        codes = {
            who: Code.DID_NOT_ATTEND if mark == NOT_BROUGHT else Code(mark)
            for who, mark in marks.items()
        }
        hindered = any(code not in SEEN for code in codes.values())
        conversation = book.engagement.record_outcome(
            appointment.id,
            codes,
            not_brought=tuple(who for who, mark in marks.items() if mark == NOT_BROUGHT),
            obstacle=obstacle if hindered else None,
            obstacle_text=words_of if hindered else "",
        )
        if conversation is not None:
            set_raised(conversation)
        else:
            await finished("/")

    async def all_seen() -> None:
        await save({person.id: Code.ON_TIME.value for person in expected})

    def mark(who: str, code: str) -> None:
        set_problem(None)
        choose({**chosen, who: code})

    _use_conversation(raised, lambda: set_raised(None))
    missed = any(_is_miss(mark) for mark in chosen.values())
    body: list[ft.Control] = [
        text.heading(family, level=2),
        text.line(_when(appointment, book.today)),
    ]
    if not before:
        body.append(buttons.primary(_("Everybody seen, on time"), all_seen, icon=ft.Icons.DONE_ALL))
    body += [_person(person, chosen.get(person.id), mark) for person in expected]
    if missed:
        body.append(
            cards.card(
                fields.chips(
                    _("What stood in the way?"),
                    [obstacle] if obstacle else [],
                    words("obstacle"),
                    lambda picked: set_obstacle(Obstacle(picked[0]) if picked else None),
                    many=False,
                ),
                fields.text_field(_("In their words, if you know"), words_of, set_words),
                text.small(_("Asked to help, never to blame. It may be left empty.")),
            )
        )
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
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
        foot=buttons.primary(_("Save outcome"), lambda: save(chosen), icon=ft.Icons.CHECK),
        selected="/",
    )


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
