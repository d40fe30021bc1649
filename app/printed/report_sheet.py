"""A chronology for a court and a report for a child protection conference, as pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.casework.chronology import Item, Span
from app.casework.csv_table import csv_table
from app.casework.engagement import Pattern
from app.casework.family import Family
from app.casework.paper import Report, Sheet
from app.casework.people import Answer, Person, PersonKind
from app.casework.period import PeriodKind
from app.casework.plan import DONE, Plan
from app.printed.blocks import Block, Document, Entry, Heading, Line, Point, Title
from app.wording import _, current_language, local, long_day
from app.wording.vocabulary import word


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSheet:
    """A report with what its pages need besides. `workers` and `people` are names by id.

    `words` are the writer's own, part by part: worries, what goes well, what is asked for.
    """

    what: Sheet
    report: Report
    family: Family
    workers: Mapping[str, str]
    people: Mapping[str, str]
    owners: Mapping[str, str]
    writer: str
    made_at: datetime
    span: Span
    to: str = ""
    words: tuple[str, ...] = ()


PARTS = 3
"""How many parts of a conference report its writer words herself."""


def parts() -> tuple[str, ...]:
    """What those parts are called."""
    return (_("What we are worried about"), _("What is going well"), _("What we ask for"))


def report_document(sheet: ReportSheet) -> Document:
    """What stands on the pages, in order."""
    conference = sheet.what is Sheet.CONFERENCE
    title = titled(sheet.what)
    return Document(
        title=title,
        language=current_language(),
        made_at=sheet.made_at,
        blocks=tuple(_conference(sheet) if conference else _chronology(sheet)),
        foot=f"{title}, {sheet.family.ref or sheet.family.name}",
    )


def titled(what: Sheet) -> str:
    """What the document is called."""
    if what is Sheet.CONFERENCE:
        return _("Report to the child protection conference")
    return _("Chronology")


def chronology_table(sheet: ReportSheet) -> bytes:
    """The chronology as a CSV file."""
    names = sheet.people
    return csv_table(
        [_("Day"), _("What"), _("In words"), _("Source")],
        [
            [item.on, _what(item, names), item.text, _source(item, sheet.workers)]
            for item in sheet.report.items
        ],
    )


def _chronology(sheet: ReportSheet) -> Iterator[Block]:
    yield from _head(sheet)
    yield from _items(sheet)


def _head(sheet: ReportSheet) -> Iterator[Block]:
    family = sheet.family
    name = f"{family.name} ({family.ref})" if family.ref else family.name
    yield Title(words=titled(sheet.what), under=name)
    if sheet.to:
        yield Entry(label=_("For"), words=sheet.to)
    on = long_day(local(sheet.made_at).date())
    yield Entry(label=_("Prepared by"), words=f"{sheet.writer}, {on}")
    yield Entry(label=_("Period"), words=_span(sheet.span))
    yield Line(
        words=_(
            "Signed notes only. What others told us, and what a reader must not learn, may have "
            "been left out."
        ),
        quiet=True,
    )


def _span(span: Span) -> str:
    first = long_day(span.first) if span.first else _("the beginning")
    last = long_day(span.last) if span.last else _("today")
    return _("{first} to {last}").format(first=first, last=last)


def _items(sheet: ReportSheet) -> Iterator[Block]:
    names = sheet.people
    if not sheet.report.items:
        yield Line(words=_("Nothing is on record for this period."))
    for item in sheet.report.items:
        yield Entry(
            label=_short_day(item.on),
            words="\n".join(filter(None, (_what(item, names), item.text))),
            source=_source(item, sheet.workers),
        )


def _short_day(on: date) -> str:
    return f"{on:%d.%m.%Y}"


_CODES = {
    "attendance": "outcome", "contact": "contact_outcome", "life_event": "life_event",
    "plan": "plan", "referral": "source", "visit_note": "contact_type",
}  # fmt: skip
_CALLED = {
    "addendum": "addendum", "attendance": "appointment", "contact": "contact", "plan": "plan",
    "plan_review": "plan_reviewed", "referral": "referral", "visit_note": "note",
}  # fmt: skip


def _what(item: Item, names: Mapping[str, str]) -> str:
    """What it was: `Home visit`, `Legal status: Child protection plan, Ada`."""
    piece = item.piece
    who = names.get(piece.about, "")
    if piece.kind in ("period", "decision"):
        kind, _colon, code = piece.code.partition(":")
        code, _colon, no = code.partition(":")
        if piece.kind == "decision":
            said = f"{word('decision', kind)}: {word(f'outcome:{kind}', code)}"
        else:
            said = f"{word('period_kind', kind)}: {word(kind, code)}"
            said = _("{what}: no").format(what=said) if no else said
    elif piece.kind == "visit_note":
        said = word("contact_type", piece.code)
    else:
        called = word("event", _CALLED[piece.kind]) if piece.kind in _CALLED else ""
        code = word(_CODES[piece.kind], piece.code) if piece.kind in _CODES else ""
        said = ": ".join(filter(None, (called, code)))
    return ", ".join(filter(None, (said, who)))


def _source(item: Item, workers: Mapping[str, str]) -> str:
    who = workers.get(item.piece.author, "")
    if item.piece.kind in ("visit_note", "addendum"):
        return _("Note signed by {who}").format(who=who)
    return _("Recorded by {who}").format(who=who) if who else ""


# -- the report to a conference -----------------------------------------------------------
def _conference(sheet: ReportSheet) -> Iterator[Block]:
    family, report = sheet.family, sheet.report
    yield from _head(sheet)
    yield Heading(words=_("The family"))
    for person in family.people:
        yield Entry(label=sheet.people.get(person.id, ""), words="\n".join(_person(family, person)))
    if report.addresses:
        names = sheet.people
        yield Heading(words=_("Addresses"))
        for kept in report.addresses:
            yield Entry(label=names.get(kept.piece.code, ""), words=kept.text)
    yield Heading(words=_("People who work with the family"))
    for allocation in family.allocations:
        if allocation.until is None and allocation.worker in sheet.workers:
            function = word("function", allocation.function)
            yield Entry(label=sheet.workers[allocation.worker], words=function)
    for one in family.network:
        if one.until is None:
            yield Entry(label=one.name, words=", ".join(filter(None, (one.role, one.agency))))
    yield Heading(words=_("How appointments went"))
    yield Line(words=_appointments(family.engagement))
    for heading, said in zip(parts(), sheet.words, strict=False):
        if said.strip():
            yield Heading(words=heading)
            yield Line(words=said.strip())
    if report.risks:
        yield Heading(words=_("To be known"))
        yield from (Point(words=kept.text) for kept in report.risks)
    for plan in report.plans:
        yield from _plan(sheet, plan)
    yield Heading(words=_("What happened"))
    yield from _items(sheet)
    yield Heading(words=_("Signature"))
    yield Line(words=f"{sheet.writer}: ______________________________")


def _person(family: Family, person: Person) -> Iterator[str]:
    yield word("relation", person.relation)
    if person.kind is PersonKind.UNBORN and person.edd and person.expected:
        yield _("Due {day}").format(day=long_day(person.edd))
    elif person.dob:
        yield _("Born {day}").format(day=long_day(person.dob))
    if person.parental_responsibility is not Answer.UNKNOWN:
        answer = word("answer", person.parental_responsibility)
        yield _("Parental responsibility: {answer}").format(answer=answer)
    for period in family.periods:
        shown = period.kind in (PeriodKind.LEGAL, PeriodKind.PLACEMENT)
        if shown and period.subject == person.id and period.until is None:
            kind, code = word("period_kind", period.kind), word(period.kind, period.code)
            since = _("since {day}").format(day=long_day(period.since))
            yield f"{kind}: {code}, {since}"


def _appointments(pattern: Pattern) -> str:
    return _(
        "{seen} seen, {missed} missed, {family} cancelled by the family, {service} by the service."
    ).format(
        seen=pattern.seen,
        missed=pattern.missed,
        family=pattern.cancelled_by_family,
        service=pattern.cancelled_by_service,
    )


def _plan(sheet: ReportSheet, plan: Plan) -> Iterator[Block]:
    agreed = _("agreed on {day}").format(day=long_day(plan.agreed_on))
    yield Heading(words=f"{word('plan', plan.kind)}, {agreed}")
    if plan.residence_at_birth:
        yield Entry(
            label=_("Planned residence at birth"), words=word("placement", plan.residence_at_birth)
        )
    if plan.text:
        yield Line(words=plan.text)
    for goal in (*plan.goals, None):
        if goal is not None:
            state = "" if goal.status not in DONE else f" ({word('goal_status', goal.status)})"
            yield Line(words=f"{goal.text}{state}", strong=True)
        for action in plan.actions_of(goal.id if goal else None):
            due = _("by {day}").format(day=long_day(action.due)) if action.due else ""
            under = ", ".join(
                filter(
                    None, (sheet.owners.get(action.id, ""), due, word("goal_status", action.status))
                )
            )
            yield Point(words=action.text, ticked=action.status == "done", under=under)
