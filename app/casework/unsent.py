"""What is only on this device, counted as the person counts it who wrote it.

A new family is nine records and one thing. Must not know how any of it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

DETAILS: Final = "details"
MESSAGES: Final = "reminder"
_ONE: Final = {
    **dict.fromkeys(
        (
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
            "restricted",
        ),
        DETAILS,
    ),
    "reminder": MESSAGES,
    "call_task": MESSAGES,
}
"""Kinds of record that are one thing together: what is known of a family, and the messages and
calls that follow by themselves from what somebody wrote.
"""


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
    """One thing that waits. `what` is DETAILS, MESSAGES, or the kind of the one `record` it is."""

    casefile: str
    what: str
    record: str
    at: datetime
    refused: str | None = None


def things(records: Iterable[Awaiting]) -> list[Waiting]:
    """The records as things, in their order; what is one thing stands where its last record does.

    `at` is when the last of them was written.
    """
    found: list[Waiting] = []
    together: dict[tuple[str, str], Waiting] = {}
    for record in records:
        what = _ONE.get(record.kind)
        one = Waiting(
            casefile=record.casefile,
            what=what or record.kind,
            record=record.record,
            at=record.at,
            refused=record.refused,
        )
        if what is not None:
            together[record.casefile, what] = one
        else:
            found.append(one)
    return sorted([*found, *together.values()], key=lambda w: (w.at, w.record))


def count_things(tally: Mapping[tuple[str, str], int]) -> int:
    """How many things records are, given how many there are by casefile and kind."""
    alone = sum(n for (_, kind), n in tally.items() if kind not in _ONE)
    return alone + len({(casefile, _ONE[kind]) for casefile, kind in tally if kind in _ONE})
