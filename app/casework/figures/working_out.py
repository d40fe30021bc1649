"""Works out tiles and funnels: which records, how many, out of how many.

Pure: the same records, profile and span give the same figure on every device.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from app.casework.figures.as_of import AsOf
from app.casework.figures.asking import all_hold
from app.casework.figures.counting import Collections, by_key, counted, selected
from app.casework.figures.figure import Counted, Figure, Flow, Left, Point, Slice, Stepped
from app.casework.figures.quantities import value_of
from app.casework.figures.span import Span
from app.casework.figures.thing import Thing
from app.casework.profile import Profile
from app.casework.profile.tiles import Condition, Exclusion, Funnel, Part, Reached, Selection, Tile

_PERCENT = 100


class WorkingOut:
    """Figures of one service's records over one span."""

    def __init__(self, profile: Profile, collections: Collections, span: Span) -> None:
        self._collections = collections
        self._span = span
        self._profile = profile
        self._then = AsOf(profile, span.last)
        self._tiles: dict[Tile, Figure] = {}
        self._found: dict[tuple[Selection, tuple[Exclusion, ...]], list[Thing]] = {}

    def tile(self, tile: Tile) -> Figure:
        """One tile with its slices, what was left out, and its line by month; worked out once."""
        if tile not in self._tiles:
            self._tiles[tile] = self._figure(tile)
        return self._tiles[tile]

    def _figure(self, tile: Tile) -> Figure:
        figure = self._whole(tile)
        if tile.parts:
            figure = self._in_parts(figure)
        elif tile.by:
            figure = self._by_key(figure)
        return replace(figure, trend=tuple(self._trend(tile))) if tile.trend else figure

    def funnel(self, funnel: Funnel) -> Flow:
        """How many came in and how far they got, each step among those of the step before."""
        here = self._select(funnel.start, ())
        steps = [Stepped(step=None, counted=counted(funnel.start, here, self._then))]
        for step in funnel.steps:
            before = steps[-1].counted.number
            got_there = all_hold((Reached(milestones=(step.reached,)),), self._then)
            here = [thing for thing in here if got_there(thing)]
            now = counted(funnel.start, here, self._then)
            steps.append(
                Stepped(step=step, counted=now, of_before=_divided(now.number * _PERCENT, before))
            )
        return Flow(funnel=funnel, span=self._span, steps=tuple(steps))

    # --- the whole of a tile

    def _whole(self, tile: Tile) -> Figure:
        above = tile.before if tile.show == "reduction" else tile.numerator
        below = tile.after if tile.show == "reduction" else tile.denominator
        if above is None:
            raise ValueError("a tile that counts nothing")
        things = self._select(above, tile.exclusions)
        numerator = counted(above, things, self._then)
        denominator = (
            counted(below, self._select(below, tile.exclusions), self._then) if below else None
        )
        own, missing = self._own(tile, things)
        return Figure(
            tile=tile,
            span=self._span,
            value=self._value(tile, numerator, denominator, own),
            numerator=numerator,
            denominator=denominator,
            left=tuple(self._left(tile, below or above)),
            own=own,
            missing=tuple(missing),
            marked=tuple(
                t
                for t in things
                if tile.mark_at_least is not None
                and t.id in own
                and own[t.id] >= Fraction(str(tile.mark_at_least))
            ),
        )

    def _value(
        self,
        tile: Tile,
        numerator: Counted,
        denominator: Counted | None,
        own: Mapping[str, Fraction],
    ) -> Fraction | None:
        match tile.show:
            case "number" if tile.per:
                return _divided(numerator.number, self._span.amount(tile.per))
            case "number" | "shares":
                return numerator.number
            case "mean":
                return _divided(sum(own.values(), Fraction(0)), Fraction(len(own)))
            case "reduction" if denominator:
                fewer = numerator.number - denominator.number
                return _divided(fewer * _PERCENT, numerator.number)
            case "percentage" if denominator:
                return _divided(numerator.number * _PERCENT, denominator.number)
            case _:
                return _divided(numerator.number, denominator.number) if denominator else None

    def _own(self, tile: Tile, things: Sequence[Thing]) -> tuple[dict[str, Fraction], list[Thing]]:
        """The value of each record of a mean, and the records that have none."""
        if tile.mean is None:
            return {}, []
        value = value_of(tile.mean, self._then)
        own = {thing.id: found for thing in things if (found := value(thing)) is not None}
        return own, [thing for thing in things if thing.id not in own]

    def _left(self, tile: Tile, selection: Selection) -> Iterator[Left]:
        for exclusion in tile.exclusions:
            here = self._select(selection, ())
            out = all_hold(exclusion.where, self._then)
            things = [thing for thing in here if out(thing)]
            yield Left(exclusion=exclusion, counted=counted(selection, things, self._then))

    def _select(self, selection: Selection, exclusions: tuple[Exclusion, ...]) -> list[Thing]:
        """What a selection selects without what is left out; remembered, as tiles share much."""
        key = (selection, exclusions)
        if key not in self._found:
            things = selected(selection, self._collections, self._span, self._then)
            for exclusion in exclusions:
                out = all_hold(exclusion.where, self._then)
                things = [thing for thing in things if not out(thing)]
            self._found[key] = things
        return self._found[key]

    # --- slices

    def _in_parts(self, figure: Figure) -> Figure:
        tile = figure.tile
        above = _main(tile)
        slices, seen = [], list[frozenset[str]]()
        for part in tile.parts:
            things = self._those(figure.numerator.things, part.where)
            below = None
            if tile.denominator is not None and figure.denominator is not None:
                out_of = self._those(figure.denominator.things, part.where)
                below = counted(tile.denominator, out_of, self._then)
            slices.append(self._slice(figure, above, things, below, part=part))
            seen.append(frozenset(thing.id for thing in things))
        return self._with_rest(figure, slices, seen)

    def _by_key(self, figure: Figure) -> Figure:
        tile = figure.tile
        above = _main(tile)
        groups = by_key(above, figure.numerator.things, tile.by, self._then)
        below: dict[str, list[Thing]] = {}
        if tile.denominator is not None and figure.denominator is not None:
            below = by_key(tile.denominator, figure.denominator.things, tile.by, self._then)
        slices = []
        for code in self._in_order(tile, {*groups, *below}, groups):
            out_of = (
                counted(tile.denominator, below.get(code, []), self._then)
                if tile.denominator
                else None
            )
            slices.append(self._slice(figure, above, groups.get(code, []), out_of, code=code))
        seen = [frozenset(t.id for t in things) for things in groups.values()]
        return self._with_rest(figure, slices, seen)

    def _slice(
        self,
        figure: Figure,
        above: Selection,
        things: Sequence[Thing],
        below: Counted | None,
        *,
        code: str = "",
        part: Part | None = None,
    ) -> Slice:
        numerator = counted(above, things, self._then)
        if figure.tile.show == "shares":
            value = _divided(numerator.number * _PERCENT, figure.numerator.number)
        else:
            own = {t.id: figure.own[t.id] for t in things if t.id in figure.own}
            value = self._value(figure.tile, numerator, below, own)
        return Slice(
            code=part.code if part else code,
            part=part,
            value=value,
            numerator=numerator,
            denominator=below,
        )

    def _with_rest(
        self, figure: Figure, slices: Sequence[Slice], seen: Sequence[frozenset[str]]
    ) -> Figure:
        """The slices with what fell in none of them, and how many fell in several."""
        somewhere: set[str] = set().union(*seen)
        nowhere = [t for t in figure.numerator.things if t.id not in somewhere]
        below = figure.denominator
        if below is not None and figure.tile.denominator is not None:
            in_slices = {t.id for s in slices if s.denominator for t in s.denominator.things}
            rest_below = [t for t in below.things if t.id not in in_slices]
            below = counted(figure.tile.denominator, rest_below, self._then)
        anything = nowhere or (below is not None and below.things)
        rest = self._slice(figure, _main(figure.tile), nowhere, below) if anything else None
        several = sum(len(one) for one in seen) - len(somewhere)
        return replace(figure, slices=tuple(slices), rest=rest, overlapping=several)

    def _those(self, things: Sequence[Thing], where: Sequence[Condition]) -> list[Thing]:
        holds = all_hold(where, self._then)
        return [thing for thing in things if holds(thing)]

    def _in_order(
        self, tile: Tile, codes: set[str], groups: Mapping[str, Sequence[Thing]]
    ) -> list[str]:
        """As the service lists its codes; what has no order of its own, the largest first."""
        listed = self._profile.codes(tile.by) or ()
        place = {code: n for n, code in enumerate(listed)}
        if tile.by == "month":
            return sorted(codes)
        return sorted(codes, key=lambda c: (place.get(c, len(listed)), -len(groups.get(c, ())), c))

    def _trend(self, tile: Tile) -> Iterator[Point]:
        plain = replace(tile, parts=(), by="", trend=False, per=None)
        for month in self._span.months():
            figure = WorkingOut(self._profile, self._collections, month).tile(plain)
            yield Point(span=month, value=figure.value)


def _main(tile: Tile) -> Selection:
    found = tile.numerator or tile.before
    if found is None:
        raise ValueError("a tile that counts nothing")
    return found


def _divided(above: Fraction, below: Fraction) -> Fraction | None:
    """None where there is nothing to divide by."""
    return above / below if below else None
