"""The week: what is booked each day, and the free times one can book by tapping them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flet as ft

from app.casework.appointment import Appointment, FreeSlot
from app.casework.card import Day, Week
from app.casework.casebook import Casebook
from app.casework.group import GroupSession
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import buttons, cards, fields, lists, text
from app.screens.groups import named, numbered
from app.state import use_changes, use_session, use_state, use_wide
from app.wording import _, clock, day, lasting, near_day
from app.wording.vocabulary import word


@screen
def WeekView() -> ft.View:
    """`/week`."""
    use_changes("appointment", "worker", "group", "group_session")
    book, wide = use_session().casebook, use_wide()
    shift, set_shift = use_state(0)
    earlier, set_earlier = use_state(False)
    worker, set_worker = use_state(lambda: book.me.person)
    monday = book.today - timedelta(days=book.today.weekday()) + timedelta(weeks=shift)
    week = book.diary.week(monday, worker)
    colleagues = {w.person: w.name for w in book.team.workers()}
    body: list[ft.Control] = [_week_chooser(week, shift, set_shift)]
    if len(colleagues) > 1:
        body.append(fields.dropdown(_("Whose week"), worker, colleagues, set_worker))
    shown = [d for d in week.days if d.working or d.appointments or d.led]
    gone = [] if earlier else [d for d in shown if not shift and d.date < book.today]
    days = [_day(d, book) for d in shown if d not in gone]
    if gone:
        body.append(buttons.quiet(_("Earlier this week"), lambda: set_earlier(True)))
    if wide:
        body.append(
            ft.ResponsiveRow(
                [ft.Container(one, col={"xs": 12, "md": 6, "xl": 4}) for one in days],
                run_spacing=16,
                spacing=16,
            )
        )
    else:
        body += days
    return Shell(_("Week"), body, selected="/", full_width=wide)


def _week_chooser(week: Week, shift: int, set_shift: Callable[[int], Any]) -> ft.Control:
    last = week.monday + timedelta(days=6)
    return ft.Row(
        [
            buttons.icon_button(
                ft.Icons.CHEVRON_LEFT, _("The week before"), lambda: set_shift(shift - 1)
            ),
            ft.Container(
                text.heading(_("{first} to {last}").format(first=day(week.monday), last=day(last))),
                expand=True,
            ),
            *([buttons.quiet(_("This week"), lambda: set_shift(0))] if shift else []),
            buttons.icon_button(
                ft.Icons.CHEVRON_RIGHT, _("The week after"), lambda: set_shift(shift + 1)
            ),
        ]
    )


def _day(shown: Day, book: Casebook) -> ft.Control:
    near = near_day(shown.date, book.today)
    title = day(shown.date) if near == day(shown.date, book.today) else f"{day(shown.date)}, {near}"
    entries: list[tuple[Any, ft.Control]] = [
        (a.starts, _booked(a, book.families.name_of(a.family))) for a in shown.appointments
    ]
    entries += [(session.starts, _led(session, book)) for session in shown.led]
    entries += [(slot.starts, _free(slot)) for slot in shown.free]
    entries.sort(key=lambda entry: entry[0])
    rows = [row for _at, row in entries]
    return cards.section(
        title, [lists.rows(rows) if rows else text.small(_("Nothing booked."))], level=3
    )


def _booked(a: Appointment, name: str) -> ft.Control:
    what = word("venue_type", a.venue_type)
    if a.cancelled:
        what = _("cancelled")
    return lists.tile(
        f"{clock(a.starts)}–{clock(a.ends)}  {name}",
        what,
        go(f"/appointments/{a.id}"),
        icon=ft.Icons.EVENT_BUSY if a.cancelled else ft.Icons.EVENT,
        key=a.id,
    )


def _led(session: GroupSession, book: Casebook) -> ft.Control:
    return lists.tile(
        f"{clock(session.starts)}–{clock(session.ends)}  {named(book.groups.get(session.group))}",
        _("called off") if session.cancelled else numbered(session),
        go(f"/groups/{session.group}/sessions/{session.id}"),
        icon=ft.Icons.EVENT_BUSY if session.cancelled else ft.Icons.GROUPS_OUTLINED,
        key=session.id,
    )


def _free(slot: FreeSlot) -> ft.Control:
    return lists.tile(
        _("{begin}–{end}  free").format(begin=clock(slot.starts), end=clock(slot.ends)),
        _("{length}, tap to book").format(length=lasting(slot.minutes)),
        go(f"/appointments/new?at={slot.starts.strftime('%Y%m%dT%H%M')}"),
        icon=ft.Icons.ADD,
        key=slot.starts.isoformat(),
    )
