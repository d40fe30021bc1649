"""Plans on the screen: what was agreed with a family, who does what, and when to look again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import Action, Family, Goal
from app.casework.plan import DONE, Plan
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, dialogs, fields, lists, marks, text
from app.screens.naming import person_name
from app.screens.plan_forms import residence_field
from app.state import use_changes, use_session, use_state, use_wide
from app.wording import _, day, near_day, ngettext
from app.wording.vocabulary import word
from storage.doorway import SENDING

KINDS = ("plan", "plan_review", "goal", "action", "worker", "person")


@part
def PlansCard(family: Family) -> ft.Control:
    """The plans that hold, and what was agreed, with actions to tick off and take back."""
    use_changes(*KINDS, SENDING)
    book = use_session().casebook
    plans = [p for p in book.plans.of_family(family.id) if p.stands]
    base = f"/families/{family.id}"
    lines: list[ft.Control] = [_line(book, plan) for plan in plans]
    loose = _besides(family, plans)
    if loose[0] or loose[1]:
        lines.append(Agreements(family, *loose))
    return cards.section(
        _("Plans, goals and actions"),
        [
            *([lists.rows(lines[: len(plans)])] if plans else []),
            *lines[len(plans) :],
            *([] if lines else [text.small(_("None agreed yet."))]),
            buttons.actions(
                buttons.secondary(_("New plan"), go(f"{base}/plans/new"), icon=ft.Icons.ADD),
                buttons.quiet(_("Goal or action"), go(f"{base}/goals/new"), icon=ft.Icons.ADD),
            ),
        ],
    )


def _line(book: Casebook, plan: Plan) -> ft.Control:
    open_now = len(plan.open_actions)
    said = [
        _("agreed {day}").format(day=day(plan.agreed_on, book.today)),
        ngettext("{n} action open", "{n} actions open", open_now).format(n=open_now),
    ]
    if plan.review_due:
        said.append(_("look again {day}").format(day=near_day(plan.review_due, book.today)))
    overdue = plan.overdue(book.today)
    return lists.tile(
        word("plan", plan.kind),
        ", ".join(said),
        go(f"/families/{plan.family}/plans/{plan.id}"),
        icon=ft.Icons.ASSIGNMENT_OUTLINED,
        below=marks.status(_("To be looked at again"), "attention") if overdue else None,
        key=plan.id,
    )


def _besides(family: Family, plans: list[Plan]) -> tuple[list[Goal], list[Action]]:
    """What was agreed and stands open without belonging to a plan that holds."""
    goals = {g.id for p in plans for g in p.goals}
    actions = {a.id for p in plans for a in p.actions}
    return (
        [g for g in family.goals if g.status == "open" and g.id not in goals],
        [
            a
            for a in family.actions
            if a.status == "open" and a.id not in actions and a.kind != "appraisal"
        ],
    )


@part
def Agreements(family: Family, goals: list[Goal], actions: list[Action]) -> ft.Control:
    """Goals, each with its actions, then what serves none in particular."""
    book = use_session().casebook
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))

    def change(action: str) -> Callable[[bool], Any]:
        def ticked(on: bool) -> None:
            if not on:
                book.families.reopen_action(action)
                return
            book.families.complete_action(action)
            again = lambda: book.families.reopen_action(action)  # noqa: E731
            say(dialogs.Said(words=_("Done."), undo=again))

        return ticked

    def drop(action: Action) -> Callable[[], None]:
        def dropped() -> None:
            book.plans.drop_action(action.id)
            again = lambda: book.families.reopen_action(action.id)  # noqa: E731
            say(dialogs.Said(words=_("Will not be done."), undo=again))

        return dropped

    def row(action: Action) -> ft.Control:
        who = owner_name(book, family, action)
        when = near_day(action.due, book.today) if action.due else ""
        about = ", ".join(filter(None, (who, when)))
        label = f"{action.text} ({about})" if about else action.text
        if action.status == "dropped":
            return ft.Row(
                [
                    ft.Container(
                        text.small(_("Will not be done: {action}").format(action=label)),
                        expand=True,
                    ),
                    buttons.quiet(
                        _("Take it up again"), lambda: book.families.reopen_action(action.id)
                    ),
                ],
                key=f"dropped {action.id}",
            )
        ticked = fields.tick(label, action.status in DONE, change(action.id), key=action.id)
        if action.status in DONE:
            return ticked
        return ft.Row(
            [
                ft.Container(ticked, expand=True),
                buttons.icon_button(
                    ft.Icons.CLOSE,
                    _("Will not be done: {action}").format(action=action.text),
                    drop(action),
                ),
            ],
            key=f"open {action.id}",
        )

    held = {g.id for g in goals}
    groups: list[ft.Control] = []
    for goal in goals:
        lines: list[ft.Control] = [
            text.fact(_goal_words(book, goal), goal.text, icon=ft.Icons.FLAG_OUTLINED)
        ]
        lines += [row(a) for a in actions if a.goal == goal.id]
        groups.append(cards.card(*lines, key=goal.id))
    rest = [row(a) for a in actions if a.goal not in held]
    if rest:
        groups.append(cards.card(*rest, key="besides"))
    return ft.Column(
        groups, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _goal_words(book: Casebook, goal: Goal) -> str:
    if goal.status == "achieved":
        return _("Goal, reached")
    if goal.status in DONE:
        return _("No longer a goal")
    if goal.review_due:
        return _("Goal, look at it {day}").format(day=near_day(goal.review_due, book.today))
    return _("Goal")


def owner_name(book: Casebook, family: Family, action: Action) -> str:
    """Who does it, as she is called today."""
    if action.worker:
        return book.team.name_of(action.worker)
    if action.person:
        person = family.person(action.person)
        return person_name(person) if person else ""
    if action.agency:
        return word("agency", action.agency)
    # Agreed before owners had ids of their own: a name, or the id of somebody of the family.
    person = family.person(action.owner)
    return person_name(person) if person else action.owner


@screen
def PlanView() -> ft.View:
    """`/families/:fid/plans/:id`."""
    use_changes(*KINDS, SENDING)
    params = ft.use_route_params()
    book, wide = use_session().casebook, use_wide()
    family = book.families.get(params["fid"])
    plan = book.plans.get(params["id"])
    base = f"/families/{family.id}"
    here = f"{base}/plans/{plan.id}"
    begun = bool(plan.goals or plan.actions)
    look, add = (
        (buttons.primary, buttons.secondary) if begun else (buttons.secondary, buttons.primary)
    )
    about = [
        *_taken_over(plan, base),
        cards.card(*_facts(book, plan)),
        *([_residence(book, plan)] if _with_residence(book, plan) else []),
        buttons.actions(
            look(_("Look at it again"), go(f"{here}/review"), icon=ft.Icons.UPDATE),
            buttons.secondary(_("On paper"), go(f"{here}/paper"), icon=ft.Icons.PRINT),
        ),
        *_reviews(book, plan),
    ]
    agreed = [
        cards.section(
            _("Goals and actions"),
            [
                Agreements(family, list(plan.goals), list(plan.actions))
                if begun
                else text.small(_("None agreed yet.")),
                buttons.actions(
                    add(_("Add a goal"), go(f"{base}/goals/new?plan={plan.id}"), icon=ft.Icons.ADD),
                    buttons.secondary(
                        _("Add an action"),
                        go(f"{base}/goals/new?plan={plan.id}&what=action"),
                        icon=ft.Icons.ADD,
                    ),
                ),
            ],
        )
    ]
    return Shell(
        word("plan", plan.kind),
        [text.small(family.name), cards.columns(_stack(agreed), _stack(about), wide=wide)],
        full_width=wide,
        selected="/families",
    )


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _taken_over(plan: Plan, base: str) -> list[ft.Control]:
    if plan.followed_by is None:
        return []
    return [
        banners.banner(
            _("A later plan has taken the place of this one."),
            actions=[buttons.quiet(_("To that plan"), go(f"{base}/plans/{plan.followed_by}"))],
        )
    ]


def _facts(book: Casebook, plan: Plan) -> list[ft.Control]:
    lines = [
        text.fact(
            _("Agreed"),
            ", ".join((day(plan.agreed_on, book.today), book.team.name_of(plan.worker))),
            icon=ft.Icons.HANDSHAKE_OUTLINED,
        )
    ]
    if plan.review_due:
        lines.append(
            text.fact(
                _("To be looked at again"),
                near_day(plan.review_due, book.today),
                icon=ft.Icons.EVENT_REPEAT,
            )
        )
    if plan.text:
        lines.append(text.fact(_("What it is for"), plan.text, icon=ft.Icons.NOTES))
    if not plan.sent:
        lines.append(text.small(_("Only on this device")))
    return lines


def _with_residence(book: Casebook, plan: Plan) -> bool:
    kind = book.plans.kind(plan.kind)
    return bool(plan.residence_at_birth) or (kind is not None and kind.residence_at_birth)


def _residence(book: Casebook, plan: Plan) -> ft.Control:
    return cards.card(
        residence_field(
            plan.residence_at_birth, lambda chosen: book.plans.plan_residence(plan.id, chosen)
        )
    )


def _reviews(book: Casebook, plan: Plan) -> list[ft.Control]:
    if not plan.reviews:
        return []
    rows = [
        lists.tile(
            ", ".join((day(one.on, book.today), book.team.name_of(one.author))),
            one.text,
            icon=ft.Icons.ASSIGNMENT_TURNED_IN_OUTLINED,
            key=one.id,
        )
        for one in reversed(plan.reviews)
    ]
    return [cards.section(_("Looked at before"), [lists.rows(rows)])]
