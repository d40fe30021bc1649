"""Whether a record is counted: each condition of a profile, as a question of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from app.casework.figures.as_of import AsOf
from app.casework.figures.case import Case, Filled
from app.casework.figures.thing import Said, Thing
from app.casework.period import PeriodKind
from app.casework.profile.measures import Measure
from app.casework.profile.milestones import Milestone
from app.casework.profile.tiles import (
    Answered,
    Attended,
    Between,
    Changed,
    ClockState,
    Condition,
    Held,
    Is,
    OneOf,
    Reached,
)

Question = Callable[[Thing], bool]


def all_hold(conditions: Iterable[Condition], then: AsOf) -> Question:
    """Whether every condition holds of a thing at that time."""
    questions = [_question(condition, then) for condition in conditions]
    if len(questions) == 1:
        return questions[0]
    return lambda thing: all(question(thing) for question in questions)


def day_of(thing: Thing, during: str | Milestone) -> date | None:
    """The date of a thing that must lie in the period: its own, or an event of its episode."""
    if isinstance(during, Milestone):
        return thing.case.day(during, thing.baby) if thing.case else None
    return thing.days.get(during)


def pair(case: Case, measure: Measure, begin: str, end: str, on: date) -> list[Filled]:
    """The earlier and the later form; fewer than two where one is missing.

    Without occasions the first and the last that were filled in, in the order of occasions.
    """
    order = {occasion.code: n for n, occasion in enumerate(measure.occasions)}
    latest = {f.occasion: f for f in case.filled if f.measure == measure.code and f.on <= on}
    if begin and end:
        wanted = [latest.get(begin), latest.get(end)]
        return [f for f in wanted if f is not None]
    found = sorted(latest.values(), key=lambda f: (order.get(f.occasion, len(order)), f.on))
    if begin:
        found = [f for f in found if f.occasion == begin or order.get(f.occasion, 0) > order[begin]]
    if end:
        found = [f for f in found if order.get(f.occasion, 0) <= order[end]]
    return [found[0], found[-1]] if len(found) > 1 else found


def _question(condition: Condition, then: AsOf) -> Question:
    match condition:
        case OneOf():
            return _one_of(condition, then)
        case Is():
            return lambda thing: then.said(thing, condition.fact) is condition.expected
        case Reached():
            return _reached(condition, then)
        case Between():
            return _between(condition, then)
        case ClockState():
            states = frozenset(condition.states)
            return lambda thing: not states.isdisjoint(then.clock(thing, condition.clock))
        case Held():
            return _held(condition, then)
        case Changed():
            return _changed(condition, then)
        case Answered():
            return _answered(condition)
        case Attended():
            return _attended(condition, then)


def _one_of(condition: OneOf, then: AsOf) -> Question:
    codes, negated, fact = frozenset(condition.codes), condition.negated, condition.fact

    def holds(thing: Thing) -> bool:
        said = then.said(thing, fact)
        if isinstance(said, tuple):
            return codes.isdisjoint(said) is negated
        return (said in codes) is not negated

    return holds


def _reached(condition: Reached, then: AsOf) -> Question:
    def holds(thing: Thing) -> bool:
        case = thing.case
        if case is None:
            return condition.negated
        had = (then.by_then(case.day(m, thing.baby)) for m in condition.milestones)
        return not any(had) if condition.negated else all(had)

    return holds


def _between(condition: Between, then: AsOf) -> Question:
    def holds(thing: Thing) -> bool:
        if thing.case is None:
            return False
        begin = thing.case.day(condition.begin, thing.baby)
        end = thing.case.day(condition.end, thing.baby)
        if begin is None or end is None or max(begin, end) > then.on:
            return False
        return within((end - begin).days, condition.at_least, condition.at_most)

    return holds


def _held(condition: Held, then: AsOf) -> Question:
    kind, codes, at = PeriodKind(condition.kind), condition.codes, condition.at
    of_answers = kind is PeriodKind.INDICATOR

    def holds(thing: Thing) -> bool:
        if thing.case is None:
            return False
        found = then.held(thing.case, thing.baby, kind, codes, at)
        if condition.recorded is not None:
            return bool(found) is condition.recorded
        if of_answers:
            said_no = condition.negated
            return any((p.answer is False) is said_no for p in found)
        return bool(found) is not condition.negated

    return holds


def _changed(condition: Changed, then: AsOf) -> Question:
    measure = then.profile.measure(condition.measure)

    def holds(thing: Thing) -> bool:
        if thing.case is None or measure is None:
            return False
        values = [
            f.value(measure, condition.domain)
            for f in pair(thing.case, measure, condition.begin, condition.end, then.on)
        ]
        if len(values) < 2 or values[0] is None or values[1] is None:
            return False
        before, after = float(values[0]), float(values[1])
        direction = measure.direction(before, after, condition.domain)
        return not condition.changes or direction in condition.changes

    return holds


def _answered(condition: Answered) -> Question:
    def holds(thing: Thing) -> bool:
        value = thing.scores.get(condition.domain)
        return (
            thing.said.get("form") == condition.measure
            and value is not None
            and within(value, condition.at_least, condition.at_most)
        )

    return holds


def _attended(condition: Attended, then: AsOf) -> Question:
    programmes, kinds = frozenset(condition.programmes), frozenset(condition.contact_types)

    def holds(thing: Thing) -> bool:
        if thing.case is None:
            return False
        often = sum(
            seen.on <= then.on
            and (not programmes or seen.programme in programmes)
            and (not kinds or seen.contact_type in kinds)
            for seen in thing.case.attended
        )
        return within(often, condition.at_least, condition.at_most)

    return holds


def within(value: float, at_least: float | None, at_most: float | None) -> bool:
    """Whether a number lies between two bounds, each of which may be open."""
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)


def values_of(said: Said) -> tuple[str, ...]:
    """What a key says, as the values it counts under; none where nobody has said."""
    if isinstance(said, tuple):
        return said
    if isinstance(said, bool):
        return ("yes" if said else "no",)
    return (said,) if said else ()
