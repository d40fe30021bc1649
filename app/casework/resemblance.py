"""Tells families apart that are easily taken for one another, before a note goes to the wrong one.

Two families are alike when their surnames are the same or nearly so, or when an adult of each has
the same name. Alike families show the facts in which they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

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
    return _near(folded(one), folded(other))


def alike(one: Features, other: Features) -> bool:
    """Whether somebody in a hurry could take one family for the other."""
    return one.id != other.id and _alike(_Known(one), _Known(other))


def groups(families: Sequence[Features]) -> dict[str, tuple[str, ...]]:
    """For each family that has any, the ids of the families it could be taken for.

    Only families that share a word, an adult, or all but one letter are looked at together: among a
    thousand families there are half a million pairs, and hardly any of them alike.
    """
    known = [_Known(family) for family in families]
    sharing: dict[tuple[str, str], list[int]] = {}
    for at, names in enumerate(known):
        for clue in names.clues():
            sharing.setdefault(clue, []).append(at)
    pairs = {pair for places in sharing.values() for pair in combinations(places, 2)}
    found: dict[str, list[str]] = {}
    for a, b in sorted(pairs):
        one, other = families[a], families[b]
        if one.id != other.id and _alike(known[a], known[b]):
            found.setdefault(one.id, []).append(other.id)
            found.setdefault(other.id, []).append(one.id)
    return {family: tuple(others) for family, others in found.items()}


class _Known:
    """A family's names made comparable once, however many others it is compared with."""

    def __init__(self, family: Features) -> None:
        self.name = folded(family.name)
        self.adults = frozenset(folded(adult) for adult in family.adults)

    def clues(self) -> set[tuple[str, str]]:
        """What two families must share one of to be alike.

        Names one letter or one swap apart are the same once the right letter is taken out.
        """
        name = self.name
        found = {("name", name)}
        found |= {("name", name[:at] + name[at + 1 :]) for at in range(len(name))}
        found |= {("word", word) for word in _words(name)}
        return found | {("adult", adult) for adult in self.adults}


def _alike(one: _Known, other: _Known) -> bool:
    return _near(one.name, other.name) or not one.adults.isdisjoint(other.adults)


def _near(a: str, b: str) -> bool:
    if not a or not b:
        return False
    if a == b:
        return True
    parts_a, parts_b = _words(a), _words(b)
    if parts_a < parts_b or parts_b < parts_a:
        return True
    return min(len(a), len(b)) >= 4 and _within_one(a, b)


def _words(name: str) -> set[str]:
    return set(name.replace("-", " ").split())


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
