"""Whose day and hour belongs to which family, so that nobody is in two places at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import product

from app.demo.households import Household

_AMINA = tuple(product(range(5), (time(9, 30), time(11), time(13), time(14, 30), time(16))))
_RHIAN = tuple(product((0, 1, 2, 3, 4), (time(9, 15), time(10, 45), time(13, 15), time(14, 45))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A fixed hour of the week; `every` is weeks between two meetings."""

    weekday: int
    wall: time
    every: int = 1

    def first_on_or_after(self, on: date) -> date:
        return on + timedelta(days=(self.weekday - on.weekday()) % 7)


def slots(letter: str, households: Sequence[Household]) -> dict[Household, Slot]:
    """Each family's hour with one worker; spread over the week rather than filling a day.

    A family that both visit meets them on different days.
    """
    grid = sorted(_AMINA if letter == "A" else _RHIAN, key=lambda cell: (cell[1], cell[0]))
    other = slots("A", households) if letter == "R" else {}
    found = {}
    for household in (h for h in households if letter in h.who):
        taken = other.get(household)
        cell = next(c for c in grid if taken is None or c[0] != taken.weekday)
        grid.remove(cell)
        every = 2 if letter == "R" and household.who == "AR" else 1
        found[household] = Slot(weekday=cell[0], wall=cell[1], every=every)
    return found


def working_day(on: date) -> date:
    """That day, or the Friday before a weekend."""
    return on - timedelta(days=max(0, on.weekday() - 4))
