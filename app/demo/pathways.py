"""The demo's families on their way through a service: decided on, waiting, moving on, closed.

Which decisions there are, what they lead to and by when is read from the service's profile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from app.casework.casebook import Casebook
from app.casework.episode import ACCEPTED, REFERRAL, accepts
from app.casework.pathway import ClosureForm, DecisionForm
from app.casework.period import PeriodKind
from app.casework.profile import Profile
from app.demo.casting import Casting

_LATELY = timedelta(weeks=8)
"""Whose turn at the panel came since then is on its agenda still."""
Step = Callable[[str, date], None]
"""Something that is written about a family on a day."""
At = Callable[[date, int], None]
"""Sets the clock to an hour of a day."""


class Pathways:
    """What a supervisor writes about families that are referred, moved on and closed."""

    def __init__(self, book: Casebook, at: At, today: date) -> None:
        self._book = book
        self._at = at
        self._today = today
        self._casting = Casting(book.profile)

    def decided(self, family: str, referred: date, number: int) -> None:
        """The questions of eligibility are answered, and the referral is taken on."""
        on = min(referred + timedelta(days=2), self._today)
        self._at(on, 11)
        for check in self._book.profile.eligibility:
            if check.fact == "asked" and number % 5:
                self._book.pathways.answer(family, check.code, True)
        outcome = _taken_on(self._book.profile)
        self._book.pathways.decide(
            family,
            DecisionForm(kind=REFERRAL, outcome=outcome, on=on, by="Referral meeting"),
        )
        for place, one in enumerate(self._book.profile.indicators):
            if (number + place) % 4:
                holds = (number + place) % 3 == 0
                self._book.pathways.set_indicator(family, one.code, holds, on)

    def waits(self, family: str, referred: date, number: int) -> None:
        """On the list; somebody says why of every other one."""
        if number % 2:
            on = min(referred + timedelta(days=5), self._today)
            self._at(on, 11)
            self._book.pathways.say_why_waiting(family, "no_worker", "Somebody is back from leave "
                                                "at the beginning of next month")  # fmt: skip

    def moves(self, family: str, number: int, stages: list[tuple[str, date]]) -> None:
        """Each stage on its day, by the decision that leads to it where the service has one."""
        stages = self._until_panel(stages)
        assessed = self._without_moving(family, number)
        for on, step in sorted([*assessed, *((day, self._stage(code)) for code, day in stages)],
                               key=lambda pair: pair[0]):  # fmt: skip
            if on <= self._today:
                self._at(on, 14)
                step(family, on)

    def _until_panel(self, stages: list[tuple[str, date]]) -> list[tuple[str, date]]:
        """Of those whose turn at the panel came lately, only what was before it: they are on the
        agenda still, for whoever tries it.
        """
        panel = self._book.profile.panel
        if panel is None:
            return stages
        kind = next(d for d in self._book.profile.decisions if d.code == panel.decision)
        led_to = {stage for _outcome, stage in kind.moves_to}
        for place, (code, on) in enumerate(stages):
            if code in led_to and on > self._today - _LATELY:
                return stages[:place]
        return stages

    def closes(self, family: str, ended: date) -> None:
        """The work is done; what was to be done is dropped, and nobody but Grace reads on."""
        profile = self._book.profile
        self._at(ended, 16)
        done = next((c for c in profile.closures if c.completed), profile.closures[0])
        where = profile.destinations[0].code if profile.destinations else ""
        stands = self._book.pathways.unsettled(family)
        self._book.pathways.close(
            family,
            ClosureForm(
                on=ended,
                closure=done.code,
                destination=where,
                by="Review meeting",
                settle=frozenset(stands.ids),
            ),
        )

    def _stage(self, code: str) -> Step:
        profile = self._book.profile
        for kind in profile.decisions:
            for outcome, following in kind.moves_to:
                if following == code and kind.code != REFERRAL:
                    form = DecisionForm(kind=kind.code, outcome=outcome, on=self._today)
                    return self._deciding(form)
        return self._begin(code)

    def _begin(self, code: str) -> Step:
        def begin(family: str, on: date) -> None:
            self._book.families.begin_period(family, PeriodKind.STAGE, code, on)

        return begin

    def _deciding(self, form: DecisionForm) -> Step:
        def decide(family: str, on: date) -> None:
            said = replace(form, on=on, by="Team meeting")
            self._book.pathways.decide(family, said)

        return decide

    def _without_moving(self, family: str, number: int) -> list[tuple[date, Step]]:
        """Decisions that a time limit waits for and that move nothing: mostly made in time."""
        profile = self._book.profile
        moving = {kind.code for kind in profile.decisions if kind.moves_to}
        found: list[tuple[date, Step]] = []
        for reading in self._book.pathways.of(family).clocks:
            wanted = reading.clock.met_by
            if wanted.event != "decision" or reading.due is None or wanted.about[0] in moving:
                continue
            outcome = wanted.about[1] if len(wanted.about) > 1 else ""
            form = DecisionForm(kind=wanted.about[0], outcome=outcome, on=self._today)
            on = reading.due + timedelta(days=number % 8 - 5)
            found.append((on, self._deciding(form)))
        return found


def _taken_on(profile: Profile) -> str:
    """The outcome by which the service takes a referral on."""
    for kind in profile.decisions:
        if kind.code == REFERRAL:
            return next(o.code for o in kind.outcomes if accepts(profile, o.code))
    return ACCEPTED
