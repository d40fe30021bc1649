"""Figures: the tiles of a service's profile, worked out from plain facts of records.

    worked = WorkingOut(profile, collections, span)
    figure = worked.tile(profile.tiles[0])
    figure.value, figure.numerator.things

Knows no storage and no screen. The casebook supplies the collections.
"""

from app.casework.figures.case import Baby, Case, Filled, Seen, Working
from app.casework.figures.figure import (
    Counted,
    Figure,
    Flow,
    Left,
    Point,
    Slice,
    Stepped,
    Unseen,
)
from app.casework.figures.rounding import rounded
from app.casework.figures.span import Choice, Span, chosen
from app.casework.figures.thing import Thing
from app.casework.figures.working_out import WorkingOut

__all__ = [
    "Baby",
    "Case",
    "Choice",
    "Counted",
    "Figure",
    "Filled",
    "Flow",
    "Left",
    "Point",
    "Seen",
    "Slice",
    "Span",
    "Stepped",
    "Thing",
    "Unseen",
    "Working",
    "WorkingOut",
    "chosen",
    "rounded",
]
