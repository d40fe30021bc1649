"""A form that is not finished, as a draft keeps it: only what differs from where it began.

What was not touched is not kept, so that a form taken up again after somebody else corrected the
record does not undo her correction. Written for forms of plain fields: text, numbers, days, times,
codes and groups of these. What an older or newer app kept and this one cannot read is passed over.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from storage.kinds import Value

T = TypeVar("T")
_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """One unfinished form. `about` is the record it is about, empty for something new; `route` is
    where it is taken up again; `family` is None where it belongs to none yet.
    """

    form: str
    about: str
    route: str
    family: str | None
    said: Mapping[str, Value]
    saved_at: datetime


def said_since(start: T, now: T, along: Collection[str] = ()) -> dict[str, Value]:
    """What somebody has filled in, by field; empty when nothing differs.

    `along` are fields kept with the others though nobody touched them, such as the time it began.
    """
    names = [f.name for f in fields(start)]  # type: ignore[arg-type]  # T is a dataclass
    differs = [name for name in names if getattr(now, name) != getattr(start, name)]
    if not differs:
        return {}
    return {name: _kept(getattr(now, name)) for name in names if name in (*differs, *along)}


def taken_up(start: T, said: Mapping[str, Value]) -> T:
    """The form with what was filled in earlier."""
    hints = typing.get_type_hints(type(start))
    found = {name: _read(hints[name], value) for name, value in said.items() if name in hints}
    return replace(start, **{n: v for n, v in found.items() if v is not _MISSING})  # type: ignore[type-var]


def _kept(value: object) -> Value:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return [_kept(v) for v in sorted(value)]
    if isinstance(value, tuple | list):
        return [_kept(v) for v in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(type(value).__name__)


def _read(hint: Any, value: Value) -> Any:
    """The value as that type, or _MISSING when it is none."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        found = (_read(one, value) for one in inside)
        return next((v for v in found if v is not _MISSING), _MISSING)
    if origin in (tuple, frozenset):
        if not isinstance(value, list):
            return _MISSING
        members = [_read(inside[0], v) for v in value]
        return _MISSING if _MISSING in members else origin(members)
    if hint is type(None):
        return None if value is None else _MISSING
    if hint in (str, int, bool):
        return value if type(value) is hint else _MISSING
    return _of_text(hint, value) if isinstance(value, str) else _MISSING


def _of_text(hint: Any, value: str) -> Any:
    """A day, a time, an instant or a code."""
    try:
        if hint in (date, time, datetime):
            return hint.fromisoformat(value)
        return hint(value) if issubclass(hint, StrEnum) else _MISSING
    except (TypeError, ValueError):
        return _MISSING
