"""What the desk must not do while its processes are killed and its provider fails: lived through
once, and counted.

Told as a story by test_under_fire.py, and with ten thousand reminders by `make bench`.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from at_the_desk.fire import (
    counted,
    desk_running,
    faults,
    in_hand,
    kill_one_after,
    make_many,
    put_many,
    wait_until,
)
from desks import HOUR, Bench
from providers.notify_stand_in import NotifyStandIn, Text
from storage.capsule import Capsule
from sync.server.desk import numbers, optouts, pausing
from sync.server.desk.tables import capsules

KILLS: Final = 5
_QUIET_S: Final = 1.5
_SAID_TO_BE_SENT: Final = ("sent", "delivered")
_NEEDS_NO_REASON: Final = ("sent", "planned", "delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many reminders went wrong, in each way that there is."""

    sent: int
    doubled: int
    outside: int
    """Left outside their window."""
    after_the_pause: int
    taken_back: int
    """Left though they were withdrawn, stopped, opted out of or held by silence."""
    unexplained: int
    """Did not leave, and bear no reason or the wrong state."""


def ordeal(
    at_desk: Bench, url: str, folder: Path, many: int, workers: int, *, patience_s: float
) -> Outcome:
    """Let `workers` processes send `many` reminders, and kill one of them five times."""
    chance = random.Random("fire")
    few = many // 20
    plain = make_many(at_desk, many - 6 * few, 1)
    short = make_many(at_desk, few, 2)  # their window closes while the desk is busy
    early = make_many(at_desk, few, 3)
    taken_back = make_many(at_desk, few, 4)
    stopped = make_many(at_desk, few, 5)
    silent = make_many(at_desk, few, 6, max_silence=1, watch={"ee" * 16: ((0, 2**42),)})
    asked = make_many(at_desk, few, 7, [f"+4477009002{n:02}" for n in range(30, 60)])
    put_many(at_desk, [*plain, *short, *early, *taken_back, *stopped, *silent, *asked])
    closes = at_desk.now + 3 * many
    with at_desk.desk.database.writing() as connection:
        _change(connection, short, closes=closes)
        _change(connection, early, opens=at_desk.now + HOUR, due=at_desk.now + HOUR)
        for capsule in asked:
            number = at_desk.desk.keys.open_capsule(capsule).number
            key = numbers.keyed(at_desk.desk.keys.secret, number)
            optouts.add(at_desk.desk, connection, key, "reply", at_desk.now)
    at_desk.withdraw_all(taken_back[: few // 2])
    for capsule in stopped:
        at_desk.stop(1, capsule.route.hex())

    with NotifyStandIn(faults("fire")) as notify:
        with desk_running(url, folder, notify.address, workers=workers) as desk:
            withdrawn: dict[str, float] = {}
            for turn in range(KILLS):
                kill_one_after(desk, lambda: len(notify.sent), chance)
                for capsule in taken_back[few // 2 :][turn::KILLS]:
                    if at_desk.withdraw_one(capsule) != "leaving":
                        withdrawn[capsule.reference.hex()] = time.time()
            wait_until(lambda: in_hand(at_desk, "planned", "held") <= few, patience_s)
            wait_until(lambda: in_hand(at_desk, "sending") == 0, 90)  # the dead are looked after
            pausing.set_paused(at_desk.desk, True)
            paused = time.time()
            wait_until(lambda: _settled(notify), 30)
        sent = list(notify.sent)
    never = {
        c.reference.hex() for c in [*early, *taken_back[: few // 2], *stopped, *silent, *asked]
    }
    assert sum(counted(at_desk).values()) == many
    return _judged(sent, _rows(at_desk), paused, never, withdrawn)


def _judged(
    sent: Sequence[Text],
    rows: dict[str, Row[Any]],
    paused: float,
    never: set[str],
    withdrawn: dict[str, float],
) -> Outcome:
    times = Counter(str(text.reference) for text in sent)
    left_at = {str(text.reference): text.at for text in sent}
    unsent = [row for reference, row in rows.items() if reference not in times]
    return Outcome(
        sent=len(sent),
        doubled=sum(many > 1 for many in times.values()),
        outside=sum(
            not rows[reference].opens <= at * 1000 <= rows[reference].closes
            for reference, at in left_at.items()
        ),
        after_the_pause=sum(at > paused + 1 for at in left_at.values()),
        taken_back=len(never & set(times))
        + sum(left_at.get(reference, 0) > at for reference, at in withdrawn.items()),
        unexplained=sum(
            row.state in _SAID_TO_BE_SENT or (row.state not in _NEEDS_NO_REASON and not row.reason)
            for row in unsent
        ),
    )


def _settled(notify: NotifyStandIn) -> bool:
    """Whether none has come for a moment."""
    before = len(notify.sent)
    time.sleep(_QUIET_S)
    return len(notify.sent) == before


def _change(connection: Connection, which: Sequence[Capsule], **values: int) -> None:
    for start in range(0, len(which), 500):
        these = [capsule.reference for capsule in which[start : start + 500]]
        connection.execute(
            capsules.update().where(capsules.c.reference.in_(these)).values(**values)
        )


def _rows(at_desk: Bench) -> dict[str, Row[Any]]:
    columns = [capsules.c[name] for name in ("reference", "state", "reason", "opens", "closes")]
    with at_desk.desk.database.reading() as connection:
        return {row.reference.hex(): row for row in connection.execute(select(*columns))}
