"""A worker's plans with the demo's families: goals, who does what, reviews, and what is offered.

Kinds of plan, agencies, appraisals and interventions are those of whichever service the demo runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from app.casework.appraisal import AppraisalForm
from app.casework.casebook import Casebook
from app.casework.intervention import Ending, InterventionForm
from app.casework.plan import Owner, PlanForm, ReviewForm
from app.demo.prose import fits
from app.demo.registering import Placed
from app.demo.sentences_office import (
    ACTIONS,
    ACTIONS_EXPECTED,
    GOALS,
    GOALS_EXPECTED,
    PLAN_REVIEWS,
    PLANS,
)

_BEFORE_PLAN = timedelta(weeks=3)


class Planning:
    """What one worker agrees with a family. `noon` sets the clock to the middle of a day."""

    def __init__(self, book: Casebook, noon: Callable[[date], None], today: date) -> None:
        self._book = book
        self._noon = noon
        self._today = today

    def family(self, one: Placed) -> None:
        """A plan with two goals, reviewed as time goes by, and what is to be done besides."""
        agreed = self._agreed_on(one)
        plan = None if one.lost or agreed > self._today else self._agree(one, agreed)
        goals = self._goals(one, agreed, plan)
        self._actions(one, plan, goals)
        if plan:
            self._reviews(one, plan, agreed)
            self._after_birth(one, agreed)
            self._offered(one, agreed)
            self._appraisals(one, agreed)

    def _agreed_on(self, one: Placed) -> date:
        """Three weeks after allocation; where the service sets a time for it, mostly in that."""
        for reading in self._book.pathways.of(one.family).clocks:
            if reading.clock.met_by.event == "plan_agreed" and reading.due is not None:
                by = reading.due + timedelta(days=one.number % 6 - 3)
                return max(by, one.allocated + timedelta(days=3))
        return one.allocated + _BEFORE_PLAN

    def _agree(self, one: Placed, agreed: date) -> str | None:
        kinds = self._book.profile.plans
        if not kinds:
            return None
        expected = one.born is None or one.born > agreed
        fitting = [k for k in kinds if k.residence_at_birth == expected] or list(kinds)
        kind = fitting[0]
        placements = [p.code for p in self._book.profile.placements]
        self._noon(agreed)
        return self._book.plans.agree(
            one.family,
            PlanForm(
                kind=kind.code,
                agreed_on=agreed,
                text=one.chance.draw("plan", PLANS),
                review_due=self._book.plans.review_day(kind.code, agreed),
                residence_at_birth=placements[one.number % min(3, len(placements))]
                if kind.residence_at_birth
                else "",
            ),
        )

    def _goals(self, one: Placed, agreed: date, plan: str | None) -> list[str]:
        here = one.born is not None and one.born <= agreed
        bank = [g for g in (GOALS if here else GOALS_EXPECTED) if fits(one.household, g)]
        made = []
        for number, text in enumerate(one.chance.draw_some("goals", bank, 2)):
            on = agreed + timedelta(weeks=9 * number)
            if on > (one.lost or self._today):
                continue
            self._noon(on)
            # Of every sixth family one is overdue, and the others come in turn.
            coming = self._today + timedelta(days=5 * (one.number % 6) - 4 + 9 * number)
            review = max(on + timedelta(weeks=12), coming)
            goal = self._book.plans.add_goal(one.family, text, review, plan=plan)
            if number == 0 and one.household.referred > 40:
                self._book.families.close_goal(goal, on=on + timedelta(weeks=20))
            made.append(goal)
        return made

    def _actions(self, one: Placed, plan: str | None, goals: list[str]) -> None:
        book, chance = self._book, one.chance
        weeks = (self._today - one.allocated).days // 7
        bank = [a for a in (ACTIONS if one.born else ACTIONS_EXPECTED) if fits(one.household, a)]
        texts = chance.draw_some("actions", bank, min(6, 1 + weeks // 5))
        for number, text in enumerate(texts):
            on = one.allocated + timedelta(weeks=4 + number * max(1, (weeks - 4) // len(texts)))
            if on > (one.lost or self._today):
                continue
            due = on + timedelta(days=chance.number("due in", 6, 18))
            self._noon(on)
            action = book.plans.add_action(
                one.family,
                text,
                self._owner(one, number),
                due,
                goal=goals[number % len(goals)] if goals and number % 2 else None,
                plan=plan,
            )
            forgotten = one.number % 3 == 0 and number == len(texts) - 1
            if due < self._today and not forgotten:
                book.families.complete_action(action, due - timedelta(days=number % 4))

    def _owner(self, one: Placed, number: int) -> Owner:
        """One of us, the mother, or every fifth time an agency that the service knows."""
        agencies = [
            a.code for a in self._book.profile.agencies if a.code not in ("family", "other")
        ]
        if agencies and number % 5 == 4:
            return Owner(agency=agencies[(one.number + number) % len(agencies)])
        return Owner(person=one.mother) if number % 3 == 2 else Owner(worker=self._book.me.person)

    def _reviews(self, one: Placed, plan: str, agreed: date) -> None:
        """As often as the service asks for; of every fifth family the last is still to come."""
        kind = self._book.plans.get(plan).kind
        on = self._book.plans.review_day(kind, agreed)
        number = 0
        while on is not None and on < self._today:
            following = self._book.plans.review_day(kind, on)
            if one.number % 5 == 0 and (following is None or following >= self._today):
                return
            self._noon(on)
            said = PLAN_REVIEWS[(one.number + number) % len(PLAN_REVIEWS)]
            form = ReviewForm(on=on, text=said, next_due=following)
            self._book.plans.review(plan, form)
            on, number = following, number + 1

    def _after_birth(self, one: Placed, agreed: date) -> None:
        """Where the plan was one for the birth, another follows two weeks after it."""
        kinds = [k for k in self._book.profile.plans if not k.residence_at_birth]
        before = [k for k in self._book.profile.plans if k.residence_at_birth]
        if not kinds or not before or one.born is None or one.born <= agreed:
            return
        on = one.born + timedelta(weeks=2)
        if on > self._today:
            return
        self._noon(on)
        plan = self._book.plans.agree(
            one.family,
            PlanForm(
                kind=kinds[0].code,
                agreed_on=on,
                text=one.chance.draw("plan", PLANS),
                review_due=self._book.plans.review_day(kinds[0].code, on),
            ),
        )
        self._reviews(one, plan, on)

    def _offered(self, one: Placed, agreed: date) -> None:
        """One or two interventions, begun after the plan; ended where the work has ended."""
        codes = [c.code for c in self._book.profile.interventions]
        first = self._given_out(one.family, agreed + timedelta(weeks=2))
        if first is None:
            return
        for number in range(min(len(codes), 1 + one.number % 2)):
            on = first + timedelta(weeks=6 * number)
            if on > self._today:
                return
            self._noon(on)
            begun = self._book.interventions.start(
                one.family,
                InterventionForm(
                    code=codes[(one.number + number) % len(codes)],
                    on=on,
                    worker=self._book.me.person,
                ),
            )
            ends = on + self._lasts
            over = one.household.status == "closed" or (self._limited and one.number % 6)
            if over and ends <= self._today:
                self._noon(ends)
                self._book.interventions.end(begun, ends, Ending.COMPLETED)

    def _given_out(self, family: str, otherwise: date) -> date | None:
        """Some days after the panel gave the work out; None where its turn is still to come."""
        panel = self._book.profile.panel
        if panel is None:
            return otherwise
        decided = [
            d.on for d in self._book.pathways.of(family).decisions if d.kind == panel.decision
        ]
        return decided[-1] + timedelta(days=4) if decided else None

    @property
    def _limited(self) -> bool:
        """The service says how long an intervention lasts at most."""
        return any(c.met_by.event == "intervention_ended" for c in self._book.profile.clocks)

    @property
    def _lasts(self) -> timedelta:
        return timedelta(weeks=11 if self._limited else 20)

    def _appraisals(self, one: Placed, agreed: date) -> None:
        """Asked for a week before the plan; one in four came back late. Of some families one is
        out now, and of some it is overdue.
        """
        kinds = self._book.profile.appraisals
        on = agreed - timedelta(weeks=1)
        if kinds and one.number % 8 in (2, 6) and one.household.status != "closed":
            asked_on = self._today - timedelta(days=22 if one.number % 8 == 2 else 5)
            self._noon(asked_on)
            last = AppraisalForm(kind=kinds[-1].code, asked_on=asked_on)
            self._book.appraisals.ask(one.family, last)
        if not kinds or one.number % 2 or on > self._today:
            return
        self._noon(on)
        kind = kinds[one.number // 2 % len(kinds)]
        asked = self._book.appraisals.ask(one.family, AppraisalForm(kind=kind.code, asked_on=on))
        back = on + timedelta(days=22 if one.number % 8 == 0 else 11)
        if back < self._today:
            self._noon(back)
            self._book.appraisals.back(asked, back)
