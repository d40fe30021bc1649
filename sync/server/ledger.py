"""The end of a casefile's log: where changes get the numbers that everybody reads them by.

Whoever appends holds the casefile's row, so the numbers are dense and in the order of commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Connection, bindparam, insert, select

from storage.envelope import Head
from sync.forms import pack, unpack
from sync.server.dialects import hold_rows
from sync.server.offered import Stretch
from sync.server.tables import casefiles, stretches

_HELD = (
    select(casefiles.c.casefile)
    .where(casefiles.c.casefile.in_(bindparam("wanted", expanding=True)))
    .order_by(casefiles.c.casefile)  # everybody's order, so nobody waits in a circle
    .with_for_update()
)


def hold_casefiles(connection: Connection, wanted: Sequence[bytes]) -> None:
    """Be the only one to write in these casefiles, those that exist, until the transaction ends.

    Once in a transaction, and before reading what stands in them: two calls could cross another
    transaction's.
    """
    if wanted:
        hold_rows(connection, _HELD, {"wanted": wanted})


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
