"""Puts records that were found in several casefiles into the one order that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.query import Record


def merged(found: Iterable[Sequence[Record]], order_by: Sequence[str]) -> list[Record]:
    """All of them, ordered as storage orders: by these fields, `-` for descending, what has no
    value last; then by when they began.
    """
    together = sorted((x for some in found for x in some), key=lambda x: (x.at, x.record))
    for name in reversed(order_by):
        field = name.removeprefix("-")
        together.sort(key=lambda x: _value(x, field), reverse=name.startswith("-"))
        together.sort(key=lambda x: x.fields.get(field) is None)
    return together


def _value(record: Record, field: str) -> tuple[float, str]:
    value = record.fields.get(field)
    if isinstance(value, int | float):
        return float(value), ""
    return 0.0, value if isinstance(value, str) else ""
