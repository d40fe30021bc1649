"""How much work each person carries, against what her hours allow.

Nothing here refuses an allocation: a caseload over its limit is shown, and a supervisor decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from app.casework.appointment import WorkingHours
from app.casework.family import Allocation

FULL_TIME_CAPACITY = 12
"""Families for one full-time worker. Source: the pre-birth service's 10 to 12; a team's record
or a worker's own figure overrides it."""


class Role(StrEnum):
    """What the directory lets somebody do."""

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    WORKER = "worker"


class AllocationCaution(StrEnum):
    """What a supervisor should know before she allocates. None of it stops her."""

    SERVICE_FULL = "service_full"
    HELD_ALREADY = "held_already"
    HERS_ALREADY = "hers_already"
    NOT_DECIDED = "not_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who works here. `person` is the directory's id, `id` that of the record."""

    id: str
    person: str
    name: str
    title: str = ""
    role: Role = Role.WORKER
    team: str = ""
    wte: float = 1.0
    capacity: int | None = None
    phone: str = ""
    active: bool = True
    works_days: frozenset[int] = frozenset(range(5))
    works_from: time = time(9)
    works_to: time = time(17, 30)

    @property
    def first_name(self) -> str:
        """As a parent knows her; a title such as Dr is not a first name."""
        words = [w for w in self.name.split() if w.rstrip(".") not in {"Dr", "Mr", "Mrs", "Ms"}]
        return words[0] if words else ""

    @property
    def hours(self) -> WorkingHours:
        return WorkingHours(days=self.works_days, begin=self.works_from, end=self.works_to)

    @property
    def families_at_most(self) -> int:
        """Her own figure, or full time's share by whole-time equivalent, at least one."""
        if self.capacity is not None:
            return self.capacity
        return max(1, int(FULL_TIME_CAPACITY * self.wte))


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One worker's caseload: families, of which on loan, and the room left (negative when over)."""

    worker: Worker
    families: tuple[str, ...]
    covering: tuple[str, ...]
    capacity: int
    unsigned: int = 0
    overdue: int = 0
    least: int = 0
    """Fewer families than this are unusual for her job; 0: nothing is said."""

    @property
    def under(self) -> bool:
        return len(self.families) < self.least

    @property
    def room(self) -> int:
        return self.capacity - len(self.families)

    @property
    def over(self) -> bool:
        return self.room < 0


def loads(
    workers: Iterable[Worker],
    open_allocations: Iterable[Allocation],
    *,
    unsigned: Mapping[str, int] | None = None,
    overdue: Mapping[str, int] | None = None,
    at_most: Callable[[Worker], int] = lambda worker: worker.families_at_most,
    at_least: Callable[[Worker], int] = lambda _worker: 0,
) -> list[Load]:
    """Each worker's load, fullest first. A family counts once however many functions one has.

    `unsigned` and `overdue` are counts by worker's person id. `at_most` and `at_least` are how many
    families somebody should have.
    """
    carried: dict[str, dict[str, bool]] = {}
    for allocation in open_allocations:
        mine = carried.setdefault(allocation.worker, {})
        mine[allocation.family] = mine.get(allocation.family, True) and bool(allocation.cover)
    found = [
        Load(
            worker=worker,
            families=tuple(carried.get(worker.person, {})),
            covering=tuple(f for f, lent in carried.get(worker.person, {}).items() if lent),
            capacity=at_most(worker),
            unsigned=(unsigned or {}).get(worker.person, 0),
            overdue=(overdue or {}).get(worker.person, 0),
            least=at_least(worker),
        )
        for worker in workers
        if worker.active or carried.get(worker.person)
    ]
    return sorted(found, key=lambda load: (load.room, load.worker.name))


def would_be_over(load: Load) -> bool:
    """Whether one more family would exceed her capacity: the app warns and asks."""
    return load.room < 1
