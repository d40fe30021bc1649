"""Telephone support and other contacts without an appointment: contact, never attendance."""

from __future__ import annotations

from datetime import date, time
from typing import cast

import flet as ft

from app.casework.attendance import Obstacle
from app.casework.contact_type import ContactType
from app.casework.forms import ContactForm
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, instead
from app.parts import banners, buttons, cards, fields, text
from app.parts.when import DateField, TimeField
from app.screens.reaching import caution_words, use_ringing
from app.state import use_session, use_state
from app.wording import _, local
from app.wording.vocabulary import words


@screen
def Contact() -> ft.View:
    """`/families/:fid/contact`: a call, now or earlier."""
    fid = ft.use_route_params()["fid"]
    book = use_session().casebook
    family = book.families.get(fid)
    ring = use_ringing()
    now = local(book.now)
    person, set_person = use_state(lambda: family.adults[0].id if family.adults else "")
    direction, set_direction = use_state("out")
    outcome, set_outcome = use_state("spoke")
    on, set_on = use_state(lambda: cast("date | None", now.date()))
    at, set_at = use_state(lambda: cast("time | None", now.time().replace(second=0, microsecond=0)))
    minutes, set_minutes = use_state("10")
    summary, set_summary = use_state("")
    obstacle, set_obstacle = use_state(None)
    problem, set_problem = use_state(None)

    async def save(*, write: bool) -> None:
        if on is None or at is None or book.at(on, at) > book.now:
            set_problem(_("Please give a day and time that is past."))
            return
        book.engagement.record_contact(
            ContactForm(
                family=fid,
                direction=direction,
                person=person or None,
                occurred_at=book.at(on, at),
                minutes=int(minutes) if minutes.isdigit() else 0,
                outcome=outcome,
                summary=summary,
                obstacle=obstacle,
            )
        )
        if write:
            draft = book.notes.start(
                fid,
                contact_type=ContactType.TELEPHONE_SUPPORT,
                occurred_at=book.at(on, at),
            )
            await instead(f"/write/{book.notes.save_draft(draft).id}")
        else:
            await finished(f"/families/{fid}")

    body: list[ft.Control] = [text.heading(family.name)]
    chosen = family.person(person)
    for route in chosen.routes if chosen else ():
        if route.channel != "call":
            continue
        cautions = book.families.cautions(route.id)
        lines: list[ft.Control] = [text.line(route.number, strong=True)]
        if cautions:
            lines.append(
                banners.safe_contact_warning(
                    caution_words(cautions), code_word=route.code_word or None
                )
            )
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
            person,
            {p.id: p.name for p in family.adults if p.name},
            set_person,
        ),
        fields.choice(_("Who rang?"), direction, words("direction"), set_direction),
        fields.choice(_("What came of it?"), outcome, words("contact_outcome"), set_outcome),
        DateField(_("Day"), on, set_on, today=book.today),
        TimeField(_("Time"), at, set_at),
        fields.text_field(
            _("Minutes"), minutes, set_minutes, keyboard=ft.KeyboardType.NUMBER, max_length=3
        ),
        fields.long_text(
            _("In a few words"),
            summary,
            set_summary,
            lines=3,
            hint=_("For more, save and write a note."),
        ),
        fields.chips(
            _("Did something stand in the way of meeting? (if so)"),
            [obstacle] if obstacle else [],
            words("obstacle"),
            lambda picked: set_obstacle(Obstacle(picked[0]) if picked else None),
            many=False,
        ),
    ]
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
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
        foot=buttons.primary(_("Save contact"), lambda: save(write=False), icon=ft.Icons.CHECK),
        selected="/families",
    )
