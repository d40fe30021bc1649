"""How one measure went with one family: what was filled in, what is missing, what changed.

A form that was half filled is no form with zeros: what a total needs and has not leaves no total.
A domain that got worse is told as worse, however well the total did. Nothing here knows a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.casework.profile.formula import Score
from app.casework.profile.measures import Direction, Domain, Measure

Given = int | float | str
"""What was answered: a number for all that is counted, words for what is said."""
Doubt = Literal["not_a_number", "out_of_range", "not_offered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A form that was filled in, perhaps in part."""

    id: str
    measure: str
    occasion: str
    on: date
    answers: Mapping[str, Given]
    person: str = ""
    sent: bool = True

    @property
    def scores(self) -> dict[str, Score]:
        """What counts; what was said in words does not."""
        return {
            code: given
            for code, given in self.answers.items()
            if isinstance(given, int | float) and not isinstance(given, bool)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One of a measure's occasions; `taken` None: nothing was filled in then.

    `unanswered` are the domains left open; None of them is ever taken as zero. `earlier` are forms
    of the same occasion that no longer count, the latest first.
    """

    code: str
    taken: Taken | None = None
    total: float | None = None
    unanswered: tuple[str, ...] = ()
    earlier: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From the first occasion to the last; `domain` empty: the total."""

    domain: str = ""
    before: Score
    after: Score
    direction: Direction | None

    @property
    def by(self) -> Score:
        """How much it moved, signed."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCourse:
    """One measure of one family."""

    measure: Measure
    occasions: tuple[Occasion, ...]
    changes: tuple[Change, ...] = ()

    @property
    def done(self) -> tuple[Occasion, ...]:
        """Those at which something was filled in, in their order."""
        return tuple(one for one in self.occasions if one.taken is not None)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The other half of a pair: occasions still open once another was filled in."""
        return tuple(o.code for o in self.occasions if o.taken is None) if self.done else ()

    @property
    def skipped(self) -> tuple[str, ...]:
        """Occasions that a later one has overtaken; they can no longer be filled in then."""
        last = max((n for n, o in enumerate(self.occasions) if o.taken), default=-1)
        return tuple(o.code for o in self.occasions[: max(0, last)] if o.taken is None)

    @property
    def next(self) -> str:
        """The occasion that comes next; the last one once all were."""
        last = max((n for n, o in enumerate(self.occasions) if o.taken), default=-1)
        return self.occasions[min(last + 1, len(self.occasions) - 1)].code

    @property
    def total(self) -> Change | None:
        """How the total changed; None where there is none at one end."""
        return next((c for c in self.changes if not c.domain), None)

    @property
    def worse(self) -> tuple[Change, ...]:
        """Domains that got worse."""
        return tuple(c for c in self.changes if c.domain and c.direction == "worse")

    @property
    def drawn(self) -> tuple[tuple[Occasion, float], ...]:
        """What a chart draws: the occasions that have a total."""
        return tuple((o, o.total) for o in self.occasions if o.total is not None)


def course_of(measure: Measure, taken: Iterable[Taken]) -> MeasureCourse:
    """What came of a measure. Of several forms on one occasion the latest counts."""
    forms: dict[str, list[Taken]] = {}
    for one in sorted(taken, key=lambda t: (t.on, t.id), reverse=True):
        if one.measure == measure.code:
            forms.setdefault(one.occasion, []).append(one)
    occasions = tuple(_occasion(measure, o.code, forms.get(o.code, ())) for o in measure.occasions)
    done = [o.taken for o in occasions if o.taken is not None]
    changes = tuple(_changes(measure, done[0], done[-1])) if len(done) > 1 else ()
    return MeasureCourse(measure=measure, occasions=occasions, changes=changes)


def unanswered(measure: Measure, answers: Mapping[str, Given]) -> tuple[str, ...]:
    """Domains of which nothing was said; what may be said in words may also be left out."""
    return tuple(
        d.code for d in measure.domains if d.answer != "text" and answers.get(d.code) is None
    )


def read_answers(measure: Measure, typed: Mapping[str, str]) -> dict[str, Given]:
    """What was typed or chosen, by domain, without what was left open or cannot be."""
    return {
        domain.code: said if domain.answer == "text" else int(said)
        for domain in measure.domains
        if (said := typed.get(domain.code, "").strip()) and doubt(domain, said) is None
    }


def doubt(domain: Domain, typed: str) -> Doubt | None:
    """Why this cannot be an answer; None when it can, or when nothing was said."""
    said = typed.strip()
    if not said or domain.answer == "text":
        return None
    try:
        value = int(said)
    except ValueError:
        return "not_a_number"
    if not fits(domain, value):
        return "out_of_range" if domain.answer == "score" else "not_offered"
    return None


def fits(domain: Domain, value: Score) -> bool:
    """Whether a number is one of those that a domain knows."""
    if domain.answer == "score":
        return domain.least <= value <= domain.most
    if domain.answer == "yes_no":
        return value in (0, 1)
    return value in {choice.value for choice in domain.choices}


def _occasion(measure: Measure, code: str, forms: Sequence[Taken]) -> Occasion:
    if not forms:
        return Occasion(code=code)
    taken, *earlier = forms
    return Occasion(
        code=code,
        taken=taken,
        total=measure.total_of(taken.scores),
        unanswered=unanswered(measure, taken.answers),
        earlier=tuple(earlier),
    )


def _changes(measure: Measure, first: Taken, last: Taken) -> Iterable[Change]:
    begin, end = measure.total_of(first.scores), measure.total_of(last.scores)
    if begin is not None and end is not None:
        yield Change(before=begin, after=end, direction=measure.direction(begin, end))
    for domain in measure.domains:
        before, after = first.scores.get(domain.code), last.scores.get(domain.code)
        if before is not None and after is not None:
            yield Change(
                domain=domain.code,
                before=before,
                after=after,
                direction=measure.direction(before, after, domain.code),
            )
