"""Writing down what a family's situation is and was: stages, legal status, network, warnings,
goals and actions."""

from __future__ import annotations

from datetime import date

from app.casework.casebook import periods
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reminding import Following, Reminding
from app.casework.errors import Missing, OutOfOrder
from app.casework.family import RiskLevel
from app.casework.forms import ProfessionalForm
from app.casework.period import PeriodKind
from storage.kinds import Value


class History:
    """The part of a casebook that writes periods, the network, warnings, goals and actions."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    def begin_period(
        self,
        family: str,
        kind: PeriodKind,
        code: str,
        since: date | None = None,
        *,
        subject: str | None = None,
        answer: bool | None = None,
        by: str = "",
        reason: str = "",
    ) -> str:
        """Start a stage, legal status, placement or indicator; the open one of that kind and
        subject ends on the same day. `subject` is a person's id, or the family when None.

        A stage also says where the family stands: waiting, open or closed, as the service's
        profile has it. An indicator has an `answer`, yes or no. `by` is who decided, in words.
        What holds already is not begun again. Raises OutOfOrder for a day ahead.
        """
        if since is not None and since > self._ledger.today:
            raise OutOfOrder("since", "in_the_future", self._ledger.today)
        period, said = periods.beginning(
            self._ledger,
            family,
            kind,
            code,
            since or self._ledger.today,
            subject=subject,
            answer=answer,
            by=by,
            reason=reason,
        )
        indicator = kind is PeriodKind.INDICATOR and answer is not False
        following = self._reminding.noticed(family, code) if indicator else Following()
        self._ledger.write([*said, *following.statements], orders=following.orders)
        return period

    def end_period(self, period: str, until: date | None = None) -> None:
        """Nothing follows it yet."""
        self._end(period, "period", until)

    def add_professional(self, family: str, form: ProfessionalForm) -> str:
        """Somebody joins the network around the family. Raises Missing without a name."""
        return self._ledger.new(
            family, "professional", {**_professional(form), "since": self._today}
        )

    def change_professional(self, professional: str, form: ProfessionalForm) -> None:
        record = self._ledger.one(professional, "professional")
        differing = r.differing(record.fields, _professional(form))
        self._ledger.write(
            [self._ledger.statement(record.casefile, record.kind, record.record, differing)]
        )

    def end_professional(self, professional: str, until: date | None = None) -> None:
        """She is no longer involved; what she did stays."""
        self._end(professional, "professional", until)

    def add_risk(
        self, family: str, text: str, level: RiskLevel = RiskLevel.CARE, since: date | None = None
    ) -> str:
        """Something to know before going there."""
        return self._ledger.new(
            family,
            "risk_note",
            r.plain_fields(text=_said(text), level=level, since=since or self._ledger.today),
        )

    def end_risk(self, risk: str, until: date | None = None) -> None:
        self._end(risk, "risk_note", until)

    def add_access(self, family: str, text: str, since: date | None = None) -> str:
        """How to get in: the bell that works, where to park, the dog."""
        return self._ledger.new(
            family,
            "access_note",
            r.plain_fields(text=_said(text), since=since or self._ledger.today),
        )

    def end_access(self, access: str, until: date | None = None) -> None:
        self._end(access, "access_note", until)

    def add_goal(
        self,
        family: str,
        text: str,
        review_due: date | None = None,
        *,
        agreed_at: date | None = None,
    ) -> str:
        """Something to work towards, agreed with the family."""
        return self._ledger.new(
            family,
            "goal",
            r.plain_fields(
                text=_said(text),
                agreed_at=agreed_at or self._ledger.today,
                review_due=review_due,
                status="open",
            ),
        )

    def close_goal(self, goal: str, *, achieved: bool = True, on: date | None = None) -> None:
        record = self._ledger.one(goal, "goal")
        self._ledger.change(
            record,
            r.plain_fields(
                status="achieved" if achieved else "closed", closed_at=on or self._ledger.today
            ),
        )

    def add_action(
        self,
        family: str,
        text: str,
        *,
        owner: str,
        due: date | None = None,
        goal: str | None = None,
        worker: str | None = None,
        kind: str = "plan",
    ) -> str:
        """One thing somebody will do. `owner` is who, in words; `worker` the id when one of us."""
        return self._ledger.new(
            family,
            "action",
            r.plain_fields(
                text=_said(text),
                owner=owner.strip(),
                due=due,
                goal=goal,
                worker=worker,
                kind=kind,
                status="open",
                agreed_at=self._ledger.today,
            ),
        )

    def complete_action(self, action: str, on: date | None = None) -> None:
        """It is done. Once the call after a loss is, messages may go again."""
        record = self._ledger.one(action, "action")
        self._ledger.change(
            record, r.plain_fields(status="done", completed_at=on or self._ledger.today)
        )
        self._reminding.settle(record.casefile)

    def reopen_action(self, action: str) -> None:
        """It was ticked by mistake."""
        record = self._ledger.one(action, "action")
        self._ledger.change(record, r.plain_fields(status="open", completed_at=None))
        self._reminding.settle(record.casefile)

    @property
    def _today(self) -> str:
        return self._ledger.today.isoformat()

    def _end(self, record: str, kind: str, until: date | None) -> None:
        found = self._ledger.one(record, kind)
        self._ledger.change(found, r.plain_fields(until=until or self._ledger.today))


def _said(text: str) -> str:
    if not text.strip():
        raise Missing("text")
    return text.strip()


def _professional(form: ProfessionalForm) -> dict[str, Value]:
    if not form.name.strip():
        raise Missing("name")
    return r.plain_fields(
        name=form.name.strip(),
        role=form.role.strip(),
        agency=form.agency.strip(),
        phone=form.phone.strip(),
        email=form.email.strip(),
        person=form.person,
        remark=form.remark.strip(),
    )
