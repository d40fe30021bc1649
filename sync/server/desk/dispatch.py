"""Sends what is due: claim, call the provider once, settle. At most once, whatever happens.

Between claim and settlement a process may die, stall or be overtaken. Then the attempt is rescued
by another: never made again, but looked up. Whoever comes late must not settle what has moved on,
so an attempt is settled only by whoever still holds its fencing number.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sqlalchemy import ColumnElement, Connection, select, update

from sync.server.desk import accounts, optouts, progress, reasons, statuses
from sync.server.desk.claim import Claim, NotNow, claim, claim_within, uncount
from sync.server.desk.desk import Desk
from sync.server.desk.patience import until_answered
from sync.server.desk.providers.base import Accepted, Outcome, Refused, Unsure
from sync.server.desk.spans import SECOND_MS
from sync.server.desk.tables import capsules

log = logging.getLogger(__name__)

_SOON: Final = SECOND_MS
_CROSSINGS: Final = 4
"""Tries of a claim that another transaction crossed; later ones are the next round's."""


def send_due(desk: Desk) -> int:
    """Look at everything that is due now, in several threads; gives how many were sent off."""
    with ThreadPoolExecutor(desk.limits.threads, thread_name_prefix="desk-send") as pool:
        return sum(pool.map(lambda _: _drain(desk), range(desk.limits.threads)))


def _drain(desk: Desk) -> int:
    """One thread's work: an attempt is settled and the next one claimed in one transaction."""
    sent = 0
    taken = until_answered(lambda: claim(desk), tries=_CROSSINGS)
    while taken is not None:
        if isinstance(taken, Claim) and (outcome := call(desk, taken)) is not None:
            sent += 1
            taken = _settle_and_claim(desk, taken, outcome)
        else:
            taken = until_answered(lambda: claim(desk), tries=_CROSSINGS)
    return sent


def attempt(desk: Desk, taken: Claim) -> bool:
    """Make one attempt and settle it; whether the provider was called."""
    outcome = call(desk, taken)
    if outcome is not None:
        until_answered(lambda: settle(desk, taken, outcome))
    return outcome is not None


def call(desk: Desk, taken: Claim) -> Outcome | None:
    """Call the provider, once. None, and the claim is given back, where it has gone stale."""
    desk.pace.turn(desk.database, desk.clock, taken.provider)
    if is_fresh(desk, taken):
        return taken.provider.send(taken.message)
    until_answered(lambda: _put_back(desk, taken))
    return None


def is_fresh(desk: Desk, taken: Claim) -> bool:
    """Whether what was asked when it was claimed may still be relied upon.

    A process that was suspended in between must not call the provider as if nothing had happened.
    """
    waited = max((desk.clock.monotonic() - taken.taken) * 1000, desk.now() - taken.began)
    return waited <= desk.limits.fresh and desk.now() < taken.end


def settle(desk: Desk, taken: Claim, outcome: Outcome) -> bool:
    """Write down what the provider said; whether this attempt was still ours to settle."""
    with desk.database.writing() as connection:
        ours = _settled(desk, connection, taken, outcome)
    _say(taken, outcome, ours)
    return ours


def _settle_and_claim(desk: Desk, taken: Claim, outcome: Outcome) -> Claim | NotNow | None:
    def act() -> tuple[bool, Claim | NotNow | None]:
        with desk.database.writing() as connection:
            ours = _settled(desk, connection, taken, outcome)
            return ours, claim_within(desk, connection)

    try:
        ours, following = until_answered(act)
    except Exception:
        # What was said must be written down, whatever is the matter with the next one.
        until_answered(lambda: settle(desk, taken, outcome))
        raise
    _say(taken, outcome, ours)
    return following


def _settled(desk: Desk, connection: Connection, taken: Claim, outcome: Outcome) -> bool:
    now = desk.now()
    state, reason, values, tell = _meaning(desk, taken, outcome, now)
    _learn(connection, taken, outcome, now)
    ours = progress.move(
        connection,
        taken.order,
        state,
        reason,
        now,
        values,
        tell=tell,
        attempt=taken.attempt,
        only_if=still_ours(taken),
    )
    if not ours and isinstance(outcome, Accepted):
        _remember_id(connection, taken, outcome)
    if ours and isinstance(outcome, Refused):
        uncount(connection, taken.key, now)
        if outcome.reason == reasons.OPTED_OUT:
            optouts.add(desk, connection, taken.key, "provider", now)
    return ours


