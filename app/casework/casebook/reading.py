"""Takes values out of a record's fields, whatever an older, newer or broken app put there.

A value of the wrong shape is treated as missing and an unknown code as the kindest known one, so
that one odd record never hides a family. The record itself keeps what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar

from app.casework.moments import as_text, day, moment
from storage.kinds import Fields, Value

_Code = TypeVar("_Code", bound=StrEnum)


def text(fields: Fields, name: str) -> str:
    """A piece of text; empty when missing."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def maybe_text(fields: Fields, name: str) -> str | None:
    """A piece of text or None; empty text counts as none."""
    return text(fields, name) or None


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of text, each once, in order."""
    value = fields.get(name)
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(v for v in value if isinstance(v, str)))


def flag(fields: Fields, name: str, *, default: bool = False) -> bool:
    """A yes or no; anything else is the default."""
    value = fields.get(name)
    return value if isinstance(value, bool) else default


def maybe_flag(fields: Fields, name: str) -> bool | None:
    """Yes, no, or None where nobody has said."""
    value = fields.get(name)
    return value if isinstance(value, bool) else None


def whole(fields: Fields, name: str, default: int = 0) -> int:
    """A whole number; anything else is the default."""
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def maybe_whole(fields: Fields, name: str) -> int | None:
    """A whole number or None."""
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def highest(fields: Fields, name: str) -> int:
    """The highest whole number of a list that only grows; 0 for none."""
    value = fields.get(name)
    counted = value if isinstance(value, list) else ()
    return max((n for n in counted if isinstance(n, int) and not isinstance(n, bool)), default=0)


def number(fields: Fields, name: str, default: float = 0.0) -> float:
    """A number, whole or not; anything else is the default."""
    value = fields.get(name)
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default
    )


def maybe_day(fields: Fields, name: str) -> date | None:
    """A date or None."""
    return as_day(fields.get(name))


def maybe_moment(fields: Fields, name: str) -> datetime | None:
    """An instant, aware UTC, or None."""
    return as_moment(fields.get(name))


def maybe_stamp(fields: Fields, name: str) -> datetime | None:
    """An instant that the office gives as milliseconds since 1970, aware UTC, or None."""
    value = maybe_whole(fields, name)
    try:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def maybe_time(fields: Fields, name: str) -> time | None:
    """A wall-clock time such as `09:30`."""
    try:
        return time.fromisoformat(text(fields, name))
    except ValueError:
        return None


def days_of_week(fields: Fields, name: str) -> frozenset[int]:
    """Days with Monday as 0; empty when none are named."""
    value = fields.get(name)
    if not isinstance(value, list):
        return frozenset()
    return frozenset(d for d in value if isinstance(d, int) and 0 <= d <= 6)


def coded(kind: type[_Code], fields: Fields, name: str, default: _Code) -> _Code:
    """A code of a closed vocabulary; one that a newer app invented reads as `default`."""
    try:
        return kind(text(fields, name))
    except ValueError:
        return default


def maybe_coded(kind: type[_Code], fields: Fields, name: str) -> _Code | None:
    """A code of a closed vocabulary, or None when it is missing or unknown."""
    try:
        return kind(text(fields, name))
    except ValueError:
        return None


def coded_of(kind: type[_Code], word: str) -> _Code | None:
    """One word as a code, or None when it is unknown here."""
    try:
        return kind(word)
    except ValueError:
        return None


def as_day(value: Value) -> date | None:
    """One value as a date, or None when it is none."""
    try:
        return day(value) if isinstance(value, str) else None
    except ValueError:
        return None


def as_moment(value: Value) -> datetime | None:
    """One value as an instant, or None when it is none."""
    try:
        return moment(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def plain(value: object) -> Value:
    """A value as a record keeps it: instants, days, times, codes and groups become text and lists.

    Groups without an order are sorted, so that the same choice is always the same value. Raises
    TypeError for anything a record cannot hold.
    """
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return as_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, frozenset | set):
        return [plain(v) for v in sorted(value)]
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    raise TypeError(type(value).__name__)


def plain_fields(**values: object) -> dict[str, Value]:
    """Named values as a record keeps them."""
    return {name: plain(value) for name, value in values.items()}


def differing(before: Fields, after: Mapping[str, Value]) -> dict[str, Value]:
    """The fields of `after` that say something else than `before`; empty and missing are one."""
    return {
        name: value
        for name, value in after.items()
        if _nothing_is_none(before.get(name)) != _nothing_is_none(value)
    }


def _nothing_is_none(value: Value) -> Value:
    return None if value in ("", []) else value
