"""How the domain tells storage what a record looks like, without storage learning what it means.

A `Schema` lists the kinds of record; each `Field` says how two people's offline edits of it are
merged and whether screens may filter or search by it. Storage must not know what a family is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

ColumnType = Literal["text", "integer", "real"]

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
Fields = Mapping[str, Value]


class Policy(StrEnum):
    """What happens to a field that two people changed without having seen each other's change."""

    LATEST = "latest"
    """The later clock wins; the other value stays in the record's history."""
    KEEP_BOTH = "keep_both"
    """Both values stay, and a person chooses."""
    MOST_RESTRICTIVE = "most_restrictive"
    """The stricter value wins; loosening must have seen every restriction it lifts."""
    ADD_ONLY = "add_only"
    """A list that only grows: the union of everything anybody added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One named value of a record.

    `column` makes it a real, indexed SQL column that queries may filter and order by.
    `searchable` puts its text into the full-text index.
    `loosest_first` ranks the values of a MOST_RESTRICTIVE field; a value not listed is strictest.
    """

    name: str
    policy: Policy = Policy.LATEST
    column: ColumnType | None = None
    searchable: bool = False
    loosest_first: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record, with its fields.

    `frozen_by` names a field that closes the record when it is first set: later changes are kept
    in the log but never folded in (a signed note is immutable; what comes later is an addendum).
    `from_inbox` lets anybody certified leave a record of this kind in a casefile that she may not
    read. Fields a change brings that are not declared here are kept and handed back unchanged.
    """

    name: str
    fields: tuple[Field, ...] = ()
    frozen_by: str | None = None
    from_inbox: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {f.name: f for f in self.fields}

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.column)

    @cached_property
    def searchable(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.searchable)

    @cached_property
    def growing(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.policy is Policy.ADD_ONLY)

    def policy(self, name: str) -> Policy:
        """The declared policy; an undeclared field takes the latest value."""
        declared = self.by_name.get(name)
        return declared.policy if declared else Policy.LATEST


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Everything storage needs to lay out the readable database.

    `version` goes up whenever a column or searchable field changes: an image made under another
    version is rebuilt from the sealed changes.
    """

    version: int
    kinds: tuple[Kind, ...]
    by_name: Mapping[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {k.name: k for k in self.kinds})
        if len(self.by_name) != len(self.kinds):
            raise ValueError("two kinds of record share a name")
