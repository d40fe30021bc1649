"""What waits on this device for others: orders for the reminder desk, entries for inboxes.

Both are signed bytes that need no key to be pushed, so a locked, locked-out or wiped device can
still hand them in. A row waits until the office has acknowledged it, and nothing else deletes it;
what asks for silence and what was left for others is kept even then, for an office that was put
back to an earlier day. Must not know which of them the office will take.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from storage.database import translated
from storage.inbox import Entry, EntryHeader
from storage.orders import LATER, RANK, Order, read_order
from storage.stop import STOP, WITHDRAWAL

SILENCING: Final = (STOP, WITHDRAWAL)
"""Orders that make the desk keep silent: kept after the office has acknowledged them."""
_OVERHEAD_BYTES: Final = 8  # msgpack's prefixes


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """An order that the office has not acknowledged; `refused` is its code if it said no."""

    order: Order
    refused: str | None

    @property
    def reference(self) -> str:
        return self.order.reference.hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingOrder:
    """An order as it is pushed: 16 bytes that it is answered by, and its exact bytes."""

    reference: bytes
    packed: bytes


class HeldFile(Protocol):
    """The device's file, as far as it is needed here (`storage.device_file.DeviceFile`)."""

    connection: sqlite3.Connection
    lock: threading.RLock

    def transaction(self) -> AbstractContextManager[None]: ...

    def tell_settled(self) -> None:
        """What waited for others is less."""


class WaitingOrders:
    """The table `orders`."""

    def __init__(self, file: HeldFile) -> None:
        self._file = file

    def add(self, orders: Iterable[Order]) -> None:
        """Inside the caller's transaction. The same order twice is one."""
        self._file.connection.executemany(
            "INSERT INTO orders (reference, what, rank, casefile, packed) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (reference) DO NOTHING",
            [(o.reference, o.what, RANK[o.what], o.casefile, o.packed()) for o in orders],
        )

    def count(self) -> int:
        """Refused ones included: they too are only here."""
        return _count(self._file, "orders WHERE acknowledged = 0")

    def any_left(self, kinds: Sequence[str]) -> bool:
        """Whether one of these kinds is only here, refused or not."""
        with self._file.lock, translated():
            found = self._file.connection.execute(
                "SELECT 1 FROM orders WHERE acknowledged = 0"  # noqa: S608  only question marks
                f" AND what IN ({','.join('?' * len(kinds))}) LIMIT 1",
                kinds,
            ).fetchone()
        return found is not None

    def batch(self, limit: int, limit_bytes: int, *, urgent: bool) -> list[OutgoingOrder]:
        """The next to push, what cannot wait first; with `urgent` nothing else. Refused ones are
        left out."""
        with self._file.lock, translated():
            rows = self._file.connection.execute(
                "SELECT reference, packed FROM orders"
                " WHERE refused IS NULL AND acknowledged = 0 AND rank < ?"
                " ORDER BY rank, id LIMIT ?",
                [LATER if urgent else LATER + 1, limit],
            ).fetchall()
        taken: list[OutgoingOrder] = []
        for reference, packed in rows:
            limit_bytes -= len(packed) + _OVERHEAD_BYTES
            if limit_bytes < 0 and taken:
                break
            taken.append(OutgoingOrder(reference=reference, packed=packed))
        return taken

    def waiting(self, what: str | None = None) -> list[WaitingOrder]:
        """All of them, or those of one kind, in the order in which they were made."""
        with self._file.lock, translated():
            rows = self._file.connection.execute(
                "SELECT packed, refused FROM orders"
                " WHERE acknowledged = 0 AND (? IS NULL OR what = ?) ORDER BY id",
                [what, what],
            ).fetchall()
        return [WaitingOrder(order=read_order(packed), refused=refused) for packed, refused in rows]

    def settle(self, acknowledged: Sequence[bytes], refused: Mapping[bytes, str]) -> int:
        """The office has the first, and said no to the others, with a code each: those wait for a
        person. In one transaction; gives for how many of the first this is news."""
        with self._file.transaction():
            before = self._file.connection.total_changes
            self._file.connection.executemany(
                "UPDATE orders SET acknowledged = 1, refused = NULL"
                " WHERE reference = ? AND acknowledged = 0",
                [(reference,) for reference in acknowledged],
            )
            told = self._file.connection.total_changes - before
            self._file.connection.execute(
                "DELETE FROM orders WHERE acknowledged = 1 AND what NOT IN (?, ?)", SILENCING
            )
            self._file.connection.executemany(
                "UPDATE orders SET refused = ? WHERE reference = ? AND acknowledged = 0",
                [(code, reference) for reference, code in refused.items()],
            )
        self._file.tell_settled()
        return told

    def offer_again(self) -> None:
        """Inside the caller's transaction: every stop and withdrawal once more, for an office that
        was put back to an earlier day. A reminder it may have sent since is not offered again."""
        self._file.connection.execute("UPDATE orders SET acknowledged = 0")

    def drop_refused(self, reference: bytes) -> bool:
        """Let go of one that the office refused; gives whether there was one."""
        with self._file.transaction():
            found = self._file.connection.execute(
                "DELETE FROM orders WHERE reference = ? AND refused IS NOT NULL", [reference]
            )
        self._file.tell_settled()
        return found.rowcount > 0

    def retry(self, casefile: bytes | None = None) -> None:
        """Offer refused ones again, all or one casefile's, inside the caller's transaction."""
        self._file.connection.execute(
            "UPDATE orders SET refused = NULL WHERE ? IS NULL OR casefile = ?",
            [casefile, casefile],
        )


