"""The service's forms in the demo: one when work begins, another when it has gone on for a while.

Measures, questions and occasions are those of whichever service the demo runs. Most things get
better, some stay as they were, and one in seven gets worse, as in life.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from app.casework.casebook import Casebook
from app.casework.profile.formula import Score
from app.casework.profile.measures import Domain, Measure
from app.demo.registering import Placed

_FIRST = timedelta(weeks=2)
_AGAIN = timedelta(weeks=26)
_WORSE_EVERY = 7
_LATER = ("evaluation", "review")
"""What the second occasion is called, the likeliest first."""


class Measuring:
    """What one worker fills in with a family. `noon` sets the clock to the middle of a day."""

    def __init__(self, book: Casebook, noon: Callable[[date], None], today: date) -> None:
        self._book = book
        self._noon = noon
        self._today = today
        self._begun: dict[tuple[str, str, int], int] = {}

    def family(self, one: Placed) -> None:
        """Every form that is filled in more than once, and of some families a word at the end."""
        last = min(one.lost or self._today, self._today)
        for measure in self._book.profile.measures:
            codes = [occasion.code for occasion in measure.occasions]
            if measure.anonymous:
                self._nobody(one, measure, last)
            elif len(codes) > 1:
                later = next((code for code in _LATER if code in codes), codes[-1])
                for code, on, again in (
                    (codes[0], one.allocated + _FIRST, False),
                    (later, one.allocated + _AGAIN, True),
                ):
                    if on <= last:
                        self._noon(on)
                        scores = self._scores(one, measure, again=again)
                        self._book.measures.fill_in(one.family, measure.code, code, scores, on)

    def _nobody(self, one: Placed, measure: Measure, last: date) -> None:
        """What a parent says at the end without saying who she is."""
        on = one.allocated + _AGAIN
        if on <= last and one.number % 2 == 0:
            self._noon(on)
            scores = self._scores(one, measure, again=True)
            self._book.measures.fill_in_unnamed(
                measure.code, measure.occasions[-1].code, scores, on
            )

    def _scores(self, one: Placed, measure: Measure, *, again: bool) -> dict[str, Score]:
        return {
            domain.code: self._score(one, measure, domain, place, again=again)
            for place, domain in enumerate(measure.domains)
            if domain.answer != "text"
        }

    def _score(
        self, one: Placed, measure: Measure, domain: Domain, place: int, *, again: bool
    ) -> int:
        chance = one.chance
        if domain.answer == "yes_no":
            return int(one.number % 9 != place)
        if domain.answer == "choice":
            values = [choice.value for choice in domain.choices]
            return values[-1 - (one.number + place) % min(2, len(values))]
        width = domain.most - domain.least
        key = (one.family, measure.code, place)
        if key not in self._begun:
            share = chance.number(f"{measure.code} {place}", 45, 75)
            self._begun[key] = domain.least + width * share // 100
        begun = self._begun[key]
        if not again:
            return begun
        step = max(1, width * chance.number(f"{measure.code} {place} later", 5, 25) // 100)
        worse = (one.number + place) % _WORSE_EVERY == 0
        lower = (domain.better or measure.better) == "lower"
        moved = begun - step if lower is not worse else begun + step
        return min(domain.most, max(domain.least, moved))
