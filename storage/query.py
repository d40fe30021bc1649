"""What screens may ask of the readable records, and the shapes the answers have.

    find("appointment", {"starts": Between(monday, next_monday), "status": Not("cancelled")},
         order_by=("starts",), limit=50)

Conditions become parameters, never SQL text. Must not know what a kind means, nor any key.
"""

# ruff: noqa: S608 - names of tables and cells are ours; values go in as parameters

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A record with changes that wait for the office; `at` is when it last changed, aware UTC."""

    record: str
    kind: str
    casefile: str
    at: datetime


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


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with the parameters it needs, in order."""

    text: str
    parameters: tuple[object, ...] = ()


def condition(value: Sql, wanted: object, field: str) -> Sql:
    """The condition that `value`, which stands for this field, is as wanted.

    Raises TypeError for something no field can be compared with.
    """
    text, own = value.text, value.parameters
    match wanted:
        case Not(condition=inner):
            refused = condition(value, inner, field)
            return Sql(f"NOT coalesce({refused.text}, 0)", refused.parameters)
        case OneOf(values=values):
            return _one_of(value, values)
        case Between(start=start, before=before):
            return Sql(f"({text} >= ? AND {text} < ?)", (*own, start, *own, before))
        case AtLeast(start=start):
            return Sql(f"{text} >= ?", (*own, start))
        case Before(before=before):
            return Sql(f"{text} < ?", (*own, before))
        case Has(member=member):
            return Sql("list_has(fields, ?, ?)", (field, member))
        case None | bool() | int() | float() | str():
            return Sql(f"{text} IS ?", (*own, wanted))
    raise TypeError(f"a field cannot be compared with a {type(wanted).__name__}")


def _one_of(value: Sql, values: Sequence[object]) -> Sql:
    present = [v for v in values if v is not None]
    if len(present) > _MANY:
        among = f"{value.text} IN (SELECT value FROM json_each(?))"
        parameters = (*value.parameters, json.dumps(present))
    else:
        among = f"{value.text} IN ({', '.join('?' * len(present))})"
        parameters = (*value.parameters, *present)
    if len(present) < len(values):
        return Sql(f"({among} OR {value.text} IS NULL)", (*parameters, *value.parameters))
    return Sql(among, parameters)
