"""What a vault has asked of the reminder desk and the office has not acknowledged yet.

Works while locked: orders are signed bytes in the file. Making them is `Vault.write`'s, because an
order belongs to the change it comes from. Must not know what a reminder is for.
"""

from __future__ import annotations

from storage.doorway import Doorway
from storage.errors import NotAllowed
from storage.orders import What
from storage.secrets import DESK
from storage.waiting import WaitingOrder


class Ordering(Doorway):
    """Orders that wait, and the desk that they are sealed to."""

    @property
    def desk(self) -> bytes | None:
        """The desk's receiving key (32 raw bytes); None while nobody has certified a desk."""
        with self._inside() as u:
            return u.secrets.get(DESK)

    def keep_desk(self, receiving: bytes | None) -> None:
        """What the directory says now: later orders are sealed to this key."""
        with self._inside() as u:
            if u.secrets.get(DESK) != receiving:
                u.secrets.keep(DESK, receiving)

    def orders_waiting(self, what: What | None = None) -> list[WaitingOrder]:
        """Orders that are only on this device, all or of one kind, in the order they were made.

        A stop that is here has not stopped anything at the office yet; an alarm that is here
        protects nobody. Those that the office refused stay until `drop_order`.
        """
        return self.device_file.orders.waiting(what)

    def drop_order(self, reference: str) -> None:
        """Let go of an order (hex) that the office refused. Raises NotAllowed for any other."""
        if not self.device_file.orders.drop_refused(bytes.fromhex(reference)):
            raise NotAllowed("an order that still waits is not dropped")
