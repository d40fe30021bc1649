"""What screens may ask an open vault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.clock import moment_of
from storage.doorway import Doorway
from storage.errors import BadEnvelope, NoKey
from storage.kinds import Value
from storage.opened import Opened
from storage.opening import REDACTS
from storage.query import Hit, Record, Version, Where
from storage.unlocked import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A record with changes that are only on this device, last changed `at`; `refused` is the
    office's code."""

    record: str
    kind: str
    casefile: str
    at: datetime
    refused: str | None


class Answers(Doorway):
    """Reading: records, their histories, and what is only on this device."""

    def find(
        self,
        kind: str,
        where: Where | None = None,
        *,
        casefile: str | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """Records of a kind that meet every condition; see `storage.query`."""
        with self._inside() as u:
            return u.readable.find(
                kind, where, casefile=casefile, order_by=order_by, limit=limit, offset=offset
            )

    def cells(self, kind: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Every record of a kind as (id, casefile, the value of each named field), in no order:
        for counting what is too much to read whole."""
        with self._inside() as u:
            return u.readable.cells(kind, names)

    def get(self, record: str) -> Record | None:
        with self._inside() as u:
            return u.readable.get(record)

    def count(self, kind: str, where: Where | None = None, *, casefile: str | None = None) -> int:
        with self._inside() as u:
            return u.readable.count(kind, where, casefile=casefile)

    def tally(
        self,
        kind: str,
        by: Sequence[str],
        where: Where | None = None,
        *,
        casefile: str | None = None,
    ) -> dict[tuple[Value, ...], int]:
        """How many records there are for each combination of values of these fields."""
        with self._inside() as u:
            return u.readable.tally(kind, by, where, casefile=casefile)

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 50) -> list[Hit]:
        """Records in which every word typed begins some word; what was not indexed yet is first."""
        with self._inside() as u:
            u.readable.index_pending()
            return u.readable.search(text, kinds, limit)

    def history(self, record: str) -> list[Version]:
        """Every change of a record, oldest first; redacted ones have no fields."""
        with self._inside() as u:
            ids = u.readable.history_ids(record)
            opened = u.opener.reopen(ids)
            has = self.device_file.log.acknowledged(self.device_file.device_id)
            return [
                Version(
                    change_id=c.id,
                    fields=c.fields,
                    author=c.author,
                    device=c.device,
                    at=moment_of(c.hlc),
                    sent=not c.mine or c.n <= has.get(bytes.fromhex(c.casefile), 0),
                )
                for c in (opened[i] for i in ids if i in opened)
            ]

    def conflicted(self, kind: str | None = None) -> list[Record]:
        """Records with values that a person has to choose between."""
        with self._inside() as u:
            return u.readable.conflicted(kind)

    def fold_hash(self, casefile: str) -> bytes:
        """Equal on all devices that know the same changes of this casefile."""
        with self._inside() as u:
            return u.readable.fold_hash(casefile)

    def unsent(self, limit: int | None = None) -> list[Unsent]:
        """Records with changes that only this device has, the longest unchanged first."""
        with self._inside() as u:
            refusals = self.device_file.refusals()
            return [
                Unsent(
                    record=waits.record,
                    kind=waits.kind,
                    casefile=waits.casefile,
                    at=waits.at,
                    refused=refusals.get(bytes.fromhex(waits.casefile)),
                )
                for waits in u.readable.unsent(self._waiting(), limit)
            ]

    def tally_unsent(self) -> dict[tuple[str, str], int]:
        """How many records hold something that only this device has, by casefile and kind."""
        with self._inside() as u:
            return u.readable.tally_unsent(self._waiting())

    def _waiting(self) -> list[str]:
        """Casefiles that this device has written into beyond what the office acknowledged."""
        chains = self.device_file.log.chains_of(self.device_file.device_id)
        return [casefile.hex() for casefile, head in chains if head.n > head.acknowledged]

    def unsent_statements(self) -> list[Statement]:
        """What only this device has, as statements to be written anew by another vault: for a
        cloned device that pairs again. Oldest first; redactions are left out, being decisions
        about changes and not records."""
        with self._inside() as u:
            waiting = list(self.device_file.log.unacknowledged(self.device_file.device_id))
            found: list[Opened] = []
            for kept in sorted(waiting, key=lambda k: k.seq):
                try:
                    found.append(u.opener.open(kept))
                except (NoKey, BadEnvelope):
                    continue
            return [
                Statement(casefile=o.casefile, kind=o.kind, record=o.record, fields=o.fields)
                for o in found
                if REDACTS not in o.fields
            ]
