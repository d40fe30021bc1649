"""Writing down the work with a family: plans, appraisals, interventions, and forms filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.casework.casebook import courses
from app.casework.casebook import reading as r
from app.casework.casebook.happenings_of_work import APPRAISAL
from app.casework.casebook.ledger import Ledger
from app.casework.errors import Missing, Unknown
from app.casework.profile.formula import Score
from app.casework.working_days import days_after, working


class Work:
    """Plans, appraisals, interventions and measures of families on this device."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def agree_plan(
        self, family: str, plan: str, on: date | None = None, *, residence_at_birth: str = ""
    ) -> str:
        """A plan of that kind was agreed; its review is due as the profile says. Gives its id."""
        kind = next((p for p in self._ledger.profile.plans if p.code == plan), None)
        agreed = on or self._ledger.today
        due = agreed + timedelta(days=kind.review_days) if kind and kind.review_days else None
        return self._new(
            family,
            "plan",
            plan=plan,
            agreed_at=agreed,
            worker=self._ledger.me.person,
            review_due=due,
            residence_at_birth=residence_at_birth or None,
        )

    def review_plan(self, plan: str, on: date | None = None) -> None:
        """It was looked at again. Raises Unknown."""
        record = self._ledger.one(plan, "plan")
        self._ledger.change(record, r.plain_fields(reviewed_at=on or self._ledger.today))

    def add_to_plan(
        self,
        plan: str,
        text: str,
        *,
        agency: str,
        due: date | None = None,
        worker: str | None = None,
    ) -> str:
        """One thing that a plan asks of an agency, or of the family. Gives the action's id.

        Raises Unknown, and Missing without words.
        """
        record = self._ledger.one(plan, "plan")
        if not text.strip():
            raise Missing("text")
        return self._new(
            record.casefile,
            "action",
            kind="plan",
            plan=plan,
            text=text.strip(),
            agency=agency,
            agreed_at=self._ledger.today,
            due=due,
            worker=worker,
            status="open",
        )

    def ask_appraisal(self, family: str, appraisal: str, on: date | None = None) -> str:
        """Ask an agency to look; it should be back after the profile's working days."""
        profile = self._ledger.profile
        kind = next((a for a in profile.appraisals if a.code == appraisal), None)
        asked = on or self._ledger.today
        due = days_after(asked, kind.working_days, working(profile.calendar)) if kind else None
        return self._new(
            family,
            "action",
            kind=APPRAISAL,
            appraisal=appraisal,
            agency=kind.agency if kind and kind.agency else None,
            agreed_at=asked,
            due=due,
            status="open",
        )

    def appraisal_back(self, appraisal: str, on: date | None = None) -> None:
        """What was asked of the agency is here. Raises Unknown."""
        record = self._ledger.one(appraisal, "action")
        done = r.plain_fields(status="done", completed_at=on or self._ledger.today)
        self._ledger.change(record, done)

    def start_intervention(self, family: str, intervention: str, on: date | None = None) -> str:
        """Something of what the service offers begins; several may go on at once."""
        return self._new(
            family,
            "intervention",
            intervention=intervention,
            started_at=on or self._ledger.today,
        )

    def end_intervention(
        self, intervention: str, on: date | None = None, *, outcome: str = ""
    ) -> None:
        """It is over. Raises Unknown."""
        record = self._ledger.one(intervention, "intervention")
        ended = r.plain_fields(ended_at=on or self._ledger.today, outcome=outcome or None)
        self._ledger.change(record, ended)

    def fill_in(
        self,
        family: str,
        measure: str,
        occasion: str,
        scores: Mapping[str, Score],
        on: date | None = None,
        *,
        person: str | None = None,
    ) -> str:
        """A form about or by a family. Raises Missing for a measure the profile does not have."""
        self._checked(measure)
        return self._new(
            family,
            "measurement",
            measure=measure,
            occasion=occasion,
            taken_at=on or self._ledger.today,
            person=person,
            scores=dict(scores),
        )

    def fill_in_unnamed(
        self,
        measure: str,
        occasion: str,
        scores: Mapping[str, Score],
        on: date | None = None,
        *,
        programme: str = "",
    ) -> str:
        """A form of which nobody shall ever know whose it is: it stands with the team.

        Raises Missing as `fill_in` does, Unknown without a team.
        """
        self._checked(measure)
        team = next(iter(self._ledger.find("team", limit=1)), None)
        if team is None:
            raise Unknown
        fields = r.plain_fields(
            measure=measure,
            occasion=occasion,
            taken_at=on or self._ledger.today,
            programme=programme or None,
        )
        return self._ledger.new(team.casefile, "measurement", {**fields, "scores": dict(scores)})

    def _checked(self, measure: str) -> None:
        if self._ledger.profile.measure(measure) is None:
            raise Missing("measure")

    def _new(self, family: str, what: str, /, **said: object) -> str:
        latest = courses.told(self._ledger, family).latest
        scores = said.pop("scores", None)
        fields = r.plain_fields(
            episode=latest.id if latest else None,
            **{name: value for name, value in said.items() if value is not None},
        )
        if isinstance(scores, dict):
            fields["scores"] = scores
        return self._ledger.new(family, what, fields)
