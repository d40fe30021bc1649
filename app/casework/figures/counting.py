"""Counts what a selection of a profile selects, in a span, keeping the records behind the count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product

from app.casework.figures.as_of import AsOf
from app.casework.figures.asking import all_hold, day_of, values_of
from app.casework.figures.figure import Counted
from app.casework.figures.span import Span
from app.casework.figures.thing import Thing
from app.casework.profile.facts import COLLECTIONS
from app.casework.profile.milestones import Milestone
from app.casework.profile.tiles import Condition, Selection

Collections = Mapping[str, Sequence[Thing]]
"""Every thing there is, by collection."""
_OPENED = Milestone(event="opened")
_MONTH = "month"


def selected(
    selection: Selection,
    collections: Collections,
    span: Span,
    then: AsOf,
    also: Iterable[Condition] = (),
) -> list[Thing]:
    """The things that a selection counts, in the order in which they are kept."""
    holds = all_hold((*selection.where, *also), then)
    dated = _dated(selection, span)
    return [t for t in collections.get(selection.of, ()) if dated(t) and holds(t)]


def counted(selection: Selection, things: Sequence[Thing], then: AsOf) -> Counted:
    """How many they are, the way the selection counts."""
    if selection.total:
        number = sum((thing.amount for thing in things), Fraction(0))
    elif selection.distinct:
        number = Fraction(len(set(_combinations(selection, things, then))))
    else:
        number = Fraction(len(things))
    return Counted(number=number, things=tuple(things))


def by_key(
    selection: Selection, things: Iterable[Thing], key: str, then: AsOf
) -> dict[str, list[Thing]]:
    """Things by each value of a key; one with several stands under each, one without under none."""
    found: dict[str, list[Thing]] = {}
    for thing in things:
        for value in _values(selection, thing, key, then):
            found.setdefault(value, []).append(thing)
    return found


def _combinations(
    selection: Selection, things: Iterable[Thing], then: AsOf
) -> Iterator[tuple[str, ...]]:
    for thing in things:
        yield from product(*(_values(selection, thing, k, then) for k in selection.distinct))


def _values(selection: Selection, thing: Thing, key: str, then: AsOf) -> tuple[str, ...]:
    if key == _MONTH:
        on = day_of(thing, selection.during) if selection.during else None
        return (f"{on:%Y-%m}",) if on else ()
    return values_of(then.said(thing, key))


def _dated(selection: Selection, span: Span) -> Callable[[Thing], bool]:
    """Whether a thing's date lies in the span; without one, whether it was there at its end."""
    during = selection.during
    going_on = COLLECTIONS[selection.of].spans.get(during) if isinstance(during, str) else None
    if going_on is not None:
        begun, over = going_on
        return lambda thing: span.meets(thing.days.get(begun), thing.days.get(over))
    if during is not None:
        return lambda thing: span.has(day_of(thing, during))
    dates = COLLECTIONS[selection.of].dates
    since: str | Milestone | None = dates[0] if dates else None
    if COLLECTIONS[selection.of].milestones:
        since = _OPENED

    def there(thing: Thing) -> bool:
        if since is None:
            return True
        on: date | None = day_of(thing, since)
        return on is not None and on <= span.last

    return there
