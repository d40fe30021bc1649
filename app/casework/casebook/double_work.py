"""Where two supervisors allocated without having seen each other, and one has to choose.

Both allocations stand until then, and both workers can read: nobody is left without somebody.
"""

from __future__ import annotations

from dataclasses import replace

from app.casework.casebook import from_family
from app.casework.casebook import reading as r
from app.casework.casebook.allocating import Allocations
from app.casework.family import Allocation, FamilyStatus
from app.casework.pathway import Double, doubles


class DoubleWork(Allocations):
    """The part of a casebook that finds functions held twice, and lets somebody choose."""

    def doubles(self, family: str | None = None) -> list[Double]:
        """Functions that two people were given by supervisors who had not seen each other."""
        found: list[Allocation] = []
        for record in self._open():
            one = from_family.allocation(record)
            about = self._ledger.remaining(one.family)
            if family in (None, about):
                found.append(replace(one, family=about))
        closed = self._closed_families()
        return [d for d in doubles(found) if d.family not in closed]

    def keep_both(self, double: Double) -> None:
        """All of them go on: the family has several people for that function."""
        ids = tuple(one.id for one in double.allocations)
        records = [self._ledger.one(i, "allocation") for i in ids]
        self._ledger.write(
            self._ledger.statement(
                record.casefile,
                "allocation",
                record.record,
                r.plain_fields(beside=tuple(i for i in ids if i != record.record)),
            )
            for record in records
        )

    def keep_one(self, double: Double, allocation: str) -> None:
        """That one holds; the others end today, the reading too. Raises OnlySupervisors."""
        self._ledger.require_supervisor()
        for one in double.allocations:
            if one.id != allocation:
                self.end_allocation(one.id)

    def closed_but_allocated(self) -> list[Allocation]:
        """Work that nobody ended with a family that was closed: it still lets somebody read."""
        closed = self._closed_families()
        found = [from_family.allocation(a) for a in self._open()]
        return [one for one in found if one.family in closed]

    def _closed_families(self) -> set[str]:
        where = {"status": FamilyStatus.CLOSED.value}
        return {record.casefile for record in self._ledger.find("family", where)}
