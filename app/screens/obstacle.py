"""An obstacle conversation: asking what stands in the way, and writing down what was agreed.

Opened from Today, from the outcome that raised it, or from the family. Holding it closes the task
and leaves the family where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import flet as ft

from app.casework.attendance import Obstacle
from app.casework.engagement import ObstacleConversation
from app.casework.errors import Missing
from app.guards import screen
from app.layout import Shell
from app.navigation import finished
from app.parts import banners, buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.reaching import before_contact, use_ringing
from app.state import use_session, use_state
from app.wording import _, near_day
from app.wording.vocabulary import word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What came of the conversation, while it is written down."""

    code: Obstacle | None = None
    said: str = ""
    agreed: str = ""


@screen
def ObstacleTalk() -> ft.View:
    """`/families/:fid/obstacle/:id`."""
    params = ft.use_route_params()
    book = use_session().casebook
    found = next(
        (
            c
            for c in book.engagement.conversations(family=params["fid"], open_only=False)
            if c.id == params["id"]
        ),
        None,
    )
    ring = use_ringing()
    form = use_form(
        "obstacle",
        Talk(code=found.code, said=found.text, agreed=found.agreed) if found else Talk(),
        about=params["id"],
        casefile=params["fid"],
    )
    later, set_later = use_state(None)
    problem, set_problem = use_state(None)
    if found is None:
        return Shell(_("Obstacle conversation"), [banners.empty(_("It is no longer here."))])
    family = book.families.get(found.family)

    async def hold() -> None:
        try:
            talk = form.said
            book.engagement.hold(found.id, code=talk.code, text=talk.said, agreed=talk.agreed)
        except Missing:
            set_problem(_("Please choose what stood in the way, or write what they said."))
            return
        form.done()
        await finished(f"/families/{found.family}")

    async def postpone() -> None:
        if later is not None:
            book.engagement.postpone(found.id, later)
            await finished("/")

    body: list[ft.Control] = [
        text.heading(family.name),
        text.line(_why(found, book.today)),
        *form.notices,
    ]
    for person in family.adults:
        for route in person.routes:
            cautions = book.families.cautions(route.id)
            if route.channel == "call" and route.allowed != "no":
                body.append(
                    cards.card(
                        text.line(f"{person.name}: {route.number}"),
                        *before_contact(route, cautions),
                        buttons.actions(
                            buttons.secondary(
                                _("Ring {name}").format(name=person.given),
                                ring(route, person.name, cautions),
                                icon=ft.Icons.CALL_OUTLINED,
                            )
                        ),
                    )
                )
    body += [
        text.line(
            _(
                "Ways to begin: “I have missed you.” “What got in the way?” “What would make it "
                "easier to see each other?”"
            )
        ),
        fields.chips(
            _("What stood in the way?"),
            [form.said.code] if form.said.code else [],
            words("obstacle"),
            lambda picked: form.change(code=Obstacle(picked[0]) if picked else None),
            many=False,
        ),
        fields.long_text(
            _("What they said"), form.said.said, lambda v: form.change(said=v), lines=3
        ),
        fields.long_text(
            _("What we agreed"), form.said.agreed, lambda v: form.change(agreed=v), lines=3
        ),
    ]
    if found.open:
        body.append(
            cards.card(
                DateField(_("Not reached: try again on"), later, set_later, today=book.today),
                buttons.actions(buttons.secondary(_("Postpone"), postpone, disabled=later is None)),
            )
        )
    return Shell(
        _("Obstacle conversation"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save conversation"), hold, icon=ft.Icons.CHECK)
        if found.open
        else None,
        selected="/",
    )


def _why(found: ObstacleConversation, today: date) -> str:
    if not found.open:
        return _("Held.")
    reason = word("noticed", found.why) if found.why else _("Asked for")
    return _("{reason}. Due {day}.").format(reason=reason, day=near_day(found.due, today))
