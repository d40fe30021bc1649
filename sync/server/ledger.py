"""The end of a casefile's log: where changes get the numbers that everybody reads them by.

Whoever appends holds the casefile's row, so the numbers are dense and in the order of commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Connection, insert

from storage.envelope import Head
from sync.forms import pack, unpack
from sync.server.offered import Stretch
from sync.server.tables import stretches


@dataclass(slots=True)
class Entries:
    """What is to be written at the end of one or more logs."""

    _stretches: list[dict[str, object]] = field(default_factory=list)

    def append(self, top: int, fresh: Sequence[Stretch], head: Head) -> int:
        """Number changes from `top` + 1 on, the last one covered by `head`; gives the new top."""
        for stretch in fresh:
            top += len(stretch.items)
            self._stretches.append(
                {
                    "casefile": head.casefile,
                    "seq": top,
                    "device": head.device,
                    "n": stretch.last,
                    "kid": stretch.kid,
                    "prev": stretch.prev,
                    "ids": b"".join(stretch.ids),
                    "bytes": stretch.size,
                    "signature": head.signature if stretch.last == head.n else None,
                    "packed": pack(stretch.items),
                }
            )
        return top

    def write(self, connection: Connection) -> None:
        """Put everything noted into the database."""
        if self._stretches:
            connection.execute(insert(stretches), self._stretches)


def items_of(packed: bytes) -> list[bytes]:
    """The items of a stretch, as they were written."""
    return cast(list[bytes], unpack(packed))
