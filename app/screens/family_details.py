"""The smaller things written down about a family: periods, goals and actions, network, warnings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.family import RiskLevel, Warned
from app.casework.forms import ProfessionalForm
from app.casework.period import PeriodKind
from app.guards import screen
from app.layout import Shell
from app.navigation import finished
from app.parts import banners, buttons, cards, fields, text
from app.parts.when import DateField
from app.screens.family import person_name
from app.state import use_changes, use_session, use_state
from app.wording import _, day, plain
from app.wording.vocabulary import word, words


@screen
def NewPeriod() -> ft.View:
    """`/families/:fid/periods/new`: stage, legal status or placement from a day on."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    kind, set_kind = use_state(PeriodKind.LEGAL.value)
    code, set_code = use_state("")
    subject, set_subject = use_state(lambda: family.children[0].id if family.children else "")
    since, set_since = use_state(lambda: book.today)
    reason, set_reason = use_state("")
    problem, set_problem = use_state(None)

    def of_kind(chosen: str) -> None:
        set_kind(chosen)
        set_code("")

    async def save() -> None:
        if not code:
            set_problem(_("Please choose what changed."))
            return
        whose = subject if kind != PeriodKind.STAGE and subject else None
        book.families.begin_period(
            family.id, PeriodKind(kind), code, since, subject=whose, reason=reason
        )
        await finished(f"/families/{family.id}")

    kinds = {k: v for k, v in words("period_kind").items() if k != PeriodKind.INDICATOR}
    body: list[ft.Control] = [
        text.small(family.name),
        fields.choice(_("What changed?"), kind, kinds, of_kind),
        fields.dropdown(_("To"), code or None, words(kind), set_code),
    ]
    younger = [*family.children, *family.unborn]
    if kind != PeriodKind.STAGE and younger:
        body.append(
            fields.dropdown(
                _("For whom"), subject, {p.id: person_name(p) for p in younger}, set_subject
            )
        )
    body += [
        DateField(_("From"), since, set_since, today=book.today, past=True),
        fields.text_field(_("Why, or where decided"), reason, set_reason),
        text.small(_("What held before is closed on that day and stays in the history.")),
    ]
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
    return Shell(
        _("Change status"),
        body,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


@screen
def NewGoal() -> ft.View:
    """`/families/:fid/goals/new`: something to work towards, or one thing to do."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    what, set_what = use_state("goal")
    said, say = use_state("")
    due, set_due = use_state(None)
    owner, set_owner = use_state(lambda: book.me.person)
    problem, set_problem = use_state(None)

    async def save() -> None:
        if not said.strip():
            set_problem(_("Write a few words first."))
            return
        if what == "goal":
            book.families.add_goal(family.id, said, due)
        else:
            book.families.add_action(family.id, said, owner=owner, due=due, worker=book.me.person)
        await finished(f"/families/{family.id}")

    owners = {w.person: w.name for w in book.team.workers()}
    owners |= {p.id: p.name for p in family.adults if p.name}
    body: list[ft.Control] = [
        text.small(family.name),
        fields.choice(
            _("What is it?"),
            what,
            {"goal": _("A goal to work towards"), "action": _("One thing somebody will do")},
            set_what,
        ),
        fields.long_text(_("In the family's own words"), said, say, lines=2),
    ]
    if what == "action":
        body.append(fields.dropdown(_("Who does it"), owner, owners, set_owner))
    body.append(
        DateField(
            _("Look at it again on") if what == "goal" else _("By"),
            due,
            set_due,
            today=book.today,
        )
    )
    if problem:
        body.append(banners.banner(problem, tone="attention", live=True))
    return Shell(
        _("Goals and actions"),
        body,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


@screen
def ProfessionalView() -> ft.View:
    """`/families/:fid/network/:id`; `new` for somebody not yet written down."""
    params = ft.use_route_params()
    book = use_session().casebook
    family = book.families.get(params["fid"])
    found = next((p for p in family.network if p.id == params["id"]), None)
    form, set_form = use_state(
        lambda: (
            ProfessionalForm(
                name=found.name,
                role=found.role,
                agency=found.agency,
                phone=found.phone,
                email=found.email,
                person=found.person,
                remark=found.remark,
            )
            if found
            else ProfessionalForm(name="")
        )
    )
    problem, set_problem = use_state(None)

    def change(**given: Any) -> None:
        set_form(replace(form, **given))

    async def save() -> None:
        try:
            if found is None:
                book.families.add_professional(family.id, form)
            else:
                book.families.change_professional(found.id, form)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        await finished(f"/families/{family.id}")

    async def end() -> None:
        assert found is not None
        book.families.end_professional(found.id)
        await finished(f"/families/{family.id}")

    body: list[ft.Control] = [
        text.small(family.name),
        fields.text_field(_("Name"), form.name, lambda v: change(name=v)),
        fields.text_field(
            _("Role"),
            form.role,
            lambda v: change(role=v),
            hint=_("Midwife, social worker, health visitor…"),
        ),
        fields.text_field(_("Agency"), form.agency, lambda v: change(agency=v)),
        fields.text_field(
            _("Telephone"), form.phone, lambda v: change(phone=v), keyboard=ft.KeyboardType.PHONE
        ),
        fields.text_field(
            _("Email"), form.email, lambda v: change(email=v), keyboard=ft.KeyboardType.EMAIL
        ),
        fields.text_field(_("Anything else to know"), form.remark, lambda v: change(remark=v)),
    ]
    if problem:
        body.append(banners.problem(problem))
    if found is not None:
        body.append(buttons.actions(buttons.quiet(_("No longer involved"), end)))
    return Shell(
        found.name if found else _("New professional"),
        body,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


@screen
def Warnings() -> ft.View:
    """`/families/:fid/warnings`: what to know before knocking, and how to get in."""
    use_changes("risk_note", "access_note")
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    risk, set_risk = use_state("")
    level, set_level = use_state(RiskLevel.CARE.value)
    access, set_access = use_state("")

    def add_risk() -> None:
        if risk.strip():
            book.families.add_risk(family.id, risk, RiskLevel(level))
            set_risk("")

    def add_access() -> None:
        if access.strip():
            book.families.add_access(family.id, access)
            set_access("")

    return Shell(
        _("Risk and access notes"),
        [
            text.small(family.name),
            cards.section(
                _("Risk: shown before every visit"),
                [
                    *[
                        _warned(book, r, lambda r=r: book.families.end_risk(r.id))
                        for r in family.risks
                        if r.until is None
                    ],
                    cards.card(
                        fields.long_text(_("What to know"), risk, set_risk, lines=2),
                        fields.choice(_("How loud"), level, words("risk_level"), set_level),
                        buttons.actions(
                            buttons.secondary(_("Add risk note"), add_risk, icon=ft.Icons.ADD)
                        ),
                    ),
                ],
            ),
            cards.section(
                _("Getting in: dogs, doors, stairs"),
                [
                    *[
                        _warned(book, a, lambda a=a: book.families.end_access(a.id))
                        for a in family.access
                        if a.until is None
                    ],
                    cards.card(
                        fields.long_text(_("How to get in"), access, set_access, lines=2),
                        buttons.actions(
                            buttons.secondary(_("Add access note"), add_access, icon=ft.Icons.ADD)
                        ),
                    ),
                ],
            ),
        ],
        selected="/families",
    )


def _warned(book: Casebook, warned: Warned, end: Any) -> ft.Control:
    return cards.card(
        text.line(warned.text),
        text.small(
            ", ".join(
                part
                for part in (
                    word("risk_level", warned.level),
                    _("since {day}").format(day=day(warned.since, book.today)),
                    book.team.name_of(warned.author),
                )
                if part
            )
        ),
        buttons.actions(buttons.quiet(_("No longer true"), end)),
    )
