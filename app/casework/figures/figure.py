"""What a dashboard is handed: numbers, and behind each the records it was counted from.

Numbers are fractions until they are shown. Where slices do not add up to the whole, the figure says
by how many; it never makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.casework.figures.span import Span
from app.casework.figures.thing import Thing
from app.casework.profile.tiles import Exclusion, Funnel, Part, Step, Tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many, and which. `number` differs from their count where different keys are counted, or
    amounts added up."""

    number: Fraction
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Records left out of a figure on purpose, above and below the line alike."""

    exclusion: Exclusion
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a figure, computed like the whole. `part` is the profile's; without one `code` is
    the value of the tile's key. Both empty: what falls in no slice."""

    code: str = ""
    part: Part | None = None
    value: Fraction | None
    numerator: Counted
    denominator: Counted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One month of a line."""

    span: Span
    value: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A tile worked out for a span.

    `value` is None where there is nothing to divide by. `rest` is what falls in no slice, None
    where all does; `overlapping` counts the records in more than one. `missing` are records of a
    mean without a value, `own` the value of each other one by the thing's id, `marked` those that
    reach the tile's mark.
    """

    tile: Tile
    span: Span
    value: Fraction | None
    numerator: Counted
    denominator: Counted | None = None
    left: tuple[Left, ...] = ()
    slices: tuple[Slice, ...] = ()
    rest: Slice | None = None
    overlapping: int = 0
    trend: tuple[Point, ...] = ()
    missing: tuple[Thing, ...] = ()
    own: Mapping[str, Fraction]
    marked: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """A step of a funnel: who got there, and how many percent of the step before. `step` is None
    for those who came in."""

    step: Step | None
    counted: Counted
    of_before: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A funnel worked out for a span."""

    funnel: Funnel
    span: Span
    steps: tuple[Stepped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """What a device could not look at: casefiles of which it has no key, others' restricted notes
    among them, and changes that wait in quarantine."""

    casefiles: int = 0
    restricted: int = 0
    quarantined: int = 0

    def __bool__(self) -> bool:
        return bool(self.casefiles or self.restricted or self.quarantined)
