"""Telephone support and other contacts without an appointment: contact, never attendance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

import flet as ft

from app.casework import expecting
from app.casework.attendance import Obstacle
from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.forms import ContactForm
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, instead
from app.parts import buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField, TimeField
from app.screens.others_words import all_marked
from app.screens.reaching import before_contact, use_ringing
from app.screens.telling_apart import family_words
from app.state import use_session, use_state
from app.wording import _, local
from app.wording.vocabulary import words

LONGEST_MINUTES = 600
"""A longer call is a slip of the finger; an assumption."""

SOMEBODY_ELSE = "somebody_else"
"""Chosen when it was nobody of the family: a neighbour who answered, a colleague."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A contact while it is written down. Whom and what is never assumed for her."""

    person: str = ""
    direction: str = "out"
    outcome: str = ""
    on: date | None = None
    at: time | None = None
    minutes: str = "10"
    summary: str = ""
    others: bool = False
    """The words were told by, or are about, somebody outside the family."""
    obstacle: Obstacle | None = None


def _begun(book: Casebook, family: Family) -> Call:
    """Now; with the one person it can have been, where there is only one and no danger."""
    now = local(book.now)
    grown = [p for p in family.adults if p.until is None]
    alone = len(grown) == 1 and not expecting.needs_care(family)
    return Call(
        person=grown[0].id if alone else "",
        on=now.date(),
        at=now.time().replace(second=0, microsecond=0),
    )


@screen
def Contact() -> ft.View:
    """`/families/:fid/contact`: a call, now or earlier."""
    fid = ft.use_route_params()["fid"]
    book = use_session().casebook
    family = book.families.get(fid)
    ring = use_ringing()
    form = use_form("contact", _begun(book, family), about=fid, casefile=fid, along=("on", "at"))
    call = form.said
    problem, set_problem = use_state(None)

    def change(**given: Any) -> None:
        set_problem(None)
        form.change(**given)

    async def save(*, write: bool) -> None:
        said = form.said
        if not said.person or not said.outcome:
            set_problem(_("Please choose whom you spoke with, and what came of it."))
            return
        if said.on is None or said.at is None or book.at(said.on, said.at) > book.now:
            set_problem(_("Please give a day and time that is past."))
            return
        minutes = said.minutes.strip() or "0"
        if not minutes.isdecimal() or int(minutes) > LONGEST_MINUTES:
            set_problem(_("Please give the minutes as a whole number, such as 10."))
            return
        at = book.at(said.on, said.at)
        book.engagement.record_contact(
            ContactForm(
                family=fid,
                kind=book.profile.by_telephone,
                direction=said.direction,
                person=said.person if said.person != SOMEBODY_ELSE else None,
                occurred_at=at,
                minutes=int(minutes),
                outcome=said.outcome,
                summary=all_marked(said.summary) if said.others else said.summary,
                obstacle=said.obstacle,
            )
        )
        form.done()
        if write:
            draft = book.notes.start(fid, contact_type=book.profile.by_telephone, occurred_at=at)
            await instead(f"/write/{book.notes.save_draft(draft).id}")
        else:
            await finished(f"/families/{fid}")

    body: list[ft.Control] = [text.heading(family_words(book, fid)), *form.notices]
    chosen = family.person(call.person)
    for route in chosen.routes if chosen else ():
        if route.channel != "call":
            continue
        cautions = book.families.cautions(route.id)
        lines: list[ft.Control] = [
            text.line(route.number, strong=True),
            *before_contact(route, cautions),
        ]
        if route.allowed != "no":
            lines.append(
                buttons.actions(
                    buttons.secondary(
                        _("Ring {name}").format(name=chosen.given if chosen else ""),
                        ring(route, chosen.name if chosen else "", cautions),
                        icon=ft.Icons.CALL_OUTLINED,
                    )
                )
            )
        body.append(cards.card(*lines))
    body += [
        fields.dropdown(
            _("Whom did you speak with?"),
            call.person or None,
            {
                **{p.id: p.name for p in family.adults if p.name and p.until is None},
                SOMEBODY_ELSE: _("Somebody else"),
            },
            lambda person: change(person=person),
        ),
        fields.choice(
            _("Who rang?"), call.direction, words("direction"), lambda v: change(direction=v)
        ),
        fields.choice(
            _("What came of it?"),
            call.outcome or None,
            words("contact_outcome"),
            lambda v: change(outcome=v),
        ),
        DateField(_("Day"), call.on, lambda on: change(on=on), today=book.today, past=True),
        TimeField(_("Time"), call.at, lambda at: change(at=at)),
        fields.text_field(
            _("Minutes"),
            call.minutes,
            lambda v: change(minutes=v),
            keyboard=ft.KeyboardType.NUMBER,
        ),
        fields.long_text(
            _("In a few words"),
            call.summary,
            lambda v: change(summary=v),
            lines=3,
            hint=_("For more, save and write a note."),
        ),
        fields.switch(
            _("Told by or about somebody else"), call.others, lambda on: change(others=on)
        ),
        fields.chips(
            _("Did something stand in the way of meeting? (if so)"),
            [call.obstacle] if call.obstacle else [],
            words("obstacle"),
            lambda picked: change(obstacle=Obstacle(picked[0]) if picked else None),
            many=False,
        ),
    ]
    body.append(
        buttons.actions(
            buttons.secondary(
                _("Save and write a note"), lambda: save(write=True), icon=ft.Icons.EDIT_NOTE
            )
        )
    )
    return Shell(
        _("Telephone support"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save contact"), lambda: save(write=False), icon=ft.Icons.CHECK),
        selected="/families",
    )
