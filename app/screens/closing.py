"""Closing a family with what still stands in sight, and a new referral of one that comes back."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.family import Action
from app.casework.forms import ReferralForm
from app.casework.pathway import ClosureForm, Unsettled
from app.casework.profile.flow import Closure
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, use_query
from app.parts import banners, buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.clock_rows import clock_rows
from app.screens.naming import person_name
from app.state import use_changes, use_session, use_state
from app.wording import _, day_and_time, near_day, plain
from app.wording.vocabulary import word, words


@screen
def CloseFamily() -> ft.View:
    """`/families/:fid/close?decision=…&outcome=…`."""
    use_changes("action", "goal", "appointment", "obstacle", "allocation")
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    told = use_query()
    kind, outcome = told.get("decision", ""), told.get("outcome", "")
    stands = book.pathways.unsettled(family.id)
    kept = use_form(
        "closing",
        ClosureForm(
            on=book.today,
            closure=_likeliest(book, outcome),
            decision=kind,
            outcome=outcome,
            settle=frozenset(stands.ids),
        ),
        about=f"{family.id} {kind}",
        casefile=family.id,
    )
    form, problem, set_problem = kept.said, *use_state(None)

    def change(**given: Any) -> None:
        set_problem(None)
        kept.change(**given)

    async def save() -> None:
        if not kept.said.closure:
            set_problem(_("Please choose why the family is closed."))
            return
        try:
            book.pathways.close(family.id, kept.said)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        kept.done()
        await finished(f"/families/{family.id}")

    body: list[ft.Control] = [text.small(family.name), *kept.notices]
    if kind:
        said = ", ".join((word("decision", kind), word(f"outcome:{kind}", outcome)))
        body.append(text.fact(_("Decision"), said, icon=ft.Icons.GAVEL))
    body += [
        fields.dropdown(
            _("Why is the family closed?"),
            form.closure or None,
            words("closure"),
            lambda v: change(closure=v),
        ),
        DateField(
            _("Closed on"),
            form.on,
            lambda v: change(on=v) if v is not None else None,
            today=book.today,
            past=True,
        ),
    ]
    if words("destination"):
        options = {"": _("Not said"), **words("destination")}
        body.append(
            fields.dropdown(
                _("Where to"), form.destination, options, lambda v: change(destination=v)
            )
        )
    if kind:
        body.append(
            fields.text_field(
                _("To whom the family goes, if to anybody"), form.to, lambda v: change(to=v)
            )
        )
    body += [
        fields.text_field(_("Who decided"), form.by, lambda v: change(by=v)),
        fields.long_text(_("A few words"), form.remark, lambda v: change(remark=v), lines=2),
        *_standing(book, family.id, stands, form.settle, change),
    ]
    return Shell(
        _("Close the family"),
        body,
        attention=problem,
        foot=buttons.primary(_("Close the family"), save, icon=ft.Icons.FLAG_OUTLINED),
        selected="/families",
    )


def _likeliest(book: Casebook, outcome: str) -> str:
    """The reason that is called as the decision, or the one for work that never began."""
    closures: tuple[Closure, ...] = book.profile.closures
    for one in closures:
        if one.code == outcome:
            return one.code
    if not outcome:
        return ""
    before = [one.code for one in closures if one.before_work]
    return before[0] if len(before) == 1 else ""


def _action(action: Action) -> str:
    """Somebody's own words, or the appraisal that was asked for."""
    return action.text or word("appraisal", action.appraisal)


