"""What is only on this device, counted as the person counts it who wrote it.

A new family is nine records and one thing. Must not know how any of it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

DETAILS: Final = "details"
_DETAILS: Final = frozenset(
    {
        "family",
        "person",
        "membership",
        "address",
        "safe_contact",
        "consent",
        "referral",
        "episode",
        "period",
        "allocation",
        "pregnancy",
        "professional",
        "eligibility_answer",
        "restricted",
    }
)
"""Kinds of record that together are what is known of one family."""
_BY_THEMSELVES: Final = frozenset({"reminder", "call_task"})
"""Kinds the app plans by itself, several for each appointment: one thing for each family."""


class Awaiting(Protocol):
    """One record that the office lacks; `refused` is the office's code for why it was not taken."""

    @property
    def record(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def casefile(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def refused(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits. `what` is DETAILS, or a kind; `record` is the last of its records."""

    casefile: str
    what: str
    record: str
    at: datetime
    refused: str | None = None


def things(records: Iterable[Awaiting]) -> list[Waiting]:
    """The records as things: what somebody wrote, then what the app plans by itself.

    Each in order of `at`, when the last record of it was written.
    """
    found: list[Waiting] = []
    several: dict[tuple[str, str], Waiting] = {}
    for record in records:
        what = _what(record.kind)
        one = Waiting(
            casefile=record.casefile,
            what=what,
            record=record.record,
            at=record.at,
            refused=record.refused,
        )
        if _is_part(record.kind):
            several[record.casefile, what] = one
        else:
            found.append(one)
    return sorted(
        [*found, *several.values()], key=lambda w: (w.what in _BY_THEMSELVES, w.at, w.record)
    )


def count_things(tally: Mapping[tuple[str, str], int]) -> int:
    """How many things records are, given how many there are by casefile and kind."""
    alone = sum(n for (_, kind), n in tally.items() if not _is_part(kind))
    return alone + len({(casefile, _what(kind)) for casefile, kind in tally if _is_part(kind)})


def _is_part(kind: str) -> bool:
    return kind in _DETAILS or kind in _BY_THEMSELVES


def _what(kind: str) -> str:
    return DETAILS if kind in _DETAILS else kind
