"""Everything that a device may order of the reminder desk, read by one doorway.

Each kind's form is in a file of its own: `storage.capsule`, `storage.stop`, `storage.alarm`. Must
not know when orders are pushed to whom, only which of them cannot wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgpack

from storage.alarm import (
    ALARM,
    CHECK_OUT,
    SEEN,
    Alarm,
    AlarmPlan,
    CheckOut,
    CheckOutPlan,
    Seen,
    SeenPlan,
    read_alarm,
    read_check_out,
    read_seen,
)
from storage.capsule import CAPSULE, Capsule, CapsulePlan, read_capsule
from storage.errors import BadEnvelope
from storage.signed import MAX_ORDER_BYTES
from storage.stop import (
    STOP,
    WITHDRAWAL,
    Stop,
    StopPlan,
    Withdrawal,
    WithdrawalPlan,
    read_stop,
    read_withdrawal,
)

What = Literal["alarm", "check-out", "stop", "withdrawal", "seen", "capsule"]
Order = Alarm | CheckOut | Stop | Withdrawal | Seen | Capsule
Plan = AlarmPlan | CheckOutPlan | StopPlan | WithdrawalPlan | SeenPlan | CapsulePlan
"""What is asked of the desk, before a device has signed it."""

RANK: Final[Mapping[str, int]] = {
    ALARM: 0,
    CHECK_OUT: 0,  # an alarm and its check-out in the order in which they were made
    STOP: 1,
    WITHDRAWAL: 1,
    SEEN: 2,
    CAPSULE: 3,
}
"""What goes first; below `LATER` it goes before everything else that a device has to say."""
LATER: Final = 3
AFTER_REVOCATION: Final = frozenset({STOP, WITHDRAWAL, CHECK_OUT})
"""What a device whose access was ended may still hand in: each only makes the desk keep silent,
or lets it know that somebody is out of danger."""

_READERS: Final[Mapping[str, Callable[[bytes], Order]]] = {
    ALARM: read_alarm,
    CHECK_OUT: read_check_out,
    STOP: read_stop,
    WITHDRAWAL: read_withdrawal,
    SEEN: read_seen,
    CAPSULE: read_capsule,
}


def read_order(packed: bytes) -> Order:
    """Any order, from its exact bytes. The signature still has to be checked.

    Raises BadEnvelope.
    """
    if len(packed) > MAX_ORDER_BYTES:
        raise BadEnvelope("an order is larger than it may be")
    try:
        what = msgpack.unpackb(packed)[0]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise BadEnvelope("an order does not have the published form") from error
    reader = _READERS.get(what) if type(what) is str else None
    if reader is None:
        raise BadEnvelope("an order is of an unknown kind")
    return reader(packed)
