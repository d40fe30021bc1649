"""One family that was recorded twice: which casefile stays, and who in both is the same person.

Nothing is moved: both casefiles keep their own notes and signatures, and are read as one. Two
people may join families without having seen each other's choice, so what holds is worked out from
all that was said, and is the same on every device that knows the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Two casefiles of one family. `stays` remains, `other` is read under it.

    `same` are pairs of persons, in any order, who are one. `parted`: they were two families after
    all. `author` joined them; `shared`: a supervisor has let everybody who works with either read
    both. `here`: both casefiles are on this device and both say so; otherwise it counts for
    nothing here but a word that there is another record.
    """

    id: str
    stays: str
    other: str
    same: tuple[tuple[str, str], ...] = ()
    at: datetime
    author: str = ""
    reason: str = ""
    parted: bool = False
    parted_at: datetime | None = None
    parted_by: str = ""
    shared: bool = False
    here: bool = True
    sent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Families that are one: `into` names for each that was joined the one that remains.

    `groups` has for each that remains all its casefiles, itself first; `persons` names for each
    doubled person the one who is shown.
    """

    into: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, str]


def agreed(said: Sequence[Join]) -> Join:
    """What the records of one pair say together: one from each casefile, or one alone where only
    one of them is on this device or only one says so.

    Pairs of persons count where both name them, and it is joined only while both say so.
    """
    first = min(said, key=lambda j: (j.at, j.stays, j.id))
    if len(said) == 1:
        return replace(first, here=False)
    pairs = [{frozenset(pair) for pair in one.same} for one in said]
    return replace(
        first,
        same=tuple(p for p in first.same if all(frozenset(p) in one for one in pairs)),
        parted=any(one.parted for one in said),
        parted_at=next((one.parted_at for one in said if one.parted), None),
        parted_by=next((one.parted_by for one in said if one.parted), ""),
        shared=all(one.shared for one in said),
        sent=all(one.sent for one in said),
    )


def work_out(joins: Iterable[Join], home_of: Mapping[str, str] | None = None) -> Together:
    """What the joins add up to. `home_of` says which casefile a person's record lies in.

    The earliest come first, and one that would lead in a circle counts for nothing.
    """
    counting = (j for j in joins if j.here and not j.parted)
    standing = sorted(counting, key=lambda j: (j.at, j.id))
    above: dict[str, str] = {}
    counted: list[Join] = []
    for join in standing:
        stays, other = _top(above, join.stays), _top(above, join.other)
        if stays != other:
            above[other] = stays
            counted.append(join)
    into = {family: _top(above, family) for family in above}
    groups: dict[str, tuple[str, ...]] = {}
    for join in counted:
        for casefile in (join.stays, join.other):
            top = _top(above, casefile)
            before = groups.get(top, (top,))
            groups[top] = before if casefile in before else (*before, casefile)
    return Together(into=into, groups=groups, persons=_persons(counted, groups, home_of or {}))


def _top(above: Mapping[str, str], family: str) -> str:
    while family in above:
        family = above[family]
    return family


def _persons(
    joins: Sequence[Join], groups: Mapping[str, tuple[str, ...]], home_of: Mapping[str, str]
) -> dict[str, str]:
    """For each doubled person the one in the casefile nearest to the one that remains."""
    order = {c: place for group in groups.values() for place, c in enumerate(group)}

    def rank(person: str) -> tuple[int, str]:
        return order.get(home_of.get(person, ""), len(order)), person

    same: dict[str, set[str]] = {}
    for join in joins:
        for one, other in join.same:
            both = same.get(one, {one}) | same.get(other, {other})
            for person in both:
                same[person] = both
    shown = {person: min(alike, key=rank) for person, alike in same.items()}
    return {person: first for person, first in shown.items() if person != first}
