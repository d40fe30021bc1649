"""A call somebody should make: everything to know before dialling, and what came of it in one tap.

The code word stands above the button that dials. What came of it becomes a contact in the
engagement log; an unsafe or wrong number is stopped in the same tap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flet as ft

from app.casework.call_task import CallOutcome
from app.casework.casebook import CallCard, Casebook
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Caution
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, fields, lists, text
from app.parts.keeping import use_form
from app.screens.reaching import before_contact, use_ringing
from app.state import use_changes, use_session
from app.wording import _, day_and_time, near_day
from app.wording.vocabulary import word

KINDS = ("call_task", "receipt", "reply", "reminder", "duty")


def call_rows(book: Casebook) -> list[ft.Control]:
    """My calls for Today, with what passed to duty; what a parent wrote stands above."""
    waiting = [card for card in book.calls.waiting() if not _is_cry(card)]
    if not waiting:
        return []
    return [cards.section(_("Calls to make"), [lists.rows([_row(book, card) for card in waiting])])]


def cries(book: Casebook) -> list[ft.Control]:
    """What parents wrote that no machine may answer: it may be a call for help, so it comes before
    everything else on the day, on a phone too."""
    return [
        banners.banner(
            ", ".join(part for part in (card.family.name, reasons_words(card)) if part),
            tone="bad",
            title=_("{name} has written to you").format(name=card.person or card.family.name),
            icon=ft.Icons.SMS_OUTLINED,
            actions=[
                buttons.primary(
                    _("Read what {name} wrote").format(name=card.person or card.family.name),
                    go(f"/calls/{card.task.id}"),
                )
            ],
            live=True,
        )
        for card in book.calls.waiting()
        if _is_cry(card)
    ]


def _is_cry(card: CallCard) -> bool:
    return Reason.OTHER_REPLY in card.task.reasons


def _row(book: Casebook, card: CallCard) -> ft.Control:
    whose = _("for {name}").format(name=card.owner_name) if card.for_duty else ""
    return lists.tile(
        _("Ring {name}").format(name=card.person or card.family.name),
        "\n".join(
            part
            for part in (
                ", ".join(p for p in (card.family.name, reasons_words(card)) if p),
                ", ".join(p for p in (near_day(card.task.due, book.today), whose) if p),
            )
            if part
        ),
        go(f"/calls/{card.task.id}"),
        icon=ft.Icons.CALL_OUTLINED,
        key=card.task.id,
    )


def reasons_words(card: CallCard) -> str:
    """Why, in one line."""
    return "; ".join(word("reason", reason) for reason in card.task.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of a call, while it is written down."""

    summary: str = ""


@screen
def CallView() -> ft.View:
    """`/calls/:id`."""
    use_changes(*KINDS, "safe_contact", "appointment")
    book = use_session().casebook
    card = book.calls.get(ft.use_route_params()["id"])
    form = use_form("call", Told(), about=card.task.id, casefile=card.family.id)
    ring = use_ringing()

    def look() -> None:
        book.calls.see([card.task])

    ft.use_effect(look, dependencies=[card.task.id])

    def outcome(code: CallOutcome) -> Any:
        async def settle() -> None:
            book.calls.settle(card.task.id, code, form.said.summary)
            form.done()
            await finished("/")

        return settle

    body: list[ft.Control] = [
        text.heading(
            _("{name}, {family}").format(name=card.person, family=card.family.name)
            if card.person
            else card.family.name
        ),
        text.fact(_("Why"), reasons_words(card), icon=ft.Icons.HELP_OUTLINE),
    ]
    if card.task.text:
        body.append(
            banners.banner(
                card.task.text, tone="bad", title=_("They wrote"), icon=ft.Icons.SMS_OUTLINED
            )
        )
    if _is_cry(card):
        body.append(
            banners.banner(
                _(
                    "Somebody may be there who must not know. If anybody may be in danger, ring"
                    " 999 first and then duty. Otherwise ring only if it is safe to be heard."
                ),
                tone="attention",
                title=_("Think before you ring"),
                icon=ft.Icons.SHIELD_OUTLINED,
            )
        )
    if card.appointment is not None:
        body.append(
            text.fact(_("Appointment"), day_and_time(card.appointment.starts), icon=ft.Icons.EVENT)
        )
    body += _before_dialling(card)
    if card.route is not None:
        body.append(
            buttons.actions(
                buttons.primary(
                    _("Ring {number}").format(number=card.route.number),
                    ring(card.route, card.person, card.cautions),
                    icon=ft.Icons.CALL,
                )
            )
        )
    body.append(
        cards.section(
            _("What came of it"),
            [
                *form.notices,
                fields.text_field(
                    _("A word about it (optional)"),
                    form.said.summary,
                    lambda v: form.change(summary=v),
                ),
                buttons.actions(
                    *(
                        buttons.secondary(word("contact_outcome", code), outcome(code))
                        for code in CallOutcome
                    )
                ),
                text.small(_("Unsafe and wrong numbers are never used again.")),
            ],
        )
    )
    return Shell(_("Call to make"), body, selected="/")


def _before_dialling(card: CallCard) -> list[ft.Control]:
    if card.route is None:
        return [
            banners.banner(
                _("No number may be rung. Tell them at the next visit, or go there."),
                tone="attention",
                icon=ft.Icons.PHONE_LOCKED,
            )
        ]
    others = tuple(c for c in card.cautions if c is not Caution.CODE_WORD)
    return before_contact(card.route, others)
