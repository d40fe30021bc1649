"""Plans of families on this device: agreeing one, what it asks of whom, and looking at it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.casework.casebook import courses, from_family
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.errors import Missing, Unknown
from app.casework.family import Action, Goal
from app.casework.moments import local_day
from app.casework.plan import (
    DONE,
    Owner,
    Plan,
    PlanForm,
    PlanReview,
    ReviewForm,
    checked_days,
    checked_review,
    review_day,
    with_successors,
)
from app.casework.profile.flow import PlanKind
from storage.kinds import Value
from storage.query import Record
from storage.vault import Statement


class Plans:
    """What was agreed with families, by plan."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of_family(self, family: str) -> tuple[Plan, ...]:
        """Its plans, the newest first."""
        ledger = self._ledger
        goals = [from_family.goal(g) for g in _in_order(ledger.of_family("goal", family))]
        actions = [from_family.action(a) for a in _in_order(ledger.of_family("action", family))]
        reviews: dict[str, list[PlanReview]] = {}
        for record in ledger.of_family("plan_review", family, order_by=("on",)):
            reviews.setdefault(r.text(record.fields, "plan"), []).append(_review(ledger, record))
        plans = [
            self._plan(record, goals, actions, tuple(reviews.get(record.record, ())))
            for record in ledger.of_family("plan", family)
        ]
        return tuple(replace(p, followed_by=after) for p, after in with_successors(plans))

    def get(self, plan: str) -> Plan:
        """One of them. Raises Unknown."""
        record = self._ledger.one(plan, "plan")
        family = self._ledger.remaining(record.casefile)
        found = next((p for p in self.of_family(family) if p.id == plan), None)
        if found is None:
            raise Unknown
        return found

    def kind(self, code: str) -> PlanKind | None:
        """What the profile says of plans of that kind."""
        return next((p for p in self._ledger.profile.plans if p.code == code), None)

    def review_day(self, kind: str, after: date) -> date | None:
        """When a plan of that kind agreed on that day should be looked at again."""
        return review_day(self.kind(kind), after)

    def agree(self, family: str, form: PlanForm) -> str:
        """Write a plan down, with the open goals and actions it takes over. Gives its id.

        Raises Missing without a kind, OutOfOrder for days that cannot be.
        """
        if not form.kind:
            raise Missing("plan")
        checked_days(form, self._ledger.today)
        plan = self._ledger.vault.new_id()
        said = [
            self._new(
                family,
                "plan",
                plan,
                plan=form.kind,
                agreed_at=form.agreed_on,
                worker=self._ledger.me.person,
                review_due=form.review_due,
                residence_at_birth=form.residence_at_birth,
                text=form.text.strip(),
            )
        ]
        for kind in ("goal", "action"):
            for record in self._ledger.of_family(kind, family):
                if record.record in form.carried:
                    said.append(
                        self._ledger.statement(
                            record.casefile, kind, record.record, r.plain_fields(plan=plan)
                        )
                    )
        self._ledger.write(said)
        return plan

    def plan_residence(self, plan: str, residence: str) -> None:
        """Where the baby is now planned to live; what was planned before stays in the history."""
        record = self._ledger.one(plan, "plan")
        self._ledger.change(record, r.plain_fields(residence_at_birth=residence))

    def add_goal(
        self, family: str, text: str, review_due: date | None = None, *, plan: str | None = None
    ) -> str:
        """Something to work towards, in a plan or besides. Raises Missing without words."""
        goal = self._ledger.vault.new_id()
        fields = {
            "text": _said(text),
            "agreed_at": self._ledger.today,
            "review_due": review_due,
            "status": "open",
            "plan": plan,
        }
        self._ledger.write([self._new(family, "goal", goal, **fields)])
        return goal

    def add_action(
        self,
        family: str,
        text: str,
        owner: Owner,
        due: date | None = None,
        *,
        goal: str | None = None,
        plan: str | None = None,
    ) -> str:
        """One thing that somebody will do. Raises Missing without words or without anybody."""
        if not (owner.worker or owner.person or owner.agency):
            raise Missing("owner")
        action = self._ledger.vault.new_id()
        fields = {
            "text": _said(text),
            "kind": "plan",
            "agreed_at": self._ledger.today,
            "due": due,
            "status": "open",
            "worker": owner.worker,
            "person": owner.person,
            "agency": owner.agency,
            "goal": goal,
            "plan": plan,
        }
        self._ledger.write([self._new(family, "action", action, **fields)])
        return action

    def drop_action(self, action: str) -> None:
        """It will not be done. Raises Unknown."""
        record = self._ledger.one(action, "action")
        self._ledger.change(
            record, r.plain_fields(status="dropped", completed_at=self._ledger.today)
        )

    def review(self, plan: str, form: ReviewForm) -> str:
        """The plan was looked at again, and the next time is set. Gives the review's id.

        Raises Unknown, OutOfOrder for days that cannot be.
        """
        found = self.get(plan)
        checked_review(found, form, self._ledger.today)
        record = self._ledger.one(plan, "plan")
        first = r.maybe_day(record.fields, "reviewed_at") is None
        review = self._ledger.vault.new_id()
        changed = r.plain_fields(review_due=form.next_due)
        if first:
            changed |= r.plain_fields(reviewed_at=form.on)
        said = [
            self._new(
                record.casefile,
                "plan_review",
                review,
                plan=plan,
                on=form.on,
                text=form.text.strip(),
                again=None if first else True,
            ),
            self._ledger.statement(record.casefile, "plan", plan, changed),
        ]
        mine = {g.id: g for g in found.goals}
        for goal, status in form.goals:
            if goal in mine and status in DONE:
                fields = r.plain_fields(status=status, closed_at=form.on)
                said.append(self._ledger.statement(mine[goal].family, "goal", goal, fields))
        self._ledger.write(said)
        return review

    # --- within

    def _plan(
        self,
        record: Record,
        goals: list[Goal],
        actions: list[Action],
        reviews: tuple[PlanReview, ...],
    ) -> Plan:
        f = record.fields
        own = tuple(g for g in goals if g.plan == record.record)
        held = {g.id for g in own}
        return Plan(
            id=record.record,
            family=self._ledger.remaining(record.casefile),
            kind=r.text(f, "plan"),
            agreed_on=r.maybe_day(f, "agreed_at") or local_day(record.at, self._ledger.zone),
            worker=r.text(f, "worker") or record.author,
            text=r.text(f, "text"),
            review_due=r.maybe_day(f, "review_due"),
            residence_at_birth=r.text(f, "residence_at_birth"),
            goals=own,
            actions=tuple(
                a
                for a in actions
                if a.kind == "plan" and (a.plan == record.record or (a.goal or "") in held)
            ),
            reviews=reviews,
            episode=r.text(f, "episode"),
            sent=record.sent,
        )

    def _new(self, family: str, kind: str, record: str, /, **said: object) -> Statement:
        latest = courses.told(self._ledger, family).latest
        given: dict[str, Value] = {
            name: value
            for name, value in r.plain_fields(
                episode=latest.id if latest and kind != "goal" else None, **said
            ).items()
            if value not in (None, "")
        }
        return self._ledger.statement(family, kind, record, given)


def _review(ledger: Ledger, record: Record) -> PlanReview:
    f = record.fields
    return PlanReview(
        id=record.record,
        on=r.maybe_day(f, "on") or local_day(record.at, ledger.zone),
        text=r.text(f, "text"),
        author=record.author,
    )


def _in_order(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda x: (r.text(x.fields, "agreed_at"), x.at, x.record))


def _said(text: str) -> str:
    if not text.strip():
        raise Missing("text")
    return text.strip()
