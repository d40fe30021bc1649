"""What a parent will be told, word for word, before anybody saves; afterwards what came of it."""

from __future__ import annotations

import flet as ft

from app.casework.appointment import Appointment
from app.casework.casebook import Casebook
from app.casework.forms import Booking
from app.casework.receipt import REACHED, State
from app.casework.reminder_line import ReminderLine
from app.casework.reminder_plan import Plan, Reminder, Withheld
from app.casework.reminder_rules import Means
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Channel
from app.casework.sms_length import sms_length
from app.guards import part
from app.parts import banners, cards, marks, text
from app.state import use_session, use_sync
from app.wording import _, clock, day, moment, ngettext
from app.wording.vocabulary import word

RECEIPT_TONES: dict[State, marks.Tone] = {
    State.DELIVERED: "good",
    State.ANSWERED: "good",
    State.SENT: "plain",
    State.SENDING: "plain",
    State.PLANNED: "quiet",
    State.WITHDRAWN: "quiet",
}


@part
def ReminderPreview(made: Booking | None, appointment: str | None) -> ft.Control:
    """What saving would send: the exact text, its length, when; or why not, and what instead."""
    book = use_session().casebook
    if made is None or made.starts <= book.now:
        return ft.Container(height=0)
    plan = book.reminders.preview(made, appointment)
    if plan.nothing is not None:
        return ft.Container(height=0)
    names = {p.id: p.known_as or p.name for p in book.families.people(made.family)}
    body = [_message(book, one, names) for one in plan.reminders]
    body += _instead(book, plan, names)
    if not body:
        body = [text.small(_("Nobody is reminded: no adult of the family is expected."))]
    return cards.section(_("What the family is told"), body, level=3)


def _message(book: Casebook, one: Reminder, names: dict[str, str]) -> ft.Control:
    size = sms_length(one.text)
    when = _("{day}, between {begin} and {end}").format(
        day=day(one.day, book.today), begin=clock(one.opens), end=clock(one.closes)
    )
    said: list[ft.Control] = [
        text.small(
            _("{rule}, to {name}: {when}").format(
                rule=word("rule", one.rule), name=names.get(one.person, ""), when=when
            )
        ),
        text.line(one.text),
    ]
    if one.channel is Channel.TEXT:
        said.append(
            text.small(
                ngettext("{n} character, {parts}", "{n} characters, {parts}", size.units).format(
                    n=size.units,
                    parts=ngettext("{n} text", "{n} texts", size.parts).format(n=size.parts),
                )
            )
        )
        if size.unusual:
            said.append(
                text.small(
                    _("{letters} make each text hold 70 characters instead of 160.").format(
                        letters=" ".join(size.unusual)
                    )
                )
            )
    else:
        said.append(text.small(_("Said aloud; all but the greeting after a key only.")))
    return cards.card(*said)


def _instead(book: Casebook, plan: Plan, names: dict[str, str]) -> list[ft.Control]:
    """Why something does not go, and who rings."""
    said: list[ft.Control] = []
    said += [text.small(_not_sent(one, names)) for one in plan.withheld if _worth_saying(one)]
    for call in plan.calls:
        owner = book.team.worker(call.owner or "")
        reasons = "; ".join(word("reason", r) for r in call.reasons)
        said.append(
            banners.banner(
                _("{reasons}. Due {day}.").format(
                    reasons=reasons[:1].upper() + reasons[1:], day=day(call.due, book.today)
                ),
                tone="attention",
                title=_("Call task for {owner}: ring {name}").format(
                    owner=owner.first_name if owner else _("duty"),
                    name=names.get(call.person or "", ""),
                ),
                icon=ft.Icons.CALL_OUTLINED,
            )
        )
    return said


def _worth_saying(one: Withheld) -> bool:
    """That an earlier day has passed is plain where another message or a call makes up for it."""
    return one.reasons not in ((Reason.TOO_LATE,), (Reason.SAME_DAY,))


def _not_sent(one: Withheld, names: dict[str, str]) -> str:
    what = _("No text") if one.means is Means.TEXT else _("No automated call")
    return _("{what} to {name}: {reasons}.").format(
        what=what,
        name=names.get(one.person, ""),
        reasons="; ".join(word("reason", reason) for reason in one.reasons),
    )


@part
def ReminderLines(a: Appointment) -> ft.Control:
    """On the appointment: each message, how far it came, and the calls that are due instead."""
    book = use_session().casebook
    use_sync()
    lines = book.reminders.of_appointment(a.id)
    if not lines:
        return ft.Container(height=0)
    names = {p.id: p.known_as or p.name for p in book.families.people(a.family)}
    return cards.section(
        _("What the family is told"), [_line(book, line, names) for line in lines], level=3
    )


def _line(book: Casebook, line: ReminderLine, names: dict[str, str]) -> ft.Control:
    state = line.state
    labels = [marks.status(word("receipt_state", state), RECEIPT_TONES.get(state, "attention"))]
    if not line.at_office and line.withdrawn_at is None:
        labels.append(marks.status(_("Only on this device"), "quiet", icon=ft.Icons.CLOUD_QUEUE))
    why = line.receipt.reason if line.receipt else line.withdrawn_why
    said: list[ft.Control] = [
        text.small(
            _("{rule}, to {name}: {when}").format(
                rule=word("rule", line.rule),
                name=names.get(line.person, ""),
                when=_when(book, line),
            )
        ),
        text.line(line.text),
        marks.statuses(*labels),
    ]
    if line.withdrawn_at is not None and line.went_out:
        said.append(text.small(_("It had left before it could be taken back.")))
    if why and state not in REACHED:
        said.append(text.small(word("desk_reason", why)))
    return cards.card(*said)


def _when(book: Casebook, line: ReminderLine) -> str:
    if line.receipt is not None and line.went_out:
        return moment(line.receipt.at, book.now)
    return _("{day}, between {begin} and {end}").format(
        day=day(line.day, book.today), begin=clock(line.opens), end=clock(line.closes)
    )
