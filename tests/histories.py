"""Changes of records, made by hand or by Hypothesis, without keys, chains or an office."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from hypothesis import strategies as st

from storage.kinds import Field, Kind, Policy, Schema, Value
from storage.opened import Opened
from storage.query import Record
from storage.records import Readable

NOTE = Kind(
    name="note",
    frozen_by="signed_at",
    fields=(
        Field(name="title", searchable=True, column="text"),
        Field(name="text", policy=Policy.KEEP_BOTH, searchable=True),
        Field(
            name="allowed",
            policy=Policy.MOST_RESTRICTIVE,
            column="text",
            loosest_first=("yes", "unknown", "no"),
        ),
        Field(name="readers", policy=Policy.ADD_ONLY),
        Field(name="minutes", column="integer"),
        Field(name="share", column="real"),
        Field(name="signed_at", column="text"),
    ),
)
PLACE = Kind(name="place", fields=(Field(name="lines", searchable=True),))
SCHEMA = Schema(version=1, kinds=(NOTE, PLACE))

FAMILY, OTHER_FAMILY = "f" * 32, "0" * 32
AMINA, BEN = "a" * 32, "b" * 32
TABLET, PHONE = "1" * 32, "2" * 32


def change(
    label: object,
    fields: Mapping[str, Value] | None = None,
    *,
    after: Iterable[Opened] = (),
    hlc: int = 0,
    record: str = "r" * 32,
    kind: str = "note",
    casefile: str = FAMILY,
    author: str = AMINA,
    device: str = TABLET,
    n: int = 1,
    mine: bool = False,
    redacted: bool = False,
) -> Opened:
    """A change that replaces those in `after`; its id follows from `label` alone."""
    return Opened(
        id=hashlib.sha256(str(label).encode()).digest(),
        casefile=casefile,
        record=record,
        kind=kind,
        fields=dict(fields or {}),
        parents=tuple(c.id for c in after),
        hlc=hlc,
        author=author,
        device=device,
        n=n,
        mine=mine,
        redacted=redacted,
    )


class Shelf:
    """The sealed log as folding sees it: changes that can be opened again, with a count."""

    def __init__(self, *changes: Opened) -> None:
        self.changes = {c.id: c for c in changes}
        self.reopened = 0

    def reopen(self, ids: Sequence[bytes]) -> Mapping[bytes, Opened]:
        self.reopened += len(ids)
        return {i: self.changes[i] for i in ids if i in self.changes}

    def readable(self, *batches: Sequence[Opened]) -> Readable:
        """Records with these batches folded in, one after another."""
        readable = Readable.empty(SCHEMA)
        for batch in batches:
            self.changes |= {c.id: c for c in batch}
            readable.apply(batch, self.reopen)
        return readable


def no_reopening(ids: Sequence[bytes]) -> Mapping[bytes, Opened]:
    raise AssertionError(f"{len(ids)} older changes were opened again without need")


def there(
    readable: Readable, record: str, *, kind: str | None = None, casefile: str | None = None
) -> Record:
    """The record, which must be there."""
    found = readable.get(record, kind=kind, casefile=casefile)
    assert found is not None
    return found


VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "title": st.sampled_from(["Monday", "Tuesday", None]),
    "text": st.sampled_from(["Fed well.", "Slept.", "Smiled."]),
    "allowed": st.sampled_from(["yes", "unknown", "no", "only mornings"]),
    "readers": st.lists(st.sampled_from(["amina", "ben", "grace"]), max_size=2),
    "minutes": st.sampled_from([30, 45]),
    "signed_at": st.just("2026-06-01T09:00:00Z"),
    "unheard_of": st.sampled_from([1, [1, {"x": None}]]),
}


@st.composite
def histories(
    draw: st.DrawFn,
    *,
    fields: Sequence[str] = ("title", "text", "allowed", "readers", "minutes", "unheard_of"),
    signed: bool = True,
    redacted: bool = False,
    most: int = 9,
) -> list[Opened]:
    """Changes of one record, each made on a device that had seen some of those before it, or all.

    Clocks are wrong at random; every change comes after all that it replaces.
    """
    made: list[Opened] = []
    for i in range(draw(st.integers(1, most))):
        if i and draw(st.booleans()):
            replaced = {p for c in made for p in c.parents}
            seen = {s for s, c in enumerate(made) if c.id not in replaced}
        else:
            seen = draw(st.sets(st.integers(0, i - 1), max_size=3)) if i else set()
        names = draw(st.sets(st.sampled_from(fields), max_size=3))
        if signed and draw(st.integers(0, 5)) == 0:
            names.add("signed_at")
        gone = redacted and draw(st.integers(0, 4)) == 0
        made.append(
            change(
                i,
                {} if gone else {n: draw(VALUES[n]) for n in sorted(names)},
                after=[made[s] for s in sorted(seen)],
                hlc=draw(st.integers(0, 3)),
                author=draw(st.sampled_from([AMINA, BEN])),
                device=draw(st.sampled_from([TABLET, PHONE])),
                mine=draw(st.booleans()),
                redacted=gone,
            )
        )
    return made


def ancestors(changes: Iterable[Opened]) -> dict[bytes, set[bytes]]:
    """By id, everything that each change has replaced, near and far; the slow and plain way."""
    known = {c.id: c for c in changes}

    def of(one: Opened) -> set[bytes]:
        found: set[bytes] = set()
        for parent in one.parents:
            if parent in known:
                found |= {parent} | of(known[parent])
        return found

    return {c.id: of(c) for c in known.values()}