class WaitingEntries:
    """The table `leavings`: entries for inboxes of casefiles that this device may not read."""

    def __init__(self, file: HeldFile) -> None:
        self._file = file

    def add(self, entries: Iterable[tuple[EntryHeader, Entry]]) -> None:
        """Inside the caller's transaction."""
        self._file.connection.executemany(
            "INSERT INTO leavings (casefile, entry, header, item, signature)"
            " VALUES (?, ?, ?, ?, ?)",
            [(h.casefile, h.entry, e.header, e.item, e.signature) for h, e in entries],
        )

    def count(self) -> int:
        """Refused ones included: they too are only here."""
        return _count(self._file, "leavings WHERE acknowledged = 0")

    def batch(self, limit: int, limit_bytes: int) -> list[Entry]:
        """The next to push, oldest first; refused ones are left out."""
        with self._file.lock, translated():
            rows = self._file.connection.execute(
                "SELECT header, item, signature FROM leavings"
                " WHERE refused IS NULL AND acknowledged = 0 ORDER BY id LIMIT ?",
                [limit],
            ).fetchall()
        taken: list[Entry] = []
        for header, item, signature in rows:
            limit_bytes -= len(header) + len(item) + len(signature) + _OVERHEAD_BYTES
            if limit_bytes < 0 and taken:
                break
            taken.append(Entry(header=header, item=item, signature=signature))
        return taken

    def settle(self, acknowledged: Sequence[bytes], refused: Mapping[bytes, str]) -> int:
        """As for orders; entries go by their own ids."""
        with self._file.transaction():
            before = self._file.connection.total_changes
            self._file.connection.executemany(
                "UPDATE leavings SET acknowledged = 1, refused = NULL"
                " WHERE entry = ? AND acknowledged = 0",
                [(entry,) for entry in acknowledged],
            )
            sent = self._file.connection.total_changes - before
            self._file.connection.executemany(
                "UPDATE leavings SET refused = ? WHERE entry = ? AND acknowledged = 0",
                [(code, entry) for entry, code in refused.items()],
            )
        self._file.tell_settled()
        return sent

    def offer_again(self) -> None:
        """Inside the caller's transaction: every entry once more. Whom it was left for may not
        have read it before the office was put back, and then nobody else has it."""
        self._file.connection.execute("UPDATE leavings SET acknowledged = 0")

    def refusals(self) -> dict[bytes, str]:
        """Casefiles whose inbox would not take an entry, with the office's code."""
        with self._file.lock, translated():
            return dict(
                self._file.connection.execute(
                    "SELECT casefile, refused FROM leavings WHERE refused IS NOT NULL"
                ).fetchall()
            )

    def retry(self) -> None:
        """Offer refused ones again, inside the caller's transaction."""
        self._file.connection.execute("UPDATE leavings SET refused = NULL")


def _count(file: HeldFile, table: str) -> int:
    with file.lock, translated():
        (count,) = file.connection.execute(
            f"SELECT count(*) FROM {table}"  # noqa: S608  our own words
        ).fetchone()
    return int(count)
