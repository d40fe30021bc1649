"""Filling in a plan: agreeing one, a goal or an action, and looking at it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError
from app.casework.family import Family
from app.casework.plan import Owner, PlanForm, ReviewForm
from app.guards import screen
from app.layout import Shell
from app.navigation import finished, instead, use_query
from app.parts import buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, day, plain
from app.wording.vocabulary import word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreeing:
    """A plan while it is written down. `review` None: as long as the service says."""

    kind: str = ""
    agreed: date | None = None
    words: str = ""
    review: date | None = None
    residence: str = ""
    left_behind: tuple[str, ...] = ()
    """Open goals and actions that this plan does not take over."""


@screen
def NewPlan() -> ft.View:
    """`/families/:fid/plans/new`: what kind, since when, and what goes on from before."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    kinds = plan_kinds()
    form = use_form(
        "plan",
        Agreeing(kind=next(iter(kinds)), agreed=book.today),
        about=family.id,
        casefile=family.id,
    )
    said = form.said
    problem, set_problem = use_state(None)
    open_now = _open_now(family)

    async def save() -> None:
        now = form.said
        if now.agreed is None:
            set_problem(_("Please say on which day it was agreed."))
            return
        try:
            plan = book.plans.agree(
                family.id,
                PlanForm(
                    kind=now.kind,
                    agreed_on=now.agreed,
                    text=now.words,
                    review_due=now.review or book.plans.review_day(now.kind, now.agreed),
                    residence_at_birth=now.residence if _with_residence(book, now.kind) else "",
                    carried=tuple(one for one in open_now if one not in now.left_behind),
                ),
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await instead(f"/families/{family.id}/plans/{plan}")

    body: list[ft.Control] = [text.small(family.name), *form.notices]
    if len(kinds) > 1:
        body.append(
            fields.choice(_("Which plan?"), said.kind, kinds, lambda kind: form.change(kind=kind))
        )
    body += [
        DateField(
            _("Agreed on"),
            said.agreed,
            lambda agreed: form.change(agreed=agreed),
            today=book.today,
            past=True,
        ),
        fields.long_text(
            _("What the plan is for, in the family's words"),
            said.words,
            lambda v: form.change(words=v),
            lines=2,
        ),
    ]
    if _with_residence(book, said.kind):
        body.append(residence_field(said.residence, lambda v: form.change(residence=v)))
    usual = book.plans.review_day(said.kind, said.agreed) if said.agreed else None
    body.append(
        DateField(
            _("Look at it again on"),
            said.review or usual,
            lambda review: form.change(review=review),
            today=book.today,
        )
    )
    if open_now:

        def take_over(one: str) -> Callable[[bool], None]:
            def change(on: bool) -> None:
                left = [x for x in form.said.left_behind if x != one]
                form.change(left_behind=tuple(left if on else [*left, one]))

            return change

        body.append(
            cards.section(
                _("Goes on from before"),
                [
                    cards.card(
                        *[
                            fields.tick(
                                what,
                                one not in said.left_behind,
                                take_over(one),
                            )
                            for one, what in open_now.items()
                        ]
                    )
                ],
            )
        )
    return Shell(
        _("New plan"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save plan"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def plan_kinds() -> dict[str, str]:
    """The plans this service writes; one where its profile names none."""
    return words("plan") or {"plan": word("plan", "plan")}


def residence_field(value: str, change: fields.Change) -> ft.Control:
    """Where the baby is planned to live; where it does live is written down when it is born."""
    options = {"": _("Not decided yet"), **words("placement")}
    return fields.dropdown(
        _("Planned residence at birth"),
        value,
        options,
        change,
        hint=_("Where the child then lives is written down as a change of status."),
    )


def _with_residence(book: Casebook, kind: str) -> bool:
    found = book.plans.kind(kind)
    return found is not None and found.residence_at_birth


def _open_now(family: Family) -> dict[str, str]:
    goals = {g.id: g.text for g in family.goals if g.status == "open"}
    return goals | {a.id: a.text for a in family.actions if a.status == "open" and a.kind == "plan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A goal, or one thing somebody will do, while it is written down."""

    what: str = "goal"
    words: str = ""
    due: date | None = None
    owner: str = ""
    goal: str = ""


@screen
def NewGoal() -> ft.View:
    """`/families/:fid/goals/new?plan=…&goal=…`: something to work towards, or one thing to do."""
    book, asked = use_session().casebook, use_query()
    family = book.families.get(ft.use_route_params()["fid"])
    plan = asked.get("plan", "")
    goal = asked.get("goal", "")
    form = use_form(
        "goal",
        Agreed(
            owner=f"worker:{book.me.person}",
            what="action" if goal or asked.get("what") == "action" else "goal",
            goal=goal,
        ),
        about=goal or plan or family.id,
        casefile=family.id,
    )
    agreed = form.said
    problem, set_problem = use_state(None)

    async def save() -> None:
        said = form.said
        if not said.words.strip():
            set_problem(_("Write a few words first."))
            return
        if said.what == "goal":
            book.plans.add_goal(family.id, said.words, said.due, plan=plan or None)
        else:
            book.plans.add_action(
                family.id,
                said.words,
                owner_of(said.owner),
                said.due,
                goal=said.goal or None,
                plan=plan or None,
            )
        form.done()
        await finished(f"/families/{family.id}")

    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        fields.choice(
            _("What is it?"),
            agreed.what,
            {"goal": _("A goal to work towards"), "action": _("One thing somebody will do")},
            lambda what: form.change(what=what),
        ),
        fields.long_text(
            _("In the family's own words") if agreed.what == "goal" else _("What will be done"),
            agreed.words,
            lambda words: form.change(words=words),
            lines=2,
        ),
    ]
    if agreed.what == "action":
        goals = {g.id: g.text for g in family.goals if g.status == "open"}
        body.append(
            fields.dropdown(
                _("Who does it"),
                agreed.owner,
                owners(book, family),
                lambda owner: form.change(owner=owner),
            )
        )
        if goals:
            body.append(
                fields.dropdown(
                    _("Towards which goal"),
                    agreed.goal,
                    {"": _("None in particular"), **goals},
                    lambda goal: form.change(goal=goal),
                )
            )
    body.append(
        DateField(
            _("Look at it again on") if agreed.what == "goal" else _("By"),
            agreed.due,
            lambda due: form.change(due=due),
            today=book.today,
        )
    )
    return Shell(
        _("Goals and actions"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def owners(book: Casebook, family: Family) -> dict[str, str]:
    """Who may do something: us, the family's adults, and every agency of the service."""
    found = {f"worker:{w.person}": w.name for w in book.team.workers()}
    found |= {f"person:{p.id}": person_name(p) for p in family.adults}
    found |= {f"agency:{code}": name for code, name in words("agency").items()}
    return found


def owner_of(chosen: str) -> Owner:
    """What was chosen in that list."""
    who, _colon, which = chosen.partition(":")
    return Owner(
        worker=which if who == "worker" else None,
        person=which if who == "person" else None,
        agency=which if who == "agency" else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """A review while it is written down."""

    on: date | None = None
    words: str = ""
    next_due: date | None = None
    achieved: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@screen
def ReviewPlan() -> ft.View:
    """`/families/:fid/plans/:id/review`: goal by goal, and when to look next."""
    params = ft.use_route_params()
    book = use_session().casebook
    plan = book.plans.get(params["id"])
    form = use_form(
        "plan review",
        Looking(on=book.today, next_due=book.plans.review_day(plan.kind, book.today)),
        about=plan.id,
        casefile=plan.family,
    )
    said = form.said
    problem, set_problem = use_state(None)

    async def save() -> None:
        now = form.said
        if now.on is None:
            set_problem(_("Please say on which day you looked at it."))
            return
        try:
            book.plans.review(
                plan.id,
                ReviewForm(
                    on=now.on,
                    text=now.words,
                    next_due=now.next_due,
                    goals=tuple(
                        [(g, "achieved") for g in now.achieved]
                        + [(g, "closed") for g in now.dropped]
                    ),
                ),
            )
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(f"/families/{plan.family}/plans/{plan.id}")

    def answer(goal: str) -> fields.Change:
        def change(what: str) -> None:
            now = form.said
            achieved, dropped = set(now.achieved) - {goal}, set(now.dropped) - {goal}
            if what == "achieved":
                achieved.add(goal)
            elif what == "closed":
                dropped.add(goal)
            form.change(achieved=tuple(sorted(achieved)), dropped=tuple(sorted(dropped)))

        return change

    options = {
        "open": _("We go on with it"),
        "achieved": _("Reached"),
        "closed": _("No longer a goal"),
    }

    def stands(goal: str) -> str:
        if goal in said.achieved:
            return "achieved"
        return "closed" if goal in said.dropped else "open"

    body: list[ft.Control] = [
        text.small(book.families.name_of(plan.family)),
        *form.notices,
        text.line(
            _("{plan}, agreed on {day}").format(
                plan=word("plan", plan.kind), day=day(plan.agreed_on, book.today)
            )
        ),
        *[
            cards.card(fields.choice(goal.text, stands(goal.id), options, answer(goal.id)))
            for goal in plan.open_goals
        ],
        fields.long_text(
            _("How it goes, in the family's words and yours"),
            said.words,
            lambda v: form.change(words=v),
            lines=3,
        ),
        DateField(
            _("Looked at on"), said.on, lambda v: form.change(on=v), today=book.today, past=True
        ),
        DateField(
            _("Look at it again on"),
            said.next_due,
            lambda v: form.change(next_due=v),
            today=book.today,
        ),
    ]
    return Shell(
        _("Look at the plan again"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save review"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )
