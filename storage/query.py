"""What screens may ask of the readable records, and the shapes the answers have.

    find("appointment", {"starts": Between(monday, next_monday), "status": Not("cancelled")},
         order_by=("starts",), limit=50)

Conditions become parameters, never SQL text. Must not know what a kind means, nor any key.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.kinds import Fields, Value

_MANY: Final = 500  # more values than this travel as one JSON parameter; SQLite limits parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One change of a record, for its history or for a choice between two.

    `at` is aware UTC, by the device's own clock. In a conflict `fields` holds that field only.
    """

    change_id: bytes
    fields: Fields
    author: str
    device: str
    at: datetime
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as everything known folds together.

    `author`, `device` and `at` are those of the change that began it, `changed_by` and
    `changed_at` those of the latest; moments are aware UTC. `conflicts[field]` lists the values a
    person has to choose between, the one that `fields` shows first. `sent`: nothing of it waits
    on this device only. `frozen`: it takes no more changes. `versions` counts its changes.
    """

    record: str
    kind: str
    casefile: str
    fields: Mapping[str, Value]
    conflicts: Mapping[str, tuple[Version, ...]]
    author: str
    device: str
    at: datetime
    changed_by: str
    changed_at: datetime
    sent: bool
    frozen: bool
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record found by its words; `snippet` is the stretch of its text around the first."""

    record: str
    kind: str
    casefile: str
    snippet: str


class OneOf:
    """Equal to any of these: `OneOf("booked", "held")` or `OneOf(codes)`."""

    __slots__ = ("values",)

    def __init__(self, *values: Value | Collection[Value]) -> None:
        first = values[0] if len(values) == 1 else None
        several = isinstance(first, list | tuple | set | frozenset)
        self.values: tuple[object, ...] = tuple(first) if several else values  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Not:
    """Anything but this value, or not as this condition says; records without a value included."""

    condition: object


@dataclass(frozen=True, slots=True)
class Between:
    """At least `start` and before `before`: half-open, as a day or a week is."""

    start: str | int | float
    before: str | int | float


@dataclass(frozen=True, slots=True)
class AtLeast:
    """This value or a later one."""

    start: str | int | float


@dataclass(frozen=True, slots=True)
class Before:
    """Earlier than this value."""

    before: str | int | float


@dataclass(frozen=True, slots=True)
class Has:
    """A list that has this member: `{"workers": Has(worker)}`."""

    member: str | int | float | bool


Where = Mapping[str, object]


def condition(expression: str, wanted: object, field: str, parameters: list[object]) -> str:
    """SQL for one condition on `expression`, its values appended to `parameters`."""
    match wanted:
        case Not(condition=inner):
            return f"NOT coalesce({condition(expression, inner, field, parameters)}, 0)"
        case OneOf(values=values):
            return _one_of(expression, values, parameters)
        case Between(start=start, before=before):
            parameters += (start, before)
            # The unary plus keeps a parameter's own type; without it "5" could equal 5.
            return f"({expression} >= ? AND {expression} < ?)"
        case AtLeast(start=start):
            parameters.append(start)
            return f"{expression} >= ?"
        case Before(before=before):
            parameters.append(before)
            return f"{expression} < ?"
        case Has(member=member):
            parameters += (field, member)
            return "list_has(fields, ?, ?)"
        case None | bool() | int() | float() | str():
            parameters.append(wanted)
            return f"{expression} IS ?"
    raise TypeError(f"a field cannot be compared with a {type(wanted).__name__}")


def _one_of(expression: str, values: Sequence[object], parameters: list[object]) -> str:
    present = [v for v in values if v is not None]
    if len(present) > _MANY:
        parameters.append(json.dumps(present))
        among = f"{expression} IN (SELECT value FROM json_each(?))"
    else:
        parameters += present
        among = f"{expression} IN ({', '.join('?' * len(present))})"
    return f"({among} OR {expression} IS NULL)" if len(present) < len(values) else among