def _say(taken: Claim, outcome: Outcome, ours: bool) -> None:
    log.info(
        "sent off" if ours else "overtaken",
        extra={
            "reference": taken.message.reference,
            "attempt": taken.attempt,
            "outcome": type(outcome).__name__.lower(),
        },
    )


def still_ours(taken: Claim) -> tuple[ColumnElement[bool], ...]:
    """What must hold for whoever claimed an attempt to settle it."""
    return (capsules.c.fence == taken.fence, capsules.c.state == statuses.SENDING)


def rescue(desk: Desk) -> int:
    """Look after attempts whose process is gone or stuck: they may have been made."""
    rescued = 0
    while True:
        with desk.database.writing() as connection:
            now = desk.now()
            order = connection.execute(
                select(*progress.COLUMNS)
                .where(capsules.c.duty == progress.RESCUE, capsules.c.due <= now)
                .order_by(capsules.c.due)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if order is None:
                return rescued
            look = {
                "fence": order.fence + 1,
                "duty": progress.LOOK,
                "due": now,
                "looked": 0,
            }
            progress.move(connection, order, statuses.UNKNOWN, reasons.INTERRUPTED, now, look)
            log.warning("rescued", extra={"reference": order.reference.hex()})
        rescued += 1


def _learn(connection: Connection, taken: Claim, outcome: Outcome, now: int) -> None:
    """What this says about the provider's account."""
    name = taken.provider.name
    if isinstance(outcome, Accepted):
        if taken.ailing:
            accounts.works(connection, name)
    elif isinstance(outcome, Refused) and outcome.account:
        accounts.refused(connection, name, outcome, now)
    elif outcome.reason in (reasons.PROVIDER_AWAY, reasons.PROVIDER_BUSY):
        accounts.out_of_reach(connection, name, outcome.reason, now)


def _meaning(
    desk: Desk, taken: Claim, outcome: Outcome, now: int
) -> tuple[str, str | None, Mapping[str, object], bool]:
    """The state that an outcome brings, why, what else changes, and whether that is news."""
    look = {"duty": progress.LOOK, "looked": 0}
    if isinstance(outcome, Accepted):
        poll = now + desk.polls(taken.provider.name)[0]
        return statuses.SENT, None, {**look, "provider_id": outcome.id, "due": poll}, True
    if isinstance(outcome, Unsure):
        believed = not outcome.claims_refusal
        soon = now + desk.limits.looks[0]
        values = {**look, "claims_refusal": outcome.claims_refusal, "due": soon}
        return statuses.UNKNOWN, outcome.reason, values, believed
    if outcome.again_s is None:
        return statuses.FAILED, outcome.reason, {**progress.NO_MORE, "ended": now}, True
    # Still within its window? The next claim asks that, as it asks everything else.
    due = min(now + outcome.again_s * SECOND_MS, max(taken.end, now + _SOON))
    again = {"duty": progress.SEND, "due": due}
    return statuses.HELD, outcome.reason, again, taken.order.reason != outcome.reason


def _put_back(desk: Desk, taken: Claim) -> None:
    """It was never offered to the provider, so it is as if it had not been claimed."""
    now = desk.now()
    again = {"duty": progress.SEND, "due": now + _SOON, "attempt": taken.attempt - 1}
    with desk.database.writing() as connection:
        if progress.move(
            connection,
            taken.order,
            statuses.PLANNED,
            None,
            now,
            again,
            tell=False,
            only_if=still_ours(taken),
        ):
            uncount(connection, taken.key, now)


def _remember_id(connection: Connection, taken: Claim, outcome: Accepted) -> None:
    """It was rescued meanwhile, but now we know what to look up."""
    connection.execute(
        update(capsules)
        .where(
            capsules.c.reference == taken.order.reference,
            capsules.c.attempt == taken.attempt,
            capsules.c.provider_id.is_(None),
        )
        .values(provider_id=outcome.id)
    )
