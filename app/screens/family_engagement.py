"""How it goes with a family, at a glance: whom we met, whom we missed, and what that calls for."""

from __future__ import annotations

import flet as ft

from app.casework.engagement import Pattern
from app.guards import part
from app.navigation import go, goto
from app.parts import banners, buttons, cards, marks, text
from app.state import use_session
from app.wording import (
    _,
    day_and_time,
    moment,
    near_day,
    ngettext,
)
from app.wording.vocabulary import word

_MARK: dict[str, tuple[str, marks.Tone]] = {
    "on_time": ("S", "good"),
    "late_seen": ("L", "good"),
    "late_not_seen": ("M", "attention"),
    "did_not_attend": ("M", "bad"),
    "was_not_brought": ("B", "bad"),
    "cancelled_by_family": ("C", "plain"),
    "cancelled_by_service": ("–", "quiet"),
    "not_yet": ("?", "quiet"),
}
SHOWN_MARKS = 20


@part
def Engagement(pattern: Pattern, family: str) -> ft.Control:
    """The pattern at a glance: round for seen, square for missed, a letter in each."""
    book = use_session().casebook
    recent = pattern.marks[-SHOWN_MARKS:]
    sentence = _("Of the last {n}: {seen} seen, {missed} missed, {cancelled} cancelled.").format(
        n=len(recent),
        seen=sum(m.word in ("on_time", "late_seen") for m in recent),
        missed=sum(
            m.word in ("did_not_attend", "was_not_brought", "late_not_seen") for m in recent
        ),
        cancelled=sum(m.word.startswith("cancelled") for m in recent),
    )
    lines: list[ft.Control] = []
    if recent:
        lines += [
            marks.strip(
                [
                    marks.Mark(
                        letter=_MARK[m.word][0],
                        tone=_MARK[m.word][1],
                        words=f"{day_and_time(m.starts)}: {word('outcome', m.word)}",
                    )
                    for m in recent
                ],
                label=sentence,
            ),
            text.small(sentence),
            text.small(
                _("S seen, L late, M missed, B not brought, C family cancelled, – we cancelled")
            ),
        ]
    else:
        lines.append(text.small(_("No appointments yet.")))
    if pattern.calls:
        lines.append(
            text.small(
                ngettext(
                    "{n} telephone contact besides.",
                    "{n} telephone contacts besides.",
                    pattern.calls,
                ).format(n=pattern.calls)
            )
        )
    lines += [
        banners.banner(word("noticed", n), tone="attention", icon=ft.Icons.SUPPORT_AGENT)
        for n in pattern.noticed
    ]
    for left in book.engagement.without_outcome(family=family):
        lines.append(
            buttons.secondary(
                _("Outcome, {when}").format(when=moment(left.starts, book.now)),
                go(f"/appointments/{left.id}/outcome"),
                icon=ft.Icons.HOW_TO_REG_OUTLINED,
            )
        )
    talks = book.engagement.conversations(family=family)
    if not talks and pattern.marks:
        lines.append(
            buttons.quiet(
                _("Ask what stands in the way"),
                lambda: goto(
                    f"/families/{family}/obstacle/{book.engagement.raise_conversation(family).id}"
                ),
                icon=ft.Icons.SUPPORT_AGENT,
            )
        )
    for talk in talks:
        lines.append(
            buttons.secondary(
                _("Obstacle conversation, due {day}").format(day=near_day(talk.due, book.today)),
                go(f"/families/{family}/obstacle/{talk.id}"),
                icon=ft.Icons.SUPPORT_AGENT,
            )
        )
    return cards.section(_("Engagement"), [cards.card(*lines)])
