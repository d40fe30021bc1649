"""Closing a family: what still stands is shown, carried on or settled, and nothing is lost."""

from __future__ import annotations

from datetime import date

from app.casework.appointment import CancelledBy, Status
from app.casework.casebook import (
    clock_readings,
    courses,
    from_family,
    from_records,
    periods,
)
from app.casework.casebook import reading as r
from app.casework.casebook.deciding import Deciding, latest_first
from app.casework.casebook.diary import Diary
from app.casework.casebook.families import Families
from app.casework.casebook.interventions import Interventions
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.referrals import open_episode, referral_of
from app.casework.casebook.supervision import Supervision
from app.casework.caseload import Role
from app.casework.episode import checked_closing
from app.casework.errors import Missing
from app.casework.intervention import Ending
from app.casework.moments import as_text
from app.casework.pathway import ClosureForm, DecisionForm, Pathway, Unsettled
from app.casework.period import PeriodKind, newest_first
from app.casework.profile.flow import Stage
from storage.kinds import Value
from storage.query import AtLeast, Not, OneOf
from storage.vault import Statement

_DONE = OneOf("closed", "done", "achieved", "dropped")


class Pathways(Deciding):
    """A family's way from referral to closure. See `Referrals` and `Deciding` for its parts."""

    def __init__(
        self, ledger: Ledger, families: Families, diary: Diary, supervision: Supervision
    ) -> None:
        super().__init__(ledger)
        self._families = families
        self._diary = diary
        self._supervision = supervision
        self._interventions = Interventions(ledger)

    def of(self, family: str) -> Pathway:
        """Where a family stands and how it came there. Raises Unknown."""
        ledger, family = self._ledger, self._ledger.remaining(family)
        ledger.one(family, "family")
        told = courses.told(ledger, family)
        known = newest_first(told.periods)
        stages = [p for p in known if p.kind is PeriodKind.STAGE]
        held = [p for p in stages if p.until is None]
        stage = max(held, key=lambda p: (p.since, p.id), default=None)
        offered = ledger.profile.stage(stage.code) if stage else ledger.profile.first_stage
        functions = {a.function for a in self._supervision.of_family(family)}
        return Pathway(
            family=family,
            episodes=told.episodes,
            referral=referral_of(ledger, told),
            stage=stage,
            next=self._stages(offered.next if offered else ()),
            back=self._stages(offered.back if offered else ()),
            stages=tuple(stages),
            indicators=tuple(p for p in known if p.kind is PeriodKind.INDICATOR),
            clocks=clock_readings.of_family(ledger, family),
            checks=self.eligibility(family),
            decisions=latest_first(told.decisions, told.latest) if told.latest else (),
            missing=tuple(
                f.code
                for f in ledger.profile.functions
                if stage and stage.code in f.needed_in and f.code not in functions
            ),
            two_stages=tuple(held) if len({p.code for p in held}) > 1 else (),
            waits=not functions or bool(offered and offered.standing == "waiting"),
        )

    def unsettled(self, family: str) -> Unsettled:
        """What still stands: actions, goals, appointments, conversations, interventions, clocks,
        people.
        """
        ledger, family = self._ledger, self._ledger.remaining(family)
        ahead = {"starts": AtLeast(as_text(ledger.now)), "status": Status.BOOKED.value}
        still: dict[str, object] = {"status": Not(_DONE)}
        return Unsettled(
            actions=tuple(map(from_family.action, ledger.of_family("action", family, still))),
            goals=tuple(map(from_family.goal, ledger.of_family("goal", family, still))),
            appointments=tuple(
                from_records.appointment(a, a.casefile)
                for a in ledger.of_family("appointment", family, ahead, order_by=("starts",))
            ),
            conversations=tuple(
                from_records.conversation(o, family)
                for o in ledger.of_family("obstacle", family, still)
            ),
            interventions=tuple(i for i in self._interventions.of_family(family) if i.open),
            clocks=tuple(c for c in clock_readings.of_family(ledger, family) if c.open),
            allocations=tuple(self._supervision.of_family(family)),
        )

    def close(self, family: str, form: ClosureForm) -> None:
        """Close the open episode, with its reason, destination and day; all of it stays readable.

        Appointments chosen to be settled are called off first, so that no reminder of them leaves;
        then the closing and the rest are one write. A supervisor's closing also ends who works
        with the family and who may read it; after another's, a supervisor ends that. Raises
        Missing, EpisodeClosed, and OutOfOrder for a day ahead or before what it must follow.
        """
        ledger, family = self._ledger, self._ledger.remaining(family)
        told = courses.told(ledger, family)
        episode = open_episode(told)
        if not form.closure:
            raise Missing("closure")
        checked_closing(episode, form.on, ledger.today, told.decisions)
        said: list[Statement] = []
        if form.decision:
            decided = DecisionForm(
                kind=form.decision,
                outcome=form.outcome,
                on=form.on,
                by=form.by,
                reason=form.remark,
                to=form.to,
            )
            said += self._decision(told, episode, decided)
        stands = self.unsettled(family)
        for appointment in stands.appointments:
            if appointment.id in form.settle:
                self._diary.cancel(appointment.id, CancelledBy.SERVICE)
        said.append(
            ledger.statement(
                ledger.one(episode.id, "episode").casefile,
                "episode",
                episode.id,
                r.plain_fields(
                    closed_at=form.on,
                    closure_reason=form.closure,
                    destination=form.destination,
                    remark=form.remark.strip(),
                ),
            )
        )
        stage = self._closing_stage(form)
        _period, ended = periods.beginning(
            ledger, family, PeriodKind.STAGE, stage.code, form.on, by=form.by, reason=form.remark
        )
        said += [*ended, *self._settling(stands, form)]
        if ledger.me.role is not Role.SUPERVISOR:
            ledger.write(said)
            return
        until = r.plain_fields(until=form.on)
        said += [ledger.statement(a.family, "allocation", a.id, until) for a in stands.allocations]
        ledger.write(said)
        for worker in dict.fromkeys(a.worker for a in stands.allocations):
            self._supervision.withdraw(family, worker)

    def set_indicator(
        self,
        family: str,
        code: str,
        answer: bool,
        since: date,
        *,
        by: str = "",
        reason: str = "",
    ) -> None:
        """Write down that something is so, or is not, from a day on. Raises OutOfOrder ahead."""
        self._families.begin_period(
            self._ledger.remaining(family),
            PeriodKind.INDICATOR,
            code,
            since,
            answer=answer,
            by=by,
            reason=reason,
        )

    def _stages(self, codes: tuple[str, ...]) -> tuple[Stage, ...]:
        found = (self._ledger.profile.stage(code) for code in codes)
        return tuple(stage for stage in found if stage is not None)

    def _closing_stage(self, form: ClosureForm) -> Stage:
        following = self.follows(form.decision, form.outcome)
        if following is not None and following.closes:
            return following
        return self._ledger.profile.closing_stage

    def _settling(self, stands: Unsettled, form: ClosureForm) -> list[Statement]:
        """Actions and goals dropped with the closing, conversations closed with it."""
        said = []
        dropped: dict[str, Value] = {"status": "dropped", "completed_at": form.on.isoformat()}
        ended: dict[str, Value] = {"status": "closed", "closed_at": form.on.isoformat()}
        over = r.plain_fields(status="closed", closed_at=self._ledger.now)
        done = any(c.code == form.closure and c.completed for c in self._ledger.profile.closures)
        finished = r.plain_fields(ended_at=form.on, outcome=Ending.COMPLETED if done else None)
        for kind, several, fields in (
            ("action", stands.actions, dropped),
            ("goal", stands.goals, ended),
            ("obstacle", stands.conversations, over),
            ("intervention", stands.interventions, finished),
        ):
            for one in several:
                if one.id in form.settle:
                    casefile = self._ledger.one(one.id, kind).casefile
                    said.append(self._ledger.statement(casefile, kind, one.id, fields))
        return said
