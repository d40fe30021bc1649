"""A plan as a sheet to leave with parents: plain, or easy to read with one fact to a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.casework.family import Action
from app.casework.plan import DONE, Plan
from app.printed.blocks import Block, Document, Entry, Heading, Line, Point, Title
from app.wording.on_paper import said, said_day

Name = Callable[[str, str, str], str]
"""What a code of a vocabulary is called in a language: name("plan", "birth_plan", "cy_GB")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A plan and what its sheet needs to know besides. `owners` says who does each action.

    `languages` are those of its headings, in order; what people said stays as they said it.
    """

    plan: Plan
    readers: tuple[str, ...]
    owners: Mapping[str, str]
    worker: str
    telephone: str
    made_at: datetime
    languages: tuple[str, ...]
    name: Name
    easy: bool = False


def plan_document(sheet: PlanSheet) -> Document:
    """What stands on the sheet, in order."""
    return Document(
        title=_titled(sheet),
        language=sheet.languages[0],
        made_at=sheet.made_at,
        blocks=tuple(_easy(sheet) if sheet.easy else _plain(sheet)),
        foot=_titled(sheet),
        large=sheet.easy,
        one_page=True,
    )


def _titled(sheet: PlanSheet) -> str:
    return _named(sheet, "plan", sheet.plan.kind)


def _named(sheet: PlanSheet, vocabulary: str, code: str) -> str:
    return " / ".join(dict.fromkeys(sheet.name(vocabulary, code, one) for one in sheet.languages))


def _plain(sheet: PlanSheet) -> Iterator[Block]:
    plan, languages = sheet.plan, sheet.languages
    under = f"{said('for', languages)}: {', '.join(sheet.readers)}" if sheet.readers else ""
    yield Title(words=_titled(sheet), under=under)
    yield Entry(label=said("agreed", languages), words=said_day(plan.agreed_on, languages))
    if plan.review_due:
        again = said_day(plan.review_due, languages)
        yield Entry(label=said("look_again", languages), words=again)
    if plan.residence_at_birth:
        residence = _named(sheet, "placement", plan.residence_at_birth)
        yield Entry(label=said("residence", languages), words=residence)
    if plan.text:
        yield Entry(label=said("purpose", languages), words=plan.text)
    for goal in plan.goals:
        reached = f" ({said('reached', languages)})" if goal.status == "achieved" else ""
        if goal.status not in DONE or reached:
            yield Heading(words=f"{said('goal', languages)}: {goal.text}{reached}")
            yield from _points(sheet, plan.actions_of(goal.id))
    besides = _shown(plan.actions_of(None))
    if besides:
        yield Heading(words=said("besides", languages))
        yield from _points(sheet, besides)
    yield Heading(words=said("worker", languages))
    telephone = f"{said('telephone', languages)}: {sheet.telephone}" if sheet.telephone else ""
    yield Line(words="\n".join(filter(None, (sheet.worker, telephone))))


def _shown(actions: Sequence[Action]) -> list[Action]:
    """Without what was dropped."""
    return [a for a in actions if a.status not in DONE or a.status == "done"]


def _points(sheet: PlanSheet, actions: Sequence[Action]) -> Iterator[Block]:
    languages = sheet.languages
    for action in _shown(actions):
        by = ""
        if action.due and action.status not in DONE:
            by = f"{said('by', languages)} {said_day(action.due, languages)}"
        done = action.status == "done"
        about = (sheet.owners.get(action.id, ""), by, said("done", languages) if done else "")
        yield Point(words=action.text, ticked=done, under=", ".join(filter(None, about)))


def _easy(sheet: PlanSheet) -> Iterator[Block]:
    plan, languages = sheet.plan, sheet.languages
    yield Title(words=said("easy_title", languages), under=", ".join(sheet.readers))
    yield from _fact(sheet, "easy_agreed", said_day(plan.agreed_on, languages))
    yield from _fact(sheet, "easy_purpose", plan.text)
    if plan.residence_at_birth:
        residence = _named(sheet, "placement", plan.residence_at_birth)
        yield from _fact(sheet, "easy_residence", residence)
    for goal in plan.open_goals:
        yield Heading(words=f"{said('easy_goal', languages)} {goal.text}")
        yield from _easy_points(sheet, plan.actions_of(goal.id))
    besides = [a for a in plan.actions_of(None) if a.status not in DONE]
    if besides:
        yield Heading(words=said("easy_besides", languages))
        yield from _easy_points(sheet, besides)
    yield Heading(words=said("worker", languages))
    yield from _fact(sheet, "easy_worker", sheet.worker)
    yield from _fact(sheet, "telephone", sheet.telephone)
    if plan.review_due:
        yield from _fact(sheet, "easy_again", said_day(plan.review_due, languages))


def _easy_points(sheet: PlanSheet, actions: Sequence[Action]) -> Iterator[Block]:
    languages = sheet.languages
    for action in actions:
        if action.status in DONE:
            continue
        yield Point(words=action.text, ticked=False)
        yield from _fact(sheet, "easy_who", sheet.owners.get(action.id, ""))
        if action.due:
            yield from _fact(sheet, "easy_by", said_day(action.due, languages))


def _fact(sheet: PlanSheet, key: str, words: str) -> Iterator[Block]:
    """One fact: what it is, and on the next line the fact itself."""
    if words:
        yield Line(words=f"{said(key, sheet.languages)}\n{words}")
