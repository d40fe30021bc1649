"""Time limits as a person reads them: what, how it stands in words, and by which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import flet as ft

from app.casework.clocks import ClockState, Reading
from app.navigation import go
from app.parts import buttons, marks, text
from app.wording import _, day, near_day, ngettext
from app.wording.vocabulary import word

_TONES: Mapping[ClockState, marks.Tone] = {
    ClockState.AWAITED: "quiet",
    ClockState.RUNNING: "plain",
    ClockState.DUE_SOON: "attention",
    ClockState.OVERDUE: "bad",
    ClockState.PAUSED: "quiet",
    ClockState.MET_IN_TIME: "good",
    ClockState.MET_LATE: "attention",
    ClockState.ENDED: "quiet",
}


def state_words(reading: Reading, today: date) -> str:
    """`Due in 3 days`, `Overdue by 1 day`, `Stands still: family away`."""
    left = reading.left
    if reading.state is ClockState.OVERDUE and left is not None:
        return ngettext("Overdue by {n} day", "Overdue by {n} days", -left).format(n=-left)
    if reading.state is ClockState.DUE_SOON and left is not None:
        if left == 0:
            return _("Due today")
        return ngettext("Due in {n} day", "Due in {n} days", left).format(n=left)
    if reading.state is ClockState.RUNNING and reading.due is not None:
        return _("Due {day}").format(day=near_day(reading.due, today))
    if reading.state is ClockState.PAUSED and reading.pause is not None:
        return _("Stands still: {reason}").format(reason=word("pause", reading.pause.reason))
    return word("clock_state", reading.state)


def clock_rows(
    family: str,
    readings: Iterable[Reading],
    names: Mapping[str, str],
    today: date,
    *,
    tools: bool = False,
) -> list[ft.Control]:
    """One row for each limit; babies of one pregnancy that stand alike share a row.

    `names` are the babies' by person. `tools`: with the way to stop a clock or let it run again.
    """
    alike: dict[tuple[object, ...], list[Reading]] = {}
    for one in readings:
        part = one.subject.part if one.subject else ""
        key = (one.code, one.state, one.due, one.met_on) if part == "baby" else (id(one),)
        alike.setdefault(key, []).append(one)
    return [_row(family, several, names, today, tools=tools) for several in alike.values()]


def _row(
    family: str,
    several: list[Reading],
    names: Mapping[str, str],
    today: date,
    *,
    tools: bool,
) -> ft.Control:
    one = several[0]
    who = [names.get(x.subject.id, "") for x in several if x.subject and x.subject.part == "baby"]
    title = word("clock", one.code)
    if any(who):
        title = _("{clock}: {who}").format(clock=title, who=", ".join(filter(None, who)))
    lines: list[ft.Control] = [
        text.line(title),
        marks.statuses(marks.status(state_words(one, today), _TONES[one.state])),
    ]
    lines += [text.small(said) for said in _details(one, today)]
    if tools and one.clock.pauses and one.open:
        subject = f"&subject={one.subject.part}:{one.subject.id}" if one.subject else ""
        resume = one.state is ClockState.PAUSED
        lines.append(
            buttons.actions(
                buttons.quiet(
                    _("Let it run again") if resume else _("Stop this clock"),
                    go(f"/families/{family}/clock?clock={one.code}{subject}"),
                    icon=ft.Icons.PLAY_ARROW if resume else ft.Icons.PAUSE,
                )
            )
        )
    return ft.Column(
        lines, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _details(one: Reading, today: date) -> list[str]:
    said = []
    if one.state is ClockState.AWAITED and one.lacks is not None:
        said.append(word("lacks", one.lacks.event))
    if one.state in (ClockState.OVERDUE, ClockState.DUE_SOON) and one.due is not None:
        said.append(_("By {day}").format(day=day(one.due, today)))
    if one.state is ClockState.PAUSED and one.pause is not None:
        since = day(one.pause.since, today)
        said.append(_("Since {day}").format(day=since))
        if one.due is not None:
            said.append(_("Would be due {day} if it ran again today").format(
                day=day(one.due, today)))  # fmt: skip
        if one.pause.text:
            said.append(one.pause.text)
    if one.state in (ClockState.MET_IN_TIME, ClockState.MET_LATE) and one.met_on is not None:
        met = day(one.met_on, today)
        if one.due is not None:
            said.append(_("On {met}, due {due}").format(met=met, due=day(one.due, today)))
        else:
            said.append(_("On {met}").format(met=met))
    elif one.met_on is not None:
        said.append(_("Last done {day}").format(day=day(one.met_on, today)))
    if one.before:
        earlier = ", ".join(day(d, today) for d in one.before)
        said.append(_("Due date changed; was due {days}").format(days=earlier))
    return said
