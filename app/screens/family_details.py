"""The smaller things written down about a family: periods, goals and actions, network, warnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from app.parts import buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.naming import person_name
from app.state import use_changes, use_session, use_state
from app.wording import _, day, plain
from app.wording.vocabulary import word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What begins from a day on: legal status or placement."""

    kind: PeriodKind = PeriodKind.LEGAL
    code: str = ""
    subject: str = ""
    since: date | None = None
    by: str = ""
    reason: str = ""


@screen
def NewPeriod() -> ft.View:
    """`/families/:fid/periods/new`: legal status or placement from a day on."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    form = use_form(
        "period",
        Beginning(subject=family.children[0].id if family.children else "", since=book.today),
        about=family.id,
        casefile=family.id,
    )
    begins = form.said
    problem, set_problem = use_state(None)

    async def save() -> None:
        said = form.said
        if not said.code or said.since is None:
            set_problem(_("Please choose what changed, and since when."))
            return
        try:
            book.families.begin_period(
                family.id,
                said.kind,
                said.code,
                said.since,
                subject=said.subject or None,
                by=said.by,
                reason=said.reason,
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{family.id}")

    # Stages and indicators have screens of their own, on the family's way through the service.
    dated = (PeriodKind.LEGAL, PeriodKind.PLACEMENT)
    kinds = {k: v for k, v in words("period_kind").items() if k in dated}
    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        fields.choice(
            _("What changed?"),
            begins.kind,
            kinds,
            lambda kind: form.change(kind=PeriodKind(kind), code=""),
        ),
        fields.dropdown(
            _("To"), begins.code or None, words(begins.kind), lambda code: form.change(code=code)
        ),
    ]
    younger = [*family.children, *family.unborn]
    if younger:
        body.append(
            fields.dropdown(
                _("For whom"),
                begins.subject,
                {p.id: person_name(p) for p in younger},
                lambda subject: form.change(subject=subject),
            )
        )
    body += [
        DateField(
            _("From"),
            begins.since,
            lambda since: form.change(since=since),
            today=book.today,
            past=True,
        ),
        fields.text_field(
            _("Who decided: a meeting, a court, a person"),
            begins.by,
            lambda v: form.change(by=v),
        ),
        fields.text_field(_("Why"), begins.reason, lambda v: form.change(reason=v)),
        text.small(_("What held before is closed on that day and stays in the history.")),
    ]
    return Shell(
        _("Change status"),
        body,
        attention=problem,
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
    known = (
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
    kept = use_form(
        "professional",
        known,
        about=found.id if found else family.id,
        casefile=family.id,
    )
    form, change = kept.said, kept.change
    problem, set_problem = use_state(None)

    async def save() -> None:
        try:
            if found is None:
                book.families.add_professional(family.id, kept.said)
            else:
                book.families.change_professional(found.id, kept.on(known))
        except CaseworkError as error:
            set_problem(plain(error))
            return
        kept.done()
        await finished(f"/families/{family.id}")

    async def end() -> None:
        assert found is not None
        book.families.end_professional(found.id)
        kept.done()
        await finished(f"/families/{family.id}")

    body: list[ft.Control] = [
        text.small(family.name),
        *kept.notices,
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
    if found is not None:
        body.append(buttons.actions(buttons.quiet(_("No longer involved"), end)))
    return Shell(
        found.name if found else _("New professional"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A risk note while it is written."""

    words: str = ""
    level: RiskLevel = RiskLevel.CARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to get in, while it is written."""

    words: str = ""


@screen
def Warnings() -> ft.View:
    """`/families/:fid/warnings`: what to know before knocking, and how to get in."""
    use_changes("risk_note", "access_note", "third_party")
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    risk = use_form("risk", Risk(), about=family.id, casefile=family.id)
    access = use_form("access", Access(), about=family.id, casefile=family.id)

    def add_risk() -> None:
        if risk.said.words.strip():
            book.families.add_risk(family.id, risk.said.words, risk.said.level)
            risk.afresh()

    def add_access() -> None:
        if access.said.words.strip():
            book.families.add_access(family.id, access.said.words)
            access.afresh()

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
                        *risk.notices,
                        fields.long_text(
                            _("What to know"),
                            risk.said.words,
                            lambda v: risk.change(words=v),
                            lines=2,
                        ),
                        fields.choice(
                            _("How grave is it?"),
                            risk.said.level,
                            words("risk_level"),
                            lambda v: risk.change(level=RiskLevel(v)),
                        ),
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
                        *access.notices,
                        fields.long_text(
                            _("How to get in"),
                            access.said.words,
                            lambda v: access.change(words=v),
                            lines=2,
                        ),
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
    others = book.disclosures.marks(warned.id)

    def others_words(on: bool) -> None:
        if on:
            book.disclosures.mark(warned.id)
        else:
            book.disclosures.lift(warned.id)

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
        fields.switch(_("Told by or about somebody else"), None in others, others_words),
        buttons.actions(buttons.quiet(_("No longer true"), end)),
    )
