"""Dated decisions and what follows from them: stages, pauses of clocks, indicators."""

from __future__ import annotations

from datetime import date

from app.casework.casebook import courses, periods
from app.casework.casebook import reading as r
from app.casework.casebook.courses import Told
from app.casework.casebook.referrals import Referrals, open_episode, referral_of
from app.casework.course import Subject
from app.casework.episode import REFERRAL, Decided, Episode, checked_decision, checked_stage
from app.casework.errors import Missing, OutOfOrder
from app.casework.pathway import DecisionForm
from app.casework.period import PeriodKind
from app.casework.profile.flow import Stage
from app.casework.profile.milestones import Milestone
from storage.vault import Statement


class Deciding(Referrals):
    """The part of a casebook that writes down what is decided about a family's way."""

    def decide(self, family: str, form: DecisionForm) -> str:
        """Write a decision down, and begin the stage it leads to; gives the decision's id.

        One that closes goes through `close` instead. Raises Missing, EpisodeClosed, and OutOfOrder
        for a day ahead, before the referral, or before what it must follow.
        """
        told = courses.told(self._ledger, family)
        episode = open_episode(told)
        following = self.follows(form.kind, form.outcome)
        if following is not None and following.closes:
            raise Missing("closure")
        said = self._decision(told, episode, form)
        if following is not None:
            said += self._stage(
                told, episode, following, form.on, by=form.by, reason=form.reason, all_the_same=True
            )
        decision = said[0].record
        self._ledger.write(said)
        return decision

    def move(
        self,
        family: str,
        stage: str,
        on: date,
        *,
        by: str = "",
        reason: str = "",
        all_the_same: bool = False,
    ) -> None:
        """Begin a stage of the service that is not a closing one.

        Raises EpisodeClosed, Missing for an unknown stage, and OutOfOrder as `decide` does;
        `all_the_same`: it may begin before anybody works with the family.
        """
        told = courses.told(self._ledger, family)
        episode = open_episode(told)
        wanted = self._ledger.profile.stage(stage)
        if wanted is None or wanted.closes:
            raise Missing("stage")
        self._ledger.write(
            self._stage(told, episode, wanted, on, by=by, reason=reason, all_the_same=all_the_same)
        )

    def choose_stage(self, period: str) -> None:
        """Of stages begun by people who had not seen each other, the one that holds.

        The others end on the day they began: they never held.
        """
        chosen = self._ledger.one(period, "period")
        others = self._ledger.of_family(
            "period",
            self._ledger.remaining(chosen.casefile),
            {"kind": PeriodKind.STAGE.value, "until": None},
        )
        said = [
            self._ledger.statement(
                other.casefile, "period", other.record, {"until": other.fields.get("since")}
            )
            for other in others
            if other.record != period
        ]
        code = r.text(chosen.fields, "code")
        family = self._ledger.remaining(chosen.casefile)
        said += periods.standing(self._ledger, family, PeriodKind.STAGE, code)
        self._ledger.write(said)

    def follows(self, kind: str, outcome: str) -> Stage | None:
        """The stage that begins with that outcome; None when it moves nothing."""
        profile = self._ledger.profile
        for one in profile.decisions:
            if one.code == kind:
                return profile.stage(dict(one.moves_to).get(outcome, ""))
        return None

    def pause(
        self,
        family: str,
        clock: str,
        reason: str,
        since: date,
        *,
        subject: Subject | None = None,
        text: str = "",
    ) -> str:
        """Stop a clock for a reason, from a day on. Raises Missing, EpisodeClosed, OutOfOrder."""
        if not reason:
            raise Missing("reason")
        told = courses.told(self._ledger, family)
        episode = open_episode(told)
        checked_decision(episode, since, self._ledger.today)
        return self._ledger.new(
            told.family,
            "clock_pause",
            r.plain_fields(
                episode=episode.id,
                clock=clock,
                subject=subject.id if subject else "",
                reason=reason,
                text=text.strip(),
                since=since,
            ),
        )

    def resume(self, pause: str, on: date) -> None:
        """The clock runs again from that day. Raises OutOfOrder ahead or before it was stopped."""
        record = self._ledger.one(pause, "clock_pause")
        since = r.maybe_day(record.fields, "since") or on
        if on > self._ledger.today:
            raise OutOfOrder("until", "in_the_future", self._ledger.today)
        if on < since:
            raise OutOfOrder("until", "before_pause", since)
        self._ledger.change(record, r.plain_fields(until=on))

    def _decision(self, told: Told, episode: Episode, form: DecisionForm) -> list[Statement]:
        if not form.kind or not form.outcome:
            raise Missing("outcome")
        checked_decision(episode, form.on, self._ledger.today)
        fields = r.plain_fields(
            episode=episode.id,
            decision=form.kind,
            outcome=form.outcome,
            on=form.on,
            by=form.by.strip(),
            reason=form.reason.strip(),
            to=form.to.strip(),
        )
        decision = self._ledger.vault.new_id()
        said = [self._ledger.statement(told.family, "decision", decision, fields)]
        referral = referral_of(self._ledger, told) if form.kind == REFERRAL else None
        if referral is not None:
            seen = self._eligibility(told, referral)
            record = self._ledger.one(referral.id, "referral")
            decided = r.plain_fields(
                decision=form.outcome,
                decided_at=form.on,
                decided_by=form.by.strip(),
                eligibility=[f"{c.code}:{c.fits.value}" for c in seen],
            )
            said.append(self._ledger.statement(record.casefile, "referral", record.record, decided))
        return said

    def _stage(
        self,
        told: Told,
        episode: Episode,
        stage: Stage,
        on: date,
        *,
        by: str,
        reason: str,
        all_the_same: bool,
    ) -> list[Statement]:
        checked_decision(episode, on, self._ledger.today)
        course = courses.course_of(self._ledger, told, episode)
        allocated = course.day(Milestone(event="allocated"))
        works = stage.standing == "open" and not all_the_same
        checked_stage(told.periods, on, allocated, works=works)
        _period, said = periods.beginning(
            self._ledger, told.family, PeriodKind.STAGE, stage.code, on, by=by, reason=reason
        )
        return said


def latest_first(decisions: tuple[Decided, ...], episode: Episode) -> tuple[Decided, ...]:
    """The decisions of one episode, the latest first."""
    return tuple(d for d in decisions if d.episode == episode.id)
