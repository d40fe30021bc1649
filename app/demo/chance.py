"""Chance that is the same in every run, and bags of sentences that do not repeat too soon."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Chance:
    """Seeded choices. Each purpose draws from a stream of its own, so that adding a sentence to
    one bank does not change everybody's appointments."""

    def __init__(self, *seed: object) -> None:
        self._seed = " ".join(map(str, seed))
        self._streams: dict[str, random.Random] = {}
        self._bags: dict[str, list[int]] = {}

    def stream(self, purpose: str) -> random.Random:
        """The stream for one purpose."""
        if purpose not in self._streams:
            self._streams[purpose] = random.Random(f"{self._seed} {purpose}")  # noqa: S311
        return self._streams[purpose]

    def happens(self, purpose: str, probability: float) -> bool:
        return self.stream(purpose).random() < probability

    def number(self, purpose: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self.stream(purpose).randint(low, high)

    def one_of(self, purpose: str, choices: Sequence[_T]) -> _T:
        return self.stream(purpose).choice(choices)

    def draw(self, purpose: str, choices: Sequence[_T]) -> _T:
        """One that was not drawn for this purpose until all the others were."""
        bag = self._bags.get(purpose)
        if not bag:
            bag = list(range(len(choices)))
            self.stream(purpose).shuffle(bag)
            self._bags[purpose] = bag
        return choices[bag.pop()]

    def draw_some(self, purpose: str, choices: Sequence[_T], count: int) -> list[_T]:
        """Several different ones."""
        found: list[_T] = []
        while len(found) < min(count, len(choices)):
            drawn = self.draw(purpose, choices)
            if drawn not in found:
                found.append(drawn)
        return found
