"""What a record says, worked out from the changes people made to it without seeing each other's.

`parents` decide what replaced what; the clock only breaks ties between changes that had not seen
each other. The result is a function of the set of changes alone: any order, any subset, repeats
harmless. Must not know what the fields mean, nor where the changes came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgpack

from storage.kinds import Field, Fields, Kind, Policy, Value
from storage.opened import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """One record as its changes leave it.

    `conflicts` holds, for each field where both must stay, the changes whose values differ and
    stand beside each other; the first of them is the one in `values`. `frontier` are the ids that
    no known change replaces, sorted. `ignored` are ids that came after the record was frozen.
    `first` and `last` are the oldest and newest change that count and say something, or just that
    count if none says anything; None when none counts.
    `gone`: the record was redacted and nothing is left of it. `order` is every id, oldest first.
    """

    values: dict[str, Value]
    conflicts: dict[str, tuple[Opened, ...]]
    frontier: tuple[bytes, ...]
    ignored: tuple[bytes, ...]
    frozen: bool
    gone: bool
    first: Opened | None
    last: Opened | None
    order: tuple[bytes, ...]


def fold(kind: Kind, changes: Iterable[Opened]) -> Folded:
    """Fold all known changes of one record of this kind."""
    ordered = causal_order(changes)
    before = _ancestors(ordered)
    redacted = _mask(i for i, c in enumerate(ordered) if c.redacted)
    behind = 0
    for i in _places(redacted):
        behind |= before[i]
    freezing = _mask(i for i, c in enumerate(ordered) if freezes(kind, c)) & ~behind
    frozen_out = _mask(i for i in range(len(ordered)) if before[i] & freezing)
    counted = ((1 << len(ordered)) - 1) & ~(redacted | behind | frozen_out)

    setters: dict[str, int] = {}
    for i in _places(counted):
        for name in ordered[i].fields:
            setters[name] = setters.get(name, 0) | 1 << i
    values: dict[str, Value] = {}
    conflicts: dict[str, tuple[Opened, ...]] = {}
    for name, setting in setters.items():
        policy = kind.policy(name)
        if policy is Policy.ADD_ONLY:
            values[name] = union(ordered[i].fields[name] for i in _places(setting))
            continue
        replaced = 0
        for i in _places(setting):
            replaced |= before[i]
        standing = [ordered[i] for i in _places(setting & ~replaced)]
        chosen = _choose(kind.by_name.get(name), policy, name, standing)
        values[name] = chosen[0].fields[name]
        if len(chosen) > 1:
            conflicts[name] = chosen

    named = {p for c in ordered for p in c.parents}
    counting = [ordered[i] for i in _places(counted)]
    counting = [c for c in counting if c.fields] or counting
    return Folded(
        values=values,
        conflicts=conflicts,
        frontier=tuple(sorted(c.id for c in ordered if c.id not in named)),
        ignored=tuple(ordered[i].id for i in _places(frozen_out & ~redacted)),
        frozen=bool(freezing),
        gone=bool(redacted) and not values,
        first=counting[0] if counting else None,
        last=counting[-1] if counting else None,
        order=tuple(c.id for c in ordered),
    )


def succeed(kind: Kind, values: Mapping[str, Value], change: Opened) -> dict[str, Value]:
    """What `fold` would give for a change that has seen every other change of an open record.

    This is by far the commonest case, and needs none of the older changes.
    """
    after = dict(values)
    for name, value in change.fields.items():
        if kind.policy(name) is Policy.ADD_ONLY:
            after[name] = union((after.get(name), value))
        else:
            after[name] = value
    return after


def freezes(kind: Kind, change: Opened) -> bool:
    """Whether this change closes the record; writing "no value" into the field does not."""
    return kind.frozen_by is not None and change.fields.get(kind.frozen_by) is not None


def union(lists: Iterable[Value]) -> list[Value]:
    """Every different member once, in order of first appearance; a lone value is a list of one."""
    found: dict[bytes, Value] = {}
    for value in lists:
        for member in value if isinstance(value, list) else () if value is None else (value,):
            found.setdefault(canonical(member), member)
    return list(found.values())


def causal_order(changes: Iterable[Opened]) -> list[Opened]:
    """Every change once, oldest first: after all it replaces, then by clock, device and id."""
    known = {c.id: c for c in changes}
    depth: dict[bytes, int] = {}
    for change in known.values():
        path = [change]
        while path:
            top = path[-1]
            missing = [p for p in top.parents if p in known and p not in depth]
            if missing:
                path.extend(known[p] for p in missing)
                continue
            path.pop()
            depth[top.id] = 1 + max((depth[p] for p in top.parents if p in known), default=0)
    return sorted(known.values(), key=lambda c: (depth[c.id], c.hlc, c.device, c.id))


def canonical(value: object) -> bytes:
    """Bytes that are equal exactly when two values are; the order of map keys does not count."""
    return cast(bytes, msgpack.packb(_sorted(value)))


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {k: _sorted(value[k]) for k in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(v) for v in value]
    return value


def _choose(
    declared: Field | None, policy: Policy, name: str, standing: Sequence[Opened]
) -> tuple[Opened, ...]:
    """The change whose value is shown; for `keep_both` followed by those that differ from it."""
    latest_first = sorted(standing, key=lambda c: (c.hlc, c.device, c.id), reverse=True)
    if policy is Policy.MOST_RESTRICTIVE and declared is not None:
        # `max` keeps the first of equals, which is the latest.
        return (max(latest_first, key=lambda c: _strictness(declared, c.fields[name])),)
    if policy is Policy.KEEP_BOTH:
        differing: dict[bytes, Opened] = {}
        for change in latest_first:
            differing.setdefault(canonical(change.fields[name]), change)
        return tuple(differing.values())
    return (latest_first[0],)


def _strictness(declared: Field, value: Value) -> int:
    """The place of a value from loose to strict; one nobody declared is stricter than all."""
    ranks = declared.loosest_first
    return ranks.index(value) if isinstance(value, str) and value in ranks else len(ranks)


def _ancestors(ordered: Sequence[Opened]) -> list[int]:
    """For each change a bit set of the places of all changes it has replaced, near and far."""
    place = {c.id: i for i, c in enumerate(ordered)}
    before: list[int] = []
    for change in ordered:
        mask = 0
        for parent in change.parents:
            at = place.get(parent)
            if at is not None:
                mask |= before[at] | 1 << at
        before.append(mask)
    return before


def _mask(places: Iterable[int]) -> int:
    found = 0
    for place in places:
        found |= 1 << place
    return found


def _places(mask: int) -> Iterator[int]:
    """The places of the bits set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def fields_of_one(kind: Kind, fields: Fields) -> Fields:
    """What `fold` gives for a record of a single change with these fields."""
    growing = [n for n in kind.growing if n in fields]
    if not growing:
        return fields
    return {**fields, **{n: union((fields[n],)) for n in growing}}
