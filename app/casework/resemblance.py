"""Tells families apart that are easily taken for one another, before a note goes to the wrong one.

Two families are alike when their surnames are the same or nearly so, or when an adult of each has
the same name. Alike families show the facts in which they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.casework.folding import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a family may be known by on sight. Addresses are those that may be shown in a list.

    `edd` is the first of the babies that are `expected`.
    """

    id: str
    name: str
    ref: str = ""
    adults: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    births: tuple[date, ...] = ()
    edd: date | None = None
    expected: int = 0
    street: str = ""
    locality: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)


def near(one: str, other: str) -> bool:
    """Whether two names differ by at most one letter, a swap, or one being part of the other.

    Short names must be the same: Ali and Ari are two names.
    """
    a, b = folded(one), folded(other)
    if not a or not b:
        return False
    if a == b:
        return True
    parts_a, parts_b = set(a.replace("-", " ").split()), set(b.replace("-", " ").split())
    if parts_a < parts_b or parts_b < parts_a:
        return True
    return min(len(a), len(b)) >= 4 and _within_one(a, b)


def alike(one: Features, other: Features) -> bool:
    """Whether somebody in a hurry could take one family for the other."""
    if one.id == other.id:
        return False
    if near(one.name, other.name):
        return True
    return bool({folded(a) for a in one.adults} & {folded(a) for a in other.adults})


def groups(families: Sequence[Features]) -> dict[str, tuple[str, ...]]:
    """For each family that has any, the ids of the families it could be taken for."""
    found: dict[str, list[str]] = {}
    for index, one in enumerate(families):
        for other in families[index + 1 :]:
            if alike(one, other):
                found.setdefault(one.id, []).append(other.id)
                found.setdefault(other.id, []).append(one.id)
    return {family: tuple(others) for family, others in found.items()}


def told_apart(one: Features, others: Iterable[Features]) -> tuple[tuple[str, str], ...]:
    """Facts of one family in which it differs from all of those, as (code, text), at most three.

    Codes: `street`, `locality`, `adults`, `children`, `due` and `born` (ISO days), `ref`. The
    reference always differs and comes last, so that there is always something to show.
    """
    against = list(others)
    facts = [
        ("street", one.street, [o.street for o in against]),
        ("adults", ", ".join(one.adults), [", ".join(o.adults) for o in against]),
        ("children", ", ".join(one.children), [", ".join(o.children) for o in against]),
        ("due", one.edd.isoformat() if one.edd else "", [str(o.edd or "") for o in against]),
        ("born", _days(one.births), [_days(o.births) for o in against]),
        ("locality", one.locality, [o.locality for o in against]),
    ]
    different = [
        (code, mine)
        for code, mine, theirs in facts
        if mine and all(folded(mine) != folded(t) for t in theirs)
    ]
    return (*different[:2], ("ref", one.ref))


def _days(births: tuple[date, ...]) -> str:
    return ", ".join(d.isoformat() for d in births)


def _within_one(a: str, b: str) -> bool:
    """One letter added, dropped, changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )
