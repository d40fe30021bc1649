"""One step of a round: what this device orders of the reminder desk goes to the office.

What makes the desk keep silent goes before everything else, so that no signal that lasts a second
is spent on anything but that. Works on the sealed file alone: a locked, locked-out or revoked
device does it too. An order counts as told when the office has acknowledged it, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from storage.device_file import DeviceFile
from storage.waiting import SILENCING
from sync.errors import Nonsense
from sync.protocol import MAX_BATCH_BYTES, MAX_ORDERS, UNATTENDED, OrderAnswer

Send = Callable[[Sequence[bytes]], tuple[OrderAnswer, ...]]

_BATCH_BYTES: Final = MAX_BATCH_BYTES - 64 * 1024  # room for the wrapping round a batch


def push_orders(file: DeviceFile, send: Send, *, urgent: bool) -> int:
    """Tell the desk what waits, with `urgent` only what cannot; gives how many orders it took.

    What is made meanwhile goes along, what cannot wait always first. May be stopped anywhere and
    done again. Raises Nonsense when the office does not answer what it was handed, and whatever
    `send` raises.
    """
    told = 0
    while batch := file.orders.batch(MAX_ORDERS, _BATCH_BYTES, urgent=urgent):
        answers = send([order.packed for order in batch])
        if len(answers) != len(batch):
            raise Nonsense("the office does not answer every order")
        unattended = False
        accepted: list[bytes] = []
        refused: dict[bytes, str] = {}
        for order, answer in zip(batch, answers, strict=True):
            if answer.accepted:
                accepted.append(order.reference)
            elif answer.refused == UNATTENDED:
                unattended = True  # it waits, in sight, for the next round
            elif answer.refused:
                refused[order.reference] = answer.refused
        if not accepted and not refused and unattended:
            return told
        if not accepted and not refused:
            raise Nonsense("the office neither takes nor refuses what it is told")
        told += file.orders.settle(accepted, refused)
    return told


def all_silenced(file: DeviceFile) -> bool:
    """Whether every stop and withdrawal of this device is with the office; a refused one is not."""
    return not file.orders.any_left(SILENCING)
