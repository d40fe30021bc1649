"""What a bench says: one row a measure on screen, one JSON object a measure in dist/bench.jsonl."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RUNS = 5
FILE = Path(__file__).resolve().parents[2] / "dist" / "bench.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. `ratio` is value over `floor` where there is one; `must` bounds the ratio then,
    and the value itself otherwise.
    """

    name: str
    value: float
    unit: str
    must: float
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def met(self) -> bool:
        return (self.value if self.ratio is None else self.ratio) <= self.must


class Table:
    """Collects measures, printing each as it comes."""

    def __init__(self) -> None:
        self.rows: list[Measure] = []

    def add(
        self, name: str, value: float, unit: str, *, must: float, floor: float | None = None
    ) -> None:
        row = Measure(name=name, value=value, unit=unit, must=must, floor=floor)
        self.rows.append(row)
        floor_words = "" if floor is None else f"{floor:10.4f}"
        ratio = "" if row.ratio is None else f"{row.ratio:7.2f}"
        verdict = "met" if row.met else "MISSED"
        figures = f"{value:10.4f} {unit:<4} {floor_words:>10} {ratio:>7} {must:8.2f}"
        print(f"{name:<58} {figures}  {verdict}", flush=True)

    def heading(self) -> None:
        print(
            f"{'measure':<58} {'value':>10} {'':<4} {'floor':>10} {'ratio':>7} {'must':>8}",
            flush=True,
        )

    def write(self) -> None:
        """dist/bench.jsonl, one object a measure."""
        FILE.parent.mkdir(exist_ok=True)
        with FILE.open("w", encoding="utf-8") as out:
            for row in self.rows:
                out.write(json.dumps({**asdict(row), "ratio": row.ratio, "met": row.met}) + "\n")


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes."""
    gc.collect()
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def medians(*acts: Callable[[], object], runs: int = RUNS) -> list[float]:
    """The medians of `runs` calls of each, taken in turns so that they share the weather."""
    taken: list[list[float]] = [[] for _ in acts]
    for _run in range(runs):
        for times, act in zip(taken, acts, strict=True):
            times.append(seconds(act))
    return [statistics.median(times) for times in taken]
