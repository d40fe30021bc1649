"""Every safeguard of the desk, and how to take it away: what should fail then is what guards it.

`test_safeguards` takes each away beneath a story of its own; `python tests/at_the_desk` takes each
away beneath the tests that docs/desk.md names for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.alarm import AlarmContents
from sync.server.desk import (
    alarms,
    attendance,
    callbacks,
    calls,
    claim,
    dispatch,
    floors,
    late,
    lookups,
    progress,
    restored,
    retention,
    rounds,
    rules,
    statuses,
    tasks,
)
from sync.server.desk.rules import Facts, Never

WITHOUT = "DOORSTEP_TESTS_WITHOUT"
"""In the environment: the name of one that the desk's tests are to go without."""

Removal = tuple[Any, str, Any]
"""Where something stands, its name, and what takes its place."""


def never(*_arguments: object, **_more: object) -> None:
    """No objection."""


def no(*_arguments: object, **_more: object) -> bool:
    return False


def yes(*_arguments: object, **_more: object) -> bool:
    return True


def nothing_done(*_arguments: object, **_more: object) -> int:
    return 0


def all_consents(facts: Facts) -> Never | None:
    """A stop that refuses whatever comes, for ever."""
    return Never(statuses.SUPPRESSED, "stopped") if facts.stopped is not None else None


def sent_again(_desk: object, connection: Any, order: Any, _found: object, now: int) -> None:
    """What a less careful desk would do about a timeout."""
    again = {"duty": progress.SEND, "due": now}
    progress.move(connection, order, statuses.HELD, order.reason, now, again)


def everybody(contents: AlarmContents, _reason: str | None) -> list[int]:
    """Whoever made her check out included."""
    return list(range(len(contents.steps)))


def told_at_once(desk: Any, call: Any, _answered_by: str) -> str:
    """Details for whoever picks up."""
    return calls.expected(desk, call, calls.CONFIRM_KEY)


def without(duty: Callable[..., int]) -> Removal:
    """A round that leaves one of its duties out."""
    for name in ("REMINDERS", "HOUSEKEEPING"):
        duties = getattr(rounds, name)
        if duty in duties:
            return (rounds, name, tuple(each for each in duties if each is not duty))
    raise LookupError(duty)


# Where a second safeguard stands behind the first, both have to go.
SAFEGUARDS: dict[str, list[Removal]] = {
    "window": [(rules, "outside_window", never), (dispatch, "is_fresh", yes)],
    "stop": [(rules, "stopped", never), (floors, "raise_route", never)],
    "consent version": [(rules, "stopped", all_consents)],
    "withdrawal": [
        (rules, "withdrawn", never),
        (floors, "raise_appointment", never),
        (floors, "raise_casefile", never),
    ],
    "opt-out": [(rules, "opted_out", never)],
    "silence rule": [(rules, "silence", never)],
    "kill switch": [(rules, "paused", never)],
    "number limit": [(rules, "number_limit", never), (claim, "_counted", nothing_done)],
    "number check": [(rules, "number_unfit", never)],
    "correction": [(rules, "correction", never)],
    "claim": [(claim, "_mark_leaving", never)],
    "fencing": [(dispatch, "still_ours", lambda *_: ())],
    "freshness": [(dispatch, "is_fresh", yes)],
    "looking up": [(lookups, "_found", sent_again)],
    "fallback on time": [
        (rules.Facts, "end", property(lambda facts: facts.closes)),
        without(late.call_out),
    ],
    "restore": [(restored, "after_restore", nothing_done)],
    "states move on": [(statuses, "moves_on", yes)],
    "passing on": [without(tasks.pass_on)],
    "forgetting": [(retention, "_drop_sealed", nothing_done)],
    "duress": [(alarms, "means_duress", no)],
    "her own phone": [(alarms, "_places", everybody)],
    "attendance": [(attendance, "is_attended", yes)],
    "key before details": [(calls, "picked_up", told_at_once)],
    "no machine": [(statuses, "is_machine", no)],
    "asking while it rings": [(calls, "still_welcome", yes)],
    "bearer token": [(callbacks, "_bears", yes)],
    "signature": [(callbacks, "_signed", yes)],
}


def named_tests() -> dict[str, list[str]]:
    """For each safeguard the tests that the desk's page names."""
    page = (Path(__file__).parent.parent.parent / "docs" / "desk.md").read_text()
    table = page.partition("\n## Safeguards\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("|")]
    return {row[0].strip(): re.findall(r"`(tests/[^`]+)`", row[2]) for row in rows[2:]}


@contextmanager
def taken_away(name: str) -> Iterator[None]:
    """One of them is not there, for a while."""
    with pytest.MonkeyPatch.context() as process:
        for place, function, instead in SAFEGUARDS[name]:
            process.setattr(place, function, instead)
        yield
