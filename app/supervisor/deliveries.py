"""What was sent to families and what came of it: by rule, channel and day, with every reason.

Counts what this device can read. A message is in exactly one column, so that a row adds up.
"""

from __future__ import annotations

from datetime import date, timedelta

import flet as ft

from app.casework.casebook import Casebook
from app.casework.receipt import State
from app.casework.reminder_line import ReminderLine, Tally
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, cards, fields, lists, marks, text
from app.state import use_changes, use_session, use_state
from app.wording import _, day, ngettext
from app.wording.vocabulary import word

SPANS = (7, 28, 91)
_AHEAD = timedelta(days=28)
"""Messages are planned a few days ahead; four weeks hold them all."""


@screen
def Deliveries() -> ft.View:
    """`/team/deliveries`."""
    use_changes("reminder", "receipt")
    book = use_session().casebook
    span, set_span = use_state(str(SPANS[1]))
    rule, set_rule = use_state("")
    rows = book.reminders.deliveries(book.today - timedelta(days=int(span)))
    rules = {row.rule: word("rule", row.rule) for row in rows}
    shown = [row for row in rows if not rule or row.rule == rule]
    stopped = _stopped_ahead(book, rule)
    body: list[ft.Control] = []
    if not book.reminders.has_desk:
        body.append(
            banners.banner(
                _("No reminder desk has been set up: nothing is sent, and workers ring instead."),
                tone="attention",
            )
        )
    elif _paused(book):
        body.append(
            banners.banner(
                _("Nothing is sent until an operator takes the pause off. Alarms still go."),
                tone="bad",
                title=_("The office has paused all messages"),
                icon=ft.Icons.PAUSE_CIRCLE_OUTLINED,
                live=True,
            )
        )
    body += [
        fields.chips(
            _("Looking back"),
            [span],
            {str(n): ngettext("{n} day", "{n} days", n).format(n=n) for n in SPANS},
            lambda picked: set_span(picked[0] if picked else span),
            many=False,
        ),
        fields.dropdown(_("Which"), rule, {"": _("All messages"), **rules}, set_rule),
    ]
    if stopped:
        body += [
            text.heading(_("Stopped already for the coming days"), level=2),
            *(_row(book, row) for row in stopped),
            text.heading(_("Until today"), level=2),
        ]
    if not shown:
        body.append(
            banners.empty(_("No messages in this time."), icon=ft.Icons.MARK_EMAIL_READ_OUTLINED)
        )
    body += [_total(shown)] if shown else []
    body += [_row(book, row) for row in shown]
    return Shell(_("Messages to families"), body, selected="/team")


def _stopped_ahead(book: Casebook, rule: str) -> list[Tally]:
    """Rows of days to come with something that will not go out, so that somebody can ring in
    time; the soonest first."""
    ahead = book.reminders.deliveries(book.today + timedelta(days=1), book.today + _AHEAD)
    told = [row for row in ahead if row.suppressed or row.failed or row.unknown]
    return [row for row in reversed(told) if not rule or row.rule == rule]


def _paused(book: Casebook) -> bool:
    """As far as the receipts that came say: something is held because the desk is paused."""
    return book.reminders.held_by_pause()


def _total(rows: list[Tally]) -> ft.Control:
    """All rows together, as figures."""
    return cards.card(
        marks.statuses(
            *(
                marks.status(_("{n} {what}").format(n=n, what=what), tone)
                for n, what, tone in _figures(rows)
                if n
            )
        )
    )


def _figures(rows: list[Tally]) -> list[tuple[int, str, marks.Tone]]:
    def total(name: str) -> int:
        return sum(int(getattr(row, name)) for row in rows)

    return [
        (total("reached"), _("reached the phone"), "good"),
        (total("sent"), _("sent"), "plain"),
        (total("failed"), _("did not arrive"), "attention"),
        (total("unknown"), _("not known"), "attention"),
        (total("suppressed"), _("not sent"), "attention"),
        (total("planned"), _("planned"), "quiet"),
        (total("withdrawn"), _("withdrawn"), "quiet"),
    ]


def _row(book: Casebook, row: Tally) -> ft.Control:
    reasons = "; ".join(
        _("{n} because {reason}").format(n=n, reason=word("desk_reason", code))
        for code, n in row.reasons
    )
    said: list[ft.Control] = [
        text.heading(
            _("{day}: {rule}").format(day=day(row.day, book.today), rule=word("rule", row.rule)),
            level=3,
        ),
        text.small(word("channel", row.channel)),
        marks.statuses(
            *(
                marks.status(_("{n} {what}").format(n=n, what=what), tone)
                for n, what, tone in _figures([row])
                if n
            )
        ),
    ]
    if reasons:
        said.append(text.small(reasons))
    said.append(
        lists.tile(
            _("The messages"),
            "",
            go(f"/team/deliveries/{row.day.isoformat()}/{row.rule}"),
            icon=ft.Icons.LIST,
        )
    )
    return cards.card(*said)


@screen
def DeliveryMessages() -> ft.View:
    """`/team/deliveries/:day/:rule`: the messages behind one row."""
    use_changes("reminder", "receipt")
    book = use_session().casebook
    params = ft.use_route_params()
    on, rule = date.fromisoformat(params["day"]), params["rule"]
    lines = book.reminders.messages(on, rule)
    return Shell(
        _("{day}: {rule}").format(day=day(on, book.today), rule=word("rule", rule)),
        [lists.rows([_message(book, line) for line in lines])] if lines else [],
        selected="/team",
    )


def _message(book: Casebook, line: ReminderLine) -> ft.Control:
    why = line.receipt.reason if line.receipt else line.withdrawn_why
    said = [word("receipt_state", line.state)]
    if why and line.state not in {State.DELIVERED, State.SENT}:
        said.append(word("desk_reason", why))
    return lists.tile(
        book.families.name_of(line.family),
        ": ".join(said),
        go(f"/appointments/{line.appointment}"),
        icon=ft.Icons.SMS_OUTLINED,
        key=line.reference,
    )