def _standing(
    book: Casebook, family: str, stands: Unsettled, settle: frozenset[str], change: Any
) -> list[ft.Control]:
    """What still stands. Ticked is settled with the closing; the rest goes on and is not lost."""

    def ticked(one: str, label: str) -> ft.Control:
        return fields.tick(
            label,
            one in settle,
            lambda on: change(settle=settle | {one} if on else settle - {one}),
        )

    ticks: list[ft.Control] = [
        *(
            ticked(a.id, _("Appointment {when}: call off").format(when=day_and_time(a.starts)))
            for a in stands.appointments
        ),
        *(ticked(a.id, _("Action: {text}").format(text=_action(a))) for a in stands.actions),
        *(ticked(g.id, _("Goal: {text}").format(text=g.text)) for g in stands.goals),
        *(
            ticked(
                c.id,
                _("Obstacle conversation, due {day}").format(day=near_day(c.due, book.today)),
            )
            for c in stands.conversations
        ),
        *(
            ticked(i.id, _("Goes on: {what}").format(what=word("intervention", i.code)))
            for i in stands.interventions
        ),
    ]
    found: list[ft.Control] = []
    if ticks:
        hint = _("Ticked: settled with the closing. Not ticked: it goes on and stays to be done.")
        found.append(
            cards.section(_("Still open"), [cards.card(*ticks, text.small(hint))], level=3)
        )
    if stands.clocks:
        people = book.families.get(family).people
        names = {p.id: person_name(p) for p in people}
        rows = clock_rows(family, stands.clocks, names, book.today)
        hint = _("These time limits end with the closing.")
        found.append(
            cards.section(_("Time limits not met"), [cards.card(*rows, text.small(hint))], level=3)
        )
    if stands.allocations:
        who = ", ".join(
            dict.fromkeys(
                f"{book.team.name_of(a.worker)} ({word('function', a.function)})"
                for a in stands.allocations
            )
        )
        supervisor = book.me.role == "supervisor"
        hint = (
            _("Their work with the family ends, and what is written later stays closed to them.")
            if supervisor
            else _("A supervisor ends their work, and who may read.")
        )
        found.append(
            cards.section(
                _("Works with the family now"),
                [cards.card(text.line(who), text.small(hint))],
                level=3,
            )
        )
    if not found:
        found.append(banners.banner(_("Nothing stands open."), tone="good"))
    return found


@screen
def ReferAgain() -> ft.View:
    """`/families/:fid/refer`: a closed family comes back; the old history stays to be read."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    form = use_form(
        "referral",
        ReferralForm(
            received_at=book.today,
            source="",
            via=next(iter(words("via"))) if len(words("via")) == 1 else "",
        ),
        about=family.id,
        casefile=family.id,
    )
    problem, set_problem = use_state(None)

    def change(**given: Any) -> None:
        set_problem(None)
        form.change(**given)

    async def save() -> None:
        if not form.said.source:
            set_problem(_("Please choose who referred."))
            return
        try:
            book.pathways.refer_again(family.id, form.said)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}")

    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        text.line(
            _("Everything of before stays to be read. Time limits and decisions start anew.")
        ),
        *referral_fields(form.said, change, book),
    ]
    return Shell(
        _("New referral"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def referral_fields(form: ReferralForm, change: Any, book: Casebook) -> list[ft.Control]:
    """Who asked, through whom, when and why."""
    found: list[ft.Control] = [
        fields.dropdown(
            _("Who referred"), form.source or None, words("source"), lambda v: change(source=v)
        ),
        fields.text_field(
            _("Name of whoever referred"), form.referrer, lambda v: change(referrer=v)
        ),
    ]
    if words("via"):
        options = {"": _("Directly"), **words("via")}
        found.append(fields.dropdown(_("By way of"), form.via, options, lambda v: change(via=v)))
    found += [
        DateField(
            _("Received on"),
            form.received_at,
            lambda v: change(received_at=v) if v is not None else None,
            today=book.today,
            past=True,
        ),
        fields.long_text(_("Reason"), form.reason, lambda v: change(reason=v), lines=3),
    ]
    if any(c.fact == "previous_removal" for c in book.profile.eligibility):
        said = {True: "yes", False: "no", None: "unknown"}[form.previous_removal]
        found.append(
            fields.choice(
                _("Was an earlier child removed for good?"),
                said,
                words("answer"),
                lambda v: change(previous_removal={"yes": True, "no": False}.get(v)),
            )
        )
    return found
