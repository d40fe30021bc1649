"""A task to ring a parent: why, by whom, by when, and what came of it.

Whatever a machine may not or could not say becomes one of these, and somebody with judgement takes
over. The code word is shown before dialling. A task that nobody has looked at in time, or
whose owner is off, is on duty's list too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.casework.route_verdict import Reason


class CallOutcome(StrEnum):
    """What came of ringing, in one tap."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    UNSAFE = "unsafe"
    WRONG_NUMBER = "wrong_number"


SETTLES = frozenset({CallOutcome.SPOKE, CallOutcome.UNSAFE, CallOutcome.WRONG_NUMBER})
"""No answer leaves the task open: it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTask:
    """Somebody should ring. `due` is a local day; `since` the instant from which it waits.

    `person` and `appointment` are None where the task is about neither, such as a reply from a
    number that two people share. `route` is the best number that may be rung, None for none.
    """

    id: str
    family: str
    person: str | None
    appointment: str | None
    version: int
    owner: str | None
    due: date
    since: datetime
    reasons: tuple[Reason, ...]
    route: str | None = None
    text: str = ""
    seen_at: datetime | None = None
    attempts: int = 0
    outcome: CallOutcome | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None


def task_id(what: str, *about: str) -> str:
    """The id of the one task about that, the same on every device: 32 hex characters."""
    return hashlib.sha256("\x1f".join(("call", what, *about)).encode()).hexdigest()[:32]


def passes_to_duty(
    task: CallTask, now: datetime, *, owner_works_today: bool, unseen: timedelta
) -> bool:
    """Whether duty sees it too: it waits, and its owner is off or has not looked for so long."""
    if not task.open or task.since > now:
        return False
    if task.owner is None or not owner_works_today:
        return True
    return task.seen_at is None and now - task.since >= unseen


def waits_on(
    tasks: Iterable[CallTask],
    worker: str,
    now: datetime,
    *,
    duty: bool,
    working: frozenset[str],
    unseen: timedelta,
) -> list[CallTask]:
    """The open tasks on somebody's list at that moment, the longest due first.

    `working` are the people who work today. Whoever is on duty also sees what passes to duty, such
    as what nobody looked at for as long as `unseen`.
    """
    mine = [
        t
        for t in tasks
        if t.open
        and t.since <= now
        and (
            t.owner == worker
            or (
                duty and passes_to_duty(t, now, owner_works_today=t.owner in working, unseen=unseen)
            )
        )
    ]
    return sorted(mine, key=lambda t: (t.due, t.since, t.id))
